//! Visitors as numbers that mean nothing outside this process, and how much is remembered by them.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};
use std::net::IpAddr;
use std::sync::LazyLock;
use std::time::Duration;

use kernel::ArticleId;

/// A visitor who comes back to an article within this time still reads it.
pub const ONCE: Duration = Duration::from_mins(30);
/// Visitors and networks that are remembered (some 50 bytes each). Beyond them the older ones are forgotten.
const KEPT: usize = 300_000;

/// Chosen by chance at start and never written anywhere: the numbers of visitors mean nothing outside this process.
static SALT: LazyLock<RandomState> = LazyLock::new(RandomState::new);

/// Whoever asks from a network with a browser.
#[derive(Clone, Copy, Debug)]
pub struct Visitor {
    pub(crate) number: u64,
    pub(crate) network: IpAddr,
}

/// Whoever asks from this network with this browser.
pub fn visitor(network: IpAddr, agent: &str) -> Visitor {
    Visitor { number: salted((network, agent)), network }
}

/// A visitor and an article, as one number.
pub fn pair(article: ArticleId, visitor: Visitor) -> u64 {
    salted((article, visitor.number))
}

pub fn salted(key: impl Hash) -> u64 {
    SALT.hash_one(key)
}

/// Forgets what is older than `long` when there is much, and of what is left the older, until there is room.
pub fn make_room<V>(map: &mut HashMap<u64, V>, mut long: Duration, age: impl Fn(&V) -> Duration) {
    while map.len() >= KEPT {
        map.retain(|_, value| age(value) < long);
        long /= 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Time;

    #[test]
    fn in_a_crowd_the_older_are_forgotten() {
        const LONG: Duration = Duration::from_hours(6);
        let at = |n: u64| Time::from_millis(0).plus(Duration::from_millis(n));
        let mut map: HashMap<u64, Time> = (0..KEPT as u64).map(|n| (n, at(n))).collect();
        let now = at(KEPT as u64);
        make_room(&mut map, LONG, |then| now.since(*then));
        assert!(map.len() < KEPT && map.len() > KEPT / 3, "{}", map.len());
        assert!(map.contains_key(&(KEPT as u64 - 1)) && !map.contains_key(&0));
        let mut map: HashMap<u64, Time> = (0..KEPT as u64).map(|n| (n, now)).collect();
        make_room(&mut map, LONG, |then| now.since(*then));
        assert!(map.len() < KEPT, "where all came at once");
    }
}
