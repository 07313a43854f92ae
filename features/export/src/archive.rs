//! An archive in the store: pieces of a few megabytes, so that neither writing nor reading needs more memory, whatever its size.

use std::ops::Range;

use blob::{Content, Key, Store};
use bytes::Bytes;
use futures::stream::{self, StreamExt, TryStreamExt};
use kernel::{Error, Result};
use sha2::{Digest, Sha256};

use crate::model::ExportId;

/// Of a piece, in bytes.
const PIECE: u64 = 8 << 20;

/// Where the pieces of an archive lie: beside pictures, under names that no picture's files have, so that no address shows them.
pub fn folder(id: ExportId) -> String {
    let digest = Sha256::digest(format!("export\0{}", id.raw()));
    digest[..16].iter().map(|byte| format!("{byte:02x}")).collect()
}

fn key(folder: &str, n: u64) -> Result<Key> {
    Key::new(folder, &format!("piece-{n:06}")).ok_or_else(|| Error::internal("not a key"))
}

pub struct Writer {
    store: Store,
    folder: String,
    buffer: Vec<u8>,
    pieces: u64,
    written: u64,
}

impl Writer {
    /// Over what a try before may have left.
    pub async fn begin(store: Store, id: ExportId) -> Result<Self> {
        let folder = folder(id);
        store.delete_folder(&folder).await?;
        Ok(Self { store, folder, buffer: Vec::new(), pieces: 0, written: 0 })
    }

    /// How many bytes there are so far.
    pub const fn written(&self) -> u64 {
        self.written
    }

    pub async fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.buffer.extend_from_slice(bytes);
        self.written += bytes.len() as u64;
        while self.buffer.len() as u64 >= PIECE {
            let rest = self.buffer.split_off(PIECE as usize);
            let piece = std::mem::replace(&mut self.buffer, rest);
            self.put(piece).await?;
        }
        Ok(())
    }

    pub async fn finish(mut self) -> Result<u64> {
        let last = std::mem::take(&mut self.buffer);
        if !last.is_empty() {
            self.put(last).await?;
        }
        Ok(self.written)
    }

    async fn put(&mut self, piece: Vec<u8>) -> Result<()> {
        let key = key(&self.folder, self.pieces)?;
        self.pieces += 1;
        self.store.put_all(vec![(key, Bytes::from(piece))]).await
    }
}

/// An archive that can be downloaded.
#[derive(Clone)]
pub struct Archive {
    pub(crate) store: Store,
    pub(crate) id: ExportId,
    /// In bytes.
    pub len: u64,
}

impl Archive {
    /// Names it: another has another.
    pub fn tag(&self) -> String {
        folder(self.id)
    }

    /// The bytes of a part. Errors: [`Error::NotFound`] where it was deleted meanwhile.
    pub async fn read(&self, range: Range<u64>) -> Result<Content> {
        let range = range.start..range.end.min(self.len);
        if range.is_empty() {
            return Ok(stream::empty().boxed());
        }
        let folder = folder(self.id);
        // Asked for now: what is gone is said before anything is sent.
        let pieces = range.start / PIECE..=(range.end - 1) / PIECE;
        self.store.open_object(&key(&folder, *pieces.start())?).await?.ok_or(Error::NotFound)?;
        let store = self.store.clone();
        let piece = move |n: u64| {
            let (store, folder, range) = (store.clone(), folder.clone(), range.clone());
            async move {
                let object = store.open_object(&key(&folder, n)?).await?.ok_or(Error::NotFound)?;
                let begins = n * PIECE;
                let from = range.start.saturating_sub(begins);
                object.read(from..(range.end - begins).min(PIECE)).await
            }
        };
        Ok(stream::iter(pieces).then(piece).try_flatten().boxed())
    }
}

#[cfg(test)]
mod tests;
