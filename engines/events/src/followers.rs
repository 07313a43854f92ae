//! How far the followers of this process came: for requests that must see what was just written, and for operators.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::position::Position;

/// A follower of this process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FollowerStatus {
    pub name: &'static str,
    /// It has applied everything up to here.
    pub position: Position,
    /// Who has just written waits for it.
    pub awaited: bool,
}

/// The followers that run, by name.
#[derive(Clone, Default)]
pub(crate) struct Followers {
    running: Arc<Mutex<BTreeMap<&'static str, FollowerStatus>>>,
    pub(crate) moved: watch::Sender<()>,
}

/// A follower that runs, until it is dropped.
pub(crate) struct Running {
    followers: Followers,
    name: &'static str,
}

impl Followers {
    pub(crate) fn begin(&self, name: &'static str, position: Position, awaited: bool) -> Running {
        self.running().insert(name, FollowerStatus { name, position, awaited });
        Running { followers: self.clone(), name }
    }

    fn running(&self) -> MutexGuard<'_, BTreeMap<&'static str, FollowerStatus>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn have_reached(&self, position: Position) -> bool {
        self.running().values().all(|one| !one.awaited || one.position >= position)
    }

    pub(crate) fn list(&self) -> Vec<FollowerStatus> {
        self.running().values().copied().collect()
    }
}

impl Running {
    pub(crate) fn reached(&self, position: Position) {
        let mut running = self.followers.running();
        let Some(status) = running.get_mut(self.name) else { return };
        if status.position != position {
            status.position = position;
            drop(running);
            self.followers.moved.send_replace(());
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.followers.running().remove(self.name);
        self.followers.moved.send_replace(());
    }
}
