//! What was saved, and how much of it an author has.

use std::time::Duration;

use db::{Conn, FromQueryResult, Tx, args};
use kernel::{ArticleId, AuthorId, Error, Result, Time, UserId};

use crate::draft::Draft;
use crate::quota::{self, Usage};

/// One more revision of so many bytes; how much it is now. Two that write for one author take turns.
async fn use_more(tx: &Tx, author: AuthorId, now: Time, bytes: i64) -> Result<Usage> {
    let sql = "INSERT INTO author_usage (author_id, hour, hour_revisions, hour_bytes, revisions, bytes) VALUES ($1, $2, 1, $3, 1, $3)
               ON CONFLICT (author_id) DO UPDATE SET
                   hour_revisions = CASE WHEN author_usage.hour = excluded.hour THEN author_usage.hour_revisions + 1 ELSE 1 END,
                   hour_bytes = CASE WHEN author_usage.hour = excluded.hour THEN author_usage.hour_bytes ELSE 0 END + excluded.bytes,
                   revisions = author_usage.revisions + 1,
                   bytes = author_usage.bytes + excluded.bytes,
                   hour = excluded.hour
               RETURNING hour_revisions, hour_bytes, revisions, bytes";
    let used = tx.opt(sql, args![author, quota::hour_of(now), bytes]).await?;
    used.ok_or_else(|| Error::internal("a usage that was written is not there"))
}

/// Adds a revision to an article of `author`; beyond the limits, whatever the caller does next is in the same transaction.
/// Errors: [`Error::Quota`] with `revisions-hour`, `text-hour`, `revisions-all`, `text-all`.
pub async fn add_revision(
    tx: &Tx,
    author: AuthorId,
    id: ArticleId,
    version: i64,
    draft: &Draft,
    by: UserId,
    now: Time,
) -> Result<()> {
    let content = serde_json::to_string(draft).map_err(Error::internal)?;
    quota::check(&use_more(tx, author, now, content.len() as i64).await?, now)?;
    let sql = "INSERT INTO revisions (article_id, version, content, saved_by, saved_at, sent) VALUES ($1, $2, $3, $4, $5, $6)";
    tx.exec(sql, args![id, version, content, by, now, false]).await.map(drop)
}

pub async fn revision(on: &impl Conn, id: ArticleId, version: i64) -> Result<Option<Draft>> {
    let sql = "SELECT content FROM revisions WHERE article_id = $1 AND version = $2";
    let content: Option<String> = on.scalar(sql, args![id, version]).await?;
    content.map(|text| serde_json::from_str(&text).map_err(Error::internal)).transpose()
}

/// A revision that somebody else looks at from now on stays.
pub async fn mark_sent(tx: &Tx, id: ArticleId, version: i64) -> Result<()> {
    let sql = "UPDATE revisions SET sent = $3 WHERE article_id = $1 AND version = $2";
    tx.exec(sql, args![id, version, true]).await.map(drop)
}

#[derive(FromQueryResult)]
struct SavedRow {
    saved_by: UserId,
    saved_at: Time,
    sent: bool,
    previous_at: Option<Time>,
    bytes: i64,
}

/// Drops the revision `version` of `author`, which has just been saved over, if it is one of a burst: saved by the same user less than `burst`
/// ago, less than that after the one before it, and never sent in. The first of a burst stays.
pub async fn thin(
    tx: &Tx,
    author: AuthorId,
    id: ArticleId,
    version: i64,
    by: UserId,
    now: Time,
    burst: Duration,
) -> Result<()> {
    let sql = "SELECT saved_by, saved_at, sent, CAST(OCTET_LENGTH(content) AS BIGINT) AS bytes,
                      (SELECT MAX(b.saved_at) FROM revisions b WHERE b.article_id = $1 AND b.version < $2) AS previous_at
               FROM revisions WHERE article_id = $1 AND version = $2";
    let Some(row): Option<SavedRow> = tx.opt(sql, args![id, version]).await? else { return Ok(()) };
    let soon = |from: Time, to: Time| to.since(from) < burst;
    let in_burst =
        row.previous_at.is_some_and(|before| soon(before, row.saved_at)) && soon(row.saved_at, now);
    if row.sent || row.saved_by != by || !in_burst {
        return Ok(());
    }
    tx.exec("DELETE FROM revisions WHERE article_id = $1 AND version = $2", args![id, version]).await?;
    let sql = "UPDATE author_usage SET revisions = revisions - 1, bytes = bytes - $2 WHERE author_id = $1";
    tx.exec(sql, args![author, row.bytes]).await.map(drop)
}
