//! Whether writes really get there.

use kernel::{Error, Result};

use crate::error::UNAVAILABLE;
use crate::{Conn, Db, args};

pub(crate) const TABLE: &str =
    "CREATE TABLE IF NOT EXISTS write_proof (id BIGINT PRIMARY KEY, written BIGINT NOT NULL)";

impl Db {
    /// Counts up in a row of its own and reads the number back over another connection. Errors: [`Error::Unavailable`] where the database is
    /// gone, busy or full, or where what was committed is not there.
    pub async fn prove_write(&self) -> Result<()> {
        let sql = "INSERT INTO write_proof (id, written) VALUES (1, 1) \
            ON CONFLICT (id) DO UPDATE SET written = write_proof.written + 1 RETURNING written";
        let tx = self.write().await?;
        let written: Option<i64> = tx.scalar(sql, args![]).await?;
        tx.commit().await?;
        let read: Option<i64> = self.scalar("SELECT written FROM write_proof WHERE id = 1", args![]).await?;
        // Another node may have written after us.
        if written.is_some() && read >= written {
            return Ok(());
        }
        tracing::error!(?written, ?read, "what was committed is not there");
        Err(Error::Unavailable(UNAVAILABLE.into()))
    }
}
