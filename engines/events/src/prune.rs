//! Old events go, once every durable consumer has applied them.

use std::time::Duration;

use db::{Conn, FromQueryResult, args};
use kernel::{Result, Time};

use crate::{Journal, Position};

/// Rows that one transaction deletes: others write in between.
const PART: i64 = 5_000;

#[derive(FromQueryResult)]
struct Last {
    tx: i64,
    seq: i64,
}

#[derive(FromQueryResult)]
struct Event {
    tx: i64,
    seq: i64,
    at: Time,
}

impl Journal {
    /// Deletes events that are older than `keep` and behind the slowest consumer; says how many. Parked events have copies of their own.
    /// A follower that comes back behind the pruned end is told by [`Journal::is_pruned`].
    pub async fn prune(&self, keep: Duration) -> Result<u64> {
        let before = self.env.now().minus(keep);
        let mut pruned = 0;
        loop {
            let tx = self.db.write().await?;
            // The cursors stand while this is decided: none moves back but by a rebuild.
            let sql = "SELECT tx, seq FROM consumers ORDER BY tx, seq LIMIT 1";
            let slowest = tx.opt::<Last>(sql, vec![]).await?;
            let (of, seq) = slowest.map_or((i64::MAX, i64::MAX), |place| (place.tx, place.seq));
            let sql = "SELECT tx, seq, at FROM journal ORDER BY tx, seq LIMIT $1";
            let oldest: Vec<Event> = tx.all(sql, args![PART]).await?;
            let gone = |event: &&Event| event.at < before && (event.tx, event.seq) <= (of, seq);
            let Some(last) = oldest.iter().take_while(gone).last() else { return Ok(pruned) };
            let sql = "DELETE FROM journal WHERE tx < $1 OR (tx = $1 AND seq <= $2)";
            let deleted = tx.exec(sql, args![last.tx, last.seq]).await?;
            pruned += deleted;
            let sql = "INSERT INTO journal_pruned (one, tx, seq) VALUES (1, $1, $2)
                       ON CONFLICT (one) DO UPDATE SET tx = excluded.tx, seq = excluded.seq";
            tx.exec(sql, args![last.tx, last.seq]).await?;
            tx.commit().await?;
            if (deleted as i64) < PART {
                return Ok(pruned);
            }
        }
    }

    /// Whether events after `position` were pruned: whoever stands there has missed something, and builds anew from the tables.
    pub async fn is_pruned(&self, position: Position) -> Result<bool> {
        let sql = "SELECT tx, seq FROM journal_pruned";
        let end: Option<Last> = self.db.opt(sql, vec![]).await?;
        Ok(end.is_some_and(|end| position < Position { tx: end.tx, seq: end.seq }))
    }
}
