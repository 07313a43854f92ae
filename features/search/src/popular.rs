//! What many search for, without knowing who.

use std::collections::{BTreeMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use db::Db;
use kernel::{Env, Result};
use tokio_util::sync::CancellationToken;

use crate::store::{self, Sum};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
/// What was asked for in so many days counts, and is kept.
const DAYS: i64 = 30;
/// What fewer networks asked for is nobody else's business.
const NETWORKS: i64 = 3;
const LIST: usize = 5_000;
/// Hashes that are remembered within an hour, or a day. Beyond them all are forgotten, and may be counted twice.
const SEEN: usize = 200_000;
/// Different queries that are counted between two writes; beyond them nothing new is.
const COUNTED: usize = 10_000;
/// Longer texts are nobody's query but somebody's text.
const LONGEST: usize = 30;
const WRITE_EVERY: Duration = Duration::from_secs(5);
const READ_EVERY: u32 = 12;

/// Chosen by chance at start and never written anywhere.
static SALT: LazyLock<RandomState> = LazyLock::new(RandomState::new);

/// Counts queries and knows those that are popular. Cheap to clone, shared by all.
#[derive(Clone)]
pub struct Popular(Arc<Inner>);

struct Inner {
    db: Db,
    env: Env,
    buffer: Mutex<Buffer>,
    list: RwLock<Arc<[String]>>,
}

#[derive(Default)]
struct Buffer {
    /// By text and day: how often, from how many networks that had not asked for it on that day.
    counted: BTreeMap<(String, i64), (i64, i64)>,
    /// Visitors with what they asked for, in this hour; networks, on this day.
    visitors: HashSet<u64>,
    hour: i64,
    networks: HashSet<u64>,
    day: i64,
}

impl Popular {
    pub(crate) fn new(db: Db, env: Env) -> Self {
        Self(Arc::new(Inner { db, env, buffer: Mutex::default(), list: RwLock::new(Arc::new([])) }))
    }

    /// Counts a search that found something, once an hour for each visitor (network and browser).
    pub fn record(&self, query: &str, network: IpAddr, agent: &str) {
        let Some(text) = tidy(query) else { return };
        let now = self.0.env.now().millis();
        let (hour, day) = (now.div_euclid(HOUR), now.div_euclid(DAY));
        let mut buffer = self.buffer();
        if buffer.hour != hour || buffer.visitors.len() >= SEEN {
            buffer.visitors.clear();
            buffer.hour = hour;
        }
        if buffer.day != day || buffer.networks.len() >= SEEN {
            buffer.networks.clear();
            buffer.day = day;
        }
        let full = buffer.counted.len() >= COUNTED && !buffer.counted.contains_key(&(text.clone(), day));
        if full || !buffer.visitors.insert(SALT.hash_one((&text, network, agent))) {
            return;
        }
        let new = buffer.networks.insert(SALT.hash_one((&text, network)));
        let (asked, networks) = buffer.counted.entry((text, day)).or_default();
        *asked += 1;
        *networks += i64::from(new);
    }

    /// Popular queries, most asked for first.
    pub fn list(&self) -> Arc<[String]> {
        self.0.list.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Those that begin as typed.
    pub fn beginning(&self, typed: &str, limit: usize) -> Vec<String> {
        let Some(typed) = tidy(typed) else { return Vec::new() };
        self.list().iter().filter(|text| text.starts_with(&typed)).take(limit).cloned().collect()
    }

    /// Writes what was counted since the last time. What cannot be written is counted on.
    pub async fn write(&self) -> Result<()> {
        let counted = std::mem::take(&mut self.buffer().counted);
        if counted.is_empty() {
            return Ok(());
        }
        let sum = |(key, value): (&(String, i64), &(i64, i64))| Sum {
            text: key.0.clone(),
            day: key.1,
            asked: value.0,
            networks: value.1,
        };
        let sums: Vec<Sum> = counted.iter().map(sum).collect();
        let written = async {
            let tx = self.0.db.write().await?;
            store::add(&tx, &sums).await?;
            tx.commit().await
        };
        if let Err(error) = written.await {
            let mut buffer = self.buffer();
            for (key, (asked, networks)) in counted {
                let sum = buffer.counted.entry(key).or_default();
                *sum = (sum.0 + asked, sum.1 + networks);
            }
            return Err(error);
        }
        Ok(())
    }

    /// Takes the list anew from the sums, and forgets what is too old to count.
    pub async fn read(&self) -> Result<()> {
        let since = self.0.env.now().millis().div_euclid(DAY) - DAYS;
        let list = store::popular(&self.0.db, since, NETWORKS, LIST).await?;
        *self.0.list.write().unwrap_or_else(PoisonError::into_inner) = list.into();
        let tx = self.0.db.write().await?;
        store::forget_before(&tx, since).await?;
        tx.commit().await
    }

    /// Writes and reads until `stop`.
    pub(crate) async fn run(self, stop: CancellationToken) {
        let mut rounds = 0_u32;
        loop {
            let read = rounds.is_multiple_of(READ_EVERY);
            rounds = rounds.wrapping_add(1);
            let done = async {
                self.write().await?;
                if read { self.read().await } else { Ok(()) }
            };
            if let Err(error) = done.await {
                tracing::error!(%error, "what is searched for cannot be counted; trying again");
            }
            if stop.is_cancelled() {
                return;
            }
            tokio::select! { () = tokio::time::sleep(WRITE_EVERY) => {}, () = stop.cancelled() => {} }
        }
    }

    fn buffer(&self) -> MutexGuard<'_, Buffer> {
        self.0.buffer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One spelling of what is meant alike; nothing for what is no query that others would ask, too.
fn tidy(query: &str) -> Option<String> {
    let text = query.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let counts = !text.is_empty() && text.chars().nth(LONGEST).is_none() && !text.contains('@');
    counts.then_some(text)
}

#[cfg(test)]
mod tests {
    use db::db_test;
    use kernel::Time;

    use super::*;

    #[db_test]
    async fn what_many_ask_for_is_popular_and_nobody_is_known(db: Db) {
        let (env, clock) = Env::manual(Time::parse("2024-06-05T10:10:00Z").unwrap());
        let popular = Popular::new(db.clone(), env.clone());
        let from = |n: u8| IpAddr::from([10, 0, 0, n]);
        let list = async || {
            popular.write().await.unwrap();
            popular.read().await.unwrap();
            popular.list().to_vec()
        };
        for n in 1..=3 {
            popular.record("  潮汐  Tide ", from(n), "a");
            popular.record("一个人的名字和电话", from(1), &format!("browser {n}"));
            popular.record("someone@example.org", from(n), "a");
            popular.record(&"长".repeat(31), from(n), "a");
        }
        popular.record("水位", from(1), "a");
        popular.record("水位", from(2), "a");
        assert_eq!(list().await, ["潮汐 tide"], "one network is not many");
        assert_eq!(popular.beginning("潮汐 T", 5), ["潮汐 tide"]);
        assert!(popular.beginning("水", 5).is_empty());
        // Again within the hour it is the same visitor; later it counts, but the network is the same on that day.
        popular.record("水位", from(2), "a");
        clock.advance(Duration::from_hours(1));
        popular.record("水位", from(2), "a");
        assert_eq!(list().await, ["潮汐 tide"]);
        popular.record("水位", from(3), "a");
        popular.record("水位", from(4), "a");
        assert_eq!(list().await, ["水位", "潮汐 tide"], "the one asked for most first");
        clock.advance(Duration::from_hours(24 * 32));
        assert!(list().await.is_empty(), "what was asked for long ago is forgotten");
    }
}
