//! Asking for an archive, getting it, and what becomes of it.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use ::jobs::{JobRow, Jobs};
use accounts::User;
use audit::Record;
use blob::Store;
use db::{Db, Tx};
use events::Journal;
use kernel::{Env, Error, Locale, Result, UserId};
use mail::Outbox;
use sha2::{Digest, Sha256};

use crate::archive::{Archive, folder};
use crate::codes;
use crate::model::{ExportId, MakeExport, Row, Standing, State};
use crate::parts::Features;
use crate::store;

/// An archive is kept for so long.
pub const KEPT: Duration = Duration::from_hours(7 * 24);
/// One is made in this time, unless it failed.
const DAY: Duration = Duration::from_hours(24);
/// Archives that one turn removes.
const PART: usize = 500;

#[derive(Clone)]
pub struct Export {
    pub(crate) db: Db,
    pub(crate) env: Env,
    pub(crate) outbox: Outbox,
    pub(crate) objects: Store,
    /// Shared, as in `Notify`.
    pub(crate) of: Arc<Features>,
    journal: Journal,
    jobs: Jobs,
}

impl Export {
    /// `objects`: where archives lie, for all nodes.
    pub fn new(journal: Journal, env: Env, jobs: Jobs, outbox: Outbox, objects: Store, of: Features) -> Self {
        Self { db: of.db.clone(), env, outbox, objects, of: Arc::new(of), journal, jobs }
    }

    /// Has all that is the user's put into an archive, with pages in `locale`. Conflicts: `export-running`, `export-often`.
    pub async fn ask(&self, user: &User, locale: Locale) -> Result<()> {
        let (id, now) = (self.env.id(), self.env.now());
        let tx = self.db.write().await?;
        if let Some(last) = store::newest(&tx, user.id).await? {
            match last.state() {
                State::Waiting if self.work(last.id).await?.is_some() => {
                    return Err(Error::Conflict(codes::EXPORT_RUNNING));
                }
                // Its job was dropped, or died each time.
                State::Waiting => store::fail(&tx, last.id, "other").await?,
                State::Ready if last.asked_at.plus(DAY) > now => {
                    return Err(Error::Conflict(codes::EXPORT_OFTEN));
                }
                State::Ready | State::Failed => {}
            }
        }
        let made = store::insert(&tx, id, user.id, locale, now, now.plus(DAY)).await;
        made.map_err(|error| match error {
            Error::Conflict(_) => Error::Conflict(codes::EXPORT_RUNNING),
            other => other,
        })?;
        self.jobs.enqueue(&tx, &MakeExport { id }).await?;
        audit::record(&tx, &self.journal.by(user.id), Record::new("user.export", "user", user.id)).await?;
        tx.commit().await
    }

    /// How it stands with the user's newest archive.
    pub async fn standing(&self, user: UserId) -> Result<Option<Standing>> {
        let Some(row) = store::newest(&self.db, user).await?.filter(|row| self.counts(row)) else {
            return Ok(None);
        };
        let (state, job) = match row.state() {
            State::Waiting => match self.work(row.id).await? {
                Some(job) => (State::Waiting, Some(job)),
                None => (State::Failed, None),
            },
            state => (state, None),
        };
        let (done, total) = job.map_or((0, 0), |job| (job.done, job.total));
        Ok(Some(Standing {
            id: row.id,
            state,
            problem: row.problem,
            done,
            total,
            bytes: row.bytes,
            asked_at: row.asked_at,
            expires_at: row.expires_at,
            next_at: row.asked_at.plus(DAY),
        }))
    }

    /// The job that makes it, if there is one that has not failed for good.
    async fn work(&self, id: ExportId) -> Result<Option<JobRow>> {
        let job = self.jobs.find_by_key(&MakeExport { id }).await?;
        Ok(job.filter(|job| job.state != ::jobs::State::Failed.name()))
    }

    /// What is over is as good as gone.
    fn counts(&self, row: &Row) -> bool {
        row.state() == State::Waiting || row.expires_at > self.env.now()
    }

    /// The newest archive of the user, if it is ready.
    pub async fn own(&self, user: UserId) -> Result<Archive> {
        let row = store::newest(&self.db, user).await?;
        let ready = row.filter(|row| row.state() == State::Ready && self.counts(row));
        ready.map(|row| self.archive(&row)).ok_or(Error::NotFound)
    }

    /// What the link of a mail opens, and how it stands with it; whoever has the link needs nothing more.
    pub async fn by_token(&self, token: &str) -> Result<(Archive, Standing)> {
        let row = store::of_token(&self.db, &hash(token), self.env.now()).await?.ok_or(Error::NotFound)?;
        let archive = self.archive(&row);
        let (asked_at, expires_at) = (row.asked_at, row.expires_at);
        let (done, total, next_at) = (0, 0, asked_at.plus(DAY));
        let (id, state, problem, bytes) = (row.id, row.state(), None, row.bytes);
        Ok((archive, Standing { id, state, problem, done, total, bytes, asked_at, expires_at, next_at }))
    }

    fn archive(&self, row: &Row) -> Archive {
        Archive { store: self.objects.clone(), id: row.id, len: row.bytes.unsigned_abs() }
    }

    /// Forgets a user who is deleted: nothing opens what is theirs. When the transaction is through, it goes by [`Export::drop_archives`], or by
    /// [`Export::sweep`] where that is broken off.
    pub async fn erase(&self, tx: &Tx, user: UserId) -> Result<Vec<ExportId>> {
        store::end_of(tx, user).await
    }

    /// Removes archives that are over. One that is being made is removed by whoever makes it.
    pub async fn drop_archives(&self, archives: &[ExportId]) {
        for &id in archives {
            if let Err(error) = self.remove(id).await {
                tracing::error!(%error, export = %id, "cannot remove an archive of a user who was deleted; trying again within the hour");
            }
        }
    }

    /// The row goes last, so that what is broken off is done again.
    async fn remove(&self, id: ExportId) -> Result<()> {
        self.objects.delete_folder(&folder(id)).await?;
        let tx = self.db.write().await?;
        store::delete(&tx, id).await?;
        tx.commit().await
    }

    /// Removes the archives whose time is over; how many. One whose job was dropped, or died each
    /// time, is over after a day, with what is there of it.
    pub async fn sweep(&self) -> Result<usize> {
        let mut over = store::expired(&self.db, self.env.now(), PART).await?;
        let mut made = HashSet::new();
        for &id in &over {
            if self.work(id).await?.is_some() {
                made.insert(id);
            }
        }
        over.retain(|id| !made.contains(id));
        for &id in &over {
            self.remove(id).await?;
        }
        Ok(over.len())
    }
}

/// As it is stored: who has the table has no link.
pub(crate) fn hash(token: &str) -> String {
    Sha256::digest(token).iter().map(|byte| format!("{byte:02x}")).collect()
}
