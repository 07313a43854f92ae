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
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::schedule::Every;
use crate::store::{self, Claim, JobId, JobRow};
use crate::{Failure, Job, Jobs};

/// A process that says nothing for so long has lost its jobs.
const LEASE: Duration = Duration::from_mins(1);
/// So often it says something.
const RENEW: Duration = Duration::from_secs(15);
/// Whoever waits looks this often by themselves: what another process enqueued without a word, what comes due, and the clock of schedules.
const LOOK: Duration = Duration::from_secs(1);
/// Where what is due must wait for another with its key, or somebody was faster.
const BLOCKED: Duration = Duration::from_millis(500);
/// After something was written: many writes follow each other.
const GATHER: Duration = Duration::from_millis(20);
/// The longest wait between two tries.
const LONGEST: Duration = Duration::from_hours(1);
/// Progress is written down this often at most.
const TELL: Duration = Duration::from_millis(500);
/// Work that is asked to stop has so long to do it.
const GRACE: Duration = Duration::from_secs(5);
/// Of an error, so much is kept.
const ERROR: usize = 2_000;

/// Who carries out what: one for a process.
pub struct Workers {
    jobs: Jobs,
    kinds: HashMap<&'static str, Kind>,
    schedules: Vec<Schedule>,
    zone: Arc<dyn Fn() -> TimeZone + Send + Sync>,
}

/// What came of looking for a job.
enum Claimed {
    Job(JobRow, OwnedSemaphorePermit),
    /// Something is due, and may not be begun yet.
    Blocked,
    Nothing,
}

struct Kind {
    handler: Arc<dyn Handler>,
    permits: Arc<Semaphore>,
    tries: i64,
    wait: Duration,
}

#[async_trait]
trait Handler: Send + Sync {
    async fn run(&self, payload: &str, running: Running) -> Result<(), Failure>;
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

/// Jobs of one kind, with what carries them out.
struct Of<J: Job>(J::With);

#[async_trait]
impl<J: Job> Handler for Of<J> {
    async fn run(&self, payload: &str, running: Running) -> Result<(), Failure> {
        let job: J =
            serde_json::from_str(payload).map_err(|error| Failure::ForGood(Error::internal(error)))?;
        job.run(self.0.clone(), running).await
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
            tries: i64::from(J::TRIES.max(1)),
            wait: J::WAIT,
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
        let holder = self.jobs.env.token();
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
                self.claim(&holder).await
            };
            let rest = match turn.await {
                Ok(Claimed::Job(row, permit)) => {
                    pause = Duration::ZERO;
                    let work = self.carry_out(row, holder.clone(), stop.clone());
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
                    // Said once: while the database is gone it would be said every three seconds.
                    if pause.is_zero() {
                        tracing::error!(%error, "cannot look for jobs; trying again");
                    }
                    pause = (pause * 2).clamp(Duration::from_millis(100), Duration::from_secs(3));
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
        if tokio::time::timeout(GRACE, ended).await.is_err() {
            tracing::warn!("jobs that do not stop are taken up by another process, or later");
            working.abort_all();
        }
    }

    fn free_kinds(&self) -> Vec<&'static str> {
        self.kinds
            .iter()
            .filter(|(_, kind)| kind.permits.available_permits() > 0)
            .map(|(name, _)| *name)
            .collect()
    }

    async fn until_next(&self) -> Duration {
        let kinds = self.free_kinds();
        if kinds.is_empty() {
            return LOOK;
        }
        let next = store::next_due(&self.jobs.db, &kinds).await.ok().flatten();
        next.map_or(LOOK, |due| due.since(self.jobs.env.now()).clamp(GATHER, LOOK))
    }

    async fn claim(&self, holder: &str) -> Result<Claimed> {
        let (kinds, now) = (self.free_kinds(), self.jobs.env.now());
        if kinds.is_empty() || !store::is_due(&self.jobs.db, &kinds, now).await? {
            return Ok(Claimed::Nothing);
        }
        let tx = self.jobs.db.write().await?;
        let Some(row) = store::claim(&tx, &kinds, holder, now, now.plus(LEASE)).await? else {
            return Ok(Claimed::Blocked);
        };
        tx.commit().await?;
        let kind = &self.kinds[row.kind.as_str()];
        // Only this loop takes places, and it saw one.
        let permit = kind.permits.clone().acquire_owned().await.map_err(Error::internal)?;
        Ok(Claimed::Job(row, permit))
    }

    /// Enqueues what the clock says.
    async fn take_turns(&mut self) -> Result<()> {
        if self.schedules.is_empty() {
            return Ok(());
        }
        let (now, zone) = (self.jobs.env.now(), (self.zone)());
        for schedule in &mut self.schedules {
            let turn = schedule.every.last(now, &zone);
            if schedule.taken >= Some(turn) {
                continue;
            }
            let tx = self.jobs.db.write().await?;
            if store::take_turn(&tx, schedule.name, turn).await? {
                schedule.enqueue.enqueue(&self.jobs, &tx).await?;
            }
            tx.commit().await?;
            schedule.taken = Some(turn);
        }
        Ok(())
    }

