//! Whether the chain is whole.

use db::{Conn, args};
use kernel::Result;

use crate::chain::{COLUMNS, Row};
use crate::log::{AuditLog, Head};

/// Rows that are looked at together.
const BATCH: i64 = 1_000;

/// The chain as it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    pub rows: i64,
    /// Of the last row; empty where there is none.
    pub hash: String,
    pub broken: Option<Broken>,
}

/// The first row that is not as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// What stands in it, or before it, is not what was written.
    Changed(i64),
    /// It is not there, though rows after it are or were.
    Missing(i64),
    /// It is there, though the chain ended before it.
    Added(i64),
}

impl AuditLog {
    /// Walks the whole chain, in memory that does not grow with it.
    pub async fn verify(&self) -> Result<Verified> {
        // First the end, then the rows: one that is added meanwhile stands after it and is not looked at.
        let end: Head = self
            .db
            .opt("SELECT seq, hash FROM audit_head WHERE id = 1", vec![])
            .await?
            .unwrap_or(Head { seq: 0, hash: String::new() });
        let (mut seq, mut hash) = (0, String::new());
        let broken = loop {
            let sql =
                format!("SELECT {COLUMNS} FROM audit_log WHERE seq > $1 AND seq <= $2 ORDER BY seq LIMIT $3");
            let rows: Vec<Row> = self.db.all(&sql, args![seq, end.seq, BATCH]).await?;
            if rows.is_empty() {
                break None;
            }
            let mut found = None;
            for row in rows {
                if row.seq != seq + 1 {
                    found = Some(Broken::Missing(seq + 1));
                } else if row.hash_after(&hash) != row.hash {
                    found = Some(Broken::Changed(row.seq));
                }
                if found.is_some() {
                    break;
                }
                (seq, hash) = (row.seq, row.hash);
            }
            if found.is_some() {
                break found;
            }
        };
        let broken = match broken {
            None if seq < end.seq => Some(Broken::Missing(seq + 1)),
            None if hash != end.hash => Some(Broken::Changed(seq)),
            None => self.added_after(end.seq).await?.map(Broken::Added),
            broken => broken,
        };
        Ok(Verified { rows: seq, hash, broken })
    }

    /// A row after the end of the chain, as it is now: those that were written meanwhile stand before it.
    async fn added_after(&self, seq: i64) -> Result<Option<i64>> {
        let sql = "SELECT MIN(l.seq) FROM audit_log l WHERE l.seq > $1 AND l.seq > (SELECT h.seq FROM audit_head h WHERE h.id = 1)";
        self.db.scalar::<Option<i64>>(sql, args![seq]).await.map(Option::flatten)
    }
}
