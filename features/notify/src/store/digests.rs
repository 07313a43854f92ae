//! Who is sent digests, and when.

use db::{Conn, FromQueryResult, Tx, args};
use kernel::{Result, Time, UserId};

use crate::ways::{Digest, Every};

#[derive(FromQueryResult)]
struct DigestRow {
    every: String,
    hour: i64,
    weekday: i64,
}

/// One that this program does not know counts as none.
pub async fn find(on: &impl Conn, user: UserId) -> Result<Option<Digest>> {
    let sql = "SELECT every, hour, weekday FROM notification_digests WHERE user_id = $1";
    let row: Option<DigestRow> = on.opt(sql, args![user]).await?;
    Ok(row.and_then(read))
}

fn read(row: DigestRow) -> Option<Digest> {
    let DigestRow { every, hour, weekday } = row;
    Some(Digest { every: Every::named(&every)?, hour, weekday })
}

/// In the place of what was chosen before. What was told until now is in none.
pub async fn put(tx: &Tx, user: UserId, digest: Digest, next: Time, now: Time) -> Result<()> {
    let sql = "INSERT INTO notification_digests (user_id, every, hour, weekday, next_at, last_at) VALUES ($1, $2, $3, $4, $5, $6)
               ON CONFLICT (user_id) DO UPDATE SET every = excluded.every, hour = excluded.hour, weekday = excluded.weekday,
               next_at = excluded.next_at";
    let Digest { every, hour, weekday } = digest;
    tx.exec(sql, args![user, every.name(), hour, weekday, next, now]).await.map(drop)
}

pub async fn remove(tx: &Tx, user: UserId) -> Result<()> {
    tx.exec("DELETE FROM notification_digests WHERE user_id = $1", args![user]).await.map(drop)
}

/// Moves a turn that has not come yet.
pub async fn set_next(tx: &Tx, user: UserId, next: Time, now: Time) -> Result<()> {
    let sql =
        "UPDATE notification_digests SET next_at = $2 WHERE user_id = $1 AND next_at > $3 AND next_at <> $2";
    tx.exec(sql, args![user, next, now]).await.map(drop)
}

/// A turn that has come.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub struct Turn {
    pub user_id: UserId,
    pub next_at: Time,
    pub last_at: Option<Time>,
}

/// The first of those that have come by `now`.
pub async fn due(on: &impl Conn, now: Time, limit: usize) -> Result<Vec<Turn>> {
    let sql = "SELECT user_id, next_at, last_at FROM notification_digests WHERE next_at <= $1
               ORDER BY next_at, user_id LIMIT $2";
    on.all(sql, args![now, limit as i64]).await
}

/// Takes a turn, once: of many who try, one has it.
pub async fn take(tx: &Tx, turn: Turn, next: Time, now: Time) -> Result<bool> {
    let sql =
        "UPDATE notification_digests SET next_at = $3, last_at = $4 WHERE user_id = $1 AND next_at = $2";
    Ok(tx.exec(sql, args![turn.user_id, turn.next_at, next, now]).await? > 0)
}
