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

use crate::store::{self, ReadHour};

/// A visitor who comes back to an article within this time still reads it.
const ONCE: Duration = Duration::from_mins(30);
/// Pairs of visitor and article that are remembered for that (about 20 bytes each). Beyond them all are forgotten, and may be counted twice.
const PAIRS: usize = 500_000;
const FLUSH: Duration = Duration::from_millis(500);
pub(crate) const HOUR: i64 = 3_600_000;

/// Chosen by chance at start and never written anywhere: the numbers of visitors mean nothing outside this process.
static SALT: LazyLock<RandomState> = LazyLock::new(RandomState::new);

/// A number for whoever asks from this network with this browser.
pub fn visitor(network: IpAddr, agent: &str) -> u64 {
    SALT.hash_one((network, agent))
}

/// Takes reads and writes their sums twice a second, where there are any. Cheap to clone, shared by all.
#[derive(Clone)]
pub struct Reads(Arc<Inner>);

struct Inner {
    db: Db,
    env: Env,
    buffer: Mutex<Buffer>,
    heard: Mutex<Vec<UnboundedSender<ReadHour>>>,
}

#[derive(Default)]
struct Buffer {
    counted: BTreeMap<(ArticleId, i64), i64>,
    /// When a visitor began to read an article, by a hash of both.
    seen: HashMap<u64, Time>,
}

impl Reads {
    pub fn new(db: Db, env: Env) -> Self {
        Self(Arc::new(Inner { db, env, buffer: Mutex::default(), heard: Mutex::default() }))
    }

    pub(crate) fn db(&self) -> &Db {
        &self.0.db
    }

    /// Counts one read by a visitor (see [`visitor`]), unless the visitor was just here. Whether it is a reader at all
    /// ([`crate::is_bot`], an author who looks at the own article) the caller knows.
    pub fn record(&self, article: ArticleId, visitor: u64) {
        self.record_if(article, visitor, || true);
    }

    /// The same, if the visitor is a reader: that is asked only of those who were not just here, as it takes longer than all else.
    pub fn record_if(&self, article: ArticleId, visitor: u64, is_reader: impl FnOnce() -> bool) {
        let now = self.0.env.now();
        let mut buffer = self.buffer();
        let pair = SALT.hash_one((article, visitor));
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
        if !is_reader() {
            return;
        }
        *buffer.counted.entry((article, now.millis().div_euclid(HOUR))).or_default() += 1;
    }

    /// Writes what was counted since the last time, in one transaction. What cannot be written is counted on.
    pub async fn flush(&self) -> Result<()> {
        let counted = std::mem::take(&mut self.buffer().counted);
        let rows: Vec<ReadHour> = counted
            .into_iter()
            .map(|((article_id, hour), reads)| ReadHour { article_id, hour, reads })
            .collect();
        if let Err(error) = self.add(&rows).await {
            let mut buffer = self.buffer();
            for row in rows {
                *buffer.counted.entry((row.article_id, row.hour)).or_default() += row.reads;
            }
            return Err(error);
        }
        let mut heard = self.0.heard.lock().unwrap_or_else(PoisonError::into_inner);
        heard.retain(|to| rows.iter().all(|&row| to.send(row).is_ok()));
        Ok(())
    }

    /// Adds reads that were counted elsewhere: article, time, how many.
    pub async fn import(&self, reads: &[(ArticleId, Time, i64)]) -> Result<()> {
        let mut sums: BTreeMap<(ArticleId, i64), i64> = BTreeMap::new();
        for &(article, at, n) in reads {
            *sums.entry((article, at.millis().div_euclid(HOUR))).or_default() += n;
        }
        let rows: Vec<ReadHour> = sums
            .into_iter()
            .map(|((article_id, hour), reads)| ReadHour { article_id, hour, reads })
            .collect();
        self.add(&rows).await
    }

    /// All reads of an article that were ever counted, as far as they are written.
    pub async fn total(&self, article: ArticleId) -> Result<i64> {
        Ok(self.totals(&[article]).await?.remove(&article).unwrap_or_default())
    }

    /// The same for many; articles that nobody read are left out.
    pub async fn totals(&self, articles: &[ArticleId]) -> Result<HashMap<ArticleId, i64>> {
        Ok(store::totals(&self.0.db, articles).await?.into_iter().collect())
    }

    /// Flushes until `stop`, and then once more.
    pub async fn run(self, stop: CancellationToken) {
        loop {
            let last = stop.is_cancelled();
            if let Err(error) = self.flush().await {
                tracing::error!(%error, "cannot write reads; counting on");
            }
            if last {
                return;
            }
            tokio::select! { () = tokio::time::sleep(FLUSH) => {}, () = stop.cancelled() => {} }
        }
    }

    /// Sends what is flushed.
    pub(crate) fn listen(&self, to: UnboundedSender<ReadHour>) {
        self.0.heard.lock().unwrap_or_else(PoisonError::into_inner).push(to);
    }

    /// What was read since a time, by the hour.
    pub(crate) async fn since(&self, from: Time) -> Result<Vec<ReadHour>> {
        store::since(&self.0.db, from.millis().div_euclid(HOUR)).await
    }

    async fn add(&self, rows: &[ReadHour]) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let tx = self.0.db.write().await?;
        store::add(&tx, rows).await?;
        tx.commit().await
    }

    fn buffer(&self) -> MutexGuard<'_, Buffer> {
        self.0.buffer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
