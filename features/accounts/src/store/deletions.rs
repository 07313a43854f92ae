//! Who asked to be deleted.

use db::{Conn, FromQueryResult, Tx, args};
use kernel::{Result, Time, UserId};

use super::{ACTIVE, USER};
use crate::model::{Deletion, User};

const DELETION: &str = "user_id, keep_comments, with_authors, asked_at, due_at";

/// Whether it is new: who asked before keeps that time.
pub async fn insert(tx: &Tx, deletion: &Deletion) -> Result<bool> {
    let sql =
        format!("INSERT INTO deletions ({DELETION}) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING");
    let Deletion { user, keep_comments, with_authors, asked_at, due_at } = *deletion;
    Ok(tx.exec(&sql, args![user, keep_comments, with_authors, asked_at, due_at]).await? > 0)
}

pub async fn find(on: &impl Conn, user: UserId) -> Result<Option<Deletion>> {
    on.opt(&format!("SELECT {DELETION} FROM deletions WHERE user_id = $1"), args![user]).await
}

pub async fn remove(tx: &Tx, user: UserId) -> Result<()> {
    tx.exec("DELETE FROM deletions WHERE user_id = $1", args![user]).await.map(drop)
}

/// Whether there was one whose time has not come: from then on it may be carried out at any moment.
pub async fn take_back(tx: &Tx, user: UserId, now: Time) -> Result<bool> {
    let sql = "DELETE FROM deletions WHERE user_id = $1 AND due_at > $2";
    Ok(tx.exec(sql, args![user, now]).await? > 0)
}

/// The first of those whose time has come.
pub async fn due(on: &impl Conn, now: Time, limit: usize) -> Result<Vec<Deletion>> {
    let sql =
        format!("SELECT {DELETION} FROM deletions WHERE due_at <= $1 ORDER BY due_at, user_id LIMIT $2");
    on.all(&sql, args![now, limit as i64]).await
}

#[derive(FromQueryResult)]
pub struct Leaving {
    #[sea_orm(nested)]
    pub user: User,
    pub keep_comments: bool,
    pub with_authors: bool,
    pub asked_at: Time,
    pub due_at: Time,
}

/// Whose session it is, where they asked to be deleted: it opens nothing else.
pub async fn of_session(on: &impl Conn, hash: &str, now: Time) -> Result<Option<Leaving>> {
    let sql = format!(
        "SELECT {USER}, d.keep_comments, d.with_authors, d.asked_at, d.due_at FROM sessions s
         JOIN users u ON u.id = s.user_id JOIN deletions d ON d.user_id = u.id
         WHERE s.token_hash = $1 AND s.expires_at > $2 AND {ACTIVE}"
    );
    on.opt(&sql, args![hash, now]).await
}
