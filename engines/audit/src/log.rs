//! Writing: in the transaction of what was done.

use db::{Conn, Db, FromQueryResult, Tx, args};
use events::{Actor, Journal};
use kernel::{Error, Result, Time};
use serde::Serialize;

use crate::chain::{COLUMNS, Row};
use crate::network;

/// What was done to something. Values are small and name nobody: roles, states, settings of the site.
#[derive(Clone, Debug)]
pub struct Record {
    /// Stable, `thing.verb`: it is stored, and names the message `audit-<thing>-<verb>`.
    action: &'static str,
    target_kind: &'static str,
    target: String,
    before: Option<String>,
    after: Option<String>,
}

impl Record {
    /// `target_kind` is a word such as `user` or `setting`, `target` its id.
    pub fn new(action: &'static str, target_kind: &'static str, target: impl ToString) -> Self {
        Self { action, target_kind, target: target.to_string(), before: None, after: None }
    }

    /// `None` is nothing.
    #[must_use]
    pub fn before(self, value: impl Serialize) -> Self {
        Self { before: json(value), ..self }
    }

    #[must_use]
    pub fn after(self, value: impl Serialize) -> Self {
        Self { after: json(value), ..self }
    }
}

fn json(value: impl Serialize) -> Option<String> {
    serde_json::to_string(&value).ok().filter(|text| text != "null")
}

/// The end of the chain.
#[derive(FromQueryResult)]
pub(crate) struct Head {
    pub seq: i64,
    pub hash: String,
}

/// Writes down what the journal's actor did. To be called last in a transaction: on PostgreSQL it holds back all others that write to the log until
/// that ends, and whoever then waits for a row that one of them has waits for ever.
pub async fn record(tx: &Tx, journal: &Journal, record: Record) -> Result<()> {
    append(tx, vec![Past { at: journal.now(), by: journal.actor(), record }], network::current()).await
}

/// What was done before there was an audit log.
#[derive(Clone, Debug)]
pub struct Past {
    pub at: Time,
    pub by: Actor,
    pub record: Record,
}

async fn append(tx: &Tx, records: Vec<Past>, network: Option<String>) -> Result<()> {
    let sql = "UPDATE audit_head SET seq = seq + $1 WHERE id = 1 RETURNING seq, hash";
    let Head { seq, mut hash } = tx.opt(sql, args![records.len() as i64]).await?.ok_or(Error::NotFound)?;
    let first = seq - records.len() as i64 + 1;
    let mut rows = Vec::with_capacity(records.len());
    for (seq, Past { at, by, record }) in (first..).zip(records) {
        let mut row = Row {
            seq,
            at,
            actor: by.stored(),
            action: record.action.to_owned(),
            target_kind: record.target_kind.to_owned(),
            target: record.target,
            before_value: record.before,
            after_value: record.after,
            network: network.clone(),
            hash: String::new(),
        };
        hash = row.hash_after(&hash);
        row.hash.clone_from(&hash);
        rows.push(row);
    }
    for part in rows.chunks(PART) {
        let sql = format!("INSERT INTO audit_log ({COLUMNS}) VALUES {}", db::rows(part.len(), 10));
        let values = part.iter().cloned().flat_map(Row::values).collect();
        tx.exec(&sql, values).await?;
    }
    tx.exec("UPDATE audit_head SET hash = $1 WHERE id = 1", args![hash]).await.map(drop)
}

/// Rows that are inserted by one statement.
const PART: usize = 500;

/// The log as operators use it.
#[derive(Clone)]
pub struct AuditLog {
    pub(crate) db: Db,
}

impl AuditLog {
    pub fn new(db: Db) -> Self {
        Self { db }
    }
}

/// Takes in what was written down elsewhere before there was this log, oldest first.
pub async fn take_in(tx: &Tx, mut past: Vec<Past>) -> Result<()> {
    past.sort_by_key(|one| one.at);
    if past.is_empty() { Ok(()) } else { append(tx, past, None).await }
}
