//! A store of objects, wherever they are.

use std::io::ErrorKind;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use futures::TryStreamExt;
use futures::stream::{self, BoxStream, StreamExt};
use kernel::{Error, Result};
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio::task::spawn_blocking;
use tokio_util::io::ReaderStream;

use crate::Key;
use crate::bucket::{Bucket, BucketOptions};
use crate::folder::{Folder, found};
use crate::key::is_folder;

/// Objects that are copied at once.
const COPIES: usize = 4;

/// Cheap to clone, shared by all.
#[derive(Clone)]
pub struct Store(Backend);

#[derive(Clone)]
enum Backend {
    Folder(Arc<Folder>),
    Bucket(Arc<Bucket>),
}

/// The bytes of an object, or a part of them, as they come.
pub type Content = BoxStream<'static, Result<Bytes>>;

/// An object that is there. It never changes.
#[derive(Clone)]
pub struct Object {
    key: Key,
    /// In bytes.
    pub len: u64,
    place: Place,
}

#[derive(Clone)]
enum Place {
    File(PathBuf),
    Bucket(Arc<Bucket>),
}

impl Store {
    /// Objects in a folder of this machine, made if missing; clears what killed processes left behind.
    pub fn open(dir: impl AsRef<Path>) -> Result<Self> {
        Ok(Self(Backend::Folder(Arc::new(Folder::open(dir)?))))
    }

    /// Objects in a bucket, which several nodes share. It is not asked yet: see [`Store::check`].
    pub fn bucket(options: &BucketOptions) -> Result<Self> {
        Ok(Self(Backend::Bucket(Arc::new(Bucket::new(options)?))))
    }

    /// Stores objects; afterwards they survive a power cut, of this machine or of the bucket's. Storing one again replaces it. Where it fails,
    /// some may be stored.
    pub async fn put_all(&self, objects: Vec<(Key, Bytes)>) -> Result<()> {
        match &self.0 {
            Backend::Folder(folder) => blocking(folder, move |folder| folder.put_all(&objects)).await,
            Backend::Bucket(bucket) => bucket.put_all(objects).await,
        }
    }

    /// Whether it is there now, whatever is remembered.
    pub async fn exists(&self, key: &Key) -> Result<bool> {
        match &self.0 {
            Backend::Folder(_) => Ok(self.open_object(key).await?.is_some()),
            Backend::Bucket(bucket) => Ok(bucket.head(key).await?.is_some()),
        }
    }

    pub async fn open_object(&self, key: &Key) -> Result<Option<Object>> {
        let (len, place) = match &self.0 {
            Backend::Folder(folder) => {
                let of = key.clone();
                let found = blocking(folder, move |folder| Ok((folder.len(&of)?, folder.path(&of)))).await?;
                (found.0, Place::File(found.1))
            }
            Backend::Bucket(bucket) => (bucket.len(key).await?, Place::Bucket(bucket.clone())),
        };
        Ok(len.map(|len| Object { key: key.clone(), len, place }))
    }

    /// Removes a folder with all its objects; `false` if it was not there.
    pub async fn delete_folder(&self, folder: &str) -> Result<bool> {
        if !is_folder(folder) {
            return Ok(false);
        }
        match &self.0 {
            Backend::Folder(store) => {
                let name = folder.to_owned();
                blocking(store, move |store| store.delete_folder(&name)).await
            }
            Backend::Bucket(bucket) => bucket.delete_folder(folder).await,
        }
    }

    /// Copies the objects of a folder of this machine here, where they are not here in the same length already and `unwanted` does not name
    /// their folder among those that it is asked about; `told` of each, and whether it was copied. Nothing is changed in the folder on the
    /// disk, and it may be in use.
    pub async fn copy_from(
        &self,
        dir: &Path,
        unwanted: impl AsyncFn(Vec<String>) -> Result<Vec<String>>,
        told: impl Fn(bool),
    ) -> Result<()> {
        let told = &told;
        for digits in 0..=u8::MAX {
            let from = dir.to_owned();
            let mut all =
                spawn_blocking(move || Folder::shard(&from, digits)).await.map_err(Error::internal)??;
            let mut folders: Vec<String> = all.iter().map(|(key, _)| key.folder().to_owned()).collect();
            folders.dedup();
            let unwanted = unwanted(folders).await?;
            all.retain(|(key, _)| !unwanted.iter().any(|folder| folder == key.folder()));
            let copy = |(key, file): (Key, PathBuf)| async move {
                let Some(bytes) = found(tokio::fs::read(&file).await)? else { return Ok(()) };
                let known =
                    self.open_object(&key).await?.is_some_and(|object| object.len == bytes.len() as u64);
                if !known {
                    self.put_all(vec![(key, bytes.into())]).await?;
                }
                told(!known);
                Ok::<_, Error>(())
            };
            stream::iter(all).map(copy).buffer_unordered(COPIES).try_collect::<()>().await?;
        }
        Ok(())
    }

