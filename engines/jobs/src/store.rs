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

/// How many there are of a kind in a state, and since when the first of them is due; of those that are being done, until when the first has
/// its lease.
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
    pub run_at: Time,
    pub now: Time,
}

/// Whether it was new. Of one with its key that waits already, the sooner time and the newer payload count; a wait after a failure holds.
pub async fn insert(tx: &Tx, new: New) -> Result<bool> {
    let sql = "INSERT INTO jobs (id, kind, payload, key, state, run_at, created_at, changed_at)
               VALUES ($1, $2, $3, $4, 'queued', $5, $6, $6)
               ON CONFLICT (kind, key) WHERE state = 'queued' DO UPDATE SET payload = excluded.payload,
                   run_at = CASE WHEN excluded.run_at >= jobs.run_at THEN jobs.run_at
                                 WHEN excluded.run_at < jobs.not_before THEN jobs.not_before ELSE excluded.run_at END
               RETURNING id";
    let New { id, kind, payload, key, run_at, now } = new;
    let stored: Option<i64> = tx.scalar(sql, args![id, kind, payload, key, run_at, now]).await?;
    Ok(stored == Some(id.raw()))
}

/// Nobody works at another with its key.
const FREE: &str = "(key IS NULL OR NOT EXISTS (SELECT 1 FROM jobs other
     WHERE other.kind = jobs.kind AND other.key = jobs.key AND other.state = 'running' AND other.id <> jobs.id))";

