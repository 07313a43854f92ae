//! Accounts elsewhere, and who is on the way there and back.

use db::{Conn, Tx, args};
use kernel::{Result, Time, UserId};

use super::USER;
use crate::identity::{Arrival, Flow, Identity, IdentityId, NewFlow};
use crate::model::User;

const IDENTITY: &str = "id, issuer, subject, name, created_at";

/// Whose it is, also where they are shut out.
pub async fn owner(on: &impl Conn, issuer: &str, subject: &str) -> Result<Option<User>> {
    let sql = format!(
        "SELECT {USER} FROM identities i JOIN users u ON u.id = i.user_id
         WHERE i.issuer = $1 AND i.subject = $2 AND u.deleted_at IS NULL"
    );
    on.opt(&sql, args![issuer, subject]).await
}

/// Oldest first; a page shows them all.
pub async fn list(on: &impl Conn, user: UserId) -> Result<Vec<Identity>> {
    let sql = format!("SELECT {IDENTITY} FROM identities WHERE user_id = $1 ORDER BY id LIMIT 100");
    on.all(&sql, args![user]).await
}

/// `Error::Conflict("exists")` where it is somebody's.
pub async fn insert(tx: &Tx, user: UserId, identity: &Identity) -> Result<()> {
    let sql = "INSERT INTO identities (id, issuer, subject, user_id, name, created_at) VALUES ($1, $2, $3, $4, $5, $6)";
    let Identity { id, issuer, subject, name, created_at } = identity.clone();
    tx.exec(sql, args![id, issuer, subject, user, name, created_at]).await.map(drop)
}

/// How many there were: none or one.
pub async fn delete(tx: &Tx, user: UserId, id: IdentityId) -> Result<u64> {
    tx.exec("DELETE FROM identities WHERE user_id = $1 AND id = $2", args![user, id]).await
}

pub async fn insert_flow(
    tx: &Tx,
    state: &str,
    browser: &str,
    flow: NewFlow<'_>,
    invitation: Option<String>,
    expires_at: Time,
) -> Result<()> {
    let sql = "INSERT INTO oidc_flows (state_hash, browser_hash, provider, nonce, verifier, user_id, invitation, back, expires_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let NewFlow { provider, nonce, verifier, user, back, .. } = flow;
    tx.exec(sql, args![state, browser, provider, nonce, verifier, user, invitation, back, expires_at])
        .await
        .map(drop)
}

/// Of many who come back at once, one has it.
pub async fn take_flow(tx: &Tx, state: &str, browser: &str) -> Result<Option<Flow>> {
    let sql = "DELETE FROM oidc_flows WHERE state_hash = $1 AND browser_hash = $2
               RETURNING provider, nonce, verifier, user_id, invitation, back, expires_at";
    tx.opt(sql, args![state, browser]).await
}

/// In the place of the one before.
pub async fn put_arrival(tx: &Tx, browser: &str, arrival: &Arrival, expires_at: Time) -> Result<()> {
    tx.exec("DELETE FROM oidc_arrivals WHERE browser_hash = $1", args![browser]).await?;
    let sql = "INSERT INTO oidc_arrivals (browser_hash, provider, issuer, subject, username, name, email, invitation, back, expires_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let Arrival { provider, issuer, subject, username, name, email, invitation, back } = arrival.clone();
    tx.exec(
        sql,
        args![browser, provider, issuer, subject, username, name, email, invitation, back, expires_at],
    )
    .await
    .map(drop)
}

pub async fn arrival(on: &impl Conn, browser: &str, now: Time) -> Result<Option<Arrival>> {
    let sql = "SELECT provider, issuer, subject, username, name, email, invitation, back FROM oidc_arrivals
               WHERE browser_hash = $1 AND expires_at > $2";
    on.opt(sql, args![browser, now]).await
}

/// Whether it was still there: of many who come at once, one has it.
pub async fn take_arrival(tx: &Tx, browser: &str) -> Result<bool> {
    Ok(tx.exec("DELETE FROM oidc_arrivals WHERE browser_hash = $1", args![browser]).await? > 0)
}

/// Drops those who did not come back, and those who came and went.
pub async fn sweep(tx: &Tx, now: Time) -> Result<()> {
    tx.exec("DELETE FROM oidc_flows WHERE expires_at <= $1", args![now]).await?;
    tx.exec("DELETE FROM oidc_arrivals WHERE expires_at <= $1", args![now]).await.map(drop)
}

pub async fn delete_all_of(tx: &Tx, user: UserId) -> Result<()> {
    tx.exec("DELETE FROM oidc_flows WHERE user_id = $1", args![user]).await?;
    tx.exec("DELETE FROM identities WHERE user_id = $1", args![user]).await.map(drop)
}

/// Whether there was none yet.
pub async fn set_first_password(tx: &Tx, user: UserId, hash: String) -> Result<bool> {
    let sql = "UPDATE users SET password = $2 WHERE id = $1 AND password IS NULL AND deleted_at IS NULL AND suspended_at IS NULL";
    Ok(tx.exec(sql, args![user, hash]).await? > 0)
}

/// Also one of whom nobody may speak to any more.
pub async fn is_mailbox_taken(on: &impl Conn, mailbox: &str) -> Result<bool> {
    let sql = "SELECT user_id FROM user_emails WHERE mailbox = $1";
    Ok(on.scalar::<UserId>(sql, args![mailbox]).await?.is_some())
}