    /// Writes an object, reads it and deletes it: whether all three can be done.
    pub async fn check(&self, folder: &str) -> Result<()> {
        let key = Key::new(folder, "check").ok_or_else(|| Error::internal("not a key"))?;
        let bytes = Bytes::from_static(b"Byline was here.");
        self.put_all(vec![(key.clone(), bytes.clone())]).await?;
        let object = self.open_object(&key).await?.ok_or(Error::NotFound)?;
        let read: Vec<Bytes> = object.read(0..object.len).await?.try_collect().await?;
        let same = read.concat() == bytes;
        self.delete_folder(folder).await?;
        if same { Ok(()) } else { Err(Error::internal("it gave other bytes than it was given")) }
    }
}

impl Object {
    /// The bytes of a part. Errors: [`Error::NotFound`] where it was deleted meanwhile.
    pub async fn read(&self, range: Range<u64>) -> Result<Content> {
        match &self.place {
            Place::File(path) => {
                let mut file = tokio::fs::File::open(path).await.map_err(|error| match error.kind() {
                    ErrorKind::NotFound => Error::NotFound,
                    _ => error.into(),
                })?;
                file.seek(std::io::SeekFrom::Start(range.start)).await?;
                let part = file.take(range.end - range.start);
                Ok(ReaderStream::new(part).map_err(Error::from).boxed())
            }
            Place::Bucket(bucket) => bucket.read(&self.key, range).await?.ok_or(Error::NotFound),
        }
    }
}

/// For what waits for the disk.
async fn blocking<T: Send + 'static>(
    folder: &Arc<Folder>,
    work: impl FnOnce(&Folder) -> Result<T> + Send + 'static,
) -> Result<T> {
    let folder = folder.clone();
    spawn_blocking(move || work(&folder)).await.map_err(Error::internal)?
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    #[tokio::test]
    async fn a_folder_is_copied_and_nothing_twice() {
        let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (old, new) = (Store::open(from.path()).unwrap(), Store::open(to.path()).unwrap());
        let key = |folder: char, name: &str| Key::new(&folder.to_string().repeat(32), name).unwrap();
        let put = |store: &Store, key: Key, bytes: &'static [u8]| {
            let store = store.clone();
            async move { store.put_all(vec![(key, Bytes::from_static(bytes))]).await.unwrap() }
        };
        put(&old, key('a', "full.jpg"), b"one").await;
        put(&old, key('a', "w640.webp"), b"two").await;
        put(&old, key('f', "full.jpg"), b"three").await;
        // Half of it is there from a copy that was broken off.
        put(&new, key('f', "full.jpg"), b"thr").await;
        put(&new, key('a', "full.jpg"), b"one").await;
        std::fs::write(from.path().join("objects/aa/notes.txt"), "no object").unwrap();
        put(&old, key('b', "full.jpg"), b"of nobody").await;

        let told = RefCell::new((0, 0));
        let tell = |new| {
            let mut told = told.borrow_mut();
            if new { told.0 += 1 } else { told.1 += 1 }
        };
        let unwanted =
            async |all: Vec<String>| Ok(all.into_iter().filter(|folder| folder.starts_with('b')).collect());
        new.copy_from(from.path(), unwanted, tell).await.unwrap();
        assert!(!new.exists(&key('b', "full.jpg")).await.unwrap());
        assert_eq!(*told.borrow(), (2, 1));
        let object = new.open_object(&key('f', "full.jpg")).await.unwrap().unwrap();
        let bytes: Vec<Bytes> = object.read(0..object.len).await.unwrap().try_collect().await.unwrap();
        assert_eq!(bytes.concat(), b"three");
        assert!(new.exists(&key('a', "w640.webp")).await.unwrap());
    }
}
