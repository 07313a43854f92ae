//! Asking the database: the same verbs on the readers ([`Db`](crate::Db)) and inside a write ([`Tx`](crate::Tx)).

use std::future::Future;

use kernel::{Error, Result};
use sea_orm::{DbBackend, FromQueryResult, QueryResult, Statement, TryGetable, Value};

use crate::error::map;

/// Something that takes statements. Errors: [`Error::Conflict`]`("exists")` where a unique column refuses,
/// [`Error::Unavailable`] where the database is gone, busy or full, [`Error::Invalid`] (`text-nul`) for a text that no database takes, else
/// [`Error::Internal`].
pub trait Conn: Sync {
    #[doc(hidden)]
    fn backend(&self) -> DbBackend;
    #[doc(hidden)]
    fn run_all(&self, statement: Statement) -> impl Future<Output = Result<Vec<QueryResult>>> + Send;
    #[doc(hidden)]
    fn run_one(&self, statement: Statement) -> impl Future<Output = Result<Option<QueryResult>>> + Send;
    #[doc(hidden)]
    fn run_exec(&self, statement: Statement) -> impl Future<Output = Result<u64>> + Send;

    /// Whether this is PostgreSQL, for the few statements that must differ.
    fn is_postgres(&self) -> bool {
        self.backend() == DbBackend::Postgres
    }

    /// Every row.
    fn all<T: FromQueryResult + Send>(
        &self,
        sql: &str,
        args: Vec<Value>,
    ) -> impl Future<Output = Result<Vec<T>>> + Send {
        let statement = statement(self.backend(), sql, args);
        async move {
            let statement = statement?;
            let rows = self.run_all(statement).await?;
            rows.iter().map(|row| T::from_query_result(row, "").map_err(map)).collect()
        }
    }

    /// The first row, if there is one.
    fn opt<T: FromQueryResult + Send>(
        &self,
        sql: &str,
        args: Vec<Value>,
    ) -> impl Future<Output = Result<Option<T>>> + Send {
        let statement = statement(self.backend(), sql, args);
        async move {
            let statement = statement?;
            let row = self.run_one(statement).await?;
            row.map(|row| T::from_query_result(&row, "").map_err(map)).transpose()
        }
    }

    /// The first column of the first row, if there is one.
    fn scalar<T: TryGetable + Send>(
        &self,
        sql: &str,
        args: Vec<Value>,
    ) -> impl Future<Output = Result<Option<T>>> + Send {
        let statement = statement(self.backend(), sql, args);
        async move {
            let statement = statement?;
            let row = self.run_one(statement).await?;
            row.map(|row| row.try_get_by_index(0).map_err(map)).transpose()
        }
    }

    /// The first column of every row.
    fn column<T: TryGetable + Send>(
        &self,
        sql: &str,
        args: Vec<Value>,
    ) -> impl Future<Output = Result<Vec<T>>> + Send {
        let statement = statement(self.backend(), sql, args);
        async move {
            let statement = statement?;
            let rows = self.run_all(statement).await?;
            rows.iter().map(|row| row.try_get_by_index(0).map_err(map)).collect()
        }
    }

    /// Runs a statement and says how many rows it changed.
    fn exec(&self, sql: &str, args: Vec<Value>) -> impl Future<Output = Result<u64>> + Send {
        let statement = statement(self.backend(), sql, args);
        async move { self.run_exec(statement?).await }
    }
}

/// PostgreSQL has no U+0000 in texts, and SQLite's functions end at it. Whoever reads input takes it out; what gets here is refused.
fn statement(backend: DbBackend, sql: &str, args: Vec<Value>) -> Result<Statement> {
    if args.iter().any(|arg| matches!(arg, Value::String(Some(text)) if text.contains('\0'))) {
        return Err(Error::invalid("text", crate::codes::TEXT_NUL));
    }
    Ok(Statement::from_sql_and_values(backend, sql, args))
}
