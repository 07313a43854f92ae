//! What happens to authors and those who want to be some, for those who follow the journal.

use events::Event;
use kernel::{ApplicationId, AuthorId};
use serde::{Deserialize, Serialize};

/// An author is new, or the profile or the owners changed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AuthorChanged {
    pub id: AuthorId,
}
impl Event for AuthorChanged {
    const KIND: &'static str = "author.changed";
}

/// Somebody asks to become an author.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Applied {
    pub id: ApplicationId,
}
impl Event for Applied {
    const KIND: &'static str = "application.sent";
}

/// A reviewer said yes or no; which, the application says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ApplicationDecided {
    pub id: ApplicationId,
}
impl Event for ApplicationDecided {
    const KIND: &'static str = "application.decided";
}

/// Owners want something else to be shown of an author, or no longer do: it waits for a reviewer, or does no more.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ChangeProposed {
    pub id: AuthorId,
    pub waits: bool,
}
impl Event for ChangeProposed {
    const KIND: &'static str = "author.change-proposed";
}

/// A reviewer said yes or no to what waited.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ChangeDecided {
    pub id: AuthorId,
    /// Why not (`reject-…` in the locale files); none where it is shown now.
    #[serde(default)]
    pub reason: Option<String>,
}
impl Event for ChangeDecided {
    const KIND: &'static str = "author.change-decided";
}
