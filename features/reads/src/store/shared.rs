//! The table in which nodes leave what they counted for each other.

use db::{Conn, FromQueryResult, Tx, args};
use kernel::{ArticleId, Error, Result, Time};

use crate::counts::Counts;
use crate::slots::Slot;

/// Rows are ordered as events of the journal are: by the writing transaction, then by number.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub tx: i64,
    pub id: i64,
}

#[derive(FromQueryResult)]
pub struct Row {
    pub tx: i64,
    pub id: i64,
    counted: String,
}

impl Row {
    /// What cannot be read (a newer program wrote it) is left to the next reading of the sums.
    pub fn lines(&self) -> Vec<(ArticleId, Slot, Counts)> {
        serde_json::from_str(&self.counted).unwrap_or_else(|error| {
            tracing::warn!(%error, "cannot read what another node counted");
            Vec::new()
        })
    }
}

/// Whether other nodes may count too: one process has the file of SQLite.
pub fn has_others(on: &impl Conn) -> bool {
    on.is_postgres()
}

pub async fn insert(tx: &Tx, node: &str, at: Time, lines: &[(ArticleId, Slot, Counts)]) -> Result<()> {
    let counted = serde_json::to_string(lines).map_err(Error::internal)?;
    let sql = "INSERT INTO read_deltas (tx, node, at, counted) VALUES (pg_current_xact_id()::text::bigint, $1, $2, $3)";
    tx.exec(sql, args![node, at, counted]).await.map(drop)
}

/// Up to `limit` rows of other nodes after `place`, of transactions before `settled`.
pub async fn after(on: &impl Conn, place: Place, settled: i64, own: &str, limit: usize) -> Result<Vec<Row>> {
    let sql = "SELECT tx, id, counted FROM read_deltas WHERE (tx, id) > ($1, $2) AND tx < $3 AND node <> $4
               ORDER BY tx, id LIMIT $5";
    on.all(sql, args![place.tx, place.id, settled, own, limit as i64]).await
}

/// Deletes what `node` wrote before `own`, and what anybody wrote before `all`.
pub async fn forget(tx: &Tx, node: &str, own: Time, all: Time) -> Result<()> {
    // What another node is at, it deletes.
    let sql = "DELETE FROM read_deltas WHERE id IN (SELECT id FROM read_deltas WHERE (node = $1 AND at < $2) OR at < $3 FOR UPDATE SKIP LOCKED)";
    tx.exec(sql, args![node, own, all]).await.map(drop)
}
