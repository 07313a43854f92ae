//! Enqueueing, and looking after what is there.

use db::{Db, Tx};
use kernel::{Env, Error, Result, Time};

use crate::store::{self, Count, JobId, JobRow, New, State};
use crate::{Job, codes};

/// So often something is written where another transaction was faster to enqueue the same key: then it is seen.
pub(crate) const TIMES: usize = 3;
/// Jobs that one transaction has tried again.
const PART: usize = 500;

/// The jobs of a site. Cheap to clone.
#[derive(Clone)]
pub struct Jobs {
    pub(crate) db: Db,
    pub(crate) env: Env,
}

impl Jobs {
    pub fn new(db: Db, env: Env) -> Self {
        Self { db, env }
    }

    /// Has `job` carried out, once `tx` is committed. Whether it was new: one with its key may wait already.
    pub async fn enqueue<J: Job>(&self, tx: &Tx, job: &J) -> Result<bool> {
        self.enqueue_at(tx, job, self.env.now()).await
    }

    /// The same, not before `run_at`.
    pub async fn enqueue_at<J: Job>(&self, tx: &Tx, job: &J, run_at: Time) -> Result<bool> {
        self.add(tx, job, job.key(), run_at).await
    }

    pub(crate) async fn add<J: Job>(
        &self,
        tx: &Tx,
        job: &J,
        key: Option<String>,
        run_at: Time,
    ) -> Result<bool> {
        let now = self.env.now();
        let new = New {
            id: self.env.id(),
            kind: J::KIND,
            payload: serde_json::to_string(job).map_err(Error::internal)?,
            key,
            run_at,
            now,
        };
        let added = store::insert(tx, new).await?;
        if run_at <= now {
            tx.wake_others();
        }
        Ok(added)
    }

    pub async fn find(&self, id: JobId) -> Result<Option<JobRow>> {
        store::find(&self.db, id).await
    }

    /// The newest of a job's kind and key, in whatever state. What is done is not there.
    pub async fn find_by_key<J: Job>(&self, job: &J) -> Result<Option<JobRow>> {
        store::find_by_key(&self.db, J::KIND, job.key().as_deref()).await
    }

    /// The first `limit` in a state: of those that wait, what comes next; of others, the newest.
    pub async fn list(&self, state: State, limit: usize) -> Result<Vec<JobRow>> {
        store::list(&self.db, state, limit).await
    }

    pub async fn count_failed(&self) -> Result<i64> {
        store::count(&self.db, State::Failed).await
    }

    pub async fn counts(&self) -> Result<Vec<Count>> {
        store::counts(&self.db).await
    }

    /// Has what failed for good tried again, as often as at first. Errors: [`Error::Conflict`] where it has not failed.
    pub async fn retry(&self, id: JobId) -> Result<()> {
        if self.retried(&[id]).await? == 1 { Ok(()) } else { Err(Error::Conflict(codes::JOB_NOT_FAILED)) }
    }

    /// The same in the transaction of what says who wanted it. Where another enqueued its key at the same moment, that is a [`Error::Conflict`] of
    /// another code, which ends the transaction: then it is seen.
    pub async fn retry_in(&self, tx: &Tx, id: JobId) -> Result<()> {
        if !store::retry(tx, id, self.env.now()).await? {
            return Err(Error::Conflict(codes::JOB_NOT_FAILED));
        }
        tx.wake_others();
        Ok(())
    }

    /// The same for all of a kind that failed; how many.
    pub async fn retry_kind_in(&self, tx: &Tx, kind: &str) -> Result<u64> {
        let mut all = 0;
        loop {
            let ids = store::failed(tx, kind, PART).await?;
            for &id in &ids {
                all += u64::from(store::retry(tx, id, self.env.now()).await?);
            }
            if ids.len() < PART {
                tx.wake_others();
                return Ok(all);
            }
        }
    }

    /// Has all of a kind tried again that failed for good, part by part; how many.
    pub async fn retry_kind(&self, kind: &str) -> Result<u64> {
        let mut all = 0;
        loop {
            let ids = store::failed(&self.db, kind, PART).await?;
            let retried = self.retried(&ids).await?;
            all += retried;
            if retried == 0 || ids.len() < PART {
                return Ok(all);
            }
        }
    }

    async fn retried(&self, ids: &[JobId]) -> Result<u64> {
        let mut done = self.retried_once(ids).await;
        for _ in 1..TIMES {
            let Err(Error::Conflict(_)) = done else { break };
            done = self.retried_once(ids).await;
        }
        done
    }

    async fn retried_once(&self, ids: &[JobId]) -> Result<u64> {
        let tx = self.db.write().await?;
        let mut retried = 0;
        for &id in ids {
            retried += u64::from(store::retry(&tx, id, self.env.now()).await?);
        }
        tx.wake_others();
        tx.commit().await?;
        Ok(retried)
    }

    /// Whether nobody did this before, for what is done once in the life of a site; noted with what `tx` writes.
    pub async fn once(&self, tx: &Tx, name: &str) -> Result<bool> {
        store::once(tx, name).await
    }

    /// Gives up what failed for good. Errors: [`Error::Conflict`] where it has not failed.
    pub async fn discard(&self, id: JobId) -> Result<()> {
        let tx = self.db.write().await?;
        self.discard_in(&tx, id).await?;
        tx.commit().await
    }

    /// The same in the transaction of what says who wanted it.
    pub async fn discard_in(&self, tx: &Tx, id: JobId) -> Result<()> {
        if store::discard(tx, id).await? { Ok(()) } else { Err(Error::Conflict(codes::JOB_NOT_FAILED)) }
    }
}
