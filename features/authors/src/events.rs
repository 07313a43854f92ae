//! What happens to authors, for those who follow the journal.

use events::Event;
use kernel::AuthorId;
use serde::{Deserialize, Serialize};

/// An author is new, or the profile or the owners changed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AuthorChanged {
    pub id: AuthorId,
}
impl Event for AuthorChanged {
    const KIND: &'static str = "author.changed";
}
