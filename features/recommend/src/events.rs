//! What happens to readers' profiles, for those who follow the journal.

use events::Event;
use kernel::UserId;
use serde::{Deserialize, Serialize};

/// What a reader lets the site learn, wants or wants not, has changed: what any node keeps of it in memory is old. Not what it is, which is
/// nobody's business.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileChanged {
    /// Nobody: the profiles of all.
    pub user: Option<UserId>,
}
impl Event for ProfileChanged {
    const KIND: &'static str = "profile.changed";
}
