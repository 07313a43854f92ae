//! How many bytes of what people send may be held at once, of all of them and of one.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use kernel::UserId;

/// Bodies in memory at once (bytes): of those who are known, of everybody else, and what is given back to those whose session ended while they
/// wrote. Nobody takes the place of those of another kind.
const KNOWN: u64 = 32 << 20;
const UNKNOWN: u64 = 8 << 20;
const RESCUED: u64 = 8 << 20;
/// One sender may hold this part of each.
const SHARE: u64 = 4;

/// Whose bytes they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sender {
    User(UserId),
    /// A program with a token, by its network: nothing is read of one that has none.
    Program(IpAddr),
    Unknown(IpAddr),
}

/// What bodies count against.
pub struct Budgets {
    known: Budget,
    unknown: Budget,
    rescued: Budget,
}

impl Default for Budgets {
    fn default() -> Self {
        Self::of_sizes(KNOWN, UNKNOWN, RESCUED)
    }
}

impl Budgets {
    pub(crate) fn of_sizes(known: u64, unknown: u64, rescued: u64) -> Self {
        let [known, unknown, rescued] = [known, unknown, rescued].map(Budget::new);
        Self { known, unknown, rescued }
    }

    pub(crate) fn of(&self, sender: Sender, rescued: bool) -> &Budget {
        match sender {
            _ if rescued => &self.rescued,
            Sender::User(_) | Sender::Program(_) => &self.known,
            Sender::Unknown(_) => &self.unknown,
        }
    }

    #[cfg(test)]
    pub(crate) fn are_free(&self) -> bool {
        [&self.known, &self.unknown, &self.rescued].iter().all(|budget| budget.held() == 0)
    }
}

/// So many bytes, and no more than a share of them for one sender.
pub(crate) struct Budget {
    most: u64,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    all: u64,
    by: HashMap<Sender, u64>,
}

impl Budget {
    pub fn new(most: u64) -> Self {
        Self { most, held: Mutex::default() }
    }

    /// Whether there was room for them. What comes in one piece to whoever holds nothing is within their share: pieces off the wire are small.
    pub fn reserve(&self, sender: Sender, bytes: u64) -> bool {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let own = held.by.get(&sender).copied().unwrap_or(0);
        let beyond = own > 0 && own.saturating_add(bytes) > self.most / SHARE;
        if beyond || held.all.saturating_add(bytes) > self.most {
            return false;
        }
        held.all += bytes;
        held.by.insert(sender, own + bytes);
        true
    }

    pub fn give(&self, sender: Sender, bytes: u64) {
        if bytes == 0 {
            return;
        }
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.all -= bytes;
        if let Some(own) = held.by.get_mut(&sender) {
            *own -= bytes;
            if *own == 0 {
                held.by.remove(&sender);
            }
        }
    }

    #[cfg(test)]
    pub fn held(&self) -> u64 {
        self.held.lock().unwrap_or_else(PoisonError::into_inner).all
    }
}
