//! Opening the folder, and beginning anew where that cannot be done.

use std::fs::{self, File};
use std::path::Path;
use std::sync::{Arc, Mutex};

use kernel::{Error, Result};
use tantivy::directory::MmapDirectory;
use tantivy::merge_policy::LogMergePolicy;
use tantivy::{IndexReader, IndexWriter, ReloadPolicy, TantivyError};

use crate::schema::{Fields, VERSION, schema, tokenizers};
use crate::writer::Writer;
use crate::{internal, words};

/// What an indexing thread holds before it writes a segment, in bytes.
const MEMORY: usize = 24 << 20;

/// The full-text index: cheap to clone, shared by all.
#[derive(Clone)]
pub struct Index(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub fields: Fields,
    pub reader: IndexReader,
    pub writer: Mutex<Writer>,
    /// Held for as long as this process has the index; the system frees it when the process dies, however it dies.
    _lock: File,
}

impl Index {
    /// Opens the index in `dir`, and makes it where it is missing, of another version or broken.
    ///
    /// Errors: [`Error::Unavailable`] while another process has it open.
    pub fn open(dir: &Path) -> Result<Self> {
        words::warm();
        fs::create_dir_all(dir)?;
        let lock = File::create(dir.join("lock"))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(fs::TryLockError::WouldBlock) => {
                return Err(Error::Unavailable("search index (open in another process)".into()));
            }
            Err(fs::TryLockError::Error(error)) => return Err(error.into()),
        }
        let files = dir.join("files");
        let stamp = dir.join("version");
        if fs::read_to_string(&stamp).ok().as_deref() == Some(VERSION.to_string().as_str()) {
            // Tantivy answers some damage with an error, some (a file cut short) with a panic.
            match std::panic::catch_unwind(|| connect(&files)) {
                Ok(Ok(parts)) => return Ok(Self::of(parts, lock)),
                Ok(Err(error)) => tracing::warn!(%error, "the search index is broken; building it anew"),
                Err(_) => tracing::warn!("the search index is broken; building it anew"),
            }
        } else if files.exists() {
            tracing::info!(version = VERSION, "the search index is of another version; building it anew");
        }
        // The stamp goes first and comes back last, so that half-made files never pass for an index.
        remove(|| fs::remove_file(&stamp))?;
        remove(|| fs::remove_dir_all(&files))?;
        fs::create_dir_all(&files)?;
        let parts = connect(&files).map_err(internal)?;
        fs::write(&stamp, VERSION.to_string())?;
        Ok(Self::of(parts, lock))
    }

    fn of((fields, reader, writer): (Fields, IndexReader, IndexWriter), lock: File) -> Self {
        let writer = Mutex::new(Writer::new(writer));
        Self(Arc::new(Inner { fields, reader, writer, _lock: lock }))
    }
}

fn connect(files: &Path) -> Result<(Fields, IndexReader, IndexWriter), TantivyError> {
    let (schema, fields) = schema();
    let mut index = tantivy::Index::open_or_create(MmapDirectory::open(files)?, schema)?;
    index.set_tokenizers(tokenizers());
    let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
    let writer: IndexWriter = index.writer_with_num_threads(2, 2 * MEMORY)?;
    let mut merges = LogMergePolicy::default();
    // A publication is a commit, and so a segment: few of the smallest are let stand.
    merges.set_min_num_segments(6);
    writer.set_merge_policy(Box::new(merges));
    Ok((fields, reader, writer))
}

/// Removes what may be missing already.
fn remove(how: impl Fn() -> std::io::Result<()>) -> Result<()> {
    match how() {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}
