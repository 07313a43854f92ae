//! The only SQL that names the tables of accounts.

use db::{Conn, FromQueryResult, Tx, all_in, args};
use kernel::{Cursor, Handle, Result, Time, TokenId, UserId};

use crate::model::{ApiToken, Role, Roles, User};

const USER: &str = "u.id, u.handle, u.name, u.roles, u.region, u.created_at";

/// `Error::Conflict("exists")` if the handle is taken.
pub async fn insert(tx: &Tx, user: &User, password: Option<&str>) -> Result<()> {
    let sql = "INSERT INTO users (id, handle, name, password, roles, region, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let User { id, handle, name, roles, region, created_at } = user.clone();
    let password = password.map(str::to_owned);
    tx.exec(sql, args![id, handle, name, password, roles, region, created_at]).await.map(drop)
}

pub async fn find(on: &impl Conn, id: UserId) -> Result<Option<User>> {
    on.opt(&format!("SELECT {USER} FROM users u WHERE u.id = $1"), args![id]).await
}

pub async fn find_by_handle(on: &impl Conn, handle: &Handle) -> Result<Option<User>> {
    on.opt(&format!("SELECT {USER} FROM users u WHERE u.handle = $1"), args![handle.clone()]).await
}

pub async fn get_many(on: &impl Conn, ids: &[UserId]) -> Result<Vec<User>> {
    all_in(on, args![], ids, |marks| format!("SELECT {USER} FROM users u WHERE u.id IN ({marks})")).await
}

/// Newest first; ids grow with time.
pub async fn list(on: &impl Conn, from: Cursor, limit: usize) -> Result<Vec<User>> {
    let sql = format!("SELECT {USER} FROM users u WHERE u.id < $1 ORDER BY u.id DESC LIMIT $2");
    on.all(&sql, args![from.id, limit as i64]).await
}

pub async fn holding(on: &impl Conn, role: Role, from: Cursor, limit: usize) -> Result<Vec<User>> {
    let sql = format!(
        "SELECT {USER} FROM users u WHERE (u.roles & $1) <> 0 AND u.id < $2 ORDER BY u.id DESC LIMIT $3"
    );
    on.all(&sql, args![Roles::of(role), from.id, limit as i64]).await
}

#[derive(FromQueryResult)]
pub struct Credentials {
    #[sea_orm(nested)]
    pub user: User,
    pub password: Option<String>,
}

/// In one query, so that looking takes as long whoever is found.
pub async fn credentials(on: &impl Conn, handle: &Handle) -> Result<Option<Credentials>> {
    let sql = format!("SELECT {USER}, u.password FROM users u WHERE u.handle = $1");
    on.opt(&sql, args![handle.clone()]).await
}

pub async fn rename(tx: &Tx, id: UserId, name: String) -> Result<()> {
    tx.exec("UPDATE users SET name = $2 WHERE id = $1", args![id, name]).await.map(drop)
}

pub async fn set_password(tx: &Tx, id: UserId, hash: String) -> Result<()> {
    tx.exec("UPDATE users SET password = $2 WHERE id = $1", args![id, hash]).await.map(drop)
}

/// The roles held afterwards; `None` if there is no such user.
pub async fn grant(tx: &Tx, id: UserId, role: Role) -> Result<Option<Roles>> {
    let sql = "UPDATE users SET roles = roles | $2 WHERE id = $1 RETURNING roles";
    tx.scalar(sql, args![id, Roles::of(role)]).await
}

pub async fn revoke(tx: &Tx, id: UserId, role: Role) -> Result<Option<Roles>> {
    let sql = "UPDATE users SET roles = roles & ~$2 WHERE id = $1 RETURNING roles";
    tx.scalar(sql, args![id, Roles::of(role)]).await
}

#[derive(FromQueryResult)]
pub struct Session {
    #[sea_orm(nested)]
    pub user: User,
    pub expires_at: Time,
}

pub async fn insert_session(tx: &Tx, hash: &str, user: UserId, now: Time, expires_at: Time) -> Result<()> {
    let sql = "INSERT INTO sessions (token_hash, user_id, created_at, expires_at) VALUES ($1, $2, $3, $4)";
    tx.exec(sql, args![hash, user, now, expires_at]).await.map(drop)
}

/// The session behind a token, if it has not run out.
pub async fn session(on: &impl Conn, hash: &str, now: Time) -> Result<Option<Session>> {
    let sql = format!(
        "SELECT {USER}, s.expires_at FROM sessions s JOIN users u ON u.id = s.user_id
         WHERE s.token_hash = $1 AND s.expires_at > $2"
    );
    on.opt(&sql, args![hash, now]).await
}

pub async fn prolong_session(tx: &Tx, hash: &str, expires_at: Time) -> Result<()> {
    let sql = "UPDATE sessions SET expires_at = $2 WHERE token_hash = $1";
    tx.exec(sql, args![hash, expires_at]).await.map(drop)
}

pub async fn delete_session(tx: &Tx, hash: &str) -> Result<()> {
    tx.exec("DELETE FROM sessions WHERE token_hash = $1", args![hash]).await.map(drop)
}

pub async fn delete_sessions_of(tx: &Tx, user: UserId) -> Result<()> {
    tx.exec("DELETE FROM sessions WHERE user_id = $1", args![user]).await.map(drop)
}

/// Drops sessions that have run out.
pub async fn sweep_sessions(tx: &Tx, now: Time) -> Result<()> {
    tx.exec("DELETE FROM sessions WHERE expires_at <= $1", args![now]).await.map(drop)
}

pub async fn insert_api_token(tx: &Tx, user: UserId, token: &ApiToken, hash: &str) -> Result<()> {
    let sql =
        "INSERT INTO api_tokens (id, user_id, name, token_hash, created_at) VALUES ($1, $2, $3, $4, $5)";
    tx.exec(sql, args![token.id, user, token.name.clone(), hash, token.created_at]).await.map(drop)
}

pub async fn user_of_api_token(on: &impl Conn, hash: &str) -> Result<Option<User>> {
    let sql =
        format!("SELECT {USER} FROM api_tokens t JOIN users u ON u.id = t.user_id WHERE t.token_hash = $1");
    on.opt(&sql, args![hash]).await
}

pub async fn api_tokens(on: &impl Conn, user: UserId) -> Result<Vec<ApiToken>> {
    let sql = "SELECT id, name, created_at FROM api_tokens WHERE user_id = $1 ORDER BY id";
    on.all(sql, args![user]).await
}

pub async fn delete_api_token(tx: &Tx, user: UserId, id: TokenId) -> Result<u64> {
    tx.exec("DELETE FROM api_tokens WHERE user_id = $1 AND id = $2", args![user, id]).await
}
