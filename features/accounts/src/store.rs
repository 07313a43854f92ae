//! The only SQL that names the tables of accounts.

pub mod deletions;
pub mod email;
pub mod factors;
pub mod identities;
pub mod invitations;
pub mod profile;

use std::time::Duration;

use db::{Conn, FromQueryResult, Tx, all_in, args};
use kernel::confusable::skeleton;
use kernel::{Cursor, Handle, Region, Result, Slug, Time, TokenId, UserId};

use crate::custom_role::{AnyRole, CustomRole};
use crate::model::{ApiToken, Session, User};
use crate::role::{Role, Roles};

/// The custom roles stand in one text, each with its actions (`CustomRoles::read`): whoever is known is known with what they may do.
const USER: &str =
    "u.id, u.handle, u.name, u.roles, u.region, u.created_at, u.suspended_at, u.deleted_at, u.zone, u.page_hidden AS private, COALESCE((SELECT
     string_agg(r.name || ' ' || r.actions, ',' ORDER BY r.name) FROM user_roles h JOIN roles r ON r.name = h.role
     WHERE h.user_id = u.id), '') AS custom_roles";

/// Whether a user may act, for statements that know them as `u`.
const ACTIVE: &str = "u.suspended_at IS NULL AND u.deleted_at IS NULL";
/// The same, and who is not about to be deleted.
const HERE: &str = "u.suspended_at IS NULL AND u.deleted_at IS NULL AND NOT EXISTS (SELECT 1 FROM deletions d WHERE d.user_id = u.id)";
/// In how many browsers a user is known: the ones used last.
const DEVICES: i64 = 30;
/// How long a browser is known in which nobody signs in.
const DEVICE: Duration = Duration::from_hours(400 * 24);

/// `Error::Conflict("exists")` if the handle is taken.
pub async fn insert(tx: &Tx, user: &User, password: Option<&str>) -> Result<()> {
    let sql = "INSERT INTO users (id, handle, name, password, roles, region, created_at, skeleton) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let User { id, handle, name, roles, region, created_at, .. } = user.clone();
    let (password, shape) = (password.map(str::to_owned), skeleton(handle.as_str()));
    tx.exec(sql, args![id, handle, name, password, roles, region, created_at, shape]).await.map(drop)
}

/// Whether somebody has a handle that looks like this one.
pub async fn is_alike(on: &impl Conn, handle: &Handle) -> Result<bool> {
    let sql = "SELECT id FROM users WHERE skeleton = $1 AND deleted_at IS NULL LIMIT 1";
    Ok(on.scalar::<UserId>(sql, args![skeleton(handle.as_str())]).await?.is_some())
}

/// The same of somebody else.
pub async fn is_alike_but(on: &impl Conn, handle: &Handle, but: UserId) -> Result<bool> {
    let sql = "SELECT id FROM users WHERE skeleton = $1 AND id <> $2 AND deleted_at IS NULL LIMIT 1";
    Ok(on.scalar::<UserId>(sql, args![skeleton(handle.as_str()), but]).await?.is_some())
}

#[derive(FromQueryResult)]
struct HandleRow {
    id: UserId,
    handle: Handle,
}

/// Some of the users whose handle was never compared.
pub async fn unfolded(on: &impl Conn) -> Result<Vec<(UserId, Handle)>> {
    let sql = "SELECT id, handle FROM users WHERE skeleton IS NULL ORDER BY id LIMIT 500";
    let rows: Vec<HandleRow> = on.all(sql, vec![]).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.handle)).collect())
}

pub async fn fold(tx: &Tx, id: UserId, handle: &Handle) -> Result<()> {
    let sql = "UPDATE users SET handle = $2, skeleton = $3 WHERE id = $1";
    tx.exec(sql, args![id, handle.clone(), skeleton(handle.as_str())]).await.map(drop)
}

pub async fn find(on: &impl Conn, id: UserId) -> Result<Option<User>> {
    on.opt(&format!("SELECT {USER} FROM users u WHERE u.id = $1"), args![id]).await
}

