//! The index's files. They are mapped into memory, where they are searched; but the texts, half of all bytes, of which a few are
//! shown, are read when they are asked for. So a large index needs no more memory than what is searched.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tantivy::HasLen;
use tantivy::directory::error::{DeleteError, LockError, OpenDirectoryError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    Directory, DirectoryLock, FileHandle, Lock, MmapDirectory, OwnedBytes, WatchCallback, WatchHandle,
    WritePtr,
};

/// What is longer is no text: whole files are read where segments become one.
const LONGEST: usize = 256 << 10;

#[derive(Clone, Debug)]
pub struct Files {
    mapped: MmapDirectory,
    folder: PathBuf,
}

impl Files {
    pub fn open(folder: &Path) -> Result<Self, OpenDirectoryError> {
        Ok(Self { mapped: MmapDirectory::open(folder)?, folder: folder.to_owned() })
    }
}

impl Directory for Files {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        let mapped = self.mapped.get_file_handle(path)?;
        if path.extension().is_none_or(|end| end != "store") {
            return Ok(mapped);
        }
        let unreadable = |error| OpenReadError::wrap_io_error(error, path.to_owned());
        let file = File::open(self.folder.join(path)).map_err(unreadable)?;
        Ok(Arc::new(Texts { mapped, file }))
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.mapped.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.mapped.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        self.mapped.open_write(path)
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.mapped.atomic_read(path)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        self.mapped.atomic_write(path, data)
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.mapped.sync_directory()
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        self.mapped.acquire_lock(lock)
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.mapped.watch(callback)
    }
}

/// A file of texts.
#[derive(Debug)]
struct Texts {
    mapped: Arc<dyn FileHandle>,
    file: File,
}

impl FileHandle for Texts {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        if range.len() > LONGEST {
            return self.mapped.read_bytes(range);
        }
        match read_at(&self.file, range.start as u64, range.len()) {
            Err(error) if error.kind() == io::ErrorKind::Unsupported => self.mapped.read_bytes(range),
            read => read.map(OwnedBytes::new),
        }
    }
}

impl HasLen for Texts {
    fn len(&self) -> usize {
        self.mapped.len()
    }
}

#[cfg(unix)]
fn read_at(file: &File, from: u64, len: usize) -> io::Result<Vec<u8>> {
    use std::os::unix::fs::FileExt;
    let mut bytes = vec![0; len];
    file.read_exact_at(&mut bytes, from)?;
    Ok(bytes)
}

/// Elsewhere a file is read from one place at a time.
#[cfg(not(unix))]
fn read_at(_: &File, _: u64, _: usize) -> io::Result<Vec<u8>> {
    Err(io::ErrorKind::Unsupported.into())
}
