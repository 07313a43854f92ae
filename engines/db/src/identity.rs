//! Which database this is: by a number that it got when its first table was made, and that its backups and replicas keep.
//!
//! A server that was away may come back with another database under the same name: an old backup's is the same site, a neighbour's or an empty
//! one is not. What this process knows of the first must not be mixed with what is in the second, so connections to another are refused.

use std::sync::{Arc, OnceLock};

use sea_orm::sqlx::postgres::PgConnection;
use sea_orm::sqlx::{Error as SqlxError, query_scalar};

/// What the process works on, once it has found out.
pub(crate) type Expected = Arc<OnceLock<String>>;

pub(crate) const TABLE: &str = "CREATE TABLE IF NOT EXISTS database_identity (id TEXT NOT NULL PRIMARY KEY)";
pub(crate) const ID: &str = "SELECT id FROM database_identity";

/// Refuses a connection to another database than the one that the process works on.
pub(crate) async fn check(connection: &mut PgConnection, expected: &Expected) -> Result<(), SqlxError> {
    let Some(expected) = expected.get() else { return Ok(()) };
    let found: Option<String> = match query_scalar(ID).fetch_optional(connection).await {
        Ok(found) => found,
        // An empty one.
        Err(SqlxError::Database(said)) if said.code().as_deref() == Some("42P01") => None,
        Err(error) => return Err(error),
    };
    if found.as_ref() == Some(expected) {
        return Ok(());
    }
    Err(SqlxError::Configuration("another database answers than the one that this site works on".into()))
}
