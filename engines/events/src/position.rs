//! Places in the journal.

use std::fmt;
use std::str::FromStr;

use db::FromQueryResult;
use kernel::{Error, Result};
use serde::{Deserialize, Serialize};

/// A place in the journal. Entries are ordered by the writing transaction, then by number.
///
/// Numbers alone would not do on PostgreSQL: they are given out before commit, so a transaction that commits late
/// may show a number below one that was already read. `tx` is the transaction's own number, and `Journal::after` reads only
/// transactions older than every one of this site still running (`Db::settled`), so nothing can appear behind a reader.
/// On SQLite writers take turns and `tx` is 0.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, FromQueryResult,
)]
pub struct Position {
    pub tx: i64,
    pub seq: i64,
}

impl Position {
    /// Before the first event.
    pub const START: Self = Self { tx: -1, seq: 0 };
}

/// `tx.seq`, for cookies and logs.
impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.tx, self.seq)
    }
}

impl FromStr for Position {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        let parsed = text
            .split_once('.')
            .and_then(|(tx, seq)| Some(Self { tx: tx.parse().ok()?, seq: seq.parse().ok()? }));
        parsed.ok_or(Error::NotFound)
    }
}
