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
use crate::identity::{self, Expected};

/// A server that takes longer than this to greet is as good as gone.
const GREETING: Duration = Duration::from_secs(2);
/// While it is gone, it is looked for this often.
const AGAIN: Duration = Duration::from_millis(500);
/// So many reasons are said of one absence.
const REASONS: usize = 10;
/// A statement that takes longer is reason to look whether the server still answers.
const SLOW: Duration = Duration::from_secs(2);

pub(crate) struct Circuit {
    server: PgConnectOptions,
    expected: Expected,
    open: watch::Sender<bool>,
    looking: AtomicBool,
}

impl Circuit {
    pub(crate) fn new(url: &str, expected: Expected) -> Result<Arc<Self>> {
        let invalid = |_| Error::invalid("database", crate::codes::DATABASE_URL);
        let server: PgConnectOptions = url.parse().map_err(invalid)?;
        let server = server.disable_statement_logging();
        Ok(Arc::new(Self {
            server,
            expected,
            open: watch::Sender::new(false),
            looking: AtomicBool::new(false),
        }))
    }

    /// How the server is reached.
    pub(crate) fn server(&self) -> PgConnectOptions {
        self.server.clone()
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
        let (server, expected, weak) = (self.server.clone(), self.expected.clone(), Arc::downgrade(self));
        tokio::spawn(async move {
            let mut said = Vec::new();
            loop {
                let answer = answer(&server, &expected).await;
                let Some(this) = weak.upgrade() else { return };
                let was_open = this.open.send_replace(answer.is_err());
                let Err(why) = answer else {
                    if was_open {
                        tracing::info!("the database is back");
                    }
                    this.looking.store(false, Ordering::Release);
                    return;
                };
                drop(this);
                // Once for each reason: a server that was away may come back as another.
                if !said.contains(&why) && said.len() < REASONS {
                    tracing::error!(why, "the database is gone; pages that are kept go on");
                    said.push(why);
                }
                tokio::time::sleep(AGAIN).await;
            }
        });
    }
}

/// Whether the server greets, and has the database that is worked on.
async fn answer(server: &PgConnectOptions, expected: &Expected) -> Result<(), String> {
    let greet = async {
        match server.connect().await {
            Ok(mut connection) => {
                identity::check(&mut connection, expected).await?;
                drop(connection.close().await);
            }
            // It is there, only full.
            Err(SqlxError::Database(said)) if said.code().as_deref() == Some("53300") => {}
            Err(error) => return Err(error),
        }
        Ok(())
    };
    match tokio::time::timeout(GREETING, greet).await {
        Ok(answer) => answer.map_err(|error| error.to_string()),
        Err(_) => Err("it does not answer".to_owned()),
    }
}