    fn carry_out(
        &self,
        row: JobRow,
        holder: String,
        stop: CancellationToken,
    ) -> impl Future<Output = ()> + use<> {
        let kind = &self.kinds[row.kind.as_str()];
        let (handler, most, wait, jobs) = (kind.handler.clone(), kind.tries, kind.wait, self.jobs.clone());
        async move {
            let begun = Instant::now();
            let claim = Claim { id: row.id, holder, tries: row.tries };
            let running = Running::new(jobs.clone(), claim.clone(), stop.child_token());
            // Tries that nobody came back from: one that ends the process each time would do so for ever.
            let outcome = if row.tries > most {
                Err(Failure::ForGood(Error::internal("the process died, or lost the job, at each try")))
            } else {
                work(handler, &row, &running).await
            };
            let outcome_name = match &outcome {
                Ok(()) => "done",
                Err(Failure::ForGood(_)) => "failed",
                Err(Failure::Again(_)) if row.tries >= most && !stop.is_cancelled() => "failed",
                Err(_) => "again",
            };
            metrics::histogram!("byline_job_seconds", "kind" => row.kind.clone(), "outcome" => outcome_name)
                .record(begun.elapsed().as_secs_f64());
            if let Err(error) = settle(&jobs, &claim, &row, outcome, stop.is_cancelled(), most, wait).await {
                tracing::warn!(kind = row.kind, id = %row.id, %error, "what came of a job cannot be written; it is taken up again");
            }
        }
    }
}

/// Carries it out on a task of its own, so that a panic is a failure like others, and keeps the lease meanwhile.
async fn work(handler: Arc<dyn Handler>, row: &JobRow, running: &Running) -> Result<(), Failure> {
    let (payload, own) = (row.payload.clone(), running.clone());
    let mut work = tokio::spawn(async move { handler.run(&payload, own).await });
    let mut renewal = tokio::time::interval_at(Instant::now() + RENEW, RENEW);
    let mut renewed = Instant::now();
    loop {
        tokio::select! {
            done = &mut work => return done.unwrap_or_else(|error| Err(Failure::Again(Error::internal(error)))),
            _ = renewal.tick() => match running.renew().await {
                Ok(true) => renewed = Instant::now(),
                // While the database is away nobody else can take it either; after that somebody may have.
                Err(_) if renewed.elapsed() < LEASE => {}
                _ => {
                    running.stop.cancel();
                    work.abort();
                    return Err(Failure::Again(Error::internal("the lease was lost")));
                }
            }
        }
    }
}

async fn settle(
    jobs: &Jobs,
    claim: &Claim,
    row: &JobRow,
    outcome: Result<(), Failure>,
    stopped: bool,
    most: i64,
    wait: Duration,
) -> Result<()> {
    let now = jobs.env.now();
    let tx = jobs.db.write().await?;
    match outcome {
        Ok(()) => drop(store::delete(&tx, claim).await?),
        Err(Failure::After(wait)) => store::put_back(&tx, claim, now.plus(wait), false, None).await?,
        Err(Failure::Again(_)) if stopped => store::put_back(&tx, claim, now, false, None).await?,
        Err(Failure::Again(error)) if claim.tries < most => {
            let wait = backoff(wait, claim.tries, jobs);
            tracing::warn!(kind = row.kind, id = %row.id, tries = claim.tries, %error, "a job failed; trying again in {wait:?}");
            store::put_back(&tx, claim, now.plus(wait), true, Some(&short(&error))).await?;
        }
        Err(Failure::Again(error) | Failure::ForGood(error)) => {
            tracing::error!(kind = row.kind, id = %row.id, tries = claim.tries, %error, "a job failed for good");
            store::fail(&tx, claim, now, &short(&error)).await?;
        }
    }
    tx.commit().await
}

fn short(error: &Error) -> String {
    error.to_string().chars().take(ERROR).collect()
}

/// Twice as long after each try, a fifth more or less, so that what failed together does not come back together.
fn backoff(first: Duration, tries: i64, jobs: &Jobs) -> Duration {
    let doubled = first.saturating_mul(1 << (tries - 1).clamp(0, 20)).min(LONGEST);
    let mut chance = [0; 1];
    jobs.env.fill(&mut chance);
    doubled.mul_f64(0.8 + 0.4 * f64::from(chance[0]) / 255.0)
}

/// A job that is being carried out, for whoever does it.
#[derive(Clone)]
pub struct Running {
    jobs: Jobs,
    claim: Claim,
    /// The process ends, or somebody else has the job: no further step.
    pub stop: CancellationToken,
    told: Arc<std::sync::Mutex<Option<Instant>>>,
}

impl Running {
    fn new(jobs: Jobs, claim: Claim, stop: CancellationToken) -> Self {
        Self { jobs, claim, stop, told: Arc::default() }
    }

    pub fn id(&self) -> JobId {
        self.claim.id
    }

    /// Which try this is, from 1.
    pub fn tries(&self) -> i64 {
        self.claim.tries
    }

    /// Ends the job in the transaction of what it wrote: both happen, once, or neither. Errors: [`Error::Internal`] where somebody else has it.
    pub async fn complete_in(&self, tx: &Tx) -> Result<()> {
        if store::delete(tx, &self.claim).await? {
            Ok(())
        } else {
            Err(Error::internal("the lease was lost"))
        }
    }

    /// How far it is, for those who watch; `total` is 0 where nobody knows. A courtesy: where it cannot be written, the work goes on.
    pub async fn progress(&self, done: u64, total: u64) {
        {
            let mut told = self.told.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            if told.is_some_and(|at| at.elapsed() < TELL) && done < total {
                return;
            }
            *told = Some(Instant::now());
        }
        let written = async {
            let tx = self.jobs.db.write().await?;
            store::progress(&tx, &self.claim, done as i64, total as i64).await?;
            tx.commit().await
        };
        let _: Result<()> = written.await;
    }

    async fn renew(&self) -> Result<bool> {
        let tx = self.jobs.db.write().await?;
        let ours = store::renew(&tx, &self.claim, self.jobs.env.now().plus(LEASE)).await?;
        tx.commit().await?;
        Ok(ours)
    }
}
