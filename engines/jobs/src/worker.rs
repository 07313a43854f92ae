//! Carrying jobs out.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use db::Tx;
use jiff::tz::TimeZone;
use kernel::{Error, Result, Time};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::run::{Attempt, GRACE, Handler, LEASE, Limits, Of};
use crate::schedule::Every;
use crate::store;
use crate::{Job, Jobs};

/// Whoever waits looks this often by themselves: what another process enqueued without a word, what comes due, and the clock of schedules.
const LOOK: Duration = Duration::from_secs(1);
/// Where what is due must wait for another with its key, or somebody was faster.
const BLOCKED: Duration = Duration::from_millis(500);
/// After something was written: many writes follow each other.
const GATHER: Duration = Duration::from_millis(20);
/// Who carries out what: one for a process.
pub struct Workers {
    jobs: Jobs,
    kinds: HashMap<&'static str, Kind>,
    schedules: Vec<Schedule>,
    zone: Arc<dyn Fn() -> TimeZone + Send + Sync>,
}

/// What came of looking for a job.
enum Claimed {
    Job(Box<Attempt>, OwnedSemaphorePermit),
    /// Something is due, and may not be begun yet.
    Blocked,
    Nothing,
}

struct Kind {
    handler: Arc<dyn Handler>,
    permits: Arc<Semaphore>,
    priority: u8,
    limits: Limits,
}

struct Schedule {
    name: &'static str,
    every: Every,
    /// The turn that was taken last, as far as this process knows.
    taken: Option<Time>,
    enqueue: Arc<dyn Enqueue>,
}

#[async_trait]
trait Enqueue: Send + Sync {
    async fn enqueue(&self, jobs: &Jobs, tx: &Tx) -> Result<bool>;
}

#[async_trait]
impl<J: Job> Enqueue for J {
    async fn enqueue(&self, jobs: &Jobs, tx: &Tx) -> Result<bool> {
        // One that waits is enough, whatever it says of itself.
        let key = self.key().unwrap_or_default();
        jobs.add(tx, self, Some(key), jobs.env.now()).await
    }
}

impl Workers {
    /// `zone`: the site's, as it is now.
    pub fn new(jobs: Jobs, zone: impl Fn() -> TimeZone + Send + Sync + 'static) -> Self {
        Self { jobs, kinds: HashMap::new(), schedules: Vec::new(), zone: Arc::new(zone) }
    }

    /// This process carries out jobs of that kind.
    #[must_use]
    pub fn on<J: Job>(mut self, with: J::With) -> Self {
        let kind = Kind {
            handler: Arc::new(Of::<J>(with)),
            permits: Arc::new(Semaphore::new(J::AT_ONCE.max(1))),
            priority: J::PRIORITY as u8,
            limits: Limits { tries: i64::from(J::TRIES.max(1)), wait: J::WAIT, longest: J::LONGEST },
        };
        self.kinds.insert(J::KIND, kind);
        self
    }

    /// `job`, which this process carries out as well, is enqueued at each turn by one of the site's processes. Turns that nobody was there for
    /// are made up for by one.
    #[must_use]
    pub fn every<J: Job>(mut self, every: Every, job: J, with: J::With) -> Self {
        self.schedules.push(Schedule { name: J::KIND, every, taken: None, enqueue: Arc::new(job) });
        self.on::<J>(with)
    }

