//! What a reader has marked.

use db::FromQueryResult;
use kernel::{ArticleId, Time};
use serde::Serialize;

/// What a reader sees pressed on an article's page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, FromQueryResult)]
pub struct ReaderState {
    pub liked: bool,
    pub favourite: bool,
    pub following: bool,
}

/// An article kept for later. It may no longer be visible: ask `articles` for its card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, FromQueryResult)]
pub struct Favourite {
    pub article: ArticleId,
    pub at: Time,
}

/// How many readers liked or kept an article, and did last within this hour (hours since 1970, UTC).
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Approval {
    pub article: ArticleId,
    pub hour: i64,
    pub readers: i64,
    /// Of those, who have been users for a while.
    pub known: i64,
}
