//! What users show of themselves, and how they want the site shown.

use db::{Conn, Tx, args};
use kernel::{Result, UserId};

use super::{ACTIVE, USER};
use crate::model::User;
use crate::user_profile::{Choices, UserProfile};

const PROFILE: &str = "bio, avatar, profile_held AS held, page_hidden AS private";

pub async fn find(on: &impl Conn, id: UserId) -> Result<Option<UserProfile>> {
    let sql = format!("SELECT {PROFILE} FROM users WHERE id = $1 AND deleted_at IS NULL");
    on.opt(&sql, args![id]).await
}

/// The same for a change to it, one at a time.
pub async fn lock(tx: &Tx, id: UserId) -> Result<Option<UserProfile>> {
    let lock = if tx.is_postgres() { " FOR UPDATE" } else { "" };
    let sql = format!("SELECT {PROFILE} FROM users WHERE id = $1 AND deleted_at IS NULL{lock}");
    tx.opt(&sql, args![id]).await
}

pub async fn update(tx: &Tx, id: UserId, profile: &UserProfile) -> Result<()> {
    let sql = "UPDATE users SET bio = $2, avatar = $3, profile_held = $4, page_hidden = $5 WHERE id = $1";
    let UserProfile { bio, avatar, held, private } = profile.clone();
    tx.exec(sql, args![id, bio, avatar, held, private]).await.map(drop)
}

/// Longest waiting first: ids grow with time.
pub async fn held(on: &impl Conn, limit: usize) -> Result<Vec<User>> {
    let sql = format!("SELECT {USER} FROM users u WHERE u.profile_held AND {ACTIVE} ORDER BY u.id LIMIT $1");
    on.all(&sql, args![limit as i64]).await
}

pub async fn count_held(on: &impl Conn) -> Result<i64> {
    let sql = format!("SELECT COUNT(*) FROM users u WHERE u.profile_held AND {ACTIVE}");
    Ok(on.scalar(&sql, args![]).await?.unwrap_or(0))
}

/// Whether a user but this one shows this picture on a page that is open.
pub async fn is_avatar(on: &impl Conn, hash: &str, but: UserId) -> Result<bool> {
    let sql = format!(
        "SELECT u.id FROM users u WHERE u.avatar = $1 AND u.id <> $2 AND NOT u.profile_held AND NOT u.page_hidden AND {ACTIVE} LIMIT 1"
    );
    Ok(on.scalar::<UserId>(&sql, args![hash, but]).await?.is_some())
}

/// Those who have this picture, whether others see it or not.
pub async fn wearers(on: &impl Conn, hash: &str) -> Result<Vec<UserId>> {
    on.column("SELECT id FROM users WHERE avatar = $1 ORDER BY id", args![hash]).await
}

pub async fn choices(on: &impl Conn, id: UserId) -> Result<Option<Choices>> {
    on.opt("SELECT zone, lang, edition, prefs FROM users WHERE id = $1", args![id]).await
}

pub async fn set_choices(tx: &Tx, id: UserId, choices: &Choices) -> Result<()> {
    let sql = "UPDATE users SET zone = $2, lang = $3, edition = $4, prefs = $5 WHERE id = $1";
    let Choices { zone, lang, edition, prefs } = choices.clone();
    tx.exec(sql, args![id, zone, lang, edition, prefs]).await.map(drop)
}

pub async fn erase(tx: &Tx, id: UserId) -> Result<()> {
    let sql = "UPDATE users SET bio = '', avatar = NULL, profile_held = FALSE, page_hidden = TRUE,
               zone = NULL, lang = NULL, edition = NULL, prefs = NULL WHERE id = $1";
    tx.exec(sql, args![id]).await.map(drop)
}
