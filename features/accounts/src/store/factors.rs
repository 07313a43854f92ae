//! Second factors, passkeys, and what is half-way through with them.

use db::{Conn, FromQueryResult, Tx, args};
use kernel::{PasskeyId, Result, Time, UserId};

use super::{ACTIVE, USER};
use crate::model::User;

#[derive(FromQueryResult)]
pub struct Totp {
    pub secret: String,
    pub made_at: Time,
    pub confirmed_at: Option<Time>,
    /// As in sessions: where it was made, until it is confirmed.
    pub session_hash: Option<String>,
}

pub async fn totp(on: &impl Conn, user: UserId) -> Result<Option<Totp>> {
    let sql = "SELECT secret, made_at, confirmed_at, session_hash FROM totp_secrets WHERE user_id = $1";
    on.opt(sql, args![user]).await
}

/// In the place of one that was never confirmed; `false` where one is in use.
pub async fn begin_totp(tx: &Tx, user: UserId, secret: &str, session: &str, now: Time) -> Result<bool> {
    let sql = "INSERT INTO totp_secrets (user_id, secret, made_at, last_step, session_hash) VALUES ($1, $2, $3, 0, $4)
               ON CONFLICT (user_id) DO UPDATE SET secret = excluded.secret, made_at = excluded.made_at, last_step = 0,
                   session_hash = excluded.session_hash
               WHERE totp_secrets.confirmed_at IS NULL";
    Ok(tx.exec(sql, args![user, secret, now, session]).await? > 0)
}

/// Whether that step of that secret was still to be had: of many who come at once with the same code, one has it.
pub async fn take_step(tx: &Tx, user: UserId, secret: &str, step: i64) -> Result<bool> {
    let sql = "UPDATE totp_secrets SET last_step = $3 WHERE user_id = $1 AND secret = $2 AND last_step < $3";
    Ok(tx.exec(sql, args![user, secret, step]).await? > 0)
}

pub async fn confirm_totp(tx: &Tx, user: UserId, now: Time) -> Result<()> {
    let sql = "UPDATE totp_secrets SET confirmed_at = $2, session_hash = NULL WHERE user_id = $1 AND confirmed_at IS NULL";
    tx.exec(sql, args![user, now]).await.map(drop)
}

/// Whether there was one in use.
pub async fn delete_totp(tx: &Tx, user: UserId) -> Result<bool> {
    let sql = "DELETE FROM totp_secrets WHERE user_id = $1 RETURNING confirmed_at";
    Ok(tx.scalar::<Option<Time>>(sql, args![user]).await?.flatten().is_some())
}

/// In the place of those before.
pub async fn put_codes(tx: &Tx, user: UserId, hashes: &[String]) -> Result<()> {
    delete_codes(tx, user).await?;
    for hash in hashes {
        let sql = "INSERT INTO recovery_codes (user_id, code_hash) VALUES ($1, $2)";
        tx.exec(sql, args![user, hash.as_str()]).await?;
    }
    Ok(())
}

/// Whether it was still good.
pub async fn use_code(tx: &Tx, user: UserId, hash: &str, now: Time) -> Result<bool> {
    let sql =
        "UPDATE recovery_codes SET used_at = $3 WHERE user_id = $1 AND code_hash = $2 AND used_at IS NULL";
    Ok(tx.exec(sql, args![user, hash, now]).await? > 0)
}

pub async fn codes_left(on: &impl Conn, user: UserId) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM recovery_codes WHERE user_id = $1 AND used_at IS NULL";
    Ok(on.scalar(sql, args![user]).await?.unwrap_or(0))
}

pub async fn delete_codes(tx: &Tx, user: UserId) -> Result<()> {
    tx.exec("DELETE FROM recovery_codes WHERE user_id = $1", args![user]).await.map(drop)
}

#[derive(FromQueryResult)]
pub struct Stored {
    pub id: PasskeyId,
    pub name: String,
    pub credential: String,
    pub created_at: Time,
    pub used_at: Option<Time>,
}

/// Oldest first.
pub async fn passkeys(on: &impl Conn, user: UserId) -> Result<Vec<Stored>> {
    let sql = "SELECT id, name, credential, created_at, used_at FROM passkeys WHERE user_id = $1 ORDER BY id";
    on.all(sql, args![user]).await
}

pub async fn count_passkeys(on: &impl Conn, user: UserId) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM passkeys WHERE user_id = $1";
    Ok(on.scalar(sql, args![user]).await?.unwrap_or(0))
}

/// A passkey and whose it is, who may act.
#[derive(FromQueryResult)]
pub struct Owned {
    #[sea_orm(nested)]
    pub user: User,
    pub passkey_id: PasskeyId,
    pub credential: String,
}

pub async fn passkey_of(on: &impl Conn, credential_id: &str) -> Result<Option<Owned>> {
    let sql = format!(
        "SELECT {USER}, p.id AS passkey_id, p.credential FROM passkeys p JOIN users u ON u.id = p.user_id
         WHERE p.credential_id = $1 AND {ACTIVE}"
    );
    on.opt(&sql, args![credential_id]).await
}

pub struct NewPasskey<'a> {
    pub id: PasskeyId,
    pub user: UserId,
    pub name: &'a str,
    pub credential_id: &'a str,
    pub credential: &'a str,
    pub now: Time,
}