/// Whether there is anything to claim. Asks a reader: who only waits writes nothing.
pub async fn is_due(conn: &impl Conn, kinds: &[&'static str], now: Time) -> Result<bool> {
    let names = db::placeholders(2, kinds.len());
    let sql = format!(
        "SELECT CASE WHEN EXISTS (SELECT 1 FROM jobs WHERE state = 'queued' AND kind IN ({names}) AND run_at <= $1 AND {FREE})
                     OR EXISTS (SELECT 1 FROM jobs WHERE state = 'running' AND kind IN ({names}) AND leased_until < $1) THEN 1 ELSE 0 END"
    );
    let mut args = args![now];
    args.extend(kinds.iter().map(|&kind| kind.into()));
    Ok(conn.scalar::<i32>(&sql, args).await? == Some(1))
}

/// When the next of them comes due.
pub async fn next_due(conn: &impl Conn, kinds: &[&'static str], now: Time) -> Result<Option<Time>> {
    let next = |n: usize| {
        let of = n + 2;
        format!(
            "SELECT (SELECT run_at FROM jobs WHERE state = 'queued' AND kind = ${of} AND run_at > $1 ORDER BY run_at LIMIT 1) AS due"
        )
    };
    let each: Vec<String> = (0..kinds.len()).map(next).collect();
    let sql = format!("SELECT MIN(due) FROM ({}) AS next", each.join(" UNION ALL "));
    let mut args = args![now];
    args.extend(kinds.iter().map(|&kind| kind.into()));
    let found: Option<Option<i64>> = conn.scalar(&sql, args).await?;
    Ok(found.flatten().map(Time::from_millis))
}

/// Takes one that somebody died over, or the first that is due of the first kind that has one, in one statement. Two that ask at once get two
/// different ones.
pub async fn claim(
    tx: &Tx,
    kinds: &[&'static str],
    holder: &str,
    now: Time,
    until: Time,
) -> Result<Option<JobRow>> {
    let names = db::placeholders(4, kinds.len());
    let skip = if tx.is_postgres() { "FOR UPDATE SKIP LOCKED" } else { "" };
    // Each looks along the index of what is due, and only where those before it found nothing.
    let mut looks = vec![format!(
        "(SELECT id FROM jobs WHERE state = 'running' AND kind IN ({names}) AND leased_until < $1 ORDER BY leased_until LIMIT 1 {skip})"
    )];
    looks.extend((4..4 + kinds.len()).map(|of| {
        format!(
            "(SELECT id FROM jobs WHERE state = 'queued' AND kind = ${of} AND run_at <= $1 AND {FREE} ORDER BY run_at, id LIMIT 1 {skip})"
        )
    }));
    let sql = format!(
        "UPDATE jobs SET state = 'running', holder = $2, leased_until = $3, tries = tries + 1, done = 0, total = 0, changed_at = $1
         WHERE id = COALESCE({}) RETURNING {COLUMNS}",
        looks.join(", ")
    );
    let mut args = args![now, holder, until];
    args.extend(kinds.iter().map(|&kind| kind.into()));
    tx.opt(&sql, args).await
}

/// Which claim of which job.
#[derive(Clone, Debug)]
pub struct Claim {
    pub id: JobId,
    /// Of this claim alone.
    pub holder: String,
    pub kind: String,
    pub key: Option<String>,
    pub tries: i64,
}

impl Claim {
    fn args(&self) -> Vec<db::Value> {
        args![self.id, self.holder.clone()]
    }
}

const MINE: &str = "id = $1 AND holder = $2 AND state = 'running'";

/// Whether it was still ours. What failed before under its key is made up for.
pub async fn delete(tx: &Tx, claim: &Claim) -> Result<bool> {
    let ours = tx.exec(&format!("DELETE FROM jobs WHERE {MINE}"), claim.args()).await? > 0;
    if ours {
        forget_failed(tx, claim).await?;
    }
    Ok(ours)
}

async fn forget_failed(tx: &Tx, claim: &Claim) -> Result<()> {
    let Some(key) = &claim.key else { return Ok(()) };
    let sql = "DELETE FROM jobs WHERE state = 'failed' AND kind = $1 AND key = $2";
    tx.exec(sql, args![claim.kind.clone(), key.clone()]).await.map(drop)
}

pub async fn renew(tx: &Tx, claim: &Claim, until: Time) -> Result<bool> {
    let mut args = claim.args();
    args.push(until.into());
    Ok(tx.exec(&format!("UPDATE jobs SET leased_until = $3 WHERE {MINE}"), args).await? > 0)
}

pub async fn progress(tx: &Tx, claim: &Claim, done: i64, total: i64) -> Result<bool> {
    let mut args = claim.args();
    args.extend(args![done, total]);
    Ok(tx.exec(&format!("UPDATE jobs SET done = $3, total = $4 WHERE {MINE}"), args).await? > 0)
}

/// When what is put back is tried again.
pub struct Again<'a> {
    pub run_at: Time,
    /// Also where another with its key is enqueued meanwhile.
    pub holds: bool,
    /// Whether what was tried counts.
    pub counts: bool,
    pub error: Option<&'a str>,
}

/// Whether it was still ours. Where another with its key waits already, that one does for both, at the sooner time.
pub async fn put_back(tx: &Tx, claim: &Claim, again: Again<'_>) -> Result<bool> {
    let Again { run_at, holds, counts, error } = again;
    if is_waiting(tx, &claim.kind, claim.key.as_deref(), run_at, error).await? {
        return Ok(tx.exec(&format!("DELETE FROM jobs WHERE {MINE}"), claim.args()).await? > 0);
    }
    let not_before = if holds { run_at } else { Time::from_millis(0) };
    let mut args = claim.args();
    args.extend(args![run_at, not_before, i64::from(!counts), error.map(str::to_owned)]);
    let sql = format!(
        "UPDATE jobs SET state = 'queued', run_at = $3, not_before = $4, tries = tries - $5, error = COALESCE($6, error),
             holder = NULL, leased_until = NULL WHERE {MINE}"
    );
    Ok(tx.exec(&sql, args).await? > 0)
}

/// Whether another of that key waits; it is due at `run_at` at the latest from then on.
async fn is_waiting(
    tx: &Tx,
    kind: &str,
    key: Option<&str>,
    run_at: Time,
    error: Option<&str>,
) -> Result<bool> {
    let Some(key) = key else { return Ok(false) };
    let sql =
        "UPDATE jobs SET run_at = CASE WHEN run_at > $3 THEN $3 ELSE run_at END, error = COALESCE($4, error)
               WHERE state = 'queued' AND kind = $1 AND key = $2";
    Ok(tx.exec(sql, args![kind, key, run_at, error.map(str::to_owned)]).await? > 0)
}

/// Whether it was still ours. Of a key the newest failure is kept.
pub async fn fail(tx: &Tx, claim: &Claim, now: Time, error: &str) -> Result<bool> {
    forget_failed(tx, claim).await?;
    let mut args = claim.args();
    args.extend(args![now, error]);
    let sql = format!(
        "UPDATE jobs SET state = 'failed', changed_at = $3, error = $4, holder = NULL, leased_until = NULL WHERE {MINE}"
    );
    Ok(tx.exec(&sql, args).await? > 0)
}

pub async fn find(conn: &impl Conn, id: JobId) -> Result<Option<JobRow>> {
    conn.opt(&format!("SELECT {COLUMNS} FROM jobs WHERE id = $1"), args![id]).await
}

/// Each state has its own index of keys, which is used where the state is written out.
pub fn by_key() -> String {
    let of = |state: State| {
        format!("SELECT {COLUMNS} FROM jobs WHERE state = '{}' AND kind = $1 AND key = $2", state.name())
    };
    format!(
        "SELECT {COLUMNS} FROM ({}) AS found ORDER BY id DESC LIMIT 1",
        State::ALL.map(of).join(" UNION ALL ")
    )
}

pub async fn find_by_key(conn: &impl Conn, kind: &str, key: Option<&str>) -> Result<Option<JobRow>> {
    let Some(key) = key else { return Ok(None) };
    conn.opt(&by_key(), args![kind, key]).await
}

/// The first `limit` in a state: of those that wait, what comes next; of others, the newest.
pub async fn list(conn: &impl Conn, state: State, limit: usize) -> Result<Vec<JobRow>> {
    let order = if state == State::Queued { "run_at, id" } else { "changed_at DESC, id DESC" };
    let sql = format!("SELECT {COLUMNS} FROM jobs WHERE state = $1 ORDER BY {order} LIMIT $2");
    conn.all(&sql, args![state.name(), limit as i64]).await
}

/// Those of a kind that failed for good.
pub async fn failed(conn: &impl Conn, kind: &str, limit: usize) -> Result<Vec<JobId>> {
    let sql = "SELECT id FROM jobs WHERE state = 'failed' AND kind = $1 ORDER BY run_at, id LIMIT $2";
    conn.column(sql, args![kind, limit as i64]).await
}

pub async fn count(conn: &impl Conn, state: State) -> Result<i64> {
    let counted = conn.scalar("SELECT COUNT(*) FROM jobs WHERE state = $1", args![state.name()]).await?;
    Ok(counted.unwrap_or(0))
}

pub async fn counts(conn: &impl Conn) -> Result<Vec<Count>> {
    let sql = "SELECT kind, state, COUNT(*) AS jobs, MIN(CASE WHEN state = 'running' THEN leased_until ELSE run_at END) AS oldest
               FROM jobs GROUP BY kind, state ORDER BY kind, state";
    conn.all(sql, args![]).await
}

/// Has what failed for good tried again; whether it had. Where another with its key waits, that one does, at once.
pub async fn retry(tx: &Tx, id: JobId, now: Time) -> Result<bool> {
    let Some(job) = find(tx, id).await?.filter(|job| job.state == State::Failed.name()) else {
        return Ok(false);
    };
    if is_waiting(tx, &job.kind, job.key.as_deref(), now, None).await? {
        return discard(tx, id).await;
    }
    let sql = "UPDATE jobs SET state = 'queued', tries = 0, run_at = $2, not_before = 0, error = NULL WHERE id = $1 AND state = 'failed'";
    Ok(tx.exec(sql, args![id, now]).await? > 0)
}

/// Gives up what failed for good; whether it had.
pub async fn discard(tx: &Tx, id: JobId) -> Result<bool> {
    Ok(tx.exec("DELETE FROM jobs WHERE id = $1 AND state = 'failed'", args![id]).await? > 0)
}

/// Takes a turn of a schedule; whether it was not taken yet. One that was taken by a clock that was ahead does not stop those of now.
pub async fn take_turn(tx: &Tx, name: &str, turn: Time, now: Time) -> Result<bool> {
    let sql = "INSERT INTO schedules (name, turn) VALUES ($1, $2)
               ON CONFLICT (name) DO UPDATE SET turn = excluded.turn WHERE schedules.turn < excluded.turn OR schedules.turn > $3";
    Ok(tx.exec(sql, args![name, turn, now]).await? > 0)
}

/// Whether nobody did this before.
pub async fn once(tx: &Tx, name: &str) -> Result<bool> {
    let sql = "INSERT INTO schedules (name, turn) VALUES ($1, 0) ON CONFLICT DO NOTHING";
    Ok(tx.exec(sql, args![name]).await? > 0)
}