pub async fn find_by_handle(on: &impl Conn, handle: &Handle) -> Result<Option<User>> {
    on.opt(&format!("SELECT {USER} FROM users u WHERE u.handle = $1"), args![handle.clone()]).await
}

pub async fn get_many(on: &impl Conn, ids: &[UserId]) -> Result<Vec<User>> {
    all_in(on, args![], ids, |placeholders| {
        format!("SELECT {USER} FROM users u WHERE u.id IN ({placeholders})")
    })
    .await
}

/// Newest first; ids grow with time.
pub async fn list(on: &impl Conn, from: Cursor, limit: usize) -> Result<Vec<User>> {
    let sql = format!(
        "SELECT {USER} FROM users u WHERE u.id < $1 AND u.deleted_at IS NULL ORDER BY u.id DESC LIMIT $2"
    );
    on.all(&sql, args![from.id, limit as i64]).await
}

pub async fn holding(on: &impl Conn, role: &AnyRole, from: Cursor, limit: usize) -> Result<Vec<User>> {
    let (holds, value) = match role {
        AnyRole::BuiltIn(role) => ("(u.roles & $1) <> 0", db::Value::from(Roles::of(*role))),
        AnyRole::Custom(name) => {
            ("u.id IN (SELECT user_id FROM user_roles WHERE role = $1)", db::Value::from(name.clone()))
        }
    };
    let sql = format!(
        "SELECT {USER} FROM users u WHERE {holds} AND u.id < $2 AND u.deleted_at IS NULL ORDER BY u.id DESC LIMIT $3"
    );
    on.all(&sql, args![value, from.id, limit as i64]).await
}

/// Who has a role of either kind, and is not shut out.
pub async fn staff(on: &impl Conn) -> Result<Vec<User>> {
    // The roles are a part of the table that has an index (`users_staff`).
    let sql = format!(
        "SELECT {USER} FROM users u WHERE u.id IN (SELECT id FROM users WHERE roles <> 0 UNION SELECT user_id FROM user_roles)
         AND {HERE} ORDER BY u.id"
    );
    on.all(&sql, args![]).await
}

#[derive(FromQueryResult)]
pub struct Credentials {
    #[sea_orm(nested)]
    pub user: User,
    pub password: Option<String>,
}

/// In one query, so that looking takes as long whoever is found.
pub async fn credentials(on: &impl Conn, handle: &Handle) -> Result<Option<Credentials>> {
    let sql = format!("SELECT {USER}, u.password FROM users u WHERE u.handle = $1 AND u.deleted_at IS NULL");
    on.opt(&sql, args![handle.clone()]).await
}

pub async fn has_password(on: &impl Conn, id: UserId) -> Result<bool> {
    let sql = "SELECT id FROM users WHERE id = $1 AND password IS NOT NULL";
    Ok(on.scalar::<UserId>(sql, args![id]).await?.is_some())
}

/// Whether the user may sign in with what was read. Takes the row for this write, so that whoever changes it waits.
pub async fn is_still(tx: &Tx, id: UserId, stored: &str) -> Result<bool> {
    let sql = "UPDATE users SET password = $2 WHERE id = $1 AND password = $2 AND suspended_at IS NULL AND deleted_at IS NULL";
    Ok(tx.exec(sql, args![id, stored]).await? > 0)
}

/// Whether it was still the old one.
pub async fn replace_hash(tx: &Tx, id: UserId, old: &str, new: &str) -> Result<bool> {
    let sql = "UPDATE users SET password = $3 WHERE id = $1 AND password = $2 AND deleted_at IS NULL";
    Ok(tx.exec(sql, args![id, old, new]).await? > 0)
}

pub async fn suspend(tx: &Tx, id: UserId, by: Option<UserId>, now: Time) -> Result<()> {
    let sql = "UPDATE users SET suspended_at = $2, suspended_by = $3 WHERE id = $1 AND suspended_at IS NULL";
    tx.exec(sql, args![id, now, by]).await.map(drop)
}