/// `Error::Conflict("exists")` where it is somebody's already.
pub async fn insert_passkey(tx: &Tx, new: NewPasskey<'_>) -> Result<()> {
    let NewPasskey { id, user, name, credential_id, credential, now } = new;
    let sql = "INSERT INTO passkeys (id, user_id, name, credential_id, credential, created_at) VALUES ($1, $2, $3, $4, $5, $6)";
    tx.exec(sql, args![id, user, name, credential_id, credential, now]).await.map(drop)
}

/// Whether it stood as it was read: of two who come at once with the same counter, one is a copy.
pub async fn use_passkey(tx: &Tx, id: PasskeyId, before: &str, after: &str, now: Time) -> Result<bool> {
    let sql = "UPDATE passkeys SET credential = $3, used_at = $4 WHERE id = $1 AND credential = $2";
    Ok(tx.exec(sql, args![id, before, after, now]).await? > 0)
}

pub async fn delete_passkey(tx: &Tx, user: UserId, id: PasskeyId) -> Result<u64> {
    tx.exec("DELETE FROM passkeys WHERE user_id = $1 AND id = $2", args![user, id]).await
}

pub async fn insert_ceremony(
    tx: &Tx,
    hash: &str,
    user: Option<UserId>,
    state: &str,
    now: Time,
    expires_at: Time,
) -> Result<()> {
    tx.exec("DELETE FROM passkey_ceremonies WHERE expires_at <= $1", args![now]).await?;
    let sql =
        "INSERT INTO passkey_ceremonies (token_hash, user_id, state, expires_at) VALUES ($1, $2, $3, $4)";
    tx.exec(sql, args![hash, user, state, expires_at]).await.map(drop)
}

#[derive(FromQueryResult)]
pub struct Ceremony {
    pub user_id: Option<UserId>,
    pub state: String,
    pub expires_at: Time,
}

/// Each is answered once, rightly or not.
pub async fn take_ceremony(tx: &Tx, hash: &str) -> Result<Option<Ceremony>> {
    let sql = "DELETE FROM passkey_ceremonies WHERE token_hash = $1 RETURNING user_id, state, expires_at";
    tx.opt(sql, args![hash]).await
}

pub async fn insert_pending(tx: &Tx, hash: &str, user: UserId, now: Time, expires_at: Time) -> Result<()> {
    tx.exec("DELETE FROM pending_sign_ins WHERE expires_at <= $1", args![now]).await?;
    let sql = "INSERT INTO pending_sign_ins (token_hash, user_id, tries, expires_at) VALUES ($1, $2, 0, $3)";
    tx.exec(sql, args![hash, user, expires_at]).await.map(drop)
}

#[derive(FromQueryResult)]
pub struct Pending {
    #[sea_orm(nested)]
    pub user: User,
    pub tries: i64,
}

/// Of a user who may act.
pub async fn pending(on: &impl Conn, hash: &str, now: Time) -> Result<Option<Pending>> {
    let sql = format!(
        "SELECT {USER}, p.tries FROM pending_sign_ins p JOIN users u ON u.id = p.user_id
         WHERE p.token_hash = $1 AND p.expires_at > $2 AND {ACTIVE}"
    );
    on.opt(&sql, args![hash, now]).await
}

/// Whether one more may be tried.
pub async fn take_try(tx: &Tx, hash: &str, most: i64) -> Result<bool> {
    let sql = "UPDATE pending_sign_ins SET tries = tries + 1 WHERE token_hash = $1 AND tries < $2";
    Ok(tx.exec(sql, args![hash, most]).await? > 0)
}

/// Whether it was there: of many who come at once, one signs in.
pub async fn end_pending(tx: &Tx, hash: &str) -> Result<bool> {
    Ok(tx.exec("DELETE FROM pending_sign_ins WHERE token_hash = $1", args![hash]).await? > 0)
}

/// A password that was right then may be another's now.
pub async fn end_pending_of(tx: &Tx, user: UserId) -> Result<()> {
    tx.exec("DELETE FROM pending_sign_ins WHERE user_id = $1", args![user]).await.map(drop)
}

/// Whether there was any factor beside the password.
pub async fn delete_all_of(tx: &Tx, user: UserId) -> Result<bool> {
    let had_totp = delete_totp(tx, user).await?;
    delete_codes(tx, user).await?;
    let had_passkeys = tx.exec("DELETE FROM passkeys WHERE user_id = $1", args![user]).await? > 0;
    tx.exec("DELETE FROM passkey_ceremonies WHERE user_id = $1", args![user]).await?;
    end_pending_of(tx, user).await?;
    Ok(had_totp || had_passkeys)
}

/// When the session's holder last proved who they are, and by more than a password.
#[derive(Clone, Copy, Debug, Default, FromQueryResult)]
pub struct Proofs {
    pub proved_at: Option<Time>,
    pub second_at: Option<Time>,
}

pub async fn proofs(on: &impl Conn, session: &str, user: UserId) -> Result<Option<Proofs>> {
    let sql = "SELECT proved_at, second_at FROM sessions WHERE token_hash = $1 AND user_id = $2";
    on.opt(sql, args![session, user]).await
}

pub async fn prove(tx: &Tx, session: &str, user: UserId, by_second: bool, now: Time) -> Result<()> {
    let second = by_second.then_some(now);
    let sql = "UPDATE sessions SET proved_at = $3, second_at = COALESCE($4, second_at) WHERE token_hash = $1 AND user_id = $2";
    tx.exec(sql, args![session, user, now, second]).await.map(drop)
}

pub async fn delete_other_sessions(tx: &Tx, user: UserId, keep: &str) -> Result<u64> {
    tx.exec("DELETE FROM sessions WHERE user_id = $1 AND token_hash <> $2", args![user, keep]).await
}
