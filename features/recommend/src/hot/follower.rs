//! The hot list follows the journal and what is read. It remembers nothing: the list is read from the tables at every start.

use std::time::Duration;

use articles::events::{Changed, Gone, Live};
use async_trait::async_trait;
use events::{Entry, Follower, follow};
use follows::events::{ArticleKept, ArticleLiked};
use kernel::{ArticleId, Result};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{Hot, PART};

/// The list is ranked again this soon after something happened.
const RANK: Duration = Duration::from_millis(250);
/// Comments and likes are counted anew at most this often.
const TALK: Duration = Duration::from_secs(2);
/// All is read from the tables anew this often: what is past is forgotten.
const RELOAD: Duration = Duration::from_mins(10);

impl Hot {
    /// Keeps the list up to date until `stop`; reads the tables first if [`Hot::load`] was not called.
    pub async fn run(self, stop: CancellationToken) {
        let place = loop {
            if let Some(place) = self.state().place {
                break place;
            }
            if let Err(error) = self.load().await {
                tracing::error!(%error, "cannot read the hot list; trying again");
                tokio::select! { () = tokio::time::sleep(TALK) => {}, () = stop.cancelled() => return }
            }
        };
        let journal = self.0.journal.clone();
        tokio::join!(follow(journal, Ranker(self.clone()), place, stop.clone()), self.keep(stop));
    }

    async fn keep(&self, stop: CancellationToken) {
        let (mut loaded, mut talked, mut rested) = (Instant::now(), Instant::now(), Instant::now());
        let mut tick = tokio::time::interval(RANK);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! { _ = tick.tick() => {}, () = stop.cancelled() => return }
            let step = async {
                self.drain().await?;
                if loaded.elapsed() > RELOAD {
                    loaded = Instant::now();
                    return self.load().await;
                }
                if talked.elapsed() > TALK {
                    talked = Instant::now();
                    let ids: Vec<ArticleId> = std::mem::take(&mut self.state().talked).into_iter().collect();
                    for part in ids.chunks(PART) {
                        self.count_talk(Some(part)).await?;
                    }
                }
                if self.state().dirty && rested <= Instant::now() {
                    let began = Instant::now();
                    self.rank();
                    // On a large site, a fifth of a processor is enough for it.
                    rested = Instant::now() + 4 * began.elapsed();
                }
                Ok(())
            };
            if let Err(error) = step.await {
                tracing::error!(%error, "cannot keep the hot list; trying again");
            }
        }
    }
}

struct Ranker(Hot);

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
