//! What goes on beside the answers, for the lists of single readers.

use std::time::Duration;

use async_trait::async_trait;
use events::{Entry, Follower, Journal, follow};
use follows::events::{FollowChanged, SubjectsChanged};
use kernel::Result;
use tokio_util::sync::CancellationToken;

use crate::events::ProfileChanged;
use crate::{ActivityTracker, ChannelFreshness, Learning, Personal};

/// What was read and chosen is written, and attention taken in, so often.
const TURN: Duration = Duration::from_millis(500);
/// How old what is read usually is, and which models are in use, in turns.
const LEARN: u64 = 10 * 120;

#[derive(Clone)]
pub struct BackgroundTasks {
    pub personal: Personal,
    pub learning: Learning,
    pub activity: ActivityTracker,
    pub freshness: ChannelFreshness,
    pub journal: Journal,
}

impl BackgroundTasks {
    /// Works until `stop`, and writes what is left then.
    pub async fn run(self, stop: CancellationToken) {
        // From the end: a profile that nobody asked for yet has nothing to drop.
        match self.journal.head().await {
            Ok(head) => {
                let followed = Refresh(self.personal.clone());
                tokio::join!(follow(self.journal.clone(), followed, head, stop.clone()), self.keep(&stop));
            }
            Err(error) => {
                tracing::error!(%error, "cannot follow the journal; profiles are up to two minutes old");
                self.keep(&stop).await;
            }
        }
    }

    async fn keep(&self, stop: &CancellationToken) {
        log_error("read which models are in use", self.learning.load().await);
        log_error("read the attention of the last days", self.activity.load().await);
        log_error("learn how old what is read usually is", self.freshness.learn().await);
        let mut tick = tokio::time::interval(TURN);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        for turn in 1_u64.. {
            let last = stop.is_cancelled();
            log_error("write what was read", self.personal.flush().await);
            log_error("write what was chosen", self.learning.flush().await);
            if last {
                return;
            }
            self.activity.drain().await;
            if turn % LEARN == 0 {
                log_error("learn how old what is read usually is", self.freshness.learn().await);
                // What another node learned is used here, too.
                log_error("read which models are in use", self.learning.load().await);
            }
            tokio::select! { _ = tick.tick() => {}, () = stop.cancelled() => {} }
        }
    }
}

fn log_error<T>(what: &str, done: Result<T>) -> Option<T> {
    done.map_err(|error| tracing::error!(%error, "cannot {what}; trying again")).ok()
}

/// Whom somebody follows is a part of what is known of them, and so is what they told another node.
pub(crate) struct Refresh(pub Personal);

#[async_trait]
impl Follower for Refresh {
    fn name(&self) -> &'static str {
        "profiles"
    }

    fn is_awaited(&self) -> bool {
        true
    }

    async fn apply(&mut self, batch: &[Entry]) -> Result<()> {
        for entry in batch {
            if let Some(event) = entry.read::<FollowChanged>() {
                self.0.refresh(Some(event.user));
            }
            if let Some(event) = entry.read::<SubjectsChanged>() {
                self.0.refresh(Some(event.user));
            }
            if let Some(event) = entry.read::<ProfileChanged>() {
                self.0.refresh(event.user);
            }
        }
        Ok(())
    }
}
