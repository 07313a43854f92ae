//! What a reader muted, taken out of what is drawn for them. A page that is kept for everybody has all of it, and the script folds it away by the
//! slot `muted` ([`crate::views::slots::Muted`]).

use std::collections::HashSet;
use std::sync::Arc;

use ::blocks::Hidden;
use accounts::Viewer;
use kernel::{ArticleId, AuthorId, CommentId, Result, UserId};

use crate::Site;
use crate::views::parts::{Card, CardList};
use crate::views::slots::Muted;

/// Nothing, for visitors.
#[derive(Clone, Default)]
pub struct Unwanted {
    /// Whom, by ids.
    pub people: Arc<Hidden>,
    /// Authors, as cards name them.
    handles: HashSet<String>,
}

impl Unwanted {
    pub fn is_empty(&self) -> bool {
        self.handles.is_empty()
    }

    pub fn shows(&self, card: &Card) -> bool {
        !self.handles.contains(&card.author.handle)
    }

    /// What is left of a list.
    pub fn left_of(&self, cards: Vec<Card>) -> Vec<Card> {
        if self.is_empty() {
            return cards;
        }
        cards.into_iter().filter(|card| self.shows(card)).collect()
    }

    /// The same as a list that says why.
    pub fn list_of(&self, cards: Vec<Card>) -> CardList {
        CardList::new(self.left_of(cards))
    }

    pub fn has_author(&self, author: AuthorId) -> bool {
        self.people.authors.contains_key(&author)
    }

    pub fn has_handle(&self, handle: &str) -> bool {
        self.handles.contains(handle)
    }
}

impl Site {
    /// What somebody wants to see nothing of. Two look-ups in memory for most, and no query for a visitor.
    pub(crate) async fn unwanted(&self, viewer: &Viewer) -> Result<Unwanted> {
        let Some(user) = viewer.user() else { return Ok(Unwanted::default()) };
        let people = self.blocking.of(user.id).await?;
        let authors: Vec<AuthorId> = people.authors.keys().copied().collect();
        let authors = self.authors_by_id(&authors).await?;
        let handles = authors.into_values().map(|author| author.handle.to_string()).collect();
        Ok(Unwanted { people, handles })
    }

    /// What the script folds away on a page, under an article where that has comments.
    pub(crate) async fn muted(&self, unwanted: &Unwanted, article: Option<ArticleId>) -> Result<Muted> {
        let users: Vec<UserId> = unwanted.people.users.keys().copied().collect();
        let comments: Vec<CommentId> = match article {
            Some(article) if !users.is_empty() => self.comments.written_by(&users, article).await?,
            _ => Vec::new(),
        };
        let mut authors: Vec<String> = unwanted.handles.iter().cloned().collect();
        authors.sort_unstable();
        Ok(Muted { authors, comments })
    }
}
