//! Counting reads without knowing readers: no cookie, nothing stored but sums, the database asked rarely.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use db::Db;
use kernel::{ArticleId, Env, Result, Time};
use tokio::sync::mpsc::UnboundedSender;
use tokio_util::sync::CancellationToken;

use crate::co_reads::CoReads;
use crate::counts::Counts;
use crate::fraud::FraudFilter;
use crate::seen::{AlreadyCounted, Lists};
use crate::store::{self, ListHour, ReadHour};

/// A visitor who comes back to an article within this time still reads it.
pub(crate) const ONCE: Duration = Duration::from_mins(30);
/// Pairs of visitor and article that are remembered for that (about 20 bytes each). Beyond them all are forgotten, and may be counted twice.
const PAIRS: usize = 500_000;
const FLUSH: Duration = Duration::from_millis(500);
/// What is read together is written at each so-manieth flush.
const PAIRING: u64 = 10;
const HOUR: i64 = 3_600_000;

/// Chosen by chance at start and never written anywhere: the numbers of visitors mean nothing outside this process.
pub(crate) static SALT: LazyLock<RandomState> = LazyLock::new(RandomState::new);

/// Whoever asks from a network with a browser.
#[derive(Clone, Copy, Debug)]
pub struct Visitor {
    pub(crate) number: u64,
    pub(crate) network: IpAddr,
}

/// Whoever asks from this network with this browser.
pub fn visitor(network: IpAddr, agent: &str) -> Visitor {
    Visitor { number: SALT.hash_one((network, agent)), network }
}

/// Five minutes, by their number since 1970: sums are kept apart that long until they are written by the hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slot(i64);

impl Slot {
    const LENGTH: i64 = 300_000;

    pub fn of(time: Time) -> Self {
        Self(time.millis().div_euclid(Self::LENGTH))
    }

    pub fn begins(self) -> Time {
        Time::from_millis(self.0 * Self::LENGTH)
    }

    fn hour(self) -> i64 {
        hour(self.begins())
    }
}

/// Hours since 1970, UTC.
pub(crate) fn hour(time: Time) -> i64 {
    time.millis().div_euclid(HOUR)
}

/// The time that stands for an hour: its middle, as far as it has come.
pub(crate) fn middle(hour: i64, now: Time) -> Time {
    Time::from_millis(hour * HOUR + HOUR / 2).min(now)
}

pub(crate) type Counted = BTreeMap<(ArticleId, Slot), Counts>;

/// Takes reads and writes their sums twice a second, where there are any. Cheap to clone, shared by all.
#[derive(Clone)]
pub struct Reads(Arc<Inner>);

struct Inner {
    db: Db,
    env: Env,
    buffer: Mutex<Buffer>,
    /// Looked at only when reads are written: who reads must not wait for it.
    fraud: Mutex<FraudFilter>,
    co_reads: CoReads,
    deltas: Mutex<Vec<UnboundedSender<ReadDelta>>>,
}

/// What was counted of an article in a slot.
pub(crate) type ReadDelta = (ArticleId, Slot, Counts);

#[derive(Default)]
pub(crate) struct Buffer {
    /// Reads that are still to be judged.
    began: Vec<(ArticleId, Visitor, Time)>,
    /// Visitors who really read.
    pub stayed: Vec<(ArticleId, Visitor)>,
    pub counted: Counted,
    pub lists: Lists,
    pub told: AlreadyCounted,
    /// When a visitor began to read an article, by a hash of both.
    seen: HashMap<u64, Time>,
}

pub(crate) fn pair(article: ArticleId, visitor: Visitor) -> u64 {
    SALT.hash_one((article, visitor.number))
}

impl Buffer {
    /// When the visitor began to read the article, if that was lately.
    pub fn began(&self, article: ArticleId, visitor: Visitor, now: Time) -> Option<Time> {
        self.seen.get(&pair(article, visitor)).copied().filter(|began| now.since(*began) < ONCE)
    }
}

impl Reads {
    pub fn new(db: Db, env: Env) -> Self {
        let (buffer, fraud, deltas) = (Mutex::default(), Mutex::default(), Mutex::default());
        let co_reads = CoReads::new(db.clone(), env.clone());
        Self(Arc::new(Inner { db, env, buffer, fraud, co_reads, deltas }))
    }

    pub(crate) fn db(&self) -> &Db {
        &self.0.db
    }

    pub(crate) fn now(&self) -> Time {
        self.0.env.now()
    }

    /// Counts one read by a visitor (see [`visitor`]), unless the visitor was just here. Whether it is a reader at all
    /// ([`crate::is_bot`], an author who looks at the own article) the caller knows.
    pub fn record(&self, article: ArticleId, visitor: Visitor) {
        self.record_if(article, visitor, || true);
    }

    /// The same, if the visitor is a reader: that is asked only of those who were not just here, as it takes longer than all else.
    pub fn record_if(&self, article: ArticleId, visitor: Visitor, is_reader: impl FnOnce() -> bool) {
        let now = self.0.env.now();
        let mut buffer = self.buffer();
        let pair = pair(article, visitor);
        let still = |began: &Time| now.since(*began) < ONCE;
        if buffer.seen.get(&pair).is_some_and(still) {
            return;
        }
        if buffer.seen.len() >= PAIRS {
            buffer.seen.retain(|_, began| still(began));
            if buffer.seen.len() >= PAIRS {
                buffer.seen.clear();
            }
        }
        buffer.seen.insert(pair, now);
        if is_reader() {
            buffer.began.push((article, visitor, now));
        }
    }

