//! One writer and many readers over SQLite or PostgreSQL, from one code.
//!
//! SQL is written once, in the subset both speak: `BIGINT`, `TEXT`, `DOUBLE PRECISION`, `BOOLEAN`; `$n` parameters;
//! `ON CONFLICT`; `RETURNING`. Time is always a parameter (UTC milliseconds).
//!
//! ```ignore
//! let row: Option<Row> = db.opt("SELECT id, name FROM users WHERE handle = $1", args![handle]).await?;
//! let mut tx = db.write().await?;
//! tx.exec("UPDATE users SET name = $2 WHERE id = $1", args![id, name]).await?;
//! tx.commit().await?;
//! ```

mod chunks;
mod circuit;
pub mod codes;
mod columns;
mod commits;
mod conn;
mod error;
mod files;
mod identity;
mod observed;
mod open;
mod proof;
mod schema;
mod settled;
#[cfg(feature = "testing")]
pub mod testing;
mod tx;

pub use chunks::{CHUNK, all_in};
pub use columns::{Codec, Plain};
pub use conn::Conn;
pub use db_macros::db_test;
pub use open::{DatabaseUrl, Db, PoolState};
pub use schema::{Migration, Schema};
pub use sea_orm::{DbErr, FromQueryResult, QueryResult, Value};
pub use tx::Tx;

/// `args![a, b]`: the values of `$1`, `$2`.
#[macro_export]
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::Value::from($value)),*] };
}

/// `$first, $first+1, …` for a list of `n` values: `IN ({placeholders})`. SQLite takes 32,766 parameters, PostgreSQL
/// 65,535: a list that may be longer goes through [`all_in`].
pub fn placeholders(first: usize, n: usize) -> String {
    (first..first + n).map(|i| format!("${i}")).collect::<Vec<_>>().join(",")
}

/// Groups of parameters for a multi-row insert: `rows(2, 3)` is `($1,$2,$3),($4,$5,$6)`.
pub fn rows(rows: usize, columns: usize) -> String {
    (0..rows).map(|r| format!("({})", placeholders(r * columns + 1, columns))).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    #[test]
    fn placeholders_and_rows() {
        assert_eq!(super::placeholders(2, 3), "$2,$3,$4");
        assert_eq!(super::rows(2, 2), "($1,$2),($3,$4)");
    }
}
