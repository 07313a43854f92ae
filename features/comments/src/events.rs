//! What happens to comments, for those who follow the journal: changes that a visitor can notice, and what waits for a reviewer. Who did it stands beside each event
//! ([`::events::Entry::actor`]): whoever releases a comment did not write it.

use events::Event;
use kernel::{ArticleId, CommentId, UserId};
use serde::{Deserialize, Serialize};

/// Why a comment became visible.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PostedCause {
    /// Just written.
    Written,
    /// Shown by a reviewer, whether it was held or removed.
    Released,
    /// Brought in from where it was written before.
    Imported,
    /// Not said: from before it was, or by a newer program.
    #[default]
    #[serde(other)]
    Unknown,
}

/// A comment became visible.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posted {
    pub id: CommentId,
    pub article: ArticleId,
    /// Nobody of this site where it was imported.
    #[serde(default)]
    pub writer: Option<UserId>,
    #[serde(default)]
    pub cause: PostedCause,
}
impl Event for Posted {
    const KIND: &'static str = "comment.posted";
}

/// A comment was written that a reviewer looks at first: nobody but its writer sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    pub id: CommentId,
}
impl Event for Waiting {
    const KIND: &'static str = "comment.waiting";
}

/// Why a comment looks different, or is seen no more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeCause {
    /// It has a like more or less.
    Liked,
    /// A reviewer took it from view for now.
    Held,
    /// A reviewer removed it.
    Removed,
    /// A user is deleted: it has no name any more, or a like less.
    Erased,
    /// Not said: from before it was, or by a newer program.
    #[default]
    #[serde(other)]
    Unknown,
}

/// A visible comment was liked (or no longer is), or was taken from view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    pub id: CommentId,
    pub article: ArticleId,
    /// Nobody of this site where it was imported, and where the writer is deleted.
    #[serde(default)]
    pub writer: Option<UserId>,
    #[serde(default)]
    pub cause: ChangeCause,
    /// Why it was removed: a code (`remove-…` in the locale files).
    #[serde(default)]
    pub reason: Option<String>,
}
impl Event for Changed {
    const KIND: &'static str = "comment.changed";
}
