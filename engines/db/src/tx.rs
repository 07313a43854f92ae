//! Writes: transactions that are acknowledged only when the database has them, on connections that are whole.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use kernel::{Error, Result};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, QueryResult,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::circuit::Circuit;
use crate::commits::Commits;
use crate::conn::Conn;
use crate::error::{UNAVAILABLE, map};
use crate::observed::{Observed, Pool};

/// The connections that write, and whose turn it is.
pub(crate) struct Writers {
    pub(crate) pool: DatabaseConnection,
    pub(crate) turns: Arc<Semaphore>,
    /// How long a write waits for its turn.
    pub(crate) patience: Duration,
    pub(crate) circuit: Option<Arc<Circuit>>,
    /// Set when a transaction ended in a way that leaves its connection in doubt: it is closed, not used again.
    pub(crate) doubted: Arc<AtomicBool>,
    pub(crate) commits: Commits,
}

impl Writers {
    pub(crate) async fn begin(&self) -> Result<Tx> {
        if self.circuit.as_ref().is_some_and(|circuit| circuit.is_open()) {
            return Err(Error::Unavailable(UNAVAILABLE.into()));
        }
        let turn = tokio::time::timeout(self.patience, self.turns.clone().acquire_owned()).await;
        let turn = turn
            .map_err(|_| Error::Unavailable(UNAVAILABLE.into()))?
            .map_err(|_| Error::Unavailable(UNAVAILABLE.into()))?;
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        // On a task of its own: were it dropped half-way, the driver for PostgreSQL would put a connection back into the pool that is
        // inside a transaction and does not know it. One that nobody waits for any more is rolled back.
        let pool = self.pool.clone();
        let begun = tokio::spawn(async move { pool.begin_with_options(options).await });
        let begun = async { begun.await.map_err(Error::internal)?.map_err(|error| self.map_error(error)) };
        let inner = match &self.circuit {
            Some(circuit) => circuit.guard(begun).await?,
            None => begun.await?,
        };
        Ok(Tx {
            inner,
            broken: AtomicBool::new(false),
            circuit: self.circuit.clone(),
            doubted: self.doubted.clone(),
            commits: self.commits.clone(),
            news: AtomicBool::new(false),
            _turn: turn,
        })
    }

    fn map_error(&self, error: DbErr) -> Error {
        self.doubted.store(true, Ordering::Release);
        map_error(self.circuit.as_ref(), error)
    }
}

fn map_error(circuit: Option<&Arc<Circuit>>, error: DbErr) -> Error {
    if let Some(circuit) = circuit {
        circuit.record(&error);
    }
    map(error)
}

/// A write that has begun. Dropped without [`Tx::commit`], nothing of it happened.
pub struct Tx {
    inner: DatabaseTransaction,
    /// A statement did not end well: it failed, or was given up half-way.
    broken: AtomicBool,
    circuit: Option<Arc<Circuit>>,
    doubted: Arc<AtomicBool>,
    commits: Commits,
    /// Other processes wait for what it writes.
    news: AtomicBool,
    _turn: OwnedSemaphorePermit,
}

impl Tx {
    /// Makes the write durable, then wakes whoever waits in [`Db::committed`](crate::Db::committed).
    ///
    /// Where a statement of it failed, nothing is committed, whatever the caller made of that error: PostgreSQL would answer COMMIT with a
    /// rollback and call it a success, and SQLite, which after some errors (a full disk) ends a transaction by itself, would commit each later
    /// statement alone; so there are no later statements either. Goes on where nobody waits for it any more.
    pub async fn commit(self) -> Result<()> {
        self.is_sound()?;
        let Self { inner, circuit, doubted, commits, news, _turn: turn, .. } = self;
        let work = tokio::spawn(async move {
            let done = inner.commit().await;
            match &done {
                Ok(()) => commits.wake(news.load(Ordering::Relaxed)),
                Err(_) => doubted.store(true, Ordering::Release),
            }
            drop(turn);
            done
        });
        let ended = async {
            work.await.map_err(Error::internal)?.map_err(|error| map_error(circuit.as_ref(), error))
        };
        match &circuit {
            Some(circuit) => circuit.guard(ended).await,
            None => ended.await,
        }
    }

    pub async fn rollback(self) -> Result<()> {
        let Self { inner, doubted, circuit, .. } = self;
        inner.rollback().await.map_err(|error| {
            doubted.store(true, Ordering::Release);
            map_error(circuit.as_ref(), error)
        })
    }

    /// Has other processes woken, too, when it is committed ([`Db::committed`](crate::Db::committed)): without, they find what it wrote when they look by
    /// themselves.
    pub fn wake_others(&self) {
        self.news.store(true, Ordering::Relaxed);
    }

    /// Runs statements that take no parameters (migrations).
    pub(crate) async fn batch(&self, sql: &str) -> Result<()> {
        self.run(self.inner.execute_unprepared(sql)).await.map(drop)
    }

    async fn run<T>(&self, statement: impl Future<Output = Result<T, DbErr>>) -> Result<T> {
        self.is_sound()?;
        let mut breaks = Breaks { broken: &self.broken, well: false };
        let run = async { statement.await.map_err(|error| map_error(self.circuit.as_ref(), error)) };
        let done = match &self.circuit {
            Some(circuit) => circuit.guard(run).await,
            None => run.await,
        };
        breaks.well = done.is_ok();
        done
    }

    fn is_sound(&self) -> Result<()> {
        if self.broken.load(Ordering::Acquire) {
            return Err(Error::internal(
                "a statement of this transaction failed; nothing more is done in it",
            ));
        }
        Ok(())
    }
}

/// Marks a transaction when a statement of it is dropped and did not end well.
struct Breaks<'a> {
    broken: &'a AtomicBool,
    well: bool,
}

impl Drop for Breaks<'_> {
    fn drop(&mut self) {
        if !self.well {
            self.broken.store(true, Ordering::Release);
        }
    }
}

impl Conn for Tx {
    fn backend(&self) -> DbBackend {
        self.inner.get_database_backend()
    }
    async fn run_all(&self, statement: Statement) -> Result<Vec<QueryResult>> {
        let seen = Observed::begin(Pool::Write, &statement);
        seen.during(self.run(self.inner.query_all_raw(statement))).await
    }
    async fn run_one(&self, statement: Statement) -> Result<Option<QueryResult>> {
        let seen = Observed::begin(Pool::Write, &statement);
        seen.during(self.run(self.inner.query_one_raw(statement))).await
    }
    async fn run_exec(&self, statement: Statement) -> Result<u64> {
        let seen = Observed::begin(Pool::Write, &statement);
        seen.during(self.run(self.inner.execute_raw(statement))).await.map(|done| done.rows_affected())
    }
}
