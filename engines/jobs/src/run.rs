//! One try of one job: its lease, its end.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use db::Tx;
use kernel::{Error, Result};
use tokio::time::{Instant, interval_at, sleep, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use crate::queue::{Jobs, TIMES};
use crate::store::{self, Again, Claim, JobId, JobRow};
use crate::{Failure, Job};

/// A process that says nothing for so long has lost its jobs.
pub const LEASE: Duration = Duration::from_mins(1);
/// So often it says something.
const RENEW: Duration = Duration::from_secs(15);
/// Work that is asked to stop has so long to do it.
pub const GRACE: Duration = Duration::from_secs(5);
/// What came of a try is written again after this long, where it could not be.
const RETRY: Duration = Duration::from_secs(1);
/// The longest wait between two tries.
const LONGEST_WAIT: Duration = Duration::from_hours(1);
/// The shortest wait that a job may ask for.
const SHORTEST_WAIT: Duration = Duration::from_secs(1);
/// Progress is written down this often at most, and not waited for longer than that.
const TELL: Duration = Duration::from_millis(500);
/// Of an error, so many characters are kept.
const ERROR: usize = 2_000;

/// What carries jobs of a kind out.
#[async_trait]
pub trait Handler: Send + Sync {
    async fn run(&self, payload: &str, running: Running) -> Result<(), Failure>;
}

/// Jobs of one kind, with what carries them out.
pub struct Of<J: Job>(pub J::With);

#[async_trait]
impl<J: Job> Handler for Of<J> {
    async fn run(&self, payload: &str, running: Running) -> Result<(), Failure> {
        let job: J =
            serde_json::from_str(payload).map_err(|error| Failure::ForGood(Error::internal(error)))?;
        job.run(self.0.clone(), running).await
    }
}

/// What a kind allows.
#[derive(Clone, Copy)]
pub struct Limits {
    pub tries: i64,
    pub wait: Duration,
    pub longest: Duration,
}

/// A job that was claimed.
pub struct Attempt {
    pub row: JobRow,
    /// Of this claim alone.
    pub holder: String,
    pub handler: Arc<dyn Handler>,
    pub limits: Limits,
}

impl Attempt {
    pub async fn carry_out(self, jobs: Jobs, stop: CancellationToken) {
        let Self { row, holder, handler, limits } = self;
        let begun = Instant::now();
        let claim = Claim { id: row.id, holder, kind: row.kind, key: row.key, tries: row.tries };
        let running = Running::new(jobs.clone(), claim.clone(), stop.child_token());
        // Tries that nobody came back from: one that ends the process each time would do so for ever.
        let outcome = if claim.tries > limits.tries {
            Err(Failure::ForGood(Error::internal("the process died, or lost the job, at each try")))
        } else {
            work(handler, row.payload, running, limits.longest).await
        };
        let end = End::of(outcome, &claim, limits, stop.is_cancelled(), &jobs);
        metrics::histogram!("byline_job_seconds", "kind" => claim.kind.clone(), "outcome" => end.name())
            .record(begun.elapsed().as_secs_f64());
        let mut written = end.write(&jobs, &claim).await;
        // Where the database is away, soon after it is back: else the job would wait until its lease has run out.
        let until = Instant::now() + LEASE;
        while written.is_err() && Instant::now() < until && !stop.is_cancelled() {
            sleep(RETRY).await;
            written = end.write(&jobs, &claim).await;
        }
        match written {
            Ok(true) => end.log(&claim),
            // It ended itself, or somebody else has it.
            Ok(false) => {}
            Err(error) => tracing::warn!(
                kind = claim.kind,
                id = %claim.id,
                %error,
                "what came of a job cannot be written; it is taken up again"
            ),
        }
    }
}

/// Carries it out on a task of its own, so that a panic is a failure like others, and keeps the lease meanwhile.
async fn work(
    handler: Arc<dyn Handler>,
    payload: String,
    running: Running,
    longest: Duration,
) -> Result<(), Failure> {
    let own = running.clone();
    let mut work = tokio::spawn(async move { handler.run(&payload, own).await });
    let mut renewal = interval_at(Instant::now() + RENEW, RENEW);
    let (mut renewed, mut until) = (Instant::now(), Instant::now() + longest);
    let mut why = "it took longer than its kind may";
    loop {
        tokio::select! {
            done = &mut work => return done.unwrap_or_else(|error| Err(Failure::Again(Error::internal(error)))),
            () = sleep_until(until) => break,
            () = running.stop.cancelled(), if why != STOPPED => {
                (why, until) = (STOPPED, until.min(Instant::now() + GRACE));
            }
            _ = renewal.tick() => match running.renew().await {
                Ok(true) => renewed = Instant::now(),
                // It ended itself, and does the rest of its work.
                Ok(false) if running.has_ended() || work.is_finished() => {}
                // While the database is away nobody else can take it either; after that somebody may have.
                Err(_) if renewed.elapsed() < LEASE => {}
                _ => {
                    why = "the lease was lost";
                    break;
                }
            }
        }
    }
    running.stop.cancel();
    work.abort();
    // It may have come to its end meanwhile.
    match work.await {
        Ok(done) => done,
        Err(_) => Err(Failure::Again(Error::internal(why))),
    }
}

const STOPPED: &str = "the process stops";

/// What comes of a try.
enum End {
    Done,
    /// Tried again after a wait, which may hold though another with its key is enqueued; counted or not.
    Again {
        wait: Duration,
        holds: bool,
        counts: bool,
        error: Option<String>,
    },
    Failed(String),
}

impl End {
    fn of(outcome: Result<(), Failure>, claim: &Claim, limits: Limits, stopped: bool, jobs: &Jobs) -> Self {
        let again = |wait, holds| Self::Again { wait, holds, counts: false, error: None };
        match outcome {
            Ok(()) => Self::Done,
            Err(Failure::At(time)) => again(time.since(jobs.env.now()), false),
            Err(Failure::After(wait)) => again(wait.max(SHORTEST_WAIT), true),
            Err(Failure::Again(_)) if stopped => again(Duration::ZERO, false),
            Err(Failure::Again(error)) if claim.tries < limits.tries => Self::Again {
                wait: backoff(limits.wait, claim.tries, jobs),
                holds: true,
                counts: true,
                error: Some(short(&error)),
            },
            Err(Failure::Again(error) | Failure::ForGood(error)) => Self::Failed(short(&error)),
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Again { .. } => "again",
            Self::Failed(_) => "failed",
        }
    }

    /// Whether it was still ours.
    async fn write(&self, jobs: &Jobs, claim: &Claim) -> Result<bool> {
        let mut done = self.write_once(jobs, claim).await;
        for _ in 1..TIMES {
            let Err(Error::Conflict(_)) = done else { break };
            done = self.write_once(jobs, claim).await;
        }
        done
    }

    async fn write_once(&self, jobs: &Jobs, claim: &Claim) -> Result<bool> {
        let now = jobs.env.now();
        let tx = jobs.db.write().await?;
        let ours = match self {
            Self::Done => store::delete(&tx, claim).await?,
            Self::Again { wait, holds, counts, error } => {
                let (run_at, error) = (now.plus(*wait), error.as_deref());
                let again = Again { run_at, holds: *holds, counts: *counts, error };
                store::put_back(&tx, claim, again).await?
            }
            Self::Failed(error) => store::fail(&tx, claim, now, error).await?,
        };
        tx.commit().await?;
        Ok(ours)
    }

    fn log(&self, claim: &Claim) {
        let Claim { id, kind, tries, .. } = claim;
        match self {
            Self::Again { wait, error: Some(error), .. } => {
                tracing::warn!(kind, %id, tries, error, seconds = wait.as_secs(), "a job failed; trying again");
            }
            Self::Failed(error) => tracing::error!(kind, %id, tries, error, "a job failed for good"),
            Self::Done | Self::Again { .. } => {}
        }
    }
}

/// Databases take no NUL.
fn short(error: &Error) -> String {
    error.to_string().chars().filter(|&c| c != '\0').take(ERROR).collect()
}

/// Twice as long after each try, a fifth more or less, so that what failed together does not come back together.
fn backoff(first: Duration, tries: i64, jobs: &Jobs) -> Duration {
    let doubled = first.saturating_mul(1 << (tries - 1).clamp(0, 20)).min(LONGEST_WAIT);
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
    told: Arc<Mutex<Option<Instant>>>,
    ended: Arc<AtomicBool>,
}

impl Running {
    fn new(jobs: Jobs, claim: Claim, stop: CancellationToken) -> Self {
        Self { jobs, claim, stop, told: Arc::default(), ended: Arc::default() }
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
        if !store::delete(tx, &self.claim).await? {
            return Err(Error::internal("the lease was lost"));
        }
        self.ended.store(true, Ordering::Relaxed);
        Ok(())
    }

    fn has_ended(&self) -> bool {
        self.ended.load(Ordering::Relaxed)
    }

    /// How far it is, for those who watch; `total` is 0 where nobody knows. A courtesy: where it cannot be written soon, as where the caller
    /// holds a transaction, the work goes on without.
    pub async fn progress(&self, done: u64, total: u64) {
        {
            let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
            if told.is_some_and(|at| at.elapsed() < TELL) && (total == 0 || done < total) {
                return;
            }
            *told = Some(Instant::now());
        }
        let written = async {
            let tx = self.jobs.db.write().await?;
            store::progress(&tx, &self.claim, done as i64, total as i64).await?;
            tx.commit().await
        };
        let _: Result<Result<()>, _> = timeout(TELL, written).await;
    }

    async fn renew(&self) -> Result<bool> {
        let tx = self.jobs.db.write().await?;
        let ours = store::renew(&tx, &self.claim, self.jobs.env.now().plus(LEASE)).await?;
        tx.commit().await?;
        Ok(ours)
    }
}
