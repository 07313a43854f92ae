//! Opening the folder, beginning anew where that cannot be done, and one index taking the place of another.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use kernel::{Error, Result};
use tantivy::{IndexReader, ReloadPolicy, Searcher, TantivyError};

use crate::files::Files;
use crate::schema::{Fields, VERSION, schema, tokenizers};
use crate::view::View;
use crate::writer::Writer;
use crate::{fold, internal, sound, words};

/// The file that names the version and the folder of the index that counts; other folders are left-overs.
const STAMP: &str = "version";
const FILES: &str = "files";

/// The full-text index: cheap to clone, shared by all.
#[derive(Clone)]
pub struct Index(pub(crate) Arc<Shared>);

pub(crate) struct Shared {
    dir: PathBuf,
    pub fields: Fields,
    live: RwLock<Arc<Live>>,
    /// How many indexes were here before this one.
    pub taken_over: AtomicU64,
    /// Held for as long as this process has the index; the system frees it when the process dies, however it dies. One that is
    /// built beside another needs none.
    lock: Mutex<Option<File>>,
}

pub(crate) struct Live {
    folder: String,
    pub reader: IndexReader,
    pub writer: Mutex<Writer>,
    view: RwLock<Arc<View>>,
}

impl Index {
    /// Opens the index in `dir`, and makes it where it is missing, of another version or broken.
    ///
    /// Errors: [`Error::Unavailable`] while another process has it open.
    pub fn open(dir: &Path) -> Result<Self> {
        warm();
        let lock = lock(dir)?;
        let stamp = fs::read_to_string(dir.join(STAMP)).unwrap_or_default();
        let folder = stamp.strip_prefix(&format!("{VERSION} ")).filter(|folder| is_folder(folder));
        remove_all(dir, folder)?;
        if let Some(folder) = folder {
            // Tantivy answers some damage with an error, some (a file cut short) with a panic.
            match std::panic::catch_unwind(|| connect(dir, folder)) {
                Ok(Ok(parts)) => return Ok(Self::of(dir, parts, Some(lock))),
                Ok(Err(error)) => tracing::warn!(%error, "the search index is broken; building it anew"),
                Err(_) => tracing::warn!("the search index is broken; building it anew"),
            }
        } else if !stamp.is_empty() {
            tracing::info!(version = VERSION, "the search index is of another version; building it anew");
        }
        // The stamp goes first and comes back last, so that half-made files never pass for an index.
        remove(|| fs::remove_file(dir.join(STAMP)))?;
        remove_all(dir, None)?;
        fs::create_dir_all(dir.join(FILES))?;
        let parts = connect(dir, FILES)?;
        write_stamp(dir, FILES)?;
        Ok(Self::of(dir, parts, Some(lock)))
    }

    /// A new, empty index beside this one, which goes on. What is not given to [`Index::swap`] is removed when the
    /// folder is opened the next time.
    pub fn shadow(&self) -> Result<Self> {
        let current = self.live().folder.clone();
        if self.is_missing() {
            // The lock went with the folder.
            let lock = lock(&self.0.dir)?;
            *self.0.lock.lock().unwrap_or_else(PoisonError::into_inner) = Some(lock);
        }
        remove_all(&self.0.dir, Some(&current))?;
        let next = current.rsplit_once('-').and_then(|(_, n)| n.parse().ok()).unwrap_or(1_u64) + 1;
        let folder = format!("{FILES}-{next}");
        fs::create_dir_all(self.0.dir.join(&folder))?;
        Ok(Self::of(&self.0.dir, connect(&self.0.dir, &folder)?, None))
    }

    /// Puts one that was filled beside this one into its place. Killed at any moment, the folder opens with either the one or
    /// the other; whoever is asking meanwhile is answered by either.
    pub fn swap(&self, other: &Self) -> Result<()> {
        let new = other.live();
        write_stamp(&self.0.dir, &new.folder)?;
        let old = {
            let mut live = self.0.live.write().unwrap_or_else(PoisonError::into_inner);
            std::mem::replace(&mut *live, new)
        };
        self.0.taken_over.fetch_add(1, Ordering::Relaxed);
        // Whoever still reads it keeps its files open.
        remove(|| fs::remove_dir_all(self.0.dir.join(&old.folder)))
    }

