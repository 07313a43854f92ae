//! What is done when the grace of somebody who asked to be deleted has run out.

use std::sync::Arc;

use ::jobs::{Failure, Job, Priority, Running};
use db::Conn;
use serde::{Deserialize, Serialize};

use crate::Erasure;

/// Users that one turn deletes.
const PART: usize = 100;
/// A SQLite of at most so many bytes is written anew afterwards: a second or two, in which writes wait.
const SMALL: u64 = 256 << 20;

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
        let (mut deleted, mut last) = (false, None);
        for asked in erasure.accounts.deletions_due(PART).await? {
            if running.stop.is_cancelled() {
                break;
            }
            match erasure.carry_out(asked, &name()).await {
                Ok(()) => deleted = true,
                // The others do not wait for one that cannot be done now.
                Err(error) => {
                    tracing::error!(user = %asked.user, %error, "cannot delete a user whose time has come");
                    last = Some(error);
                }
            }
        }
        if deleted && !erasure.db.scrub(SMALL).await? && !erasure.db.is_postgres() {
            tracing::info!("users were deleted; VACUUM takes the last copies of moved rows out of a large file");
        }
        last.map_or(Ok(()), |error| Err(error.into()))
    }
}