pub async fn restore(tx: &Tx, id: UserId) -> Result<()> {
    tx.exec("UPDATE users SET suspended_at = NULL, suspended_by = NULL WHERE id = $1", args![id])
        .await
        .map(drop)
}

pub async fn erase(tx: &Tx, id: UserId, handle: &Handle, name: &str, now: Time) -> Result<()> {
    tx.exec("DELETE FROM user_roles WHERE user_id = $1", args![id]).await?;
    let sql = "UPDATE users SET handle = $2, skeleton = '', name = $3, password = NULL, roles = 0, region = NULL, deleted_at = $4 WHERE id = $1";
    tx.exec(sql, args![id, handle.clone(), name, now]).await.map(drop)
}

/// Whether anybody was deleted after then. Looks through all users: asked once in the life of a process.
pub async fn were_deleted_since(on: &impl Conn, then: Time) -> Result<bool> {
    let sql = "SELECT id FROM users WHERE deleted_at > $1 LIMIT 1";
    Ok(on.scalar::<UserId>(sql, args![then]).await?.is_some())
}

/// Until the transaction ends, nobody else changes who looks after the site. On SQLite there is one writer anyway.
pub async fn lock_operators(tx: &Tx) -> Result<()> {
    if tx.is_postgres() {
        let sql = "SELECT id FROM users WHERE (roles & $1) <> 0 ORDER BY id FOR UPDATE";
        tx.column::<UserId>(sql, args![Roles::of(Role::Operator)]).await?;
    }
    Ok(())
}

/// How many operators there are beside one, who could sign in and act, and stay.
pub async fn other_operators(on: &impl Conn, than: UserId) -> Result<i64> {
    let sql = format!("SELECT COUNT(*) FROM users u WHERE (u.roles & $1) <> 0 AND u.id <> $2 AND {HERE}");
    Ok(on.scalar(&sql, args![Roles::of(Role::Operator), than]).await?.unwrap_or(0))
}

pub async fn rename(tx: &Tx, id: UserId, name: String) -> Result<()> {
    tx.exec("UPDATE users SET name = $2 WHERE id = $1", args![id, name]).await.map(drop)
}

pub async fn set_password(tx: &Tx, id: UserId, hash: String) -> Result<()> {
    tx.exec("UPDATE users SET password = $2 WHERE id = $1", args![id, hash]).await.map(drop)
}

pub async fn grant(tx: &Tx, id: UserId, role: Role) -> Result<()> {
    tx.exec("UPDATE users SET roles = roles | $2 WHERE id = $1", args![id, Roles::of(role)]).await.map(drop)
}

pub async fn revoke(tx: &Tx, id: UserId, role: Role) -> Result<()> {
    tx.exec("UPDATE users SET roles = roles & ~$2 WHERE id = $1", args![id, Roles::of(role)]).await.map(drop)
}

/// Nothing where there is no such role any more.
pub async fn grant_custom(tx: &Tx, id: UserId, role: &Slug) -> Result<()> {
    let sql = "INSERT INTO user_roles (user_id, role) SELECT $1, name FROM roles WHERE name = $2 ON CONFLICT DO NOTHING";
    tx.exec(sql, args![id, role.clone()]).await.map(drop)
}

pub async fn revoke_custom(tx: &Tx, id: UserId, role: &Slug) -> Result<()> {
    tx.exec("DELETE FROM user_roles WHERE user_id = $1 AND role = $2", args![id, role.clone()])
        .await
        .map(drop)
}

const ROLE: &str = "name, title, actions";

pub async fn custom_roles(on: &impl Conn) -> Result<Vec<CustomRole>> {
    on.all(&format!("SELECT {ROLE} FROM roles ORDER BY name"), args![]).await
}