    /// What this process carries out.
    pub fn kinds(&self) -> Vec<&'static str> {
        let mut kinds: Vec<_> = self.kinds.keys().copied().collect();
        kinds.sort_unstable();
        kinds
    }

    /// Works until `stop`; what is being done then is asked to stop, and put back where it does not come to its end.
    pub async fn run(mut self, stop: CancellationToken) {
        let mut committed = self.jobs.db.committed();
        let mut working = JoinSet::new();
        // A place that is free again is reason to look.
        let (freed, mut places) = mpsc::unbounded_channel();
        let mut pause = Duration::ZERO;
        while !stop.is_cancelled() {
            committed.borrow_and_update();
            while working.try_join_next().is_some() {}
            let turn = async {
                self.take_turns().await?;
                self.claim().await
            };
            let rest = match turn.await {
                Ok(Claimed::Job(attempt, permit)) => {
                    pause = Duration::ZERO;
                    let work = attempt.carry_out(self.jobs.clone(), stop.clone());
                    let freed = freed.clone();
                    working.spawn(async move {
                        work.await;
                        drop(permit);
                        let _ = freed.send(());
                    });
                    continue;
                }
                Ok(Claimed::Blocked) => BLOCKED,
                Ok(Claimed::Nothing) => self.until_next().await,
                Err(error) => {
                    // Said once: while the database is gone it would be said every second.
                    if pause.is_zero() {
                        tracing::error!(%error, "cannot look for jobs; trying again");
                    }
                    pause = (pause * 2).clamp(Duration::from_millis(100), LOOK);
                    tokio::select! { () = tokio::time::sleep(pause) => {}, () = stop.cancelled() => {} }
                    continue;
                }
            };
            pause = Duration::ZERO;
            tokio::select! {
                _ = committed.changed() => tokio::time::sleep(GATHER).await,
                _ = places.recv() => while places.try_recv().is_ok() {},
                () = tokio::time::sleep(rest) => {}
                () = stop.cancelled() => {}
            }
        }
        let ended = async { while working.join_next().await.is_some() {} };
        // What does not stop by itself is stopped after that time, and has as long to be put back.
        if tokio::time::timeout(2 * GRACE, ended).await.is_err() {
            tracing::warn!("jobs that could not be put back are taken up when their lease has run out");
            working.abort_all();
        }
    }

    /// Those that this process may begin one more of, what goes first before the others.
    fn free_kinds(&self) -> Vec<&'static str> {
        let free = self.kinds.iter().filter(|(_, kind)| kind.permits.available_permits() > 0);
        let mut free: Vec<_> = free.map(|(&name, kind)| (kind.priority, name)).collect();
        free.sort_unstable();
        free.into_iter().map(|(_, name)| name).collect()
    }

    async fn until_next(&self) -> Duration {
        let (kinds, now) = (self.free_kinds(), self.jobs.env.now());
        if kinds.is_empty() {
            return LOOK;
        }
        let next = store::next_due(&self.jobs.db, &kinds, now).await.ok().flatten();
        next.map_or(LOOK, |due| due.since(now).clamp(GATHER, LOOK))
    }

    async fn claim(&self) -> Result<Claimed> {
        let (kinds, now) = (self.free_kinds(), self.jobs.env.now());
        if kinds.is_empty() || !store::is_due(&self.jobs.db, &kinds, now).await? {
            return Ok(Claimed::Nothing);
        }
        let holder = self.jobs.env.token();
        let tx = self.jobs.db.write().await?;
        let row = match store::claim(&tx, &kinds, &holder, now, now.plus(LEASE)).await {
            Ok(Some(row)) => row,
            // Another process was faster, to this one or to another with its key.
            Ok(None) | Err(Error::Conflict(_)) => return Ok(Claimed::Blocked),
            Err(error) => return Err(error),
        };
        tx.commit().await?;
        let kind = &self.kinds[row.kind.as_str()];
        // Only this loop takes places, and it saw one.
        let permit = kind.permits.clone().acquire_owned().await.map_err(Error::internal)?;
        let (handler, limits) = (kind.handler.clone(), kind.limits);
        Ok(Claimed::Job(Box::new(Attempt { row, holder, handler, limits }), permit))
    }

    /// Enqueues what the clock says.
    async fn take_turns(&mut self) -> Result<()> {
        if self.schedules.is_empty() {
            return Ok(());
        }
        let (now, zone) = (self.jobs.env.now(), (self.zone)());
        for schedule in &mut self.schedules {
            let turn = schedule.every.last(now, &zone);
            // A clock that was ahead may have taken what is still to come.
            if schedule.taken.is_some_and(|taken| turn <= taken && taken <= now) {
                continue;
            }
            let tx = self.jobs.db.write().await?;
            if store::take_turn(&tx, schedule.name, turn, now).await? {
                schedule.enqueue.enqueue(&self.jobs, &tx).await?;
            }
            tx.commit().await?;
            schedule.taken = Some(turn);
        }
        Ok(())
    }
}
