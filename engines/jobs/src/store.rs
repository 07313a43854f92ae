//! The rows.

use db::{Conn, FromQueryResult, Tx, args};
use kernel::{Id, Result, Time};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Queued,
    Running,
    Failed,
}

impl State {
    pub const ALL: [Self; 3] = [Self::Queued, Self::Running, Self::Failed];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Failed => "failed",
        }
    }

    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

#[doc(hidden)]
pub enum JobMarker {}
pub type JobId = Id<JobMarker>;

/// A job as it stands.
#[derive(Clone, Debug, FromQueryResult)]
pub struct JobRow {
    pub id: JobId,
    pub kind: String,
    pub payload: String,
    pub key: Option<String>,
    pub state: String,
    pub run_at: Time,
    pub tries: i64,
    pub done: i64,
    /// 0 where nobody knows.
    pub total: i64,
    pub error: Option<String>,
    pub created_at: Time,
    pub changed_at: Time,
}

/// How many there are of a kind in a state, and since when the first of them is due.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Count {
    pub kind: String,
    pub state: String,
    pub jobs: i64,
    pub oldest: Time,
}

const COLUMNS: &str =
    "id, kind, payload, key, state, run_at, tries, done, total, error, created_at, changed_at";

/// What is to be stored of a new job.
pub struct New {
    pub id: JobId,
    pub kind: &'static str,
    pub payload: String,
    pub key: Option<String>,
    pub priority: i64,
    pub run_at: Time,
    pub now: Time,
}

/// Whether it was new. Of one with its key that waits already, the sooner time and the newer payload count.
pub async fn insert(tx: &Tx, new: New) -> Result<bool> {
    let sql = "INSERT INTO jobs (id, kind, payload, key, priority, state, run_at, created_at, changed_at)
               VALUES ($1, $2, $3, $4, $5, 'queued', $6, $7, $7)
               ON CONFLICT (kind, key) WHERE state = 'queued' DO UPDATE SET payload = excluded.payload,
                   run_at = CASE WHEN excluded.run_at < jobs.run_at THEN excluded.run_at ELSE jobs.run_at END
               RETURNING id";
    let New { id, kind, payload, key, priority, run_at, now } = new;
    let stored: Option<i64> = tx.scalar(sql, args![id, kind, payload, key, priority, run_at, now]).await?;
    Ok(stored == Some(id.raw()))
}

/// Whether there is anything to claim. Asks a reader: who only waits writes nothing.
pub async fn is_due(conn: &impl Conn, kinds: &[&'static str], now: Time) -> Result<bool> {
    let names = db::placeholders(2, kinds.len());
    let sql = format!(
        "SELECT CASE WHEN EXISTS (SELECT 1 FROM jobs WHERE state = 'queued' AND run_at <= $1 AND kind IN ({names}))
                     OR EXISTS (SELECT 1 FROM jobs WHERE state = 'running' AND leased_until < $1 AND kind IN ({names})) THEN 1 ELSE 0 END"
    );
    let mut args = args![now];
    args.extend(kinds.iter().map(|&kind| kind.into()));
    Ok(conn.scalar::<i32>(&sql, args).await? == Some(1))
}

/// When the next of them is due.
pub async fn next_due(conn: &impl Conn, kinds: &[&'static str]) -> Result<Option<Time>> {
    let sql = format!(
        "SELECT MIN(run_at) FROM jobs WHERE state = 'queued' AND kind IN ({})",
        db::placeholders(1, kinds.len())
    );
    let found: Option<Option<i64>> =
        conn.scalar(&sql, kinds.iter().map(|&kind| kind.into()).collect()).await?;
    Ok(found.flatten().map(Time::from_millis))
}

/// Takes the first that is due, or that somebody died over, in one statement. Two that ask at once get two different ones.
pub async fn claim(
    tx: &Tx,
    kinds: &[&'static str],
    holder: &str,
    now: Time,
    until: Time,
) -> Result<Option<JobRow>> {
    let names = db::placeholders(4, kinds.len());
    let skip = if tx.is_postgres() { "FOR UPDATE SKIP LOCKED" } else { "" };
    // Two looks, each along its index; none with a key that somebody works at.
    let one = |due: &str| {
        format!(
            "(SELECT id FROM jobs WHERE {due} AND kind IN ({names}) AND (key IS NULL OR NOT EXISTS (SELECT 1 FROM jobs other
                 WHERE other.kind = jobs.kind AND other.key = jobs.key AND other.state = 'running' AND other.leased_until >= $1 AND other.id <> jobs.id))
              ORDER BY priority, run_at, id LIMIT 1 {skip})"
        )
    };
    let (due, left) =
        (one("state = 'queued' AND run_at <= $1"), one("state = 'running' AND leased_until < $1"));
    let sql = format!(
        "UPDATE jobs SET state = 'running', holder = $2, leased_until = $3, tries = tries + 1, done = 0, total = 0, changed_at = $1
         WHERE id = COALESCE({due}, {left}) RETURNING {COLUMNS}"
    );
    let mut args = args![now, holder, until];
    args.extend(kinds.iter().map(|&kind| kind.into()));
    tx.opt(&sql, args).await
}

/// Which claim of which job: a later one has another number of tries.
#[derive(Clone, Debug)]
pub struct Claim {
    pub id: JobId,
    pub holder: String,
    pub tries: i64,
}

impl Claim {
    fn args(&self) -> Vec<db::Value> {
        args![self.id, self.holder.clone(), self.tries]
    }
}

const MINE: &str = "id = $1 AND holder = $2 AND tries = $3 AND state = 'running'";