pub async fn custom_role(on: &impl Conn, name: &Slug) -> Result<Option<CustomRole>> {
    on.opt(&format!("SELECT {ROLE} FROM roles WHERE name = $1"), args![name.clone()]).await
}

/// `Error::Conflict("exists")` if there is a role of that name.
pub async fn insert_custom_role(tx: &Tx, role: &CustomRole, now: Time) -> Result<()> {
    let sql = "INSERT INTO roles (name, title, actions, changed_at) VALUES ($1, $2, $3, $4)";
    let CustomRole { name, title, actions } = role.clone();
    tx.exec(sql, args![name, title, actions.to_string(), now]).await.map(drop)
}

pub async fn update_custom_role(tx: &Tx, role: &CustomRole, now: Time) -> Result<()> {
    let sql = "UPDATE roles SET title = $2, actions = $3, changed_at = $4 WHERE name = $1";
    let CustomRole { name, title, actions } = role.clone();
    tx.exec(sql, args![name, title, actions.to_string(), now]).await.map(drop)
}

/// With whoever holds it: those rows go with it.
pub async fn delete_custom_role(tx: &Tx, name: &Slug) -> Result<()> {
    tx.exec("DELETE FROM roles WHERE name = $1", args![name.clone()]).await.map(drop)
}

/// How many users hold it.
pub async fn count_holding(on: &impl Conn, name: &Slug) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM user_roles WHERE role = $1";
    Ok(on.scalar(sql, args![name.clone()]).await?.unwrap_or(0))
}

#[derive(FromQueryResult)]
pub struct Open {
    #[sea_orm(nested)]
    pub user: User,
    pub began_at: Time,
    pub expires_at: Time,
    pub seen_at: Option<Time>,
}

/// A session that begins now, with a proof of who it is.
pub struct NewSession<'a> {
    pub hash: &'a str,
    pub user: UserId,
    pub agent: Option<&'a str>,
    pub network: Option<&'a str>,
    pub region: Option<&'a Region>,
    /// Whether more than a password was shown.
    pub by_second: bool,
    pub now: Time,
    pub expires_at: Time,
}

pub async fn insert_session(tx: &Tx, new: NewSession<'_>) -> Result<()> {
    let NewSession { hash, user, agent, network, region, by_second, now, expires_at } = new;
    let sql = "INSERT INTO sessions (token_hash, user_id, agent, network, region, created_at, expires_at, seen_at, proved_at, second_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $6, $6, $8)";
    let (agent, network) = (agent.map(str::to_owned), network.map(str::to_owned));
    let second_at = by_second.then_some(now);
    tx.exec(sql, args![hash, user, agent, network, region.cloned(), now, expires_at, second_at])
        .await
        .map(drop)
}

/// The session behind a token, if it has not run out and its user may act.
pub async fn session(on: &impl Conn, hash: &str, now: Time) -> Result<Option<Open>> {
    let sql = format!(
        "SELECT {USER}, s.created_at AS began_at, s.expires_at, s.seen_at FROM sessions s JOIN users u ON u.id = s.user_id
         WHERE s.token_hash = $1 AND s.expires_at > $2 AND {HERE}"
    );
    on.opt(&sql, args![hash, now]).await
}

/// Latest first; a page shows them all.
pub async fn sessions(on: &impl Conn, user: UserId, now: Time) -> Result<Vec<Session>> {
    let sql = "SELECT token_hash, agent, created_at, expires_at, seen_at, network, region FROM sessions
               WHERE user_id = $1 AND expires_at > $2 ORDER BY created_at DESC, token_hash LIMIT 100";
    on.all(sql, args![user, now]).await
}

/// It is used now, and ends then.
pub async fn touch_session(tx: &Tx, hash: &str, now: Time, expires_at: Time) -> Result<()> {
    let sql = "UPDATE sessions SET seen_at = $2, expires_at = $3 WHERE token_hash = $1";
    tx.exec(sql, args![hash, now, expires_at]).await.map(drop)
}

