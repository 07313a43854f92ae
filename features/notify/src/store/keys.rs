//! Secrets of the site that notifications need.

use db::{Conn, Tx, args};
use kernel::{Result, Time};

pub async fn find(on: &impl Conn, name: &str) -> Result<Option<String>> {
    on.scalar("SELECT secret FROM notification_keys WHERE name = $1", args![name]).await
}

/// Where another process was faster, its secret stays.
pub async fn add(tx: &Tx, name: &str, secret: String, now: Time) -> Result<()> {
    let sql =
        "INSERT INTO notification_keys (name, secret, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    tx.exec(sql, args![name, secret, now]).await.map(drop)
}
