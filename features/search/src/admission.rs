//! Admission control: how many searches run at once, of one network and in all.
//!
//! A search takes a processor for milliseconds. Without a bound one visitor who asks two hundred times a second has all of them, and
//! nobody's page is drawn. With it one network has its share of the processors, its next searches wait their turn, and what is too
//! many even to wait is refused before any work is done.

use std::collections::HashMap;
use std::net::IpAddr;
use std::num::NonZero;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use kernel::{Error, Result};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Searches of one network that run or wait; a school's readers share an address.
const PER_NETWORK: usize = 16;
/// Searches of all that run or wait.
const IN_ALL: usize = 128;
/// Who waited this long has most likely gone.
const LONGEST: Duration = Duration::from_secs(5);
/// When to come again.
const AGAIN: Duration = Duration::from_secs(1);

/// Cheap to clone, shared by all.
#[derive(Clone)]
pub struct Admission(Arc<Inner>);

struct Inner {
    /// How many of one network run at once.
    share: usize,
    all: Arc<Semaphore>,
    networks: Mutex<HashMap<IpAddr, Network>>,
}

struct Network {
    running: Arc<Semaphore>,
    /// That run or wait.
    count: usize,
}

/// Leave to search, until it is dropped. Kept until the answer is drawn: that costs as much again.
#[must_use]
pub struct Permit {
    _running: (OwnedSemaphorePermit, OwnedSemaphorePermit),
    _counted: Counted,
}

struct Counted {
    inner: Arc<Inner>,
    network: IpAddr,
}

impl Default for Admission {
    fn default() -> Self {
        Self::of(std::thread::available_parallelism().map_or(1, NonZero::get))
    }
}

impl Admission {
    fn of(processors: usize) -> Self {
        let share = (processors / 2).max(1);
        let all = Arc::new(Semaphore::new(processors));
        Self(Arc::new(Inner { share, all, networks: Mutex::default() }))
    }

    /// Errors: [`Error::TooMany`] where the network has too many searches already, [`Error::Unavailable`] where all together have.
    pub async fn admit(&self, network: IpAddr) -> Result<Permit> {
        let (counted, own) = self.count(network)?;
        let busy = || Error::Unavailable("search (too many at once)".into());
        let wait = async {
            // Its own turn first: one network's queue takes no place from others.
            let own = own.acquire_owned().await.map_err(Error::internal)?;
            let all = self.0.all.clone().acquire_owned().await.map_err(Error::internal)?;
            Ok::<_, Error>((own, all))
        };
        let running = tokio::time::timeout(LONGEST, wait).await.map_err(|_| busy())??;
        Ok(Permit { _running: running, _counted: counted })
    }

    fn count(&self, network: IpAddr) -> Result<(Counted, Arc<Semaphore>)> {
        let mut networks = self.0.lock();
        let all: usize = networks.values().map(|network| network.count).sum();
        let own = networks
            .entry(network)
            .or_insert_with(|| Network { running: Arc::new(Semaphore::new(self.0.share)), count: 0 });
        if own.count >= PER_NETWORK {
            return Err(Error::TooMany(AGAIN));
        }
        if all >= IN_ALL {
            if own.count == 0 {
                networks.remove(&network);
            }
            return Err(Error::Unavailable("search (too many at once)".into()));
        }
        own.count += 1;
        let running = own.running.clone();
        drop(networks);
        Ok((Counted { inner: self.0.clone(), network }, running))
    }
}

impl Inner {
    fn lock(&self) -> MutexGuard<'_, HashMap<IpAddr, Network>> {
        self.networks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let mut networks = self.inner.lock();
        if let Some(network) = networks.get_mut(&self.network) {
            network.count -= 1;
            if network.count == 0 {
                networks.remove(&self.network);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::Future;
    use std::task::{Context, Poll, Waker};

    fn network(n: u8) -> IpAddr {
        IpAddr::from([203, 0, 113, n])
    }

    fn waits<T>(future: &mut (impl Future<Output = T> + Unpin)) -> bool {
        std::pin::Pin::new(future).poll(&mut Context::from_waker(Waker::noop())).is_pending()
    }

    #[tokio::test]
    async fn one_network_has_its_share_and_others_have_theirs() {
        let admission = Admission::of(2);
        let first = admission.admit(network(1)).await.unwrap();
        let mut second = Box::pin(admission.admit(network(1)));
        assert!(waits(&mut second), "the share of one network is one of two processors");
        let other = admission.admit(network(2)).await.unwrap();
        let mut third = Box::pin(admission.admit(network(3)));
        assert!(waits(&mut third), "both processors are busy");
        drop(other);
        drop(third.await.unwrap());
        drop(first);
        drop(second.await.unwrap());
        assert!(admission.0.lock().is_empty(), "nothing is kept of who has gone");
    }

    #[tokio::test]
    async fn who_has_too_many_waiting_is_refused_at_once() {
        let admission = Admission::of(2);
        let running = admission.admit(network(1)).await.unwrap();
        let mut waiting: Vec<_> = (1..PER_NETWORK).map(|_| Box::pin(admission.admit(network(1)))).collect();
        assert!(waiting.iter_mut().all(waits));
        let mut refused = Box::pin(admission.admit(network(1)));
        let Poll::Ready(Err(Error::TooMany(wait))) =
            refused.as_mut().poll(&mut Context::from_waker(Waker::noop()))
        else {
            panic!("one too many was not refused")
        };
        assert_eq!(wait, AGAIN);
        // Who goes away while waiting makes room.
        waiting.pop();
        let mut next = Box::pin(admission.admit(network(1)));
        assert!(waits(&mut next));
        let _free = admission.admit(network(2)).await.unwrap();
        drop((running, waiting, next));
        assert_eq!(admission.0.lock().len(), 1);
    }

    #[tokio::test]
    async fn a_crowd_is_refused_before_it_piles_up() {
        let admission = Admission::of(2);
        let running =
            [admission.admit(network(100)).await.unwrap(), admission.admit(network(101)).await.unwrap()];
        let mut waiting: Vec<_> =
            (running.len()..IN_ALL).map(|n| Box::pin(admission.admit(network((n / 8) as u8)))).collect();
        assert!(waiting.iter_mut().all(waits));
        assert!(matches!(admission.admit(network(200)).await, Err(Error::Unavailable(_))));
        drop((running, waiting));
        assert!(admission.admit(network(200)).await.is_ok());
    }
}
