//! The only SQL that names the table of recommendation.

use db::{Conn, FromQueryResult, Tx, args, marks, rows};
use kernel::{ArticleId, Result};

/// Rows in one statement.
const ROWS: usize = 1_000;

/// Reads of an article within an hour.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub struct ReadHour {
    pub article_id: ArticleId,
    pub hour: i64,
    pub reads: i64,
}

/// Adds to what is counted already. `counted` is sorted by article and hour and has each once, so that nodes that count at the
/// same time wait for each other in one order only.
pub async fn add(tx: &Tx, counted: &[ReadHour]) -> Result<()> {
    for part in counted.chunks(ROWS) {
        let sql = format!(
            "INSERT INTO read_hours (article_id, hour, reads) VALUES {} \
             ON CONFLICT (article_id, hour) DO UPDATE SET reads = read_hours.reads + excluded.reads",
            rows(part.len(), 3)
        );
        tx.exec(&sql, part.iter().flat_map(|r| args![r.article_id, r.hour, r.reads]).collect()).await?;
    }
    Ok(())
}

pub async fn since(on: &impl Conn, hour: i64) -> Result<Vec<ReadHour>> {
    on.all("SELECT article_id, hour, reads FROM read_hours WHERE hour >= $1", args![hour]).await
}

#[derive(FromQueryResult)]
struct TotalRow {
    article_id: ArticleId,
    total: i64,
}

pub async fn totals(on: &impl Conn, ids: &[ArticleId]) -> Result<Vec<(ArticleId, i64)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT article_id, CAST(SUM(reads) AS BIGINT) AS total FROM read_hours WHERE article_id IN ({}) GROUP BY article_id",
        marks(1, ids.len())
    );
    let rows: Vec<TotalRow> = on.all(&sql, ids.iter().map(|&id| id.into()).collect()).await?;
    Ok(rows.into_iter().map(|row| (row.article_id, row.total)).collect())
}
