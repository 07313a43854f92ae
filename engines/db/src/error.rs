//! What a database's error means to whoever asked.

use kernel::Error;
use sea_orm::{DbErr, RuntimeErr, SqlErr, SqlxError};

/// The database does not answer, or not in time.
pub(crate) const UNAVAILABLE: &str = "database";

pub(crate) fn map(error: DbErr) -> Error {
    if let Some(SqlErr::UniqueConstraintViolation(_)) = error.sql_err() {
        return Error::Conflict(crate::codes::EXISTS);
    }
    match kind(&error) {
        Kind::Full => {
            tracing::error!(%error, "the database has no room to write");
            Error::storage_full()
        }
        Kind::Gone | Kind::Busy => {
            tracing::warn!(%error, "the database does not answer");
            Error::Unavailable(UNAVAILABLE.into())
        }
        Kind::Other => Error::internal(error),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// No room on the disk.
    Full,
    /// The server or the connection to it is gone, or the file can't be reached.
    Gone,
    /// It is there and has no time for us.
    Busy,
    Other,
}

pub(crate) fn kind(error: &DbErr) -> Kind {
    let source = match error {
        DbErr::ConnectionAcquire(_) => return Kind::Gone,
        DbErr::Conn(RuntimeErr::SqlxError(source))
        | DbErr::Exec(RuntimeErr::SqlxError(source))
        | DbErr::Query(RuntimeErr::SqlxError(source)) => source,
        _ => return Kind::Other,
    };
    match &**source {
        SqlxError::Database(said) => {
            let code = said.code();
            let code = code.as_deref().unwrap_or_default();
            match code.parse::<i64>() {
                // SQLite's codes are numbers of up to four digits, PostgreSQL's are five characters.
                Ok(number) if code.len() < 5 => sqlite(number),
                _ => postgres(code),
            }
        }
        SqlxError::Io(_)
        | SqlxError::Tls(_)
        | SqlxError::Protocol(_)
        | SqlxError::PoolTimedOut
        | SqlxError::PoolClosed
        | SqlxError::WorkerCrashed
        | SqlxError::BeginFailed => Kind::Gone,
        _ => Kind::Other,
    }
}

/// Result codes of SQLite (sqlite.org/rescode.html); the low byte is the kind.
fn sqlite(code: i64) -> Kind {
    match code & 0xff {
        13 => Kind::Full,
        // BUSY, LOCKED
        5 | 6 => Kind::Busy,
        // READONLY, IOERR, CANTOPEN
        8 | 10 | 14 => Kind::Gone,
        _ => Kind::Other,
    }
}

/// Error codes of PostgreSQL (appendix A of its manual).
fn postgres(code: &str) -> Kind {
    match code {
        "53100" => Kind::Full,
        // Too many connections, out of memory; serialization, deadlock, lock not available.
        "53200" | "53300" | "53400" | "40001" | "40P01" | "55P03" => Kind::Busy,
        // Read-only (a standby), ended for being idle in a transaction, input or output error, and a server that is going or coming.
        "25006" | "25P03" | "58030" | "57P01" | "57P02" | "57P03" => Kind::Gone,
        _ if code.starts_with("08") => Kind::Gone,
        _ => Kind::Other,
    }
}
