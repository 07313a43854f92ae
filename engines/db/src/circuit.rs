//! Whether PostgreSQL answers at all.
//!
//! While it is known not to, questions are refused at once instead of waiting one after the other until each has lost its patience. A look
//! of its own, outside the pools, finds out that it is gone and when it is back.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use kernel::{Error, Result};
use sea_orm::DbErr;
use sea_orm::sqlx::postgres::PgConnectOptions;
use sea_orm::sqlx::{ConnectOptions, Connection, Error as SqlxError};
use tokio::sync::watch;

use crate::error::{Kind, UNAVAILABLE, kind};

/// A server that takes longer than this to greet is as good as gone.
const GREETING: Duration = Duration::from_secs(2);
/// While it is gone, it is looked for this often.
const AGAIN: Duration = Duration::from_millis(500);
/// A statement that takes longer is reason to look whether the server still answers.
const SLOW: Duration = Duration::from_secs(2);

pub(crate) struct Circuit {
    server: PgConnectOptions,
    open: watch::Sender<bool>,
    looking: AtomicBool,
}

impl Circuit {
    pub(crate) fn new(url: &str) -> Result<Arc<Self>> {
        let invalid = |_| Error::invalid("database", crate::codes::DATABASE_URL);
        let server: PgConnectOptions = url.parse().map_err(invalid)?;
        let server = server.disable_statement_logging();
        Ok(Arc::new(Self { server, open: watch::Sender::new(false), looking: AtomicBool::new(false) }))
    }

    pub(crate) fn is_open(&self) -> bool {
        *self.open.borrow()
    }

    /// Waits for `work`, but not for a server that is gone.
    pub(crate) async fn guard<T>(self: &Arc<Self>, work: impl Future<Output = Result<T>>) -> Result<T> {
        let mut open = self.open.subscribe();
        let watch = async {
            loop {
                tokio::time::sleep(SLOW).await;
                self.look();
            }
        };
        tokio::select! {
            biased;
            done = work => done,
            _ = open.wait_for(|open| *open) => Err(Error::Unavailable(UNAVAILABLE.into())),
            never = watch => never,
        }
    }

    /// Takes an error as a hint: one broken connection is not yet a server that is gone.
    pub(crate) fn record(self: &Arc<Self>, error: &DbErr) {
        if kind(error) == Kind::Gone {
            self.look();
        }
    }

    fn look(self: &Arc<Self>) {
        if self.looking.swap(true, Ordering::AcqRel) {
            return;
        }
        let (server, weak) = (self.server.clone(), Arc::downgrade(self));
        tokio::spawn(async move {
            loop {
                let answers = answers(&server).await;
                let Some(this) = weak.upgrade() else { return };
                if this.open.send_replace(!answers) == answers {
                    if answers {
                        tracing::info!("the database is back");
                    } else {
                        tracing::error!("the database is gone; pages that are kept go on");
                    }
                }
                if answers {
                    this.looking.store(false, Ordering::Release);
                    return;
                }
                drop(this);
                tokio::time::sleep(AGAIN).await;
            }
        });
    }
}

async fn answers(server: &PgConnectOptions) -> bool {
    let greet = async {
        match server.connect().await {
            Ok(connection) => drop(connection.close().await),
            // It is there, only full.
            Err(SqlxError::Database(said)) if said.code().as_deref() == Some("53300") => {}
            Err(error) => return Err(error),
        }
        Ok(())
    };
    matches!(tokio::time::timeout(GREETING, greet).await, Ok(Ok(())))
}
