//! The hot list follows the journal. It remembers nothing: the list is read from the tables at every start.

use articles::events::{Changed, Gone, Live};
use async_trait::async_trait;
use events::{Entry, Follower};
use follows::events::{ArticleKept, ArticleLiked};
use kernel::{ArticleId, Result};

use super::Hot;

pub struct Ranker(pub Hot);

#[async_trait]
impl Follower for Ranker {
    fn name(&self) -> &'static str {
        "hot"
    }

    async fn apply(&mut self, batch: &[Entry]) -> Result<()> {
        let mut seen: Vec<ArticleId> = Vec::new();
        let mut gone: Vec<ArticleId> = Vec::new();
        let mut talked: Vec<ArticleId> = Vec::new();
        for entry in batch {
            seen.extend(entry.read::<Live>().map(|event| event.id));
            seen.extend(entry.read::<Changed>().map(|event| event.id));
            gone.extend(entry.read::<Gone>().map(|event| event.id));
            talked.extend(entry.read::<comments::events::Posted>().map(|event| event.article));
            talked.extend(entry.read::<comments::events::Changed>().map(|event| event.article));
            talked.extend(entry.read::<ArticleLiked>().map(|event| event.id));
            talked.extend(entry.read::<ArticleKept>().map(|event| event.id));
        }
        {
            let mut state = self.0.state();
            for id in &gone {
                state.heats.remove(id);
            }
            state.talked.extend(talked);
        }
        if !gone.is_empty() {
            self.0.rank();
        }
        // After the removals: what went and came back is visible now.
        self.0.meet(&seen, true).await
    }
}
