//! Asking the database: the same verbs on the readers ([`Db`]) and inside a write ([`Tx`]).

use std::future::Future;

use kernel::{Error, Result};
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, FromQueryResult, QueryResult, SqlErr, Statement,
    TransactionTrait, TryGetable, Value,
};
use tokio::sync::watch;

use crate::Db;

/// Something that takes statements. Errors: [`Error::Conflict`]`("exists")` where a unique column refuses,
/// else [`Error::Internal`].
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
        let statement = Statement::from_sql_and_values(self.backend(), sql, args);
        async move {
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
        let statement = Statement::from_sql_and_values(self.backend(), sql, args);
        async move {
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
        let statement = Statement::from_sql_and_values(self.backend(), sql, args);
        async move {
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
        let statement = Statement::from_sql_and_values(self.backend(), sql, args);
        async move {
            let rows = self.run_all(statement).await?;
            rows.iter().map(|row| row.try_get_by_index(0).map_err(map)).collect()
        }
    }

    /// Runs a statement and says how many rows it changed.
    fn exec(&self, sql: &str, args: Vec<Value>) -> impl Future<Output = Result<u64>> + Send {
        let statement = Statement::from_sql_and_values(self.backend(), sql, args);
        self.run_exec(statement)
    }
}

macro_rules! conn {
    ($ty:ty, |$this:ident| $inner:expr) => {
        impl Conn for $ty {
            fn backend(&self) -> DbBackend {
                let $this = self;
                $inner.get_database_backend()
            }
            async fn run_all(&self, statement: Statement) -> Result<Vec<QueryResult>> {
                let $this = self;
                $inner.query_all_raw(statement).await.map_err(map)
            }
            async fn run_one(&self, statement: Statement) -> Result<Option<QueryResult>> {
                let $this = self;
                $inner.query_one_raw(statement).await.map_err(map)
            }
            async fn run_exec(&self, statement: Statement) -> Result<u64> {
                let $this = self;
                $inner.execute_raw(statement).await.map(|done| done.rows_affected()).map_err(map)
            }
        }
    };
}
conn!(Db, |db| db.readers());
conn!(Tx, |tx| tx.inner);

/// A write that has begun. Dropped without [`Tx::commit`], nothing of it happened.
pub struct Tx {
    pub(crate) inner: DatabaseTransaction,
    pub(crate) committed: watch::Sender<u64>,
}

impl Tx {
    /// Makes the write durable, then wakes whoever waits in [`Db::committed`].
    pub async fn commit(self) -> Result<()> {
        self.inner.commit().await.map_err(map)?;
        self.committed.send_modify(|n| *n += 1);
        Ok(())
    }

    pub async fn rollback(self) -> Result<()> {
        self.inner.rollback().await.map_err(map)
    }

    /// Runs statements that take no parameters (migrations).
    pub(crate) async fn batch(&self, sql: &str) -> Result<()> {
        self.inner.execute_unprepared(sql).await.map(drop).map_err(map)
    }
}

pub(crate) async fn begin(pool: &sea_orm::DatabaseConnection, committed: watch::Sender<u64>) -> Result<Tx> {
    let options = sea_orm::TransactionOptions {
        sqlite_transaction_mode: Some(sea_orm::SqliteTransactionMode::Immediate),
        ..Default::default()
    };
    let inner = pool.begin_with_options(options).await.map_err(map)?;
    Ok(Tx { inner, committed })
}

pub(crate) fn map(error: DbErr) -> Error {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => Error::Conflict("exists"),
        _ if matches!(error, DbErr::ConnectionAcquire(_)) => Error::Unavailable("database".into()),
        _ => Error::internal(error),
    }
}
