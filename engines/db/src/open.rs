//! Opening a database: where it is, how its connections are set up.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use kernel::{Error, Result};
use sea_orm::sqlx::pool::PoolOptions;
use sea_orm::sqlx::sqlite::SqliteConnection;
use sea_orm::sqlx::{Connection, Error as SqlxError, Executor, Postgres};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, DbErr, QueryResult, Statement,
};
use tokio::sync::{Semaphore, watch};

use crate::circuit::Circuit;
use crate::commits::{Commits, Exchange};
use crate::conn::Conn;
use crate::error::map;
use crate::files;
use crate::identity::{self, Expected};
use crate::observed::{Observed, Pool};
use crate::tx::{Tx, Writers};

/// Where the data is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A file on this machine; made if missing.
    Sqlite(PathBuf),
    /// `postgres://user:password@host:port/database`
    Postgres(String),
}

impl FromStr for DatabaseUrl {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        match text.split_once(':') {
            Some(("postgres" | "postgresql", _)) => Ok(Self::Postgres(text.to_owned())),
            Some(("sqlite", path)) if !path.trim_start_matches("//").is_empty() => {
                Ok(Self::Sqlite(path.trim_start_matches("//").into()))
            }
            _ => Err(Error::invalid("database", crate::codes::DATABASE_URL)),
        }
    }
}

/// The connections of one pool.
#[derive(Clone, Copy, Debug)]
pub struct PoolState {
    /// `read` or `write`.
    pub name: &'static str,
    pub used: usize,
    pub idle: usize,
    pub most: u32,
}

/// A database: cheap to clone, shared by all.
#[derive(Clone)]
pub struct Db(Arc<Inner>);

struct Inner {
    readers: DatabaseConnection,
    writers: Writers,
    circuit: Option<Arc<Circuit>>,
    expected: Expected,
    _exchange: Option<Exchange>,
}

/// On PostgreSQL: how long a question waits for a connection. Who waits longer is better told so.
const PATIENCE: Duration = Duration::from_secs(3);
/// On SQLite, where writes come one after the other and an import may be at work: how long one waits for its turn.
const QUEUE: Duration = Duration::from_secs(30);
const POSTGRES_READERS: u32 = 12;
const POSTGRES_WRITERS: u32 = 6;
/// Taken by each connection that writes, before its first transaction (`settled.rs` says why); never waited for, as nobody takes it alone.
const MARK: &str = "SELECT pg_advisory_lock_shared(7276302)";
/// A write in which nothing is asked for so long is one of a node that is gone: the server rolls it back, and readers of the journal, who
/// wait for it, go on.
const ABANDONED: &str = "SET idle_in_transaction_session_timeout = '30s'; SET tcp_user_timeout = '30s'";

impl Db {
    /// Connects, and makes the SQLite file where it is missing, readable by nobody else. Tables come with [`Db::migrate`].
    pub async fn open(place: &DatabaseUrl) -> Result<Self> {
        let (doubted, expected) = (Arc::new(AtomicBool::new(false)), Expected::default());
        let (readers, pool, writers, patience, circuit) = match place {
            DatabaseUrl::Sqlite(path) => {
                files::close_to_others(path)?;
                let writer = connect(sqlite_writer(path, doubted.clone())).await?;
                (connect(sqlite(path, readers(), true)).await?, writer, 1, QUEUE, None)
            }
            DatabaseUrl::Postgres(url) => {
                let readers = connect(postgres_readers(url, expected.clone())).await?;
                let writers = connect(postgres_writers(url, expected.clone())).await?;
                (readers, writers, POSTGRES_WRITERS, PATIENCE, Some(Circuit::new(url, expected.clone())?))
            }
        };
        let writers = Writers {
            pool,
            turns: Arc::new(Semaphore::new(writers as usize)),
            patience,
            circuit: circuit.clone(),
            doubted,
            commits: Commits::default(),
        };
        let exchange = circuit.as_ref().map(|one| Exchange::start(one.server(), writers.commits.clone()));
        Ok(Self(Arc::new(Inner { readers, writers, circuit, expected, _exchange: exchange })))
    }

    /// Begins a write. On SQLite there is one writer, so this waits for its turn; the lock is taken at once
    /// (`BEGIN IMMEDIATE`), never half-way. Errors: [`Error::Unavailable`] where the database is gone or its turn does not come.
    pub async fn write(&self) -> Result<Tx> {
        self.0.writers.begin().await
    }

