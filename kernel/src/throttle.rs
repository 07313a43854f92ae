//! How often somebody may do something.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::{Error, Result};

/// More keys than this are not remembered; the least busy half is forgotten first, so that nobody can
/// have himself forgotten by inventing others.
const KEYS: usize = 100_000;

/// Lets each key pass `times` at once, and after that once every `per / times`. In memory, of this process.
/// What is kept are points of the clock that only runs ([`crate::Env::instant`]): setting the time of day neither locks nor frees anybody.
/// (The generic cell rate algorithm, ITU-T I.371: one point in time a key says it all.)
pub struct Throttle<K> {
    step: Duration,
    /// How far ahead of now a key's debt may reach.
    ahead: Duration,
    /// When a key will have paid for what it took.
    paid: Mutex<HashMap<K, Instant>>,
}

impl<K: Eq + Hash> Throttle<K> {
    pub fn new(times: u32, per: Duration) -> Self {
        let step = per / times;
        Self { step, ahead: per.saturating_sub(step), paid: Mutex::default() }
    }

    /// Takes one turn, or says with [`Error::TooMany`] how long until there is one.
    pub fn check(&self, key: K, now: Instant) -> Result<()> {
        let mut paid = self.lock();
        let due = paid.get(&key).copied().unwrap_or(now).max(now);
        let wait = due.duration_since(now).saturating_sub(self.ahead);
        if wait > Duration::ZERO {
            return Err(Error::TooMany(wait));
        }
        if paid.len() >= KEYS {
            forget(&mut paid, now);
        }
        paid.insert(key, due + self.step);
        Ok(())
    }

    /// Returns a turn that turned out not to count.
    pub fn refund(&self, key: &K) {
        if let Some(due) = self.lock().get_mut(key) {
            // Where the clock has run for less than a step, nothing is owed anyway.
            *due = due.checked_sub(self.step).unwrap_or(*due);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<K, Instant>> {
        self.paid.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn forget<K: Eq + Hash>(paid: &mut HashMap<K, Instant>, now: Instant) {
    paid.retain(|_, due| *due > now);
    if paid.len() >= KEYS {
        let mut dues: Vec<Instant> = paid.values().copied().collect();
        let (_, &mut middle, _) = dues.select_nth_unstable(KEYS / 2);
        paid.retain(|_, due| *due > middle);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Env;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_burst_then_one_a_step() {
        let throttle = Throttle::new(3, 30 * SECOND);
        let start = Env::system().instant();
        for _ in 0..3 {
            throttle.check("a", start).unwrap();
        }
        assert!(matches!(throttle.check("a", start), Err(Error::TooMany(wait)) if wait == 10 * SECOND));
        assert!(throttle.check("b", start).is_ok());
        let later = start + 10 * SECOND;
        assert!(throttle.check("a", later).is_ok());
        assert!(throttle.check("a", later).is_err());
        throttle.refund(&"a");
        assert!(throttle.check("a", later).is_ok());
    }

    #[test]
    fn a_crowd_does_not_make_it_forget_the_busy() {
        let throttle = Throttle::new(3, 30 * SECOND);
        let start = Env::system().instant();
        for _ in 0..3 {
            throttle.check(0, start).unwrap();
        }
        for key in 1..=2 * KEYS {
            throttle.check(key, start).unwrap();
        }
        assert!(throttle.check(0, start).is_err());
        assert!(throttle.lock().len() <= KEYS);
    }
}
