//! What happens to reports, for those who follow the journal: ids alone, as nobody is told who reported.

use events::Event;
use kernel::ReportId;
use serde::{Deserialize, Serialize};

/// Somebody reported something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reported {
    pub id: ReportId,
}
impl Event for Reported {
    const KIND: &'static str = "report.sent";
}

/// A report ended; how, it says itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportClosed {
    pub id: ReportId,
}
impl Event for ReportClosed {
    const KIND: &'static str = "report.closed";
}

/// Somebody reported what a user shows of themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileReported {
    pub id: ReportId,
}
impl Event for ProfileReported {
    const KIND: &'static str = "profile.reported";
}