    /// Whether somebody removed the folder, or the files in it that count: what was read of them is still there, but nothing can be
    /// written any more.
    pub fn is_missing(&self) -> bool {
        let there = |name: &str| self.0.dir.join(name).exists();
        !(there(STAMP) && there(&self.live().folder))
    }

    /// The folder it was opened in.
    pub fn dir(&self) -> &Path {
        &self.0.dir
    }

    fn of(dir: &Path, (fields, live): (Fields, Live), lock: Option<File>) -> Self {
        Self(Arc::new(Shared {
            dir: dir.to_owned(),
            fields,
            live: RwLock::new(Arc::new(live)),
            taken_over: AtomicU64::new(0),
            lock: Mutex::new(lock),
        }))
    }

    pub(crate) fn live(&self) -> Arc<Live> {
        self.0.live.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn view(&self) -> Arc<View> {
        self.live().view()
    }

    pub(crate) fn searcher(&self) -> Searcher {
        self.view().searcher.clone()
    }
}

impl Live {
    pub fn view(&self) -> Arc<View> {
        self.view.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Sees what the last commit left.
    pub fn look(&self) -> Result<()> {
        self.reader.reload().map_err(internal)?;
        let before = self.view();
        let view = View::new(self.reader.searcher(), before.fields, Some(&before))?;
        *self.view.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(view);
        Ok(())
    }
}

/// Loads tables and dictionaries without keeping anybody waiting.
fn warm() {
    std::thread::spawn(|| {
        fold::warm();
        sound::warm();
        words::warm();
    });
}

fn lock(dir: &Path) -> Result<File> {
    fs::create_dir_all(dir)?;
    let lock = File::create(dir.join("lock"))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(fs::TryLockError::WouldBlock) => {
            Err(Error::Unavailable("search index (open in another process)".into()))
        }
        Err(fs::TryLockError::Error(error)) => Err(error.into()),
    }
}

fn connect(dir: &Path, folder: &str) -> Result<(Fields, Live)> {
    let (schema, fields) = schema();
    let open = || -> Result<(IndexReader, Writer), TantivyError> {
        let mut index = tantivy::Index::open_or_create(Files::open(&dir.join(folder))?, schema)?;
        index.set_tokenizers(tokenizers());
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok((reader, Writer::new(&index)?))
    };
    let (reader, writer) = open().map_err(internal)?;
    let view = RwLock::new(Arc::new(View::new(reader.searcher(), fields, None)?));
    Ok((fields, Live { folder: folder.to_owned(), reader, writer: Mutex::new(writer), view }))
}

fn is_folder(name: &str) -> bool {
    let rest = name.strip_prefix(FILES);
    rest.is_some_and(|rest| {
        rest.is_empty() || rest.strip_prefix('-').is_some_and(|n| n.parse::<u64>().is_ok())
    })
}

/// Whole or not at all.
fn write_stamp(dir: &Path, folder: &str) -> Result<()> {
    let new = dir.join("version.new");
    let mut file = File::create(&new)?;
    file.write_all(format!("{VERSION} {folder}").as_bytes())?;
    file.sync_all()?;
    fs::rename(&new, dir.join(STAMP))?;
    File::open(dir)?.sync_all()?;
    Ok(())
}

/// Removes the folders of all indexes but one.
fn remove_all(dir: &Path, but: Option<&str>) -> Result<()> {
    for entry in fs::read_dir(dir)? {
        let name = entry?.file_name();
        if let Some(name) = name.to_str().filter(|name| is_folder(name) && Some(*name) != but) {
            remove(|| fs::remove_dir_all(dir.join(name)))?;
        }
    }
    Ok(())
}

/// Removes what may be missing already.
fn remove(how: impl Fn() -> std::io::Result<()>) -> Result<()> {
    match how() {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}
