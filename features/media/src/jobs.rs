//! What is done later.

use ::jobs::{Failure, Job, Priority, Running};
use serde::{Deserialize, Serialize};

use crate::Media;

/// Files go that no upload came to keep, and those of pictures that were deleted.
#[derive(Serialize, Deserialize)]
pub struct SweepPictures {}

impl Job for SweepPictures {
    type With = Media;
    const KIND: &'static str = "media.sweep";
    const PRIORITY: Priority = Priority::Background;

    async fn run(self, media: Media, _: Running) -> Result<(), Failure> {
        media.sweep().await?;
        Ok(())
    }
}