/// Whether it was still ours.
pub async fn delete(tx: &Tx, claim: &Claim) -> Result<bool> {
    Ok(tx.exec(&format!("DELETE FROM jobs WHERE {MINE}"), claim.args()).await? > 0)
}

pub async fn renew(tx: &Tx, claim: &Claim, until: Time) -> Result<bool> {
    let mut args = claim.args();
    args.push(until.into());
    Ok(tx.exec(&format!("UPDATE jobs SET leased_until = $4 WHERE {MINE}"), args).await? > 0)
}

pub async fn progress(tx: &Tx, claim: &Claim, done: i64, total: i64) -> Result<bool> {
    let mut args = claim.args();
    args.extend(args![done, total]);
    Ok(tx.exec(&format!("UPDATE jobs SET done = $4, total = $5 WHERE {MINE}"), args).await? > 0)
}

/// Puts it back, to be tried again at `run_at`; `counts` says whether what was tried counts. Where another with its key waits already, that
/// one does for both.
pub async fn put_back(tx: &Tx, claim: &Claim, run_at: Time, counts: bool, error: Option<&str>) -> Result<()> {
    let same = format!(
        "DELETE FROM jobs WHERE {MINE} AND key IS NOT NULL AND EXISTS (SELECT 1 FROM jobs other
             WHERE other.kind = jobs.kind AND other.key = jobs.key AND other.state = 'queued')"
    );
    if tx.exec(&same, claim.args()).await? > 0 {
        return Ok(());
    }
    let mut args = claim.args();
    args.extend(args![run_at, i64::from(!counts), error.map(str::to_owned)]);
    let sql = format!(
        "UPDATE jobs SET state = 'queued', run_at = $4, tries = tries - $5, error = COALESCE($6, error), holder = NULL, leased_until = NULL WHERE {MINE}"
    );
    tx.exec(&sql, args).await.map(drop)
}

pub async fn fail(tx: &Tx, claim: &Claim, now: Time, error: &str) -> Result<()> {
    let mut args = claim.args();
    args.extend(args![now, error]);
    let sql = format!(
        "UPDATE jobs SET state = 'failed', changed_at = $4, error = $5, holder = NULL, leased_until = NULL WHERE {MINE}"
    );
    tx.exec(&sql, args).await.map(drop)
}

pub async fn find(conn: &impl Conn, id: JobId) -> Result<Option<JobRow>> {
    conn.opt(&format!("SELECT {COLUMNS} FROM jobs WHERE id = $1"), args![id]).await
}

/// The first `limit` in a state: of those that wait, what comes next; of others, the newest.
pub async fn list(conn: &impl Conn, state: State, limit: usize) -> Result<Vec<JobRow>> {
    let order = if state == State::Queued { "run_at, id" } else { "id DESC" };
    let sql = format!("SELECT {COLUMNS} FROM jobs WHERE state = $1 ORDER BY {order} LIMIT $2");
    conn.all(&sql, args![state.name(), limit as i64]).await
}

pub async fn count(conn: &impl Conn, state: State) -> Result<i64> {
    let counted = conn.scalar("SELECT COUNT(*) FROM jobs WHERE state = $1", args![state.name()]).await?;
    Ok(counted.unwrap_or(0))
}

pub async fn counts(conn: &impl Conn) -> Result<Vec<Count>> {
    let sql = "SELECT kind, state, COUNT(*) AS jobs, MIN(run_at) AS oldest FROM jobs GROUP BY kind, state ORDER BY kind, state";
    conn.all(sql, args![]).await
}

/// The same for all of a kind; how many.
pub async fn retry_kind(tx: &Tx, kind: &str, now: Time) -> Result<u64> {
    let sql = "DELETE FROM jobs WHERE kind = $1 AND state = 'failed' AND key IS NOT NULL AND EXISTS (SELECT 1 FROM jobs other
                   WHERE other.kind = jobs.kind AND other.key = jobs.key AND (other.state = 'queued' OR other.state = 'failed' AND other.id > jobs.id))";
    let same = tx.exec(sql, args![kind]).await?;
    let sql = "UPDATE jobs SET state = 'queued', tries = 0, run_at = $2 WHERE kind = $1 AND state = 'failed'";
    Ok(same + tx.exec(sql, args![kind, now]).await?)
}

/// Has what failed for good tried again; whether it had. Where another with its key waits, that one does.
pub async fn retry(tx: &Tx, id: JobId, now: Time) -> Result<bool> {
    let sql = "DELETE FROM jobs WHERE id = $1 AND state = 'failed' AND key IS NOT NULL AND EXISTS (SELECT 1 FROM jobs other
                   WHERE other.kind = jobs.kind AND other.key = jobs.key AND other.state = 'queued')";
    if tx.exec(sql, args![id]).await? > 0 {
        return Ok(true);
    }
    let sql = "UPDATE jobs SET state = 'queued', tries = 0, run_at = $2 WHERE id = $1 AND state = 'failed'";
    Ok(tx.exec(sql, args![id, now]).await? > 0)
}

/// Gives up what failed for good; whether it had.
pub async fn discard(tx: &Tx, id: JobId) -> Result<bool> {
    Ok(tx.exec("DELETE FROM jobs WHERE id = $1 AND state = 'failed'", args![id]).await? > 0)
}

/// Takes a turn of a schedule; whether it was not taken yet.
pub async fn take_turn(tx: &Tx, name: &str, turn: Time) -> Result<bool> {
    let sql = "INSERT INTO schedules (name, turn) VALUES ($1, $2)
               ON CONFLICT (name) DO UPDATE SET turn = excluded.turn WHERE schedules.turn < excluded.turn";
    Ok(tx.exec(sql, args![name, turn]).await? > 0)
}
