//! What happens to pictures, for those who follow the journal.

use kernel::MediaId;
use serde::{Deserialize, Serialize};

/// A picture that the site did not have before can now be shown.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Added {
    pub id: MediaId,
    pub hash: String,
}

/// A picture is gone for good.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Deleted {
    pub hash: String,
}

impl ::events::Event for Deleted {
    const KIND: &'static str = "media.deleted";
}

impl ::events::Event for Added {
    const KIND: &'static str = "media.added";
}
