//! Where pictures are used: what decides whether anybody may see them.

use kernel::{ArticleId, AuthorId, Result};

use crate::model::{Showing, Use};
use crate::service::Articles;
use crate::store;

/// Articles in one transaction when rows are made afterwards.
const BATCH: usize = 500;

impl Articles {
    /// Whether readers see this picture in an article.
    pub async fn showing(&self, hash: &str) -> Result<Showing> {
        store::showing(&self.db, hash).await
    }

    /// The pictures that any of these articles has or had.
    pub async fn pictures_of(&self, ids: &[ArticleId]) -> Result<Vec<String>> {
        store::pictures_of(&self.db, ids).await
    }

    /// Up to `limit` articles that have this picture, in any state, the newest first.
    pub async fn uses(&self, hash: &str, limit: usize) -> Result<Vec<Use>> {
        store::uses(&self.db, hash, limit).await
    }

    /// The authors that keep this picture whoever leaves them: somebody who wrote for them brought it into an article of theirs.
    pub async fn authors_keeping(&self, hash: &str) -> Result<Vec<AuthorId>> {
        store::authors_keeping(&self.db, hash).await
    }

    /// Writes down which pictures the articles have that are older than that record; says of how many. Broken off, it goes on where it
    /// stopped. Until it is done, their pictures are taken for shown nowhere: to be called before anybody asks.
    pub async fn record_pictures(&self) -> Result<usize> {
        let mut all = 0;
        loop {
            let tx = self.db.write().await?;
            let done = store::make_due(&tx, BATCH).await?;
            tx.commit().await?;
            all += done;
            if done == 0 {
                return Ok(all);
            }
        }
    }
}
