//! Addresses, and what shows that they are somebody's.

use db::{Conn, FromQueryResult, Tx, args};
use kernel::{Handle, Locale, Result, Time, UserId};
use mail::Address;

use super::{ACTIVE, USER};
use crate::email_token::Purpose;
use crate::model::User;

/// An address that its user has shown to be theirs.
#[derive(Clone, FromQueryResult)]
pub struct Verified {
    pub address: String,
    pub mailbox: String,
    pub locale: String,
    pub zone: Option<String>,
}

/// The same with its user, who may act.
#[derive(FromQueryResult)]
pub struct Owner {
    #[sea_orm(nested)]
    pub user: User,
    pub address: String,
    pub locale: String,
}

pub async fn verified(on: &impl Conn, user: UserId) -> Result<Option<Verified>> {
    let sql =
        "SELECT e.address, e.mailbox, e.locale, u.zone FROM user_emails e JOIN users u ON u.id = e.user_id
               WHERE e.user_id = $1";
    on.opt(sql, args![user]).await
}

/// Whoever has shown that the mailbox is theirs.
pub async fn owner_of(on: &impl Conn, mailbox: &str) -> Result<Option<Owner>> {
    let sql = format!(
        "SELECT {USER}, e.address, e.locale FROM user_emails e JOIN users u ON u.id = e.user_id
         WHERE e.mailbox = $1 AND {ACTIVE}"
    );
    on.opt(&sql, args![mailbox]).await
}

/// The user of that handle, if they have shown an address.
pub async fn owner_called(on: &impl Conn, handle: &Handle) -> Result<Option<Owner>> {
    let sql = format!(
        "SELECT {USER}, e.address, e.locale FROM user_emails e JOIN users u ON u.id = e.user_id
         WHERE u.handle = $1 AND {ACTIVE}"
    );
    on.opt(&sql, args![handle.clone()]).await
}

/// In the place of the one before. `Error::Conflict("exists")` where another has the mailbox.
pub async fn put(tx: &Tx, user: UserId, to: &Address, locale: &str, now: Time) -> Result<()> {
    let sql =
        "INSERT INTO user_emails (user_id, address, mailbox, locale, verified_at) VALUES ($1, $2, $3, $4, $5)
               ON CONFLICT (user_id) DO UPDATE SET address = excluded.address, mailbox = excluded.mailbox,
               locale = excluded.locale, verified_at = excluded.verified_at";
    tx.exec(sql, args![user, to.expose(), to.mailbox(), locale, now]).await.map(drop)
}

pub async fn remove(tx: &Tx, user: UserId) -> Result<()> {
    tx.exec("DELETE FROM user_emails WHERE user_id = $1", args![user]).await.map(drop)
}

/// What a mail carries, and how it stands with it.
#[derive(FromQueryResult)]
pub struct Token {
    #[sea_orm(nested)]
    pub user: User,
    #[sea_orm(from_alias = "token_hash")]
    pub hash: String,
    pub address: String,
    pub locale: String,
    pub code_hash: Option<String>,
    pub expires_at: Time,
    pub ended: Option<String>,
}

const TOKEN: &str = "t.token_hash, t.address, t.locale, t.code_hash, t.expires_at, t.ended";

/// Of a user who may act.
pub async fn token(on: &impl Conn, hash: &str, purpose: Purpose) -> Result<Option<Token>> {
    let sql = format!(
        "SELECT {USER}, {TOKEN} FROM email_tokens t JOIN users u ON u.id = t.user_id
         WHERE t.token_hash = $1 AND t.purpose = $2 AND {ACTIVE}"
    );
    on.opt(&sql, args![hash, purpose.name()]).await
}

/// The one that the user waits for, which may have run out.
pub async fn waiting(on: &impl Conn, user: UserId) -> Result<Option<Token>> {
    let sql = format!(
        "SELECT {USER}, {TOKEN} FROM email_tokens t JOIN users u ON u.id = t.user_id
         WHERE t.user_id = $1 AND t.purpose = $2 AND t.ended IS NULL AND {ACTIVE}
         ORDER BY t.expires_at DESC, t.token_hash LIMIT 1"
    );
    on.opt(&sql, args![user, Purpose::Verify.name()]).await
}

/// What is to be found again by a hash, and by a code.
pub struct NewToken<'a> {
    pub hash: &'a str,
    pub user: UserId,
    pub purpose: Purpose,
    pub to: &'a Address,
    pub locale: Locale,
    pub code_hash: Option<&'a str>,
    pub expires_at: Time,
}

/// Those of the same user and purpose open nothing from now on.
pub async fn insert_token(tx: &Tx, new: NewToken<'_>) -> Result<()> {
    let NewToken { hash, user, purpose, to, locale, code_hash, expires_at } = new;
    let sql =
        "UPDATE email_tokens SET ended = 'replaced' WHERE user_id = $1 AND purpose = $2 AND ended IS NULL";
    tx.exec(sql, args![user, purpose.name()]).await?;
    let sql = "INSERT INTO email_tokens (token_hash, user_id, purpose, address, locale, code_hash, tries, expires_at)
               VALUES ($1, $2, $3, $4, $5, $6, 0, $7)";
    let (to, code_hash) = (to.expose(), code_hash.map(str::to_owned));
    tx.exec(sql, args![hash, user, purpose.name(), to, locale.tag(), code_hash, expires_at]).await.map(drop)
}

/// Whether the code may be tried once more.
pub async fn take_try(tx: &Tx, hash: &str, most: i64) -> Result<bool> {
    let sql =
        "UPDATE email_tokens SET tries = tries + 1 WHERE token_hash = $1 AND tries < $2 AND ended IS NULL";
    Ok(tx.exec(sql, args![hash, most]).await? > 0)
}

/// Whether it was still good: of many who come at once, one has it.
pub async fn use_up(tx: &Tx, hash: &str, now: Time) -> Result<bool> {
    let sql =
        "UPDATE email_tokens SET ended = 'used' WHERE token_hash = $1 AND ended IS NULL AND expires_at > $2";
    Ok(tx.exec(sql, args![hash, now]).await? > 0)
}

/// Whatever mails carry for the user opens nothing from now on.
pub async fn end_all(tx: &Tx, user: UserId) -> Result<()> {
    let sql = "UPDATE email_tokens SET ended = 'replaced' WHERE user_id = $1 AND ended IS NULL";
    tx.exec(sql, args![user]).await.map(drop)
}

/// Of one purpose alone.
pub async fn end(tx: &Tx, user: UserId, purpose: Purpose) -> Result<()> {
    let sql =
        "UPDATE email_tokens SET ended = 'replaced' WHERE user_id = $1 AND purpose = $2 AND ended IS NULL";
    tx.exec(sql, args![user, purpose.name()]).await.map(drop)
}

/// Drops those that ran out before then.
pub async fn sweep(tx: &Tx, before: Time) -> Result<()> {
    tx.exec("DELETE FROM email_tokens WHERE expires_at <= $1", args![before]).await.map(drop)
}

/// Every address that is, was asked to be, or may have got mail as the user's.
pub async fn addresses_of(on: &impl Conn, user: UserId) -> Result<Vec<String>> {
    let sql = "SELECT address FROM user_emails WHERE user_id = $1 UNION SELECT address FROM email_tokens WHERE user_id = $1";
    on.column(sql, args![user]).await
}

pub async fn delete_all_of(tx: &Tx, user: UserId) -> Result<()> {
    tx.exec("DELETE FROM email_tokens WHERE user_id = $1", args![user]).await?;
    remove(tx, user).await
}
