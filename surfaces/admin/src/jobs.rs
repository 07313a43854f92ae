//! Work that is done beside the answers: what waits, what is being done, and what failed for good.

use std::collections::BTreeMap;

use accounts::{Action, User};
use audit::Record;
use axum::body::Body;
use axum::extract::State;
use http::Response;
use jobs::codes::JOB_NOT_FAILED;
use jobs::{JobId, JobRow, State as JobState};
use kernel::{Error, Result, Time};
use web::{Path, Query, RequestContext, session};

use crate::layout::Asked;
use crate::views::jobs::{JobLine, Jobs, KindLine};
use crate::{Admin, Answer};

/// Jobs of a state that one page shows; `byline jobs list` lists more.
const SHOWN: usize = 100;

/// `GET /admin/jobs`
pub async fn show(State(admin): State<Admin>, context: RequestContext, Query(asked): Query<Asked>) -> Answer {
    context.viewer.require(Action::RunOperations)?;
    let list = async |state| -> Result<Vec<JobLine>> {
        Ok(admin.jobs.list(state, SHOWN).await?.into_iter().map(|row| line(row, context.now)).collect())
    };
    let mut kinds: BTreeMap<String, KindLine> = BTreeMap::new();
    for count in admin.jobs.counts().await? {
        let kind = kinds.entry(count.kind.clone()).or_insert_with(|| KindLine {
            name: name(&count.kind),
            kind: count.kind,
            ..KindLine::default()
        });
        match JobState::of(&count.state) {
            Some(JobState::Queued) => {
                kind.queued = count.jobs;
                kind.waited = kind.waited.max(context.now.since(count.oldest).as_secs() as i64);
            }
            Some(JobState::Running) => {
                kind.running = count.jobs;
                kind.waited = kind.waited.max(context.now.since(count.oldest).as_secs() as i64);
            }
            Some(JobState::Failed) => kind.failed = count.jobs,
            None => {}
        }
    }
    let view = Jobs {
        all_failed: kinds.values().map(|kind| kind.failed).sum(),
        all_queued: kinds.values().map(|kind| kind.queued).sum(),
        kinds: kinds.into_values().collect(),
        failed: list(JobState::Failed).await?,
        running: list(JobState::Running).await?,
        queued: list(JobState::Queued).await?,
        layout: admin.layout(&context.viewer, "jobs", &asked.done).await?,
    };
    Ok(admin.frame.page(&context, &view).await?)
}

/// `POST /admin/jobs/{id}/retry`
pub async fn retry(State(admin): State<Admin>, context: RequestContext, Path(id): Path<JobId>) -> Answer {
    let operator = context.viewer.require(Action::RunOperations)?;
    match admin.retry_job(operator, id).await {
        // Its key was enqueued at the same moment: now it is seen.
        Err(Error::Conflict(code)) if code != JOB_NOT_FAILED => admin.retry_job(operator, id).await?,
        retried => retried?,
    }
    Ok(back("job-retry"))
}

/// `POST /admin/jobs/kinds/{kind}/retry`: all of a kind that failed
pub async fn retry_kind(
    State(admin): State<Admin>,
    context: RequestContext,
    Path(kind): Path<String>,
) -> Answer {
    let operator = context.viewer.require(Action::RunOperations)?;
    let tx = admin.db.write().await?;
    if admin.jobs.retry_kind_in(&tx, &kind).await? == 0 {
        return Err(Error::NotFound.into());
    }
    admin.commit(tx, operator, Record::new("job.retry-kind", "job-kind", &kind)).await?;
    Ok(back("job-retry"))
}

/// `POST /admin/jobs/{id}/drop`
pub async fn drop_one(State(admin): State<Admin>, context: RequestContext, Path(id): Path<JobId>) -> Answer {
    let operator = context.viewer.require(Action::RunOperations)?;
    let tx = admin.db.write().await?;
    admin.jobs.discard_in(&tx, id).await?;
    admin.commit(tx, operator, Record::new("job.drop", "job", id)).await?;
    Ok(back("job-dropped"))
}

impl Admin {
    async fn retry_job(&self, operator: &User, id: JobId) -> Result<()> {
        let tx = self.db.write().await?;
        self.jobs.retry_in(&tx, id).await?;
        self.commit(tx, operator, Record::new("job.retry", "job", id)).await
    }
}

/// What a message is called by that names a kind.
fn name(kind: &str) -> String {
    kind.replace('.', "-")
}

fn line(row: JobRow, now: Time) -> JobLine {
    JobLine {
        name: name(&row.kind),
        kind: row.kind,
        id: row.id,
        key: row.key.filter(|key| !key.is_empty()),
        due: row.run_at <= now,
        run_at: row.run_at,
        since: row.changed_at,
        tries: row.tries,
        done: row.done,
        total: row.total,
        error: row.error,
    }
}

fn back(done: &str) -> Response<Body> {
    session::see_other(&format!("/admin/jobs?done={done}"))
}
