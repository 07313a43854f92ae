//! What operators see of consumers, and may ask of them.

use db::{Conn, FromQueryResult, Tx, args};
use kernel::{Error, Result, Time};

use crate::{Journal, Position};

/// How a consumer stands.
#[derive(Clone, Debug, FromQueryResult)]
pub struct ConsumerStatus {
    pub name: String,
    /// How far it came: `-2` in a consumer that waits to be rebuilt.
    pub tx: i64,
    pub seq: i64,
    /// Events that it has still to apply, counted up to [`ConsumerStatus::COUNTED`].
    pub behind: i64,
    /// When the first of them happened.
    pub behind_since: Option<Time>,
    /// Events that it went on without.
    pub parked: i64,
    /// Tries of what comes next that failed, and why the last did.
    pub failures: i64,
    pub error: Option<String>,
    /// The process that works for it, until when, unless it says so again; nobody: an empty name.
    pub holder: String,
    pub leased_until: Time,
    /// When it last applied something.
    pub moved_at: Time,
}

/// What a consumer does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsumerState {
    /// A process works for it.
    Running,
    /// What comes next failed, and is tried again.
    Failing,
    /// Its rows are about to be made anew from the tables.
    Rebuilding,
    /// No process works for it.
    Stopped,
}

impl ConsumerState {
    pub const ALL: [Self; 4] = [Self::Running, Self::Failing, Self::Rebuilding, Self::Stopped];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Failing => "failing",
            Self::Rebuilding => "rebuilding",
            Self::Stopped => "stopped",
        }
    }
}

impl ConsumerStatus {
    /// A consumer that stands still for weeks would have the whole journal counted each time somebody looks.
    pub const COUNTED: i64 = 10_000;

    pub fn state(&self, now: Time) -> ConsumerState {
        if self.holder.is_empty() || self.leased_until < now {
            ConsumerState::Stopped
        } else if self.failures > 0 {
            ConsumerState::Failing
        } else if self.tx < Position::START.tx {
            ConsumerState::Rebuilding
        } else {
            ConsumerState::Running
        }
    }

    /// For how many seconds the first event that it has still to apply waits.
    pub fn lag_seconds(&self, now: Time) -> i64 {
        self.behind_since.map_or(0, |since| (now.millis() - since.millis()).max(0) / 1_000)
    }
}

/// An event that a consumer went on without.
#[derive(Clone, Debug, FromQueryResult)]
pub struct ParkedEvent {
    pub consumer: String,
    pub seq: i64,
    pub kind: String,
    pub at: Time,
    pub error: String,
    /// How often it was tried; 0 where that was not noted yet.
    pub tries: i64,
    pub parked_at: Time,
    /// It is about to be tried again.
    pub again: bool,
}

impl Journal {
    pub async fn consumers(&self) -> Result<Vec<ConsumerStatus>> {
        // As in [`Journal::after`]: on SQLite all are of transaction 0.
        let (ahead, order) = if self.db.is_postgres() {
            ("(j.tx, j.seq) > (c.tx, c.seq)", "j.tx, j.seq")
        } else {
            ("j.seq > c.seq", "j.seq")
        };
        let sql = format!(
            "SELECT c.name, c.tx, c.seq, c.failures, c.error, c.holder, c.leased_until, c.moved_at,
                    (SELECT j.at FROM journal j WHERE {ahead} ORDER BY {order} LIMIT 1) AS behind_since,
                    (SELECT COUNT(*) FROM (SELECT 1 FROM journal j WHERE {ahead} LIMIT $1) AS counted) AS behind,
                    (SELECT COUNT(*) FROM parked_events p WHERE p.consumer = c.name) AS parked
             FROM consumers c ORDER BY c.name"
        );
        self.db.all(&sql, args![ConsumerStatus::COUNTED]).await
    }

    /// The newest of all consumers, or of one, up to `limit`.
    pub async fn parked(&self, consumer: Option<&str>, limit: usize) -> Result<Vec<ParkedEvent>> {
        let sql = "SELECT consumer, seq, kind, at, error, tries, parked_at, again FROM parked_events
                   WHERE consumer = COALESCE($1, consumer) ORDER BY parked_at DESC, seq DESC LIMIT $2";
        self.db.all(sql, args![consumer.map(str::to_owned), limit as i64]).await
    }

    pub async fn count_parked(&self) -> Result<i64> {
        Ok(self.db.scalar("SELECT COUNT(*) FROM parked_events", vec![]).await?.unwrap_or(0))
    }

    /// Has parked events tried again: one, or all of a consumer; says how many. The process that works for it does so within a second.
    pub async fn retry_parked(&self, consumer: &str, seq: Option<i64>) -> Result<u64> {
        let tx = self.db.write().await?;
        let again = self.retry_parked_in(&tx, consumer, seq).await?;
        tx.commit().await?;
        Ok(again)
    }

    /// The same in the transaction of what says who wanted it.
    pub async fn retry_parked_in(&self, tx: &Tx, consumer: &str, seq: Option<i64>) -> Result<u64> {
        let sql = "UPDATE parked_events SET again = TRUE WHERE consumer = $1 AND seq = COALESCE($2, seq)";
        tx.wake_others();
        tx.exec(sql, args![consumer, seq]).await
    }

    /// Drops a parked event for good, in the transaction of what says who wanted it.
    pub async fn drop_parked_in(&self, tx: &Tx, consumer: &str, seq: i64) -> Result<()> {
        let sql = "DELETE FROM parked_events WHERE consumer = $1 AND seq = $2";
        if tx.exec(sql, args![consumer, seq]).await? == 0 { Err(Error::NotFound) } else { Ok(()) }
    }

    /// Has a consumer make its rows anew from the tables. The process that works for it does so within [`crate::consume`]'s lease.
    pub async fn rebuild(&self, consumer: &str) -> Result<()> {
        let tx = self.db.write().await?;
        self.rebuild_in(&tx, consumer).await?;
        tx.commit().await
    }

    /// The same in the transaction of what says who wanted it.
    pub async fn rebuild_in(&self, tx: &Tx, consumer: &str) -> Result<()> {
        let sql = "UPDATE consumers SET tx = -2, seq = 0, failures = 0, error = NULL WHERE name = $1";
        tx.wake_others();
        if tx.exec(sql, args![consumer]).await? == 0 { Err(Error::NotFound) } else { Ok(()) }
    }
}
