//! Files that come with requests: they go to the disk as they arrive, and are gone when nobody holds them any more.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::multipart::Field;
use bytes::Bytes;
use futures::{Stream, StreamExt, stream};
use kernel::{Error, Result};
use tempfile::{NamedTempFile, TempPath};
use tokio::fs::File;
use tokio::io::AsyncWriteExt;
use tokio::task::spawn_blocking;

use crate::body::BodyMeter;
use crate::budget::{Budget, Sender};
use crate::codes;

/// All uploads together may take this much of the disk (bytes), and one sender's a share of it: more than the longest form.
const ROOM: u64 = 512 << 20;
/// Who is told that there is no room asks again after this.
const RETRY: Duration = Duration::from_secs(10);

/// The folder of uploads that are under way. Cheap to clone.
#[derive(Clone)]
pub struct UploadDir {
    folder: Arc<PathBuf>,
    room: Arc<Budget>,
}

impl UploadDir {
    /// Opens the folder, making it if missing, and clears what a killed process left in it. One process has it at a time.
    pub fn open(folder: impl Into<PathBuf>) -> io::Result<Self> {
        let folder = folder.into();
        fs::create_dir_all(&folder)?;
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_file() {
                fs::remove_file(path)?;
            }
        }
        Ok(Self { folder: Arc::new(folder), room: Arc::new(Budget::new(ROOM)) })
    }

    /// A file of a form. `None` where it is longer than `most`; it is read to its end all the same, as other fields stand behind it.
    /// Errors: [`Error::Invalid`] where it did not arrive whole, [`Error::Busy`] where there is no room.
    pub async fn field(&self, field: Field<'_>, most: u64, meter: &BodyMeter) -> Result<Option<TempUpload>> {
        let chunks = stream::unfold(Some(field), |field| async move {
            let mut field = field?;
            match field.chunk().await {
                Ok(Some(chunk)) => Some((Some(chunk), Some(field))),
                Ok(None) => None,
                Err(_) => Some((None, None)),
            }
        });
        self.write(chunks, most, meter).await
    }

    /// A body that is the file; as for [`UploadDir::field`].
    pub async fn body(&self, body: Body, most: u64, meter: &BodyMeter) -> Result<Option<TempUpload>> {
        self.write(body.into_data_stream().map(Result::ok), most, meter).await
    }

    async fn write(
        &self,
        chunks: impl Stream<Item = Option<Bytes>>,
        most: u64,
        meter: &BodyMeter,
    ) -> Result<Option<TempUpload>> {
        let mut chunks = std::pin::pin!(chunks);
        let mut open: Option<(File, TempUpload)> = None;
        let mut whole = true;
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk.ok_or_else(|| Error::invalid("body", codes::FORM_UNREADABLE))?;
            if whole {
                let (file, upload) = match &mut open {
                    Some(open) => open,
                    none => none.insert(self.begin(meter.sender()).await?),
                };
                if upload.len + chunk.len() as u64 > most {
                    (whole, open) = (false, None);
                } else {
                    upload.grow(chunk.len() as u64)?;
                    file.write_all(&chunk).await?;
                }
            }
            meter.release(chunk.len());
        }
        if !whole {
            return Ok(None);
        }
        let (mut file, upload) = match open {
            Some(open) => open,
            None => self.begin(meter.sender()).await?,
        };
        file.flush().await?;
        Ok(Some(upload))
    }

    async fn begin(&self, sender: Sender) -> Result<(File, TempUpload)> {
        let folder = self.folder.clone();
        let file = spawn_blocking(move || NamedTempFile::new_in(&*folder));
        let (file, path) = file.await.map_err(Error::internal)??.into_parts();
        Ok((File::from_std(file), TempUpload { path, len: 0, sender, room: self.room.clone() }))
    }
}

/// A file that was sent. It goes when this does.
pub struct TempUpload {
    path: TempPath,
    len: u64,
    sender: Sender,
    room: Arc<Budget>,
}

impl TempUpload {
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn len(&self) -> u64 {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    fn grow(&mut self, bytes: u64) -> Result<()> {
        if !self.room.reserve(self.sender, bytes) {
            return Err(Error::Busy(RETRY));
        }
        self.len += bytes;
        Ok(())
    }
}

impl Drop for TempUpload {
    fn drop(&mut self) {
        self.room.give(self.sender, self.len);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::UserId;

    fn files(folder: &Path) -> usize {
        fs::read_dir(folder).unwrap().count()
    }

    #[tokio::test]
    async fn a_file_is_on_the_disk_while_it_is_held() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("left"), "by a process that was killed").unwrap();
        let uploads = UploadDir::open(folder.path()).unwrap();
        assert_eq!(files(folder.path()), 0, "swept");

        let meter = BodyMeter::free(u64::MAX);
        let sent = uploads.body(Body::from("twelve bytes"), 12, &meter).await.unwrap().unwrap();
        assert_eq!((fs::read(sent.path()).unwrap(), sent.len()), (b"twelve bytes".to_vec(), 12));
        assert_eq!(uploads.room.held(), 12);
        drop(sent);
        assert_eq!((files(folder.path()), uploads.room.held()), (0, 0));

        assert!(uploads.body(Body::from("thirteen byte"), 12, &meter).await.unwrap().is_none());
        let broken = stream::iter([Ok("a"), Err("gone")]);
        let broken = uploads.body(Body::from_stream(broken), 12, &meter).await;
        assert!(matches!(broken, Err(Error::Invalid(_))));
        assert_eq!((files(folder.path()), uploads.room.held()), (0, 0));
    }

    #[tokio::test]
    async fn uploads_take_no_more_than_their_room_and_one_senders_a_share() {
        let folder = tempfile::tempdir().unwrap();
        let uploads = UploadDir::open(folder.path()).unwrap();
        let user = |n| BodyMeter::new(Arc::default(), Sender::User(UserId::new(n)), u64::MAX);
        let send = async |n| uploads.body(Body::from("twelve bytes"), 12, &user(n)).await;
        assert!(uploads.room.reserve(user(1).sender(), ROOM / 4 - 4));
        assert!(matches!(send(1).await, Err(Error::Busy(_))));
        assert!(send(2).await.unwrap().is_some(), "another's is taken");
        for n in 3..6 {
            assert!(uploads.room.reserve(user(n).sender(), ROOM / 4));
        }
        assert!(matches!(send(6).await, Err(Error::Busy(_))));
        assert_eq!((files(folder.path()), uploads.room.held()), (0, ROOM - 4));
    }
}