    /// Changes whenever a write commits, here or, on PostgreSQL, in another process: a hint that there may be something new.
    pub fn committed(&self) -> watch::Receiver<u64> {
        self.0.writers.commits.subscribe()
    }

    /// What there is of connections.
    pub fn pools(&self) -> [PoolState; 2] {
        let of = |pool: &DatabaseConnection| {
            if pool.get_database_backend() == DbBackend::Postgres {
                let pool = pool.get_postgres_connection_pool();
                (pool.size(), pool.num_idle(), pool.options().get_max_connections())
            } else {
                let pool = pool.get_sqlite_connection_pool();
                (pool.size(), pool.num_idle(), pool.options().get_max_connections())
            }
        };
        [("read", &self.0.readers), ("write", &self.0.writers.pool)].map(|(name, pool)| {
            let (open, idle, most) = of(pool);
            PoolState { name, used: (open as usize).saturating_sub(idle), idle, most }
        })
    }

    /// Leaves nothing of deleted rows in the file of a SQLite: it is written anew where it has at most `most` bytes, and what the write-ahead
    /// log still has of them goes. Whether it was written anew; in a larger file each row was overwritten as it was deleted, and only
    /// copies that the database made when it moved rows about may be left. On PostgreSQL nothing is done: its autovacuum frees dead rows.
    ///
    /// Writes wait meanwhile, reads do not.
    pub async fn scrub(&self, most: u64) -> Result<bool> {
        if self.is_postgres() {
            return Ok(false);
        }
        let turn = self.0.writers.turns.clone().acquire_owned();
        let _turn = tokio::time::timeout(QUEUE, turn)
            .await
            .map_err(|_| Error::Unavailable("the writer is busy".into()))?
            .map_err(Error::internal)?;
        let pages: Option<i64> = self.scalar("PRAGMA page_count", vec![]).await?;
        let page: Option<i64> = self.scalar("PRAGMA page_size", vec![]).await?;
        let is_small = (pages.unwrap_or_default() * page.unwrap_or_default()).unsigned_abs() <= most;
        if is_small {
            self.0.writers.pool.execute_unprepared("VACUUM").await.map_err(map)?;
        }
        self.0.writers.pool.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await.map_err(map)?;
        Ok(is_small)
    }

    pub(crate) fn expected(&self) -> &Expected {
        &self.0.expected
    }

    pub async fn close(self) -> Result<()> {
        self.0.readers.close_by_ref().await.map_err(map)?;
        self.0.writers.pool.close_by_ref().await.map_err(map)
    }
}

impl Conn for Db {
    fn backend(&self) -> DbBackend {
        self.0.readers.get_database_backend()
    }
    async fn run_all(&self, statement: Statement) -> Result<Vec<QueryResult>> {
        let seen = Observed::begin(Pool::Read, &statement);
        seen.during(self.ask(self.0.readers.query_all_raw(statement))).await
    }
    async fn run_one(&self, statement: Statement) -> Result<Option<QueryResult>> {
        let seen = Observed::begin(Pool::Read, &statement);
        seen.during(self.ask(self.0.readers.query_one_raw(statement))).await
    }
    async fn run_exec(&self, statement: Statement) -> Result<u64> {
        let seen = Observed::begin(Pool::Read, &statement);
        seen.during(self.ask(self.0.readers.execute_raw(statement))).await.map(|done| done.rows_affected())
    }
}

impl Db {
    async fn ask<T>(&self, statement: impl Future<Output = Result<T, DbErr>> + Send) -> Result<T> {
        let Some(circuit) = &self.0.circuit else { return statement.await.map_err(map) };
        let asked = async {
            statement.await.map_err(|error| {
                circuit.record(&error);
                map(error)
            })
        };
        circuit.guard(asked).await
    }
}

async fn connect(options: ConnectOptions) -> Result<DatabaseConnection> {
    Database::connect(options).await.map_err(map)
}

fn postgres(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .acquire_timeout(PATIENCE)
        .sqlx_logging(false)
        .map_sqlx_postgres_opts(|server| server.application_name("byline"));
    options
}

fn postgres_readers(url: &str, expected: Expected) -> ConnectOptions {
    let mut options = postgres(url, POSTGRES_READERS);
    options.map_sqlx_postgres_pool_opts(move |pool| {
        let expected = expected.clone();
        close_unless_whole(pool).after_connect(move |connection, _| {
            let expected = expected.clone();
            Box::pin(async move { identity::check(connection, &expected).await })
        })
    });
    options
}

