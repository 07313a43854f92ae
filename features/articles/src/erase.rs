//! An author who is deleted, and what somebody takes along of one.

use db::Tx;
use kernel::{ArticleId, AuthorId, Cursor, Error, Page, Result, Time, UserId};

use crate::draft::Draft;
use crate::events::Gone;
use crate::service::{Articles, BY_AUTHOR};
use crate::store;

/// A revision as its author saved it.
#[derive(Clone, Debug)]
pub struct Saved {
    pub article: ArticleId,
    pub version: i64,
    pub draft: Draft,
    pub by: UserId,
    pub at: Time,
}

impl Articles {
    /// Forgets an author who is deleted: of the articles no word, picture or revision is left, and none is seen any more.
    pub async fn erase(&self, tx: &Tx, author: AuthorId) -> Result<()> {
        let gone = |row: store::erase::LiveRow| Gone {
            id: row.id,
            author,
            channel: row.channel,
            reason: Some(BY_AUTHOR.to_owned()),
        };
        let gone: Vec<Gone> = store::erase::live_of(tx, author).await?.into_iter().map(gone).collect();
        self.journal.append_all(tx, &gone).await?;
        store::erase::empty(tx, author, BY_AUTHOR).await
    }

    /// All revisions of an author's articles, newest article first.
    pub async fn revisions_of(&self, author: AuthorId, from: Cursor, limit: usize) -> Result<Page<Saved>> {
        let rows = store::erase::revisions(&self.db, author, from, limit + 1).await?;
        let page = Page::cut(rows, limit, |row| Cursor { key: row.article_id.raw(), id: row.version });
        let read = |row: store::erase::SavedRow| -> Result<Saved> {
            let draft = serde_json::from_str(&row.content).map_err(Error::internal)?;
            Ok(Saved {
                article: row.article_id,
                version: row.version,
                draft,
                by: row.saved_by,
                at: row.saved_at,
            })
        };
        let items = page.items.into_iter().map(read).collect::<Result<_>>()?;
        Ok(Page { items, next: page.next })
    }
}
