//! Which files of reads were brought in, and how far.

use db::{Conn, Tx, args};
use kernel::{Result, Time};

pub async fn note(tx: &Tx, digest: &str, lines: u64, now: Time) -> Result<()> {
    let sql = "INSERT INTO read_imports (digest, lines, at) VALUES ($1, $2, $3)
               ON CONFLICT (digest) DO UPDATE SET lines = excluded.lines, at = excluded.at";
    tx.exec(sql, args![digest, lines as i64, now]).await.map(drop)
}

pub async fn lines(on: &impl Conn, digest: &str) -> Result<u64> {
    let lines = on.scalar::<i64>("SELECT lines FROM read_imports WHERE digest = $1", args![digest]).await?;
    Ok(lines.unwrap_or_default().unsigned_abs())
}
