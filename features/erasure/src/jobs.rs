//! What is done when the grace of somebody who asked to be deleted has run out.

use std::sync::Arc;

use ::jobs::{Failure, Job, Priority, Running};
use serde::{Deserialize, Serialize};

use crate::Erasure;

/// What carries deletions out.
#[derive(Clone)]
pub struct Deletions {
    pub erasure: Erasure,
    /// What stands where a name must, in the site's language as it is now.
    pub name: Arc<dyn Fn() -> String + Send + Sync>,
}

/// Whoever asked to be deleted is, when the time has come.
#[derive(Serialize, Deserialize)]
pub struct CarryOutDeletions {}

impl Job for CarryOutDeletions {
    type With = Deletions;
    const KIND: &'static str = "erasure.carry-out";
    const PRIORITY: Priority = Priority::Background;

    async fn run(self, with: Deletions, running: Running) -> Result<(), Failure> {
        let Deletions { erasure, name } = with;
        erasure.carry_out_due(&name(), || !running.stop.is_cancelled()).await?;
        Ok(())
    }
}