/// A connection that still counts itself inside a transaction is of no use to the next.
fn close_unless_whole(pool: PoolOptions<Postgres>) -> PoolOptions<Postgres> {
    pool.after_release(|connection, _| Box::pin(async { Ok(!connection.is_in_transaction()) }))
}

/// Those that write: they say so ([`MARK`]), and one whose process is gone without a word is ended by the server.
fn postgres_writers(url: &str, expected: Expected) -> ConnectOptions {
    let mut options = postgres(url, POSTGRES_WRITERS);
    options
        .map_sqlx_postgres_opts(|server| server.application_name("byline writer"))
        .map_sqlx_postgres_pool_opts(move |pool| {
            let expected = expected.clone();
            close_unless_whole(pool).after_connect(move |connection, _| {
                let expected = expected.clone();
                Box::pin(async move {
                    identity::check(connection, &expected).await?;
                    connection.execute(ABANDONED).await?;
                    connection.execute(MARK).await.map(drop)
                })
            })
        });
    options
}

/// Each reading connection has a thread: a few more than processors, so that one that waits for the disk holds up nobody.
fn readers() -> u32 {
    let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    (2 * cores as u32).clamp(4, 16)
}

/// What a connection keeps of the file, in SQLite's words (-n: n KiB). A small file is in the system's memory anyway; of a large one the
/// upper floors of its indexes are read with every question.
fn cache_size(path: &Path) -> String {
    const LEAST: u64 = 2_000;
    const MOST: u64 = 16_000;
    /// A KiB for each so many of the file.
    const SHARE: u64 = 256;
    let kib = std::fs::metadata(path).map_or(0, |file| file.len() >> 10);
    format!("-{}", (kib / SHARE).clamp(LEAST, MOST))
}

/// The one connection that writes. It is used again only if it is known to be outside any transaction.
fn sqlite_writer(path: &Path, doubted: Arc<AtomicBool>) -> ConnectOptions {
    let mut options = sqlite(path, 1, false);
    options.map_sqlx_sqlite_pool_opts(move |pool| {
        let doubted = doubted.clone();
        pool.after_release(move |connection, _| {
            let doubted = doubted.clone();
            Box::pin(async move { Ok(!doubted.swap(false, Ordering::AcqRel) && is_whole(connection).await?) })
        })
    });
    options
}

/// Whether the connection is outside any transaction, as it and as SQLite sees it.
///
/// After some errors, a full disk before all, SQLite rolls a transaction back by itself. The driver's ROLLBACK, which then fails, leaves its
/// count at one, and every later "transaction" would be a savepoint in one that never commits.
async fn is_whole(connection: &mut SqliteConnection) -> Result<bool, SqlxError> {
    // Behind a rollback that is still in the queue.
    connection.ping().await?;
    if connection.is_in_transaction() {
        return Ok(false);
    }
    // SQLite says whether it is in a transaction by what it answers: outside of one, this is an error and changes nothing.
    match connection.execute("ROLLBACK").await {
        Err(SqlxError::Database(said)) => Ok(said.message().contains("no transaction is active")),
        Ok(_) => Ok(false),
        Err(error) => Err(error),
    }
}

/// WAL: readers never wait for the writer. `synchronous = NORMAL`: a killed process loses nothing; a power cut may
/// lose the last moments, never the file's consistency.
fn sqlite(path: &Path, connections: u32, read_only: bool) -> ConnectOptions {
    let mut options = ConnectOptions::new("sqlite::memory:");
    let file = path.to_owned();
    let cache = cache_size(path);
    options
        .min_connections(1)
        .max_connections(connections)
        .acquire_timeout(Duration::from_mins(1))
        // A file does not hang up, and to ask whether it did is as long a way as the query itself.
        .test_before_acquire(false)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(move |sqlx| {
            sqlx.filename(&file)
                .in_memory(false)
                .shared_cache(false)
                .create_if_missing(true)
                .busy_timeout(Duration::from_secs(30))
                .pragma("journal_mode", "WAL")
                .pragma("synchronous", "NORMAL")
                .pragma("foreign_keys", "ON")
                // What is deleted is overwritten with zeros (docs/adr/0036).
                .pragma("secure_delete", "ON")
                .pragma("temp_store", "MEMORY")
                .pragma("cache_size", cache.clone())
                .pragma("query_only", if read_only { "ON" } else { "OFF" })
                .statement_cache_capacity(256)
        });
    options
}
