//! Following the journal.

use std::time::Duration;

use async_trait::async_trait;
use kernel::Result;
use tokio_util::sync::CancellationToken;

use crate::{Entry, FollowerStatus, Journal, Position};

/// How long a follower waits for a wake-up before it looks by itself: what another process wrote is seen this late at worst.
pub(crate) const POLL: Duration = Duration::from_millis(250);
const BATCH: usize = 1_000;

/// Someone who acts on events after they happened. Applying an event twice must do no harm.
#[async_trait]
pub trait Follower: Send {
    fn name(&self) -> &'static str;
    /// Applies `batch` and remembers `batch.last().position` in whatever way survives (or is rebuilt) with its own state.
    async fn apply(&mut self, batch: &[Entry]) -> Result<()>;
    /// Whether who has just written waits for it ([`Journal::caught_up`]): what keeps pages, or says who may see them.
    fn is_awaited(&self) -> bool {
        false
    }
    /// There is nothing more for now: the moment to finish what [`Follower::apply`] put off. Called at every look that finds nothing.
    async fn caught_up(&mut self) -> Result<()> {
        Ok(())
    }
}

/// Runs `follower` from `position` until `stop`. A failing batch is tried again, each time after a longer wait (at most 3 s).
pub async fn follow(
    journal: Journal,
    mut follower: impl Follower,
    mut position: Position,
    stop: CancellationToken,
) {
    let mut committed = journal.committed();
    let mut failures = 0u32;
    let running = journal.followers.begin(follower.name(), position, follower.is_awaited());
    while !stop.is_cancelled() {
        committed.borrow_and_update();
        let step = match journal.after(position, BATCH).await {
            Ok(batch) if batch.is_empty() => follower.caught_up().await.map(|()| None),
            Ok(batch) => follower.apply(&batch).await.map(|()| batch.last().map(|entry| entry.position)),
            Err(error) => Err(error),
        };
        match step {
            Ok(Some(reached)) => {
                (position, failures) = (reached, 0);
                running.reached(position);
            }
            Ok(None) => {
                failures = 0;
                tokio::select! {
                    _ = committed.changed() => {}
                    () = tokio::time::sleep(POLL) => {}
                    () = stop.cancelled() => {}
                }
            }
            Err(error) => {
                failures += 1;
                tracing::error!(follower = follower.name(), failures, %error, "follower failed; trying again");
                let wait = Duration::from_millis(100 << failures.min(7)).min(Duration::from_secs(3));
                tokio::select! { () = tokio::time::sleep(wait) => {}, () = stop.cancelled() => {} }
            }
        }
    }
}

impl Journal {
    /// The followers of this process, by name.
    pub fn followers(&self) -> Vec<FollowerStatus> {
        self.followers.list()
    }

    /// Waits until the followers of this process that are awaited have applied what stands up to `position`, but no longer than `within`;
    /// whether they have.
    pub async fn caught_up(&self, position: Position, within: Duration) -> bool {
        let mut moved = self.followers.moved.subscribe();
        // What is not written yet, and may never be, is not waited for.
        if !self.followers.have_reached(position) && self.written().await.is_ok_and(|last| position > last) {
            return false;
        }
        let waited = tokio::time::timeout(within, async {
            while !self.followers.have_reached(position) {
                if moved.changed().await.is_err() {
                    return;
                }
            }
        });
        waited.await.is_ok()
    }

    /// Where the last event stands that is committed, settled or not: followers that come there have met all that is committed now.
    pub async fn written(&self) -> Result<Position> {
        self.last(i64::MAX).await
    }
}
