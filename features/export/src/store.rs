//! The only SQL that names the table of archives.

use db::{Conn, Tx, args};
use kernel::{Locale, Result, Time, UserId};

use crate::model::{ExportId, Row};

const ROW: &str = "id, user_id, state, locale, problem, bytes, asked_at, expires_at";

/// `Error::Conflict("exists")` where one of the user is being made.
pub async fn insert(
    tx: &Tx,
    id: ExportId,
    user: UserId,
    locale: Locale,
    now: Time,
    expires_at: Time,
) -> Result<()> {
    let sql = "INSERT INTO exports (id, user_id, state, locale, asked_at, expires_at) VALUES ($1, $2, 'waiting', $3, $4, $5)";
    tx.exec(sql, args![id, user, locale.tag(), now, expires_at]).await.map(drop)
}

pub async fn find(on: &impl Conn, id: ExportId) -> Result<Option<Row>> {
    on.opt(&format!("SELECT {ROW} FROM exports WHERE id = $1"), args![id]).await
}

pub async fn newest(on: &impl Conn, user: UserId) -> Result<Option<Row>> {
    on.opt(&format!("SELECT {ROW} FROM exports WHERE user_id = $1 ORDER BY id DESC LIMIT 1"), args![user])
        .await
}

/// What a link opens, as long as it does.
pub async fn of_token(on: &impl Conn, hash: &str, now: Time) -> Result<Option<Row>> {
    let sql =
        format!("SELECT {ROW} FROM exports WHERE token_hash = $1 AND state = 'ready' AND expires_at > $2");
    on.opt(&sql, args![hash, now]).await
}

/// Whether it still waited: its user may be deleted.
pub async fn finish(
    tx: &Tx,
    id: ExportId,
    hash: &str,
    bytes: i64,
    now: Time,
    expires_at: Time,
) -> Result<bool> {
    let sql =
        "UPDATE exports SET state = 'ready', token_hash = $2, bytes = $3, ready_at = $4, expires_at = $5
               WHERE id = $1 AND state = 'waiting'";
    Ok(tx.exec(sql, args![id, hash, bytes, now, expires_at]).await? > 0)
}

pub async fn fail(tx: &Tx, id: ExportId, problem: &str) -> Result<()> {
    let sql = "UPDATE exports SET state = 'failed', problem = $2 WHERE id = $1 AND state = 'waiting'";
    tx.exec(sql, args![id, problem]).await.map(drop)
}

/// Those whose time is over; what waits may still be made.
pub async fn expired(on: &impl Conn, now: Time, limit: usize) -> Result<Vec<ExportId>> {
    let sql = "SELECT id FROM exports WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2";
    on.column(sql, args![now, limit as i64]).await
}

pub async fn delete(tx: &Tx, id: ExportId) -> Result<()> {
    tx.exec("DELETE FROM exports WHERE id = $1", args![id]).await.map(drop)
}

/// All of a user open nothing any more, and are over; which they are.
pub async fn end_of(tx: &Tx, user: UserId) -> Result<Vec<ExportId>> {
    let sql = "UPDATE exports SET state = 'failed', token_hash = NULL, expires_at = 0 WHERE user_id = $1 RETURNING id";
    tx.column(sql, args![user]).await
}
