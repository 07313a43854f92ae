//! `byline reindex`: a new index, built beside the one that answers.
//!
//! Whoever holds the index builds it: the command where no server runs, else the server, which finds a file with the request in the
//! folder of the index and writes there how far it is. The request outlives the server, killed however: the next one begins again. Servers
//! elsewhere, whose folders are out of reach, are asked by an event: each then asks itself.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use events::Position;
use kernel::Result;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

pub use crate::request::{Progress, ask, ask_all, progress};
use crate::request::{file, write};
use crate::service::{Search, blocking};

/// How often a server looks whether it is asked, and says how far it is.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// An index that is filled and waits to take its place.
pub(crate) struct Built {
    search: Search,
    fresh: Search,
    position: Position,
}

impl Search {
    /// Builds a new index beside this one and puts it into its place. For a process of its own: nobody follows the journal here.
    pub async fn reindex(&self, stop: &CancellationToken, done: impl Fn(u64)) -> Result<()> {
        if let Some(built) = self.build(stop, done).await? {
            built.finish(stop).await;
        }
        Ok(())
    }

    /// Waits until somebody asks, or removes the index's folder, and builds. `None` if stopped.
    pub(crate) async fn built_when_asked(&self, stop: &CancellationToken) -> Option<Built> {
        let dir = self.index.dir().to_owned();
        loop {
            let asked = if self.index.is_missing() {
                tracing::warn!(folder = %dir.display(), "the search index is gone; making it anew");
                Ok(Some(Progress::default()))
            } else {
                progress(&dir)
            };
            match asked {
                Ok(Some(Progress { failed: None, .. })) => match self.build_and_tell(&dir, stop).await {
                    Ok(built) => return built,
                    Err(error) => {
                        tracing::error!(%error, "the search index cannot be built anew");
                        let failed = Progress { failed: Some(error.to_string()), ..Progress::default() };
                        if let Err(error) = write(&dir, &failed) {
                            tracing::error!(%error, "cannot tell why");
                        }
                    }
                },
                Ok(_) => {}
                Err(error) => tracing::error!(%error, "cannot see whether a new search index is asked for"),
            }
            tokio::select! { () = tokio::time::sleep(LOOK_EVERY) => {}, () = stop.cancelled() => return None }
        }
    }

    async fn build_and_tell(&self, dir: &Path, stop: &CancellationToken) -> Result<Option<Built>> {
        let (of, far) = (self.len(), Mutex::new((0, Instant::now())));
        let tell = |more| {
            let mut far = far.lock().unwrap_or_else(PoisonError::into_inner);
            far.0 += more;
            if far.1.elapsed() > LOOK_EVERY {
                far.1 = Instant::now();
                // It is a courtesy: the work goes on without.
                let _ = write(dir, &Progress { done: far.0, of: of.max(far.0), failed: None });
            }
        };
        self.build(stop, tell).await
    }

    async fn build(&self, stop: &CancellationToken, done: impl Fn(u64)) -> Result<Option<Built>> {
        let index = self.index.clone();
        let fresh = self.on(blocking(move || index.shadow()).await?);
        let Some(position) = fresh.rebuild(stop, done).await? else { return Ok(None) };
        let index = fresh.index.clone();
        blocking(move || index.filled()).await?;
        let position = fresh.caught_up(position, stop).await;
        Ok(Some(Built { search: self.clone(), fresh, position }))
    }
}

impl Built {
    /// Brings it up to now and changes to it; returns the place in the journal from which to follow.
    pub async fn finish(self, stop: &CancellationToken) -> Position {
        let position = self.fresh.caught_up(self.position, stop).await;
        let (old, new) = (self.search.index.clone(), self.fresh.index.clone());
        let dir = old.dir().to_owned();
        let taken = blocking(move || old.swap(&new)).await;
        let result = taken.and_then(|()| fs::remove_file(file(&dir)).or_else(missing).map_err(Into::into));
        match result {
            Ok(()) => tracing::info!(articles = self.search.len(), "changed to the new search index"),
            Err(error) => {
                tracing::error!(%error, "cannot change to the new search index");
                let _ = write(&dir, &Progress { failed: Some(error.to_string()), ..Progress::default() });
            }
        }
        position
    }
}

fn missing(error: std::io::Error) -> std::io::Result<()> {
    if error.kind() == ErrorKind::NotFound { Ok(()) } else { Err(error) }
}
