//! Objects on the disk: `objects/<first two digits>/<folder>/<name>` under the store's folder.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use kernel::Result;
use tempfile::NamedTempFile;

use crate::Key;
use crate::key::is_folder;
use crate::session::Session;

/// A folder of objects. What it does waits for the disk: it is called from blocking threads.
pub(crate) struct Folder {
    objects: PathBuf,
    session: Session,
}

impl Folder {
    /// Opens the store in `dir`, making it if missing, and clears what killed processes left in its `tmp`.
    pub fn open(dir: impl AsRef<Path>) -> Result<Self> {
        let objects = dir.as_ref().join("objects");
        fs::create_dir_all(&objects)?;
        let session = Session::open(&dir.as_ref().join("tmp"))?;
        Ok(Self { objects, session })
    }

    /// Stores objects, one after the other; afterwards they survive a power cut. Storing one again replaces it.
    pub fn put_all(&self, objects: &[(Key, Bytes)]) -> Result<()> {
        let mut folders = BTreeSet::new();
        for (key, bytes) in objects {
            let mut file = NamedTempFile::new_in(self.session.path())?;
            file.write_all(bytes)?;
            file.as_file().sync_all()?;
            let folder = self.folder(key.folder());
            fs::create_dir_all(&folder)?;
            file.persist(folder.join(key.name())).map_err(|e| e.error)?;
            // The new name is in the folder, the folder's own in the one above.
            folders.insert(folder.parent().unwrap_or(&self.objects).to_owned());
            folders.insert(folder);
        }
        for folder in folders {
            File::open(&folder)?.sync_all()?;
        }
        Ok(())
    }

    /// The object's size in bytes.
    pub fn len(&self, key: &Key) -> Result<Option<u64>> {
        Ok(found(fs::metadata(self.path(key)))?.map(|meta| meta.len()))
    }

    /// Where the object is (or would be), for whoever sends it out.
    pub fn path(&self, key: &Key) -> PathBuf {
        self.folder(key.folder()).join(key.name())
    }

    /// Removes a folder with all its objects, at once for whoever looks; `false` if it was not there.
    pub fn delete_folder(&self, folder: &str) -> Result<bool> {
        if !is_folder(folder) {
            return Ok(false);
        }
        let grave = tempfile::Builder::new().prefix("gone-").tempdir_in(self.session.path())?;
        let moved = found(fs::rename(self.folder(folder), grave.path().join(folder)))?;
        Ok(moved.is_some())
    }

    /// Names of all objects whose folders begin with these two digits, and where each is.
    pub fn shard(dir: &Path, digits: u8) -> Result<Vec<(Key, PathBuf)>> {
        let mut all = Vec::new();
        for folder in entries(&dir.join("objects").join(format!("{digits:02x}")))? {
            for file in entries(&folder)? {
                let name = |path: &Path| path.file_name().and_then(|name| name.to_str()).map(str::to_owned);
                let key = name(&folder).zip(name(&file)).and_then(|(folder, name)| Key::new(&folder, &name));
                all.extend(key.map(|key| (key, file)));
            }
        }
        Ok(all)
    }

    fn folder(&self, folder: &str) -> PathBuf {
        self.objects.join(&folder[..2]).join(folder)
    }
}

/// What is in a folder; nothing where it is none.
fn entries(dir: &Path) -> Result<Vec<PathBuf>> {
    match fs::read_dir(dir) {
        Ok(all) => Ok(all.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<_>>()?),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Ok(Vec::new())
        }
        Err(error) => Err(error.into()),
    }
}

/// `None` where there is no such file.
pub(crate) fn found<T>(result: io::Result<T>) -> Result<Option<T>, io::Error> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let store = Folder::open(dir.path()).unwrap();
        assert_eq!(store.len(&key("a.jpg")).unwrap(), None);
        let put = |name: &str, bytes: &'static [u8]| {
            store.put_all(&[(key(name), Bytes::from_static(bytes))]).unwrap();
        };
        put("a.jpg", b"one");
        put("a.jpg", b"two!");
        assert_eq!(fs::read(store.path(&key("a.jpg"))).unwrap(), b"two!");
        assert_eq!(store.len(&key("a.jpg")).unwrap(), Some(4));
        assert_eq!(files(store.session.path()), 1, "only the lock is left in tmp");
        put("b.jpg", b"b");
        assert!(store.delete_folder(FOLDER).unwrap());
        assert_eq!(store.len(&key("b.jpg")).unwrap(), None);
        assert!(!store.delete_folder(FOLDER).unwrap());
        assert!(!store.delete_folder("../../etc").unwrap());
    }

    #[test]
    fn opening_clears_what_a_killed_process_left_and_nothing_in_use() {
        let dir = tempfile::tempdir().unwrap();
        let running = Folder::open(dir.path()).unwrap();
        let writing = NamedTempFile::new_in(running.session.path()).unwrap();
        let killed = dir.path().join("tmp/session-killed");
        fs::create_dir_all(&killed).unwrap();
        fs::write(killed.join("half"), b"half").unwrap();

        let store = Folder::open(dir.path()).unwrap();
        assert!(!killed.exists());
        assert!(writing.path().exists());
        drop((store, writing, running));
        assert_eq!(fs::read_dir(dir.path().join("tmp")).unwrap().count(), 1, "only the lock is left");
    }
}
