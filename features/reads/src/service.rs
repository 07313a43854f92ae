//! Reads on their way into sums: no cookie, nothing stored but sums, the database asked rarely.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use db::Db;
use kernel::{ArticleId, Env, Result, Time};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_util::sync::CancellationToken;

use crate::buffer::{Buffer, Counted};
use crate::co_reads::CoReads;
use crate::counts::Counts;
use crate::fraud::FraudFilter;
use crate::seen::{Lists, Reading, Seen};
use crate::shared::Shared;
use crate::slots::{Slot, hour};
use crate::store::{self, ListHour, ReadHour, ReadSum};
use crate::visitor::Visitor;

const FLUSH: Duration = Duration::from_millis(500);
/// What is read together is written at each so-manieth flush.
const PAIRING: u64 = 10;

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
    shared: Shared,
    deltas: Mutex<Vec<UnboundedSender<ReadDelta>>>,
}

/// What was counted of an article within five minutes.
#[derive(Clone, Copy, Debug)]
pub struct ReadDelta {
    pub article: ArticleId,
    /// When those began.
    pub at: Time,
    pub counts: Counts,
}

impl Reads {
    pub fn new(db: Db, env: Env) -> Self {
        let (buffer, fraud, deltas) = (Mutex::default(), Mutex::default(), Mutex::default());
        let (co_reads, shared) = (CoReads::new(db.clone(), env.clone()), Shared::new());
        Self(Arc::new(Inner { db, env, buffer, fraud, co_reads, shared, deltas }))
    }

    pub(crate) fn db(&self) -> &Db {
        &self.0.db
    }

    pub(crate) fn now(&self) -> Time {
        self.0.env.now()
    }

    /// Counts one read by a visitor (see [`crate::visitor`]), unless the visitor was just here. Whether it is a reader at all
    /// ([`crate::is_bot`], an author who looks at the own article) the caller knows.
    pub fn record(&self, article: ArticleId, visitor: Visitor) {
        self.record_if(article, visitor, || true);
    }

    /// The same, if the visitor is a reader: that is asked only of those who were not just here, as it takes longer than all else.
    pub fn record_if(&self, article: ArticleId, visitor: Visitor, is_reader: impl FnOnce() -> bool) {
        let now = self.now();
        self.buffer().record_if(article, visitor, now, is_reader);
    }

    /// Takes in what a visitor's browser tells; what it told already is not counted again. Of a reading only what can be is believed:
    /// the article must have been asked for, and so long ago. Returns that, for those who keep it for a reader.
    pub fn tell(&self, visitor: Visitor, seen: &Seen) -> Option<Reading> {
        let now = self.now();
        self.buffer().tell(visitor, seen, now)
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
        self.publish(counted.into_iter().map(|((article, slot), counts)| (article, slot, counts)).collect());
        Ok(())
    }

    /// Takes in what other nodes counted: all that is in the sums by now goes to those who subscribed, who read the sums after this.
    pub async fn hear(&self) -> Result<()> {
        let counted = self.0.shared.hear(&self.0.db).await?;
        self.publish(counted);
        Ok(())
    }

    fn publish(&self, counted: Vec<(ArticleId, Slot, Counts)>) {
        let mut to = self.0.deltas.lock().unwrap_or_else(PoisonError::into_inner);
        for (article, slot, counts) in counted {
            let delta = ReadDelta { article, at: slot.begins(), counts };
            to.retain(|to| to.send(delta).is_ok());
        }
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
    pub async fn activity(&self, from: Time) -> Result<Vec<ReadSum>> {
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
            if let Err(error) = self.hear().await {
                tracing::error!(%error, "cannot read what other nodes counted; trying again");
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

    /// What is flushed from now on, here and by other nodes.
    pub fn subscribe(&self) -> UnboundedReceiver<ReadDelta> {
        let (to, deltas) = unbounded_channel();
        self.0.deltas.lock().unwrap_or_else(PoisonError::into_inner).push(to);
        deltas
    }

    /// The `most` articles that were read most since a time.
    pub async fn busiest(&self, from: Time, most: usize) -> Result<Vec<ArticleId>> {
        store::busiest(&self.0.db, hour(from), most).await
    }

    /// What was counted of articles since a time, by the hour.
    pub async fn since(&self, from: Time, articles: &[ArticleId]) -> Result<Vec<ReadHour>> {
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
        self.0.shared.leave(&tx, counted, &self.0.env).await?;
        tx.commit().await
    }

    fn buffer(&self) -> MutexGuard<'_, Buffer> {
        self.0.buffer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
