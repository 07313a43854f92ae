//! What is done later.

use ::jobs::{Failure, Job, Priority, Running};
use serde::{Deserialize, Serialize};

use crate::CoReads;

/// What was read together long ago goes.
#[derive(Serialize, Deserialize)]
pub struct ForgetCoReads {}

impl Job for ForgetCoReads {
    type With = CoReads;
    const KIND: &'static str = "reads.forget-co-reads";
    const PRIORITY: Priority = Priority::Background;

    async fn run(self, co_reads: CoReads, _: Running) -> Result<(), Failure> {
        co_reads.forget().await?;
        Ok(())
    }
}
