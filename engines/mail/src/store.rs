//! The rows.

use std::collections::HashMap;

use db::{Conn, FromQueryResult, Tx, args};
use kernel::{Error, Id, Locale, Result, Time};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::address::Address;
use crate::letter::{Letter, Unsubscribe};

#[doc(hidden)]
pub enum MailMarker {}
pub type MailId = Id<MailMarker>;

/// Sends a mail (`jobs.rs`).
#[derive(Serialize, Deserialize)]
pub struct SendMail {
    pub id: MailId,
}

/// A mail that waits, as it is rendered and sent.
pub struct Stored {
    pub id: MailId,
    pub template: String,
    pub to: Address,
    pub locale: Locale,
    /// As in [`Letter::zone`].
    pub zone: Option<String>,
    pub values: Value,
    pub unsubscribe: Option<Unsubscribe>,
    /// The `Date` of the message, at each try.
    pub created_at: Time,
}

#[derive(FromQueryResult)]
struct Row {
    id: MailId,
    template: String,
    locale: String,
    zone: Option<String>,
    address: String,
    data: String,
    unsubscribe: Option<String>,
    created_at: Time,
}

impl TryFrom<Row> for Stored {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let Row { id, template, locale, zone, address, data, unsubscribe, created_at } = row;
        Ok(Self {
            id,
            template,
            to: Address::stored(address),
            locale: Locale::of(&locale).unwrap_or_default(),
            zone,
            // What is wrong is not said: it may be somebody's name.
            values: serde_json::from_str(&data)
                .map_err(|_| Error::internal("what a mail is filled with cannot be read"))?,
            unsubscribe: unsubscribe.map(Unsubscribe::stored),
            created_at,
        })
    }
}

/// An address takes no mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Refusal {
    /// What a mail server replied (RFC 5321, section 4.2).
    pub code: i64,
    pub at: Time,
}

/// Makes the row; one of the same template and key goes. Whoever sends that at this moment finds no row to delete, and leaves the new one.
pub async fn insert(tx: &Tx, id: MailId, letter: &Letter, now: Time) -> Result<()> {
    if let Some(key) = &letter.key {
        delete_keyed(tx, letter.template, key).await?;
    }
    let data = serde_json::to_string(&letter.values).map_err(Error::internal)?;
    let unsubscribe = letter.digest.as_ref().map(|digest| digest.url().to_owned());
    let sql = "INSERT INTO mails (id, template, locale, zone, address, data, unsubscribe, key, created_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let (zone, to, key) = (letter.zone.clone(), letter.to.expose(), letter.key.clone());
    let args = args![id, letter.template, letter.locale.tag(), zone, to, data, unsubscribe, key, now];
    tx.exec(sql, args).await.map(drop)
}

pub async fn find(conn: &impl Conn, id: MailId) -> Result<Option<Stored>> {
    let sql =
        "SELECT id, template, locale, zone, address, data, unsubscribe, created_at FROM mails WHERE id = $1";
    conn.opt::<Row>(sql, args![id]).await?.map(Stored::try_from).transpose()
}

pub async fn is_there(conn: &impl Conn, id: MailId) -> Result<bool> {
    Ok(conn.scalar::<MailId>("SELECT id FROM mails WHERE id = $1", args![id]).await?.is_some())
}

pub async fn delete(tx: &Tx, id: MailId) -> Result<bool> {
    Ok(tx.exec("DELETE FROM mails WHERE id = $1", args![id]).await? > 0)
}

pub async fn delete_keyed(tx: &Tx, template: &str, key: &str) -> Result<u64> {
    tx.exec("DELETE FROM mails WHERE template = $1 AND key = $2", args![template, key]).await
}

pub async fn delete_to(tx: &Tx, to: &Address) -> Result<u64> {
    tx.exec("DELETE FROM mails WHERE address = $1", args![to.expose()]).await
}

/// The first of them behind `after`.
pub async fn ids(conn: &impl Conn, after: MailId, limit: usize) -> Result<Vec<MailId>> {
    let sql = "SELECT id FROM mails WHERE id > $1 ORDER BY id LIMIT $2";
    conn.column(sql, args![after, limit as i64]).await
}

pub async fn refusal(conn: &impl Conn, of: &Address) -> Result<Option<Refusal>> {
    conn.opt("SELECT code, at FROM mail_refusals WHERE address = $1", args![of.hashed()]).await
}

pub async fn refuse(tx: &Tx, address: &Address, code: u16, now: Time) -> Result<()> {
    let sql = "INSERT INTO mail_refusals (address, code, at) VALUES ($1, $2, $3)
               ON CONFLICT (address) DO UPDATE SET code = excluded.code, at = excluded.at";
    tx.exec(sql, args![address.hashed(), i64::from(code), now]).await.map(drop)
}

/// Whether it was refused.
pub async fn clear(tx: &Tx, address: &Address) -> Result<bool> {
    Ok(tx.exec("DELETE FROM mail_refusals WHERE address = $1", args![address.hashed()]).await? > 0)
}

/// How many were refused.
pub async fn clear_all(tx: &Tx) -> Result<u64> {
    tx.exec("DELETE FROM mail_refusals", vec![]).await
}

/// Notes that nothing is to be left of mail to it.
pub async fn forget(tx: &Tx, address: &Address, now: Time) -> Result<()> {
    let sql = "INSERT INTO mail_forgotten (address, at) VALUES ($1, $2) ON CONFLICT (address) DO UPDATE SET at = excluded.at";
    tx.exec(sql, args![address.hashed(), now]).await.map(drop)
}

#[derive(FromQueryResult)]
struct ForgottenRow {
    address: String,
    at: Time,
}

/// Those that were forgotten since `since`, as they are stored, and when.
pub async fn forgotten(conn: &impl Conn, since: Time) -> Result<HashMap<String, Time>> {
    let rows: Vec<ForgottenRow> =
        conn.all("SELECT address, at FROM mail_forgotten WHERE at >= $1", args![since]).await?;
    Ok(rows.into_iter().map(|row| (row.address, row.at)).collect())
}

pub async fn drop_forgotten(tx: &Tx, before: Time) -> Result<u64> {
    tx.exec("DELETE FROM mail_forgotten WHERE at < $1", args![before]).await
}
