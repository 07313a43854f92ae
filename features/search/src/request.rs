//! Asking for a new index: by a file in the folder of the one that answers, where its server says how far it is, and by an event, which each
//! node of the site takes as such a file.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use db::Db;
use events::{Event, Journal};
use kernel::{Error, Result};
use serde::{Deserialize, Serialize};

/// How far a rebuild is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    pub done: u64,
    /// About how many there are.
    pub of: u64,
    /// Why it could not be finished.
    pub failed: Option<String>,
}

pub(crate) fn file(dir: &Path) -> PathBuf {
    dir.join("reindex")
}

/// Asks the server that holds the index in `dir`.
pub fn ask(dir: &Path) -> Result<()> {
    write(dir, &Progress::default())
}

/// Every node of the site is to make its index anew.
#[derive(Debug, Serialize, Deserialize)]
pub struct Asked {}

impl Event for Asked {
    const KIND: &'static str = "search.reindex";
}

/// Asks all servers of the site, wherever they run.
pub async fn ask_all(db: &Db, journal: &Journal) -> Result<()> {
    let tx = db.write().await?;
    journal.append(&tx, &Asked {}).await?;
    tx.commit().await
}

/// How far it is; `None` when it is done, or was not asked for.
pub fn progress(dir: &Path) -> Result<Option<Progress>> {
    match fs::read(file(dir)) {
        // What cannot be read is a request by hand: a file that somebody made.
        Ok(text) => Ok(Some(serde_json::from_slice(&text).unwrap_or_default())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

pub(crate) fn write(dir: &Path, progress: &Progress) -> Result<()> {
    let new = dir.join("reindex.new");
    fs::write(&new, serde_json::to_vec(progress).map_err(Error::internal)?)?;
    // The command and the server may write at once: then the other's is there.
    match fs::rename(new, file(dir)) {
        Err(error) if error.kind() == ErrorKind::NotFound && file(dir).exists() => Ok(()),
        done => done.map_err(Into::into),
    }
}
