//! The only SQL that names the table of settings.

use std::collections::HashMap;

use db::{Conn, FromQueryResult, Tx, args};
use kernel::{Result, Time};

#[derive(FromQueryResult)]
struct Row {
    name: String,
    value: String,
}

pub async fn all(on: &impl Conn) -> Result<HashMap<String, String>> {
    let rows: Vec<Row> = on.all("SELECT name, value FROM settings", vec![]).await?;
    Ok(rows.into_iter().map(|row| (row.name, row.value)).collect())
}

pub async fn set(tx: &Tx, name: &str, value: &str, now: Time) -> Result<()> {
    let sql = "INSERT INTO settings (name, value, changed_at) VALUES ($1, $2, $3) \
               ON CONFLICT (name) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at";
    tx.exec(sql, args![name, value, now]).await.map(drop)
}

pub async fn unset(tx: &Tx, name: &str) -> Result<()> {
    tx.exec("DELETE FROM settings WHERE name = $1", args![name]).await.map(drop)
}
