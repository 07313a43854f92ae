//! The temporary files of one open store.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;

use tempfile::{Builder, TempDir};

const LOCK: &str = "lock";

/// A folder for files being written, gone with the store. Its lock is held as long as the process lives, so another
/// process (a second server, an import) can tell what is still in use from what a killed one left behind.
pub(crate) struct Session {
    dir: TempDir,
    _lock: File,
}

impl Session {
    /// Makes a session under `tmp` and removes those whose process is gone.
    pub(crate) fn open(tmp: &Path) -> io::Result<Self> {
        fs::create_dir_all(tmp)?;
        // One at a time: else a session just made, not yet locked, would look left behind.
        let turn = lock_file(&tmp.join(LOCK))?;
        turn.lock()?;
        for entry in fs::read_dir(tmp)? {
            let path = entry?.path();
            if path.is_dir() && is_left_behind(&path)? {
                fs::remove_dir_all(&path)?;
            }
        }
        let dir = Builder::new().prefix("session-").tempdir_in(tmp)?;
        let lock = lock_file(&dir.path().join(LOCK))?;
        lock.lock()?;
        Ok(Self { dir, _lock: lock })
    }

    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }
}

fn lock_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).truncate(false).write(true).open(path)
}

fn is_left_behind(session: &Path) -> io::Result<bool> {
    match lock_file(&session.join(LOCK))?.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(error),
    }
}
