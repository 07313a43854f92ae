//! What no event took away.

use std::collections::HashSet;
use std::time::Duration;

use kernel::{ArticleId, CommentId, Result};

use crate::service::Notify;
use crate::store::{self, PART};

/// What was told stays for so long.
const KEEP: Duration = Duration::from_hours(90 * 24);
/// For so long it is known what was sent; longer than anything waits to be sent again.
const SENT: Duration = Duration::from_hours(24);

impl Notify {
    /// Removes what is old, and what is about things that are not visible any more; counts what waits. Bears being called again.
    pub async fn sweep(&self) -> Result<()> {
        let before = self.env.now().minus(KEEP);
        loop {
            let tx = self.db.write().await?;
            let gone = store::forget_old(&tx, before).await?;
            tx.commit().await?;
            if gone < PART as u64 {
                break;
            }
        }
        let before = self.env.now().minus(SENT);
        loop {
            let tx = self.db.write().await?;
            let gone = store::sendings::sweep(&tx, before, PART).await?;
            tx.commit().await?;
            if gone < PART as u64 {
                break;
            }
        }
        self.sweep_articles().await?;
        self.sweep_comments().await?;
        let tx = self.db.write().await?;
        let touched = self.recount(&tx).await?;
        self.wake(&tx, &touched).await?;
        tx.commit().await
    }

    async fn sweep_articles(&self) -> Result<()> {
        let mut after = ArticleId::new(0);
        loop {
            let ids = store::articles(&self.db, after).await?;
            let Some(&last) = ids.last() else { return Ok(()) };
            let visible: HashSet<ArticleId> =
                self.of.articles.cards(&ids).await?.into_iter().map(|card| card.id).collect();
            for id in ids.into_iter().filter(|id| !visible.contains(id)) {
                while self.forget_article(id).await? {}
            }
            after = last;
        }
    }

    async fn sweep_comments(&self) -> Result<()> {
        let mut after = CommentId::new(0);
        loop {
            let ids = store::comments(&self.db, after).await?;
            let Some(&last) = ids.last() else { return Ok(()) };
            let visible: HashSet<CommentId> =
                self.of.comments.get_visible_many(&ids).await?.into_iter().map(|one| one.id).collect();
            for id in ids.into_iter().filter(|id| !visible.contains(id)) {
                let tx = self.db.write().await?;
                let touched = self.forget_comment(&tx, id).await?;
                self.wake(&tx, &touched.into_iter().collect()).await?;
                tx.commit().await?;
            }
            after = last;
        }
    }
}
