//! Who waits for something new is woken when a write commits, here or, on PostgreSQL, in another process.
//!
//! A hint and no more: whoever waits looks by themselves too, so one that is lost costs that wait.

use std::sync::Arc;
use std::time::Duration;

use kernel::{Env, Result};
use sea_orm::sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions};
use sea_orm::sqlx::{Error as SqlxError, query};
use tokio::sync::{Notify, watch};
use tokio::task::AbortHandle;

const CHANNEL: &str = "byline_commits";
/// However much is written, others are told at most this often: a NOTIFY takes a lock of the whole server while it commits.
const GAP: Duration = Duration::from_millis(20);
/// After a connection was lost.
const AGAIN: Duration = Duration::from_millis(500);
/// A connection that brought nothing for so long may be dead without having said so: a new one is made.
const QUIET: Duration = Duration::from_mins(2);

#[derive(Clone, Default)]
pub(crate) struct Commits {
    all: watch::Sender<u64>,
    own: Arc<Notify>,
}

impl Commits {
    /// A write of this process is in the database; `news` for other processes, too.
    pub(crate) fn wake(&self, news: bool) {
        self.wake_here();
        if news {
            self.own.notify_one();
        }
    }

    fn wake_here(&self) {
        self.all.send_modify(|n| *n += 1);
    }

    pub(crate) fn subscribe(&self) -> watch::Receiver<u64> {
        self.all.subscribe()
    }
}

/// Tells other processes of this one's commits, and hears of theirs, as long as it is kept.
pub(crate) struct Exchange([AbortHandle; 2]);

impl Exchange {
    pub(crate) fn start(server: PgConnectOptions, commits: Commits) -> Self {
        let own_name = Env::system().token();
        let server = server.application_name("byline wake-ups");
        let (told, name, news) = (server.clone(), own_name.clone(), commits.clone());
        let tell = tokio::spawn(forever("tell other processes of commits", move || {
            tell(told.clone(), name.clone(), news.clone())
        }));
        let listen = tokio::spawn(forever("hear of other processes' commits", move || {
            listen(server.clone(), own_name.clone(), commits.clone())
        }));
        Self([tell.abort_handle(), listen.abort_handle()])
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        for task in &self.0 {
            task.abort();
        }
    }
}

async fn forever<F: Future<Output = Result<(), SqlxError>>>(what: &'static str, work: impl Fn() -> F) {
    loop {
        if let Err(error) = work().await {
            tracing::debug!(%error, "cannot {what}; they are seen by polling");
        }
        tokio::time::sleep(AGAIN).await;
    }
}

async fn tell(server: PgConnectOptions, name: String, commits: Commits) -> Result<(), SqlxError> {
    let pool = PgPoolOptions::new().max_connections(1).connect_lazy_with(server);
    loop {
        commits.own.notified().await;
        query("SELECT pg_notify($1, $2)").bind(CHANNEL).bind(&name).execute(&pool).await?;
        tokio::time::sleep(GAP).await;
    }
}

/// Until the connection is lost.
async fn listen(server: PgConnectOptions, name: String, commits: Commits) -> Result<(), SqlxError> {
    let pool = PgPoolOptions::new().max_connections(1).connect_lazy_with(server);
    let mut listener = PgListener::connect_with(&pool).await?;
    listener.listen(CHANNEL).await?;
    // What was written while nobody listened.
    commits.wake_here();
    while let Ok(heard) = tokio::time::timeout(QUIET, listener.try_recv()).await {
        match heard? {
            Some(commit) if commit.payload() == name => {}
            Some(_) => commits.wake_here(),
            None => break,
        }
    }
    Ok(())
}
