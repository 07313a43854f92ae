//! What the outside world decides: the time, chance, and the next id. Injected everywhere.

use std::sync::{Arc, Mutex};
use std::time::Instant;

use crate::id::IdGen;
use crate::time::{ManualClock, SystemClock};
use crate::{Clock, Id, Time};

/// Clock, randomness and ids in one cheap-to-clone handle.
///
/// One pointer: nearly everything holds one, and what holds those is moved about.
#[derive(Clone)]
pub struct Env(Arc<Inner>);

struct Inner {
    clock: Arc<dyn Clock>,
    chance: Chance,
    ids: IdGen,
}

enum Chance {
    System,
    /// SplitMix64 (Steele, Lea, Flood 2014): repeatable, for tests only.
    Seeded(Mutex<u64>),
}

impl Env {
    /// The real clock and the operating system's random numbers.
    pub fn system() -> Self {
        let chance = Chance::System;
        let node = chance.number();
        Self::of(Arc::<SystemClock>::default(), chance, node)
    }

    /// A clock that stands still until the returned handle moves it, and repeatable chance.
    pub fn manual(start: Time) -> (Self, Arc<ManualClock>) {
        let clock = Arc::new(ManualClock::at(start));
        (Self::of(clock.clone(), Chance::Seeded(Mutex::new(1)), 0), clock)
    }

    fn of(clock: Arc<dyn Clock>, chance: Chance, node: u64) -> Self {
        Self(Arc::new(Inner { clock, chance, ids: IdGen::new(node) }))
    }

    pub fn now(&self) -> Time {
        self.0.clock.now()
    }

    /// The clock that only runs, whatever is done to the time of day: for how long ago something was.
    pub fn instant(&self) -> Instant {
        self.0.clock.instant()
    }

    /// Goes by a clock that says `now` at this moment, in all copies of this `Env`: several nodes agree on what is due. By how many
    /// milliseconds the machine's own is behind it.
    pub fn adjust(&self, now: Time) -> i64 {
        self.0.clock.adjust(now)
    }

    /// A new id, greater than any this process made before.
    pub fn id<T>(&self) -> Id<T> {
        self.0.ids.next(self.now())
    }

    /// 256 bits of chance as 43 characters of URL-safe text: session and API tokens.
    pub fn token(&self) -> String {
        const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let mut bytes = [0; 43];
        self.fill(&mut bytes);
        bytes.iter().map(|b| char::from(ALPHABET[(b & 63) as usize])).collect()
    }

    /// Fills `bytes` with random bytes (from the operating system, except in tests).
    pub fn fill(&self, bytes: &mut [u8]) {
        self.0.chance.fill(bytes);
    }
}

impl Chance {
    fn number(&self) -> u64 {
        let mut bytes = [0; 8];
        self.fill(&mut bytes);
        u64::from_le_bytes(bytes)
    }

    #[allow(clippy::disallowed_methods, reason = "the one place that asks the machine")]
    fn fill(&self, bytes: &mut [u8]) {
        match self {
            // Without random numbers there is no safe session: better to stop than to go on.
            Self::System => getrandom::fill(bytes).expect("the operating system gives random numbers"),
            Self::Seeded(state) => {
                let mut state = state.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                for chunk in bytes.chunks_mut(8) {
                    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
                    let z = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
                    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
                    let z = (z ^ (z >> 31)).to_le_bytes();
                    chunk.copy_from_slice(&z[..chunk.len()]);
                }
            }
        }
    }
}
