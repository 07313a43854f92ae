//! `byline jobs`: work that is done beside the answers.

use anyhow::{Result, bail};
use audit::Record;
use clap::{Subcommand, ValueEnum};
use events::Actor;
use jobs::codes::JOB_NOT_FAILED;
use jobs::{JobId, State};
use kernel::Error;
use serde_json::json;

use crate::app;
use crate::config::Config;

/// Jobs that one look shows.
const SHOWN: usize = 1_000;

#[derive(Clone, Copy, ValueEnum)]
pub enum Which {
    /// Failed for good
    Failed,
    /// To be done, what comes next first
    Queued,
    /// Being done
    Running,
}

#[derive(Subcommand)]
pub enum Action {
    /// Lists jobs: those that failed for good, unless another state is named
    #[command(after_help = "Example: byline jobs list --state queued --json")]
    List {
        #[arg(long, value_enum, default_value = "failed")]
        state: Which,
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Has a job that failed for good tried again; the server that runs does so
    #[command(after_help = "Example: byline jobs retry 3yQqvR4Tz1")]
    Retry { id: JobId },
    /// Drops a job that failed for good
    #[command(after_help = "Example: byline jobs drop 3yQqvR4Tz1")]
    Drop { id: JobId },
}

impl Action {
    pub async fn run(self, config: Config) -> Result<()> {
        let services = app::open_services(&config).await?;
        let jobs = services.jobs;
        if let Self::List { state, json } = self {
            let state = match state {
                Which::Failed => State::Failed,
                Which::Queued => State::Queued,
                Which::Running => State::Running,
            };
            for job in jobs.list(state, SHOWN).await? {
                let key = job.key.unwrap_or_default();
                if json {
                    let line = json!({
                        "id": job.id, "kind": job.kind, "key": key, "state": job.state, "tries": job.tries,
                        "run_at": job.run_at.rfc3339(), "created_at": job.created_at.rfc3339(),
                        "changed_at": job.changed_at.rfc3339(), "done": job.done, "total": job.total, "error": job.error,
                    });
                    println!("{line}");
                } else {
                    let error = job.error.map(|error| format!("  {error}")).unwrap_or_default();
                    println!("{}  {} {key}  {}{error}", job.id, job.kind, job.run_at.rfc3339());
                }
            }
            return Ok(());
        }
        let tx = services.db.write().await?;
        let (done, record) = match self {
            Self::List { .. } => return Ok(()),
            Self::Retry { id } => (jobs.retry_in(&tx, id).await, Record::new("job.retry", "job", id)),
            Self::Drop { id } => (jobs.discard_in(&tx, id).await, Record::new("job.drop", "job", id)),
        };
        match done {
            Err(Error::Conflict(JOB_NOT_FAILED)) => {
                bail!("no such job has failed for good; `byline jobs list` lists those that have")
            }
            done => done?,
        }
        audit::record(&tx, &services.journal.by(Actor::CommandLine), record).await?;
        Ok(tx.commit().await?)
    }
}
