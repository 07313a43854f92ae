//! What operators see of consumers, and may ask of them.

use db::{Conn, FromQueryResult, args};
use kernel::{Error, Result, Time};

use crate::Journal;

/// How a consumer stands.
#[derive(Clone, Debug, FromQueryResult)]
pub struct ConsumerStatus {
    pub name: String,
    /// Events that it has still to apply.
    pub behind: i64,
    /// Events that it went on without.
    pub parked: i64,
    /// Tries of what comes next that failed, and why the last did.
    pub failures: i64,
    pub error: Option<String>,
    /// Until when a process works for it, unless it says so again.
    pub leased_until: Time,
    /// When it last applied something.
    pub moved_at: Time,
}

/// An event that a consumer went on without.
#[derive(Clone, Debug, FromQueryResult)]
pub struct ParkedEvent {
    pub consumer: String,
    pub seq: i64,
    pub kind: String,
    pub at: Time,
    pub error: String,
    pub parked_at: Time,
    /// It is about to be tried again.
    pub again: bool,
}

impl Journal {
    pub async fn consumers(&self) -> Result<Vec<ConsumerStatus>> {
        let sql = "SELECT c.name, c.failures, c.error, c.leased_until, c.moved_at,
                          (SELECT COUNT(*) FROM journal j WHERE j.tx > c.tx OR (j.tx = c.tx AND j.seq > c.seq)) AS behind,
                          (SELECT COUNT(*) FROM parked_events p WHERE p.consumer = c.name) AS parked
                   FROM consumers c ORDER BY c.name";
        self.db.all(sql, vec![]).await
    }

    /// The newest of all consumers, or of one, up to `limit`.
    pub async fn parked(&self, consumer: Option<&str>, limit: usize) -> Result<Vec<ParkedEvent>> {
        let sql = "SELECT consumer, seq, kind, at, error, parked_at, again FROM parked_events
                   WHERE consumer = COALESCE($1, consumer) ORDER BY parked_at DESC, seq DESC LIMIT $2";
        self.db.all(sql, args![consumer.map(str::to_owned), limit as i64]).await
    }

    /// Has parked events tried again: one, or all of a consumer; says how many. The process that works for it does so within a second.
    pub async fn retry_parked(&self, consumer: &str, seq: Option<i64>) -> Result<u64> {
        let sql = "UPDATE parked_events SET again = TRUE WHERE consumer = $1 AND seq = COALESCE($2, seq)";
        self.write(sql, args![consumer, seq]).await
    }

    /// Drops a parked event for good.
    pub async fn drop_parked(&self, consumer: &str, seq: i64) -> Result<()> {
        let sql = "DELETE FROM parked_events WHERE consumer = $1 AND seq = $2";
        if self.write(sql, args![consumer, seq]).await? == 0 { Err(Error::NotFound) } else { Ok(()) }
    }

    /// Has a consumer make its rows anew from the tables. The process that works for it does so within [`crate::consume`]'s lease.
    pub async fn rebuild(&self, consumer: &str) -> Result<()> {
        let sql = "UPDATE consumers SET tx = -2, seq = 0, failures = 0, error = NULL WHERE name = $1";
        if self.write(sql, args![consumer]).await? == 0 { Err(Error::NotFound) } else { Ok(()) }
    }
}
