//! Those whose pages are open: they are told at once that what they have not read is another number. In the memory of each process.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use accounts::events::AccessChanged;
use async_trait::async_trait;
use events::{Entry, Follower};
use kernel::{Result, UserId};
use tokio::sync::watch;

use crate::events::UnreadChanged;

/// One user has so many pages open that are told.
const OF_ONE: usize = 8;
/// All together, as long as nobody says what the process bears.
const OF_ALL: usize = 1_000;

/// The listeners of a process. Cheap to clone.
#[derive(Clone, Default)]
pub struct Live(Arc<Mutex<Open>>);

struct Open {
    most: usize,
    listeners: usize,
    /// The next number of a user who listens.
    next: u64,
    users: BTreeMap<UserId, User>,
}

impl Default for Open {
    fn default() -> Self {
        Self { most: OF_ALL, listeners: 0, next: 0, users: BTreeMap::new() }
    }
}

struct User {
    /// Of this time that they listen.
    number: u64,
    listeners: usize,
    bell: watch::Sender<()>,
}

/// An open page, until it is dropped.
pub struct Listener {
    live: Live,
    user: UserId,
    number: u64,
    bell: watch::Receiver<()>,
}

impl Live {
    /// How many may listen at once. At 0 all who do are sent away.
    pub fn allow(&self, most: usize) {
        let mut open = self.open();
        open.most = most;
        if most == 0 {
            open.users.clear();
        }
    }

    /// Nobody where there is no room: who asks looks again later.
    pub fn listen(&self, user: UserId) -> Option<Listener> {
        let mut guard = self.open();
        let open = &mut *guard;
        if open.listeners >= open.most {
            return None;
        }
        let next = &mut open.next;
        let one = open.users.entry(user).or_insert_with(|| {
            *next += 1;
            User { number: *next, listeners: 0, bell: watch::Sender::new(()) }
        });
        if one.listeners >= OF_ONE {
            return None;
        }
        one.listeners += 1;
        let (number, bell) = (one.number, one.bell.subscribe());
        open.listeners += 1;
        tell(open.listeners);
        Some(Listener { live: self.clone(), user, number, bell })
    }

    /// How many listen.
    pub fn listeners(&self) -> usize {
        self.open().listeners
    }

    fn wake(&self, changed: UnreadChanged) {
        if changed.from <= changed.to {
            for (_, user) in self.open().users.range(changed.from..=changed.to) {
                user.bell.send_replace(());
            }
        }
    }

    /// Who listens as `user` has to say anew who they are.
    fn end(&self, user: UserId) {
        self.open().users.remove(&user);
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn tell(listeners: usize) {
    metrics::gauge!("byline_notification_listeners").set(listeners as f64);
}

impl Listener {
    /// Waits until there may be another number; `false` where there is nothing more to wait for.
    pub async fn changed(&mut self) -> bool {
        self.bell.changed().await.is_ok()
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let mut open = self.live.open();
        open.listeners -= 1;
        tell(open.listeners);
        if let Some(user) = open.users.get_mut(&self.user).filter(|user| user.number == self.number) {
            user.listeners -= 1;
            if user.listeners == 0 {
                open.users.remove(&self.user);
            }
        }
    }
}

/// Follows the journal for those who listen.
pub struct WakeListeners(pub Live);

#[async_trait]
impl Follower for WakeListeners {
    fn name(&self) -> &'static str {
        "listeners"
    }

    async fn apply(&mut self, batch: &[Entry]) -> Result<()> {
        for entry in batch {
            if let Some(changed) = entry.read::<UnreadChanged>() {
                self.0.wake(changed);
            } else if let Some(AccessChanged { id }) = entry.read() {
                self.0.end(id);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    const ANN: UserId = UserId::new(7);
    const BOB: UserId = UserId::new(9);

    async fn is_rung(listener: &mut Listener) -> Option<bool> {
        tokio::time::timeout(Duration::from_millis(20), listener.changed()).await.ok()
    }

    #[tokio::test]
    async fn who_is_meant_is_woken() {
        let live = Live::default();
        let (mut ann, mut again, mut bob) =
            (live.listen(ANN).unwrap(), live.listen(ANN).unwrap(), live.listen(BOB).unwrap());
        live.wake(UnreadChanged::of(ANN));
        assert_eq!((is_rung(&mut ann).await, is_rung(&mut again).await), (Some(true), Some(true)));
        assert_eq!(is_rung(&mut bob).await, None);
        live.wake(UnreadChanged { from: UserId::new(8), to: UserId::new(100) });
        assert_eq!((is_rung(&mut ann).await, is_rung(&mut bob).await), (None, Some(true)));
        live.wake(UnreadChanged { from: BOB, to: ANN });
        assert_eq!(is_rung(&mut bob).await, None, "a range that is none");
    }

    #[tokio::test]
    async fn who_is_sent_away_may_come_again() {
        let live = Live::default();
        let mut before = live.listen(ANN).unwrap();
        live.end(ANN);
        assert_eq!(is_rung(&mut before).await, Some(false));
        let mut after = live.listen(ANN).unwrap();
        drop(before);
        live.wake(UnreadChanged::of(ANN));
        assert_eq!((is_rung(&mut after).await, live.listeners()), (Some(true), 1));
        live.allow(0);
        assert_eq!(is_rung(&mut after).await, Some(false));
        assert!(live.listen(ANN).is_none());
        drop(after);
        assert_eq!(live.listeners(), 0);
    }

    #[test]
    fn there_is_room_for_so_many() {
        let live = Live::default();
        let pages: Vec<Listener> = (0..20).filter_map(|_| live.listen(ANN)).collect();
        assert_eq!(pages.len(), OF_ONE);
        live.allow(OF_ONE + 1);
        let _bob = live.listen(BOB).unwrap();
        assert!(live.listen(UserId::new(11)).is_none());
        drop(pages);
        assert!(live.listen(UserId::new(11)).is_some() && live.listen(ANN).is_some());
    }
}
