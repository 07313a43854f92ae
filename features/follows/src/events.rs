//! What happens between readers and authors, for those who follow the journal.

use events::Event;
use kernel::{ArticleId, AuthorId, UserId};
use serde::{Deserialize, Serialize};

/// A user follows an author, or (`on` false) no longer does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowChanged {
    pub author: AuthorId,
    pub user: UserId,
    pub on: bool,
}
impl Event for FollowChanged {
    const KIND: &'static str = "follow.changed";
}

/// Somebody follows other channels, tags or topics than before. Which, is their own business.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubjectsChanged {
    pub user: UserId,
}
impl Event for SubjectsChanged {
    const KIND: &'static str = "follow.subjects";
}

/// An article has a like more, or (`on` false) one less. Whose, nobody is told: [`events::Actor::Anonymous`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticleLiked {
    pub id: ArticleId,
    pub on: bool,
}
impl Event for ArticleLiked {
    const KIND: &'static str = "article.liked";
}

/// An article is a favourite of a reader more, or (`on` false) of one less. Whose, nobody is told: [`events::Actor::Anonymous`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticleKept {
    pub id: ArticleId,
    pub on: bool,
}
impl Event for ArticleKept {
    const KIND: &'static str = "article.kept";
}
