//! Opening a database: where it is, how its connections are set up.

use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use kernel::{Error, Result};
use sea_orm::{ConnectOptions, Database, DatabaseConnection};
use tokio::sync::watch;

use crate::conn::{Tx, begin, map};

/// Where the data is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A file on this machine; made if missing.
    Sqlite(PathBuf),
    /// `postgres://user:password@host:port/database`
    Postgres(String),
}

impl FromStr for Place {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        match text.split_once(':') {
            Some(("postgres" | "postgresql", _)) => Ok(Self::Postgres(text.to_owned())),
            Some(("sqlite", path)) if !path.trim_start_matches("//").is_empty() => {
                Ok(Self::Sqlite(path.trim_start_matches("//").into()))
            }
            _ => Err(Error::invalid("database", "database-url")),
        }
    }
}

/// A database: cheap to clone, shared by all.
#[derive(Clone)]
pub struct Db(Arc<Inner>);

struct Inner {
    readers: DatabaseConnection,
    writer: DatabaseConnection,
    committed: watch::Sender<u64>,
}

impl Db {
    /// Connects, and makes the SQLite file where it is missing. Tables come with [`Db::migrate`].
    pub async fn open(place: &Place) -> Result<Self> {
        let (readers, writer) = match place {
            Place::Sqlite(path) => {
                let writer = Database::connect(sqlite(path, 1, false)).await.map_err(map)?;
                (Database::connect(sqlite(path, readers(), true)).await.map_err(map)?, writer)
            }
            Place::Postgres(url) => {
                let mut options = ConnectOptions::new(url);
                options.max_connections(16).acquire_timeout(Duration::from_secs(10)).sqlx_logging(false);
                let pool = Database::connect(options).await.map_err(map)?;
                (pool.clone(), pool)
            }
        };
        Ok(Self(Arc::new(Inner { readers, writer, committed: watch::Sender::new(0) })))
    }

    /// Begins a write. On SQLite there is one writer, so this waits for its turn; the lock is taken at once
    /// (`BEGIN IMMEDIATE`), never half-way.
    pub async fn write(&self) -> Result<Tx> {
        begin(&self.0.writer, self.0.committed.clone()).await
    }

    /// Changes whenever a write of this process commits: a hint that there may be something new.
    pub fn committed(&self) -> watch::Receiver<u64> {
        self.0.committed.subscribe()
    }

    pub(crate) fn readers(&self) -> &DatabaseConnection {
        &self.0.readers
    }

    pub async fn close(self) -> Result<()> {
        self.0.readers.close_by_ref().await.map_err(map)?;
        self.0.writer.close_by_ref().await.map_err(map)
    }
}

/// Each reading connection has a thread: a few more than processors, so that one that waits for the disk holds up nobody.
fn readers() -> u32 {
    let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    (2 * cores as u32).clamp(4, 16)
}

/// What a connection keeps of the file, in SQLite's words (-n: n KiB). A small file is in the system's memory anyway; of a large one the
/// upper floors of its indexes are read with every question.
fn cache_size(path: &std::path::Path) -> String {
    const LEAST: u64 = 2_000;
    const MOST: u64 = 16_000;
    /// A KiB for each so many of the file.
    const SHARE: u64 = 256;
    let kib = std::fs::metadata(path).map_or(0, |file| file.len() >> 10);
    format!("-{}", (kib / SHARE).clamp(LEAST, MOST))
}

/// WAL: readers never wait for the writer. `synchronous = NORMAL`: a killed process loses nothing; a power cut may
/// lose the last moments, never the file's consistency.
fn sqlite(path: &std::path::Path, connections: u32, read_only: bool) -> ConnectOptions {
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
                .pragma("temp_store", "MEMORY")
                .pragma("cache_size", cache.clone())
                .pragma("query_only", if read_only { "ON" } else { "OFF" })
                .statement_cache_capacity(256)
        });
    options
}
