//! What is done later.

use std::time::Duration;

use ::jobs::{Failure, Job, Priority, Running};
use serde::{Deserialize, Serialize};

use crate::maker::Maker;
pub use crate::model::MakeExport;
use crate::service::Export;

impl Job for MakeExport {
    type With = Maker;
    const KIND: &'static str = "export.make";
    const TRIES: u32 = crate::model::TRIES;
    const WAIT: Duration = Duration::from_secs(30);
    /// Gigabytes of pictures out of a bucket and back take a while.
    const LONGEST: Duration = Duration::from_hours(6);

    fn key(&self) -> Option<String> {
        Some(self.id.to_string())
    }

    async fn run(self, maker: Maker, running: Running) -> Result<(), Failure> {
        maker.make(self.id, &running).await
    }
}

/// Archives go whose time is over.
#[derive(Serialize, Deserialize)]
pub struct SweepExports {}

impl Job for SweepExports {
    type With = Export;
    const KIND: &'static str = "export.sweep";
    const PRIORITY: Priority = Priority::Background;

    async fn run(self, export: Export, _: Running) -> Result<(), Failure> {
        export.sweep().await?;
        Ok(())
    }
}
