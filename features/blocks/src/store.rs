//! The only SQL that names the table of blocks.

use db::{Conn, FromQueryResult, Tx, all_in, args, rows};
use kernel::{AuthorId, Cursor, Result, Time, UserId};

use crate::model::{Block, BlockRow, How, Kind, Target};

const BLOCK: &str = "target_kind, target_id, how, created_at";
/// Rows in one statement.
const ROWS: usize = 100;

/// Whether anything is other than before.
pub async fn set(tx: &Tx, user: UserId, target: Target, how: How, now: Time) -> Result<bool> {
    let sql = "INSERT INTO blocks (user_id, target_kind, target_id, how, created_at) VALUES ($1, $2, $3, $4, $5)
               ON CONFLICT (user_id, target_kind, target_id) DO UPDATE SET how = excluded.how, created_at = excluded.created_at
               WHERE blocks.how <> excluded.how";
    Ok(tx.exec(sql, args![user, target.kind(), target.raw(), how, now]).await? > 0)
}

/// Whether there was something to lift.
pub async fn lift(tx: &Tx, user: UserId, target: Target) -> Result<bool> {
    let sql = "DELETE FROM blocks WHERE user_id = $1 AND target_kind = $2 AND target_id = $3";
    Ok(tx.exec(sql, args![user, target.kind(), target.raw()]).await? > 0)
}

pub async fn is_there(on: &impl Conn, user: UserId, target: Target) -> Result<bool> {
    let sql = "SELECT user_id FROM blocks WHERE user_id = $1 AND target_kind = $2 AND target_id = $3";
    let found = on.scalar::<UserId>(sql, args![user, target.kind(), target.raw()]).await?;
    Ok(found.is_some())
}

pub async fn count(on: &impl Conn, user: UserId) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM blocks WHERE user_id = $1";
    Ok(on.scalar(sql, args![user]).await?.unwrap_or_default())
}

pub async fn all_of(on: &impl Conn, user: UserId) -> Result<Vec<Block>> {
    let rows: Vec<BlockRow> =
        on.all(&format!("SELECT {BLOCK} FROM blocks WHERE user_id = $1"), args![user]).await?;
    Ok(rows.into_iter().map(Block::from).collect())
}

/// Those of `users` who mute or block somebody.
pub async fn hiding(on: &impl Conn, target: Target, users: &[UserId]) -> Result<Vec<UserId>> {
    #[derive(FromQueryResult)]
    struct Of {
        user_id: UserId,
    }
    let rows: Vec<Of> = all_in(on, args![target.kind(), target.raw()], users, |placeholders| {
        format!("SELECT user_id FROM blocks WHERE target_kind = $1 AND target_id = $2 AND user_id IN ({placeholders})")
    })
    .await?;
    Ok(rows.into_iter().map(|row| row.user_id).collect())
}

/// Newest first.
pub async fn list(on: &impl Conn, user: UserId, from: Cursor, limit: usize) -> Result<Vec<Block>> {
    let sql = format!(
        "SELECT {BLOCK} FROM blocks WHERE user_id = $1 AND (created_at, target_id) < ($2, $3)
         ORDER BY created_at DESC, target_id DESC LIMIT $4"
    );
    let rows: Vec<BlockRow> = on.all(&sql, args![user, from.key, from.id, limit as i64]).await?;
    Ok(rows.into_iter().map(Block::from).collect())
}

/// Mutes of authors that were noted elsewhere; what is there already stays as it is.
pub async fn take_in(tx: &Tx, mutes: &[(UserId, AuthorId, Time)]) -> Result<()> {
    for part in mutes.chunks(ROWS) {
        let sql = format!(
            "INSERT INTO blocks (user_id, target_kind, target_id, how, created_at) VALUES {} ON CONFLICT DO NOTHING",
            rows(part.len(), 5)
        );
        let values =
            part.iter().flat_map(|&(user, author, at)| args![user, Kind::Author, author, How::Mute, at]);
        tx.exec(&sql, values.collect()).await?;
    }
    Ok(())
}

/// How many the user muted or blocked.
pub async fn forget(tx: &Tx, user: UserId) -> Result<u64> {
    tx.exec("DELETE FROM blocks WHERE user_id = $1", args![user]).await
}

/// How many muted or blocked the user.
pub async fn forget_target(tx: &Tx, user: UserId) -> Result<u64> {
    tx.exec("DELETE FROM blocks WHERE target_kind = $1 AND target_id = $2", args![Kind::User, user]).await
}

/// How many muted or blocked the author.
pub async fn forget_author(tx: &Tx, author: AuthorId) -> Result<u64> {
    tx.exec("DELETE FROM blocks WHERE target_kind = $1 AND target_id = $2", args![Kind::Author, author]).await
}
