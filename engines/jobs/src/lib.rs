//! Durable work: enqueued in the writer's transaction, carried out later by one of the site's processes, tried again where it fails.
//!
//! A job is a row. Whoever claims it has a lease and makes it longer while they work; where a process dies, the lease runs out and another
//! takes the job up. So a job may be carried out more than once, and what it does must bear that: what it writes to the database may go
//! with the job itself in one transaction ([`Running::complete_in`]), which makes it happen exactly once.
//!
//! Table: `jobs`, `schedules`.

pub mod codes;
mod queue;
mod run;
mod schedule;
mod store;
#[cfg(test)]
mod tests;
mod worker;

use std::time::Duration;

use kernel::{Error, Time};
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use queue::Jobs;
pub use run::Running;
pub use schedule::Every;
#[doc(hidden)]
pub use store::JobMarker;
pub use store::{Count, JobId, JobRow, State};
pub use worker::Workers;

pub static SCHEMA: db::Schema = db::schema!("jobs", needs: [], migrations: ["0001_jobs", "0002_failed"]);

/// Work of one kind. A value is one piece of it, as it is stored (JSON): it names things by their ids, and says nothing of people. What failed for
/// good stays, and operators see its key.
pub trait Job: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// What carries it out: the service that it calls.
    type With: Clone + Send + Sync + 'static;
    /// Stable: it is stored.
    const KIND: &'static str;
    /// Fails for good after so many tries.
    const TRIES: u32 = 12;
    /// The wait after the first try that failed; it doubles with each, up to an hour.
    const WAIT: Duration = Duration::from_secs(5);
    /// Whoever takes longer is stopped, and tried again.
    const LONGEST: Duration = Duration::from_hours(1);
    /// So many of this kind are carried out at once by one process.
    const AT_ONCE: usize = 1;
    const PRIORITY: Priority = Priority::Usual;

    /// One with the same key that still waits is enough, and none is carried out while another with its key is.
    fn key(&self) -> Option<String> {
        None
    }

    /// Bears being called again: a process may die before it can say that it is done.
    fn run(self, with: Self::With, running: Running) -> impl Future<Output = Result<(), Failure>> + Send;
}

/// What is due is carried out in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Priority {
    /// Somebody waits for it.
    Urgent = 0,
    Usual = 10,
    /// Whenever there is nothing else.
    Background = 20,
}

/// Why a try did not come to its end.
#[derive(Debug)]
pub enum Failure {
    /// Tried again after a wait.
    Again(Error),
    /// Its time is still to come; that counts as no try.
    At(Time),
    /// Tried again after this wait, which counts as no try: somebody else asked for it.
    After(Duration),
    /// No further try would end otherwise.
    ForGood(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::TooMany(wait) | Error::Busy(wait) => Self::After(wait),
            error => Self::Again(error),
        }
    }
}