    /// Judges and writes what was counted since the last time, in one transaction. What cannot be written is counted on.
    pub async fn flush(&self) -> Result<()> {
        let (counted, lists) = self.judge();
        if let Err(error) = self.add(&counted, &lists).await {
            let mut buffer = self.buffer();
            for (of, counts) in counted {
                *buffer.counted.entry(of).or_default() += counts;
            }
            buffer.lists.take_back(lists);
            return Err(error);
        }
        let mut deltas = self.0.deltas.lock().unwrap_or_else(PoisonError::into_inner);
        deltas.retain(|to| counted.iter().all(|(&(id, slot), &counts)| to.send((id, slot, counts)).is_ok()));
        Ok(())
    }

    /// Takes what was counted out of the buffer, with what each read weighs.
    fn judge(&self) -> (Counted, Lists) {
        let mut buffer = self.buffer();
        let (began, stayed) = (std::mem::take(&mut buffer.began), std::mem::take(&mut buffer.stayed));
        let (mut counted, lists) = (std::mem::take(&mut buffer.counted), std::mem::take(&mut buffer.lists));
        drop(buffer);
        let mut fraud = self.0.fraud.lock().unwrap_or_else(PoisonError::into_inner);
        let mut add = |of, counts| *counted.entry(of).or_default() += counts;
        for (article, visitor, at) in began {
            let weight = fraud.read(visitor, article, at, &mut add);
            self.0.co_reads.read(visitor.number, article, weight as f64 / 1_000.0);
        }
        for (article, visitor) in stayed {
            fraud.stayed(visitor, article, &mut add);
        }
        (counted, lists)
    }

    /// All reads of an article that were ever counted, as far as they are written.
    pub async fn total(&self, article: ArticleId) -> Result<i64> {
        Ok(self.totals(&[article]).await?.remove(&article).unwrap_or_default())
    }

    /// The same for many; articles that nobody read are left out.
    pub async fn totals(&self, articles: &[ArticleId]) -> Result<HashMap<ArticleId, i64>> {
        Ok(store::totals(&self.0.db, articles).await?.into_iter().collect())
    }

    /// How often something was seen and chosen at each place of each list since a time.
    pub async fn lists(&self, from: Time) -> Result<Vec<ListHour>> {
        store::lists(&self.0.db, hour(from)).await
    }

    /// What is read together.
    pub fn co_reads(&self) -> &CoReads {
        &self.0.co_reads
    }

    /// How often each article was read since a time: by the hour in the last two days, by the day before. Hours since 1970.
    pub(crate) async fn activity(&self, from: Time) -> Result<Vec<store::ReadSum>> {
        let fine = from.max(self.now().minus(Duration::from_hours(48)));
        store::activity(&self.0.db, hour(from), hour(fine)).await
    }

    /// Flushes until `stop`, and then once more.
    pub async fn run(self, stop: CancellationToken) {
        for turn in 0_u64.. {
            let last = stop.is_cancelled();
            if let Err(error) = self.flush().await {
                tracing::error!(%error, "cannot write reads; counting on");
            }
            if (last || turn % PAIRING == 0)
                && let Err(error) = self.0.co_reads.flush().await
            {
                tracing::error!(%error, "cannot write what is read together; going on");
            }
            if last {
                return;
            }
            tokio::select! { () = tokio::time::sleep(FLUSH) => {}, () = stop.cancelled() => {} }
        }
    }

    /// Sends what is flushed.
    pub(crate) fn listen(&self, to: UnboundedSender<ReadDelta>) {
        self.0.deltas.lock().unwrap_or_else(PoisonError::into_inner).push(to);
    }

    /// The `most` articles that were read most since a time.
    pub(crate) async fn busiest(&self, from: Time, most: usize) -> Result<Vec<ArticleId>> {
        store::busiest(&self.0.db, hour(from), most).await
    }

    /// What was counted of articles since a time, by the hour.
    pub(crate) async fn since(&self, from: Time, articles: &[ArticleId]) -> Result<Vec<ReadHour>> {
        store::since(&self.0.db, hour(from), articles).await
    }

    async fn add(&self, counted: &Counted, lists: &Lists) -> Result<()> {
        let mut hours: BTreeMap<(ArticleId, i64), Counts> = BTreeMap::new();
        for (&(article, slot), &counts) in counted {
            *hours.entry((article, slot.hour())).or_default() += counts;
        }
        let lists = lists.rows();
        if hours.is_empty() && lists.is_empty() {
            return Ok(());
        }
        let tx = self.0.db.write().await?;
        store::add(&tx, &hours.into_iter().collect::<Vec<_>>()).await?;
        store::add_lists(&tx, &lists).await?;
        tx.commit().await
    }

    pub(crate) fn buffer(&self) -> MutexGuard<'_, Buffer> {
        self.0.buffer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
