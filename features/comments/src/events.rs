//! What happens to comments, for those who follow the journal. Only changes that a visitor can notice.

use events::Event;
use kernel::{ArticleId, CommentId};
use serde::{Deserialize, Serialize};

/// A comment became visible.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posted {
    pub id: CommentId,
    pub article: ArticleId,
}
impl Event for Posted {
    const KIND: &'static str = "comment.posted";
}

/// A visible comment was liked (or no longer is), or was taken from view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    pub id: CommentId,
    pub article: ArticleId,
}
impl Event for Changed {
    const KIND: &'static str = "comment.changed";
}
