//! Objects on the disk: `objects/<first two digits>/<folder>/<name>` under the store's folder.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use kernel::{Result, Time};
use tempfile::NamedTempFile;

use crate::Key;
use crate::key::is_folder;
use crate::session::Session;

/// A folder of objects: cheap to clone, shared by all.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    objects: PathBuf,
    session: Session,
}

impl Store {
    /// Opens the store in `dir`, making it if missing, and clears what killed processes left in its `tmp`.
    pub fn open(dir: impl AsRef<Path>) -> Result<Self> {
        let objects = dir.as_ref().join("objects");
        fs::create_dir_all(&objects)?;
        let session = Session::open(&dir.as_ref().join("tmp"))?;
        Ok(Self(Arc::new(Inner { objects, session })))
    }

    /// Stores an object; afterwards it survives a power cut. Storing it again replaces it.
    pub fn put(&self, key: &Key, bytes: &[u8]) -> Result<()> {
        self.put_all(&[(key.clone(), bytes)])
    }

    /// The same for several, one after the other. Of one folder it waits for the disk less often than [`Store::put`] of each would.
    pub fn put_all(&self, objects: &[(Key, &[u8])]) -> Result<()> {
        let mut folders = BTreeSet::new();
        for (key, bytes) in objects {
            let mut file = NamedTempFile::new_in(self.0.session.path())?;
            file.write_all(bytes)?;
            file.as_file().sync_all()?;
            let folder = self.folder(key.folder());
            fs::create_dir_all(&folder)?;
            file.persist(folder.join(key.name())).map_err(|e| e.error)?;
            // The new name is in the folder, the folder's own in the one above.
            folders.insert(folder.parent().unwrap_or(&self.0.objects).to_owned());
            folders.insert(folder);
        }
        for folder in folders {
            File::open(&folder)?.sync_all()?;
        }
        Ok(())
    }

    pub fn get(&self, key: &Key) -> Result<Option<Vec<u8>>> {
        Ok(found(fs::read(self.path(key)))?)
    }

    /// The object's size in bytes.
    pub fn len(&self, key: &Key) -> Result<Option<u64>> {
        Ok(found(fs::metadata(self.path(key)))?.map(|meta| meta.len()))
    }

    pub fn exists(&self, key: &Key) -> Result<bool> {
        Ok(self.len(key)?.is_some())
    }

    /// Where the object is (or would be), for whoever sends it out.
    pub fn path(&self, key: &Key) -> PathBuf {
        self.folder(key.folder()).join(key.name())
    }

    /// Removes one object; `false` if it was not there.
    pub fn delete(&self, key: &Key) -> Result<bool> {
        Ok(found(fs::remove_file(self.path(key)))?.is_some())
    }

    /// Removes a folder with all its objects, at once for whoever looks; `false` if it was not there.
    pub fn delete_folder(&self, folder: &str) -> Result<bool> {
        if !is_folder(folder) {
            return Ok(false);
        }
        let grave = tempfile::Builder::new().prefix("gone-").tempdir_in(self.0.session.path())?;
        let moved = found(fs::rename(self.folder(folder), grave.path().join(folder)))?;
        Ok(moved.is_some())
    }

    /// The folders in which nothing was stored since `time`.
    pub fn folders_before(&self, time: Time) -> Result<Vec<String>> {
        let mut folders = Vec::new();
        for shard in fs::read_dir(&self.0.objects)? {
            let shard = shard?;
            if !shard.file_type()?.is_dir() {
                continue;
            }
            for entry in fs::read_dir(shard.path())? {
                let entry = entry?;
                let name = entry.file_name().to_string_lossy().into_owned();
                if is_folder(&name)
                    && found(entry.metadata())?
                        .is_some_and(|meta| meta.modified().is_ok_and(|at| at < system(time)))
                {
                    folders.push(name);
                }
            }
        }
        Ok(folders)
    }

    fn folder(&self, folder: &str) -> PathBuf {
        self.0.objects.join(&folder[..2]).join(folder)
    }
}

/// `None` where there is no such file.
fn found<T>(result: io::Result<T>) -> Result<Option<T>, io::Error> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn system(time: Time) -> SystemTime {
    SystemTime::UNIX_EPOCH + std::time::Duration::from_millis(time.millis().max(0) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    const FOLDER: &str = "0123456789abcdef0123456789abcdef";

    fn key(name: &str) -> Key {
        Key::new(FOLDER, name).unwrap()
    }

    fn files(dir: &Path) -> usize {
        fs::read_dir(dir).unwrap().filter(|entry| entry.as_ref().unwrap().path().is_file()).count()
    }

    #[test]
    fn stores_and_forgets() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path()).unwrap();
        assert_eq!(store.get(&key("a.jpg")).unwrap(), None);
        store.put(&key("a.jpg"), b"one").unwrap();
        store.put(&key("a.jpg"), b"two!").unwrap();
        assert_eq!(store.get(&key("a.jpg")).unwrap().unwrap(), b"two!");
        assert_eq!(store.len(&key("a.jpg")).unwrap(), Some(4));
        assert_eq!(files(store.0.session.path()), 1, "only the lock is left in tmp");
        assert!(store.delete(&key("a.jpg")).unwrap());
        assert!(!store.delete(&key("a.jpg")).unwrap());
        store.put(&key("b.jpg"), b"b").unwrap();
        assert!(store.delete_folder(FOLDER).unwrap());
        assert!(!store.exists(&key("b.jpg")).unwrap());
        assert!(!store.delete_folder(FOLDER).unwrap());
        assert!(!store.delete_folder("../../etc").unwrap());
    }

    #[test]
    fn opening_clears_what_a_killed_process_left_and_nothing_in_use() {
        let dir = tempfile::tempdir().unwrap();
        let running = Store::open(dir.path()).unwrap();
        let writing = NamedTempFile::new_in(running.0.session.path()).unwrap();
        let killed = dir.path().join("tmp/session-killed");
        fs::create_dir_all(&killed).unwrap();
        fs::write(killed.join("half"), b"half").unwrap();

        let store = Store::open(dir.path()).unwrap();
        assert!(!killed.exists());
        assert!(writing.path().exists());
        drop((store, writing, running));
        assert_eq!(fs::read_dir(dir.path().join("tmp")).unwrap().count(), 1, "only the lock is left");
    }

    #[test]
    fn lists_folders_by_age() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path()).unwrap();
        store.put(&key("a"), b"a").unwrap();
        let modified = fs::metadata(store.folder(FOLDER)).unwrap().modified().unwrap();
        let millis = modified.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_millis() as i64;
        let at = Time::from_millis(millis);
        assert_eq!(store.folders_before(at.minus(Duration::from_secs(1))).unwrap(), [""; 0]);
        assert_eq!(store.folders_before(at.plus(Duration::from_secs(1))).unwrap(), [FOLDER]);
    }
}
