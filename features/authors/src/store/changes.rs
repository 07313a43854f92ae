//! The table of what owners want to be shown.

use db::{Conn, Tx, args};
use kernel::{AuthorId, Result, Time, UserId};

use crate::model::{Author, Change};

const CHANGE: &str = "author_id, name, bio, avatar, region, asked_by, asked_at, code, note";

pub async fn put(tx: &Tx, wanted: &Author, by: UserId, now: Time) -> Result<()> {
    let sql = "INSERT INTO author_changes (author_id, name, bio, avatar, region, asked_by, asked_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
               ON CONFLICT (author_id) DO UPDATE SET name = excluded.name, bio = excluded.bio, avatar = excluded.avatar, region = excluded.region,
               asked_by = excluded.asked_by, asked_at = excluded.asked_at, code = NULL, note = NULL, decided_by = NULL";
    let Author { id, name, bio, avatar, region, .. } = wanted.clone();
    tx.exec(sql, args![id, name, bio, avatar, region, by, now]).await.map(drop)
}

pub async fn delete(tx: &Tx, id: AuthorId) -> Result<()> {
    tx.exec("DELETE FROM author_changes WHERE author_id = $1", args![id]).await.map(drop)
}

pub async fn find(on: &impl Conn, id: AuthorId) -> Result<Option<Change>> {
    on.opt(&format!("SELECT {CHANGE} FROM author_changes WHERE author_id = $1"), args![id]).await
}

pub async fn waiting(on: &impl Conn, limit: usize) -> Result<Vec<Change>> {
    let sql = format!(
        "SELECT {CHANGE} FROM author_changes WHERE code IS NULL ORDER BY asked_at, author_id LIMIT $1"
    );
    on.all(&sql, args![limit as i64]).await
}

pub async fn count(on: &impl Conn) -> Result<i64> {
    Ok(on.scalar("SELECT COUNT(*) FROM author_changes WHERE code IS NULL", vec![]).await?.unwrap_or(0))
}

/// Takes what waits out of the table, if it is what was read: of two reviewers one is first.
pub async fn claim(tx: &Tx, id: AuthorId, read: Time) -> Result<Option<Change>> {
    let sql = format!(
        "DELETE FROM author_changes WHERE author_id = $1 AND asked_at = $2 AND code IS NULL RETURNING {CHANGE}"
    );
    tx.opt(&sql, args![id, read]).await
}

/// Who asked is nobody's business any more.
pub async fn forget_asker(tx: &Tx, user: UserId) -> Result<()> {
    tx.exec("UPDATE author_changes SET asked_by = NULL WHERE asked_by = $1", args![user]).await.map(drop)
}

/// Whether it still waited, as it was read.
pub async fn send_back(
    tx: &Tx,
    id: AuthorId,
    read: Time,
    code: &str,
    note: Option<String>,
    by: UserId,
) -> Result<bool> {
    let sql = "UPDATE author_changes SET code = $3, note = $4, decided_by = $5
               WHERE author_id = $1 AND asked_at = $2 AND code IS NULL";
    Ok(tx.exec(sql, args![id, read, code, note, by]).await? > 0)
}