/// Whose it was; `None` where there is none of that name (of that user).
pub async fn delete_session(tx: &Tx, hash: &str, of: Option<UserId>) -> Result<Option<UserId>> {
    match of {
        Some(user) => {
            let sql = "DELETE FROM sessions WHERE token_hash = $1 AND user_id = $2 RETURNING user_id";
            tx.scalar(sql, args![hash, user]).await
        }
        None => tx.scalar("DELETE FROM sessions WHERE token_hash = $1 RETURNING user_id", args![hash]).await,
    }
}

pub async fn delete_sessions_of(tx: &Tx, user: UserId) -> Result<()> {
    tx.exec("DELETE FROM sessions WHERE user_id = $1", args![user]).await.map(drop)
}

/// Drops sessions that have run out, and browsers that nobody came back to.
pub async fn sweep_sessions(tx: &Tx, now: Time) -> Result<()> {
    tx.exec("DELETE FROM sessions WHERE expires_at <= $1", args![now]).await?;
    tx.exec("DELETE FROM devices WHERE used_at <= $1", args![now.minus(DEVICE)]).await.map(drop)
}

pub async fn knows_device(on: &impl Conn, user: UserId, hash: &str) -> Result<bool> {
    let sql = "SELECT user_id FROM devices WHERE user_id = $1 AND token_hash = $2";
    Ok(on.scalar::<UserId>(sql, args![user, hash]).await?.is_some())
}

pub async fn remember_device(tx: &Tx, user: UserId, hash: &str, now: Time) -> Result<()> {
    let sql = "INSERT INTO devices (user_id, token_hash, used_at) VALUES ($1, $2, $3)
               ON CONFLICT (user_id, token_hash) DO UPDATE SET used_at = excluded.used_at";
    tx.exec(sql, args![user, hash, now]).await?;
    let sql = "DELETE FROM devices WHERE user_id = $1 AND token_hash NOT IN
               (SELECT token_hash FROM devices WHERE user_id = $1 ORDER BY used_at DESC, token_hash LIMIT $2)";
    tx.exec(sql, args![user, DEVICES]).await.map(drop)
}

pub async fn delete_devices_of(tx: &Tx, user: UserId) -> Result<()> {
    tx.exec("DELETE FROM devices WHERE user_id = $1", args![user]).await.map(drop)
}

pub async fn insert_api_token(tx: &Tx, user: UserId, token: &ApiToken, hash: &str) -> Result<()> {
    let sql =
        "INSERT INTO api_tokens (id, user_id, name, token_hash, created_at) VALUES ($1, $2, $3, $4, $5)";
    tx.exec(sql, args![token.id, user, token.name.clone(), hash, token.created_at]).await.map(drop)
}

pub async fn user_of_api_token(on: &impl Conn, hash: &str) -> Result<Option<User>> {
    let sql = format!(
        "SELECT {USER} FROM api_tokens t JOIN users u ON u.id = t.user_id WHERE t.token_hash = $1 AND {HERE}"
    );
    on.opt(&sql, args![hash]).await
}

pub async fn api_tokens(on: &impl Conn, user: UserId) -> Result<Vec<ApiToken>> {
    let sql = "SELECT id, name, created_at FROM api_tokens WHERE user_id = $1 ORDER BY id";
    on.all(sql, args![user]).await
}

pub async fn delete_api_token(tx: &Tx, user: UserId, id: TokenId) -> Result<u64> {
    tx.exec("DELETE FROM api_tokens WHERE user_id = $1 AND id = $2", args![user, id]).await
}

pub async fn delete_any_api_token(tx: &Tx, id: TokenId) -> Result<u64> {
    tx.exec("DELETE FROM api_tokens WHERE id = $1", args![id]).await
}

pub async fn delete_api_tokens_of(tx: &Tx, user: UserId) -> Result<()> {
    tx.exec("DELETE FROM api_tokens WHERE user_id = $1", args![user]).await.map(drop)
}
