//! The audit log: who did what, on what, when and from which network.
//!
//! A row is written in the transaction of what it tells of, so it is there if and only if that is. It names users and things by their ids and
//! says no words of theirs: rows are only ever added, so what stands in one could never be erased. Each row's hash covers the row and the hash of
//! the row before it ([`AuditLog::verify`] walks the chain), and the end of the chain stands apart: a row that is changed, taken out or put in between shows,
//! and so does an end that is cut off. Whoever can write to the database can also make the whole chain anew: only a hash that was noted
//! elsewhere shows that (`byline doctor` prints it).
//!
//! Tables: `audit_log`, `audit_head`.

mod chain;
mod log;
mod network;
mod read;
#[cfg(test)]
mod tests;
mod verify;

pub use log::{AuditLog, Past, Record, record, take_in};
pub use network::from_network;
pub use read::{Filter, Line};
pub use verify::{Broken, Verified};

pub static SCHEMA: db::Schema =
    db::schema!("audit", needs: [&events::SCHEMA], migrations: [("0001_audit"), "0002_days"]);
