//! Who may sit at the desk, and what every page of it shows around its own.

use accounts::Viewer;
use articles::Article;
use authors::Author;
use kernel::{ArticleId, Error, Result};

use crate::Studio;
use crate::notice::notice;
use crate::views::parts::{AuthorRef, DeskLayout};

impl Studio {
    /// The author of that handle, which the viewer must own; their first one where none is named.
    /// `None` for somebody who owns none: they are led to `/apply`.
    pub async fn author_for(&self, viewer: &Viewer, handle: &str) -> Result<Option<(Author, Vec<Author>)>> {
        let user = viewer.signed_in()?;
        let owned = self.authors.owned_by(user.id).await?;
        let author = match handle {
            "" => owned.first(),
            handle => Some(owned.iter().find(|a| a.handle.as_str() == handle).ok_or(Error::Denied)?),
        };
        Ok(author.cloned().map(|author| (author, owned)))
    }

    /// An article of an author that the viewer owns, in any state. Others need not know that it is there.
    pub async fn own(&self, viewer: &Viewer, id: ArticleId) -> Result<Article> {
        let user = viewer.signed_in()?;
        let article = self.articles.get(id).await?;
        if self.authors.owns(user.id, article.author).await? { Ok(article) } else { Err(Error::NotFound) }
    }

    /// What stands around the pages of `author`.
    pub fn layout(at: &'static str, author: &Author, owned: &[Author], done: &str) -> DeskLayout {
        let author_ref =
            |author: &Author| AuthorRef { handle: author.handle.to_string(), name: author.name.clone() };
        DeskLayout {
            at,
            author: author_ref(author),
            authors: owned.iter().map(author_ref).collect(),
            notice: notice(done),
        }
    }
}
