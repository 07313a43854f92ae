//! What people do with pictures.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use blob::Key;
use bytes::Bytes;
use db::{Db, Tx};
use events::{Actor, Journal};
use kernel::{Cursor, Env, Error, Page, Result, UserId};
use moka::sync::Cache;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::spawn_blocking;
use tokio::time::{Instant, sleep, timeout, timeout_at};

use crate::events::{Added, Deleted};
use crate::make::Made;
use crate::model::{self, Claim, MAX_MEGABYTES, Picture, Variant};
use crate::worker::Maker;
use crate::{quota, store};

/// How many uploads are decoded at once: it bounds memory, and leaves processors for readers. One user has one of them at a time.
const AT_ONCE: usize = 2;
/// How many uploads are decoded or wait for it, of all users and of one: each holds its file.
const WAITING: usize = 32;
const OF_ONE: usize = WAITING / 4;
/// How long an upload waits for its turn.
const PATIENCE: Duration = Duration::from_secs(30);
/// Users whose uploads take turns, kept this long after their last one.
const USERS: u64 = 1_000;
const TURNS: Duration = Duration::from_mins(5);
/// What an upload stored is removed after this long where it came to nothing: until then it may be on its way.
const ORPHAN: Duration = Duration::from_hours(1);
/// A removal that takes longer is given up, and tried again later.
const REMOVAL: Duration = Duration::from_secs(30);
/// Whoever uploads what is just being removed looks again so often, so many times.
const AGAIN: Duration = Duration::from_millis(200);
const TRIES: usize = 10;
/// When whoever finds no room may come again.
const AGAIN_IN: Duration = Duration::from_secs(5);
/// Folders of files that are removed in one turn.
const SWEPT: usize = 500;

/// Pictures that are kept in memory, a few hundred bytes each.
const REMEMBERED: u64 = 4_096;

#[derive(Clone)]
pub struct Media {
    db: Db,
    journal: Journal,
    env: Env,
    objects: blob::Store,
    maker: Maker,
    waiting: Arc<Semaphore>,
    work: Arc<Semaphore>,
    turns: Cache<UserId, Turns>,
    /// Files that were sent and are in memory to be decoded, or wait for it.
    reading: Arc<Semaphore>,
    /// A picture never changes. That one is gone, [`Media::forget`] is told.
    remembered: Cache<String, Picture>,
}

/// One user's uploads: how many may wait, and which of them has its turn.
#[derive(Clone)]
struct Turns {
    waiting: Arc<Semaphore>,
    turn: Arc<Semaphore>,
}

impl Default for Turns {
    fn default() -> Self {
        Self { waiting: Arc::new(Semaphore::new(OF_ONE)), turn: Arc::new(Semaphore::new(1)) }
    }
}

/// A user's turn, until it is dropped.
struct Turn {
    /// When an upload has waited long enough.
    until: Instant,
    _held: [Option<OwnedSemaphorePermit>; 3],
}

fn busy() -> Error {
    Error::Busy(AGAIN_IN)
}

impl Media {
    pub fn new(db: Db, journal: Journal, env: Env, objects: blob::Store) -> Self {
        let (waiting, work) = (Arc::new(Semaphore::new(WAITING)), Arc::new(Semaphore::new(AT_ONCE)));
        let turns = Cache::builder().max_capacity(USERS).time_to_idle(TURNS).build();
        let remembered = Cache::new(REMEMBERED);
        let reading = Arc::new(Semaphore::new(2 * AT_ONCE));
        let maker = Maker::Here;
        Self { db, journal, env, objects, maker, waiting, work, turns, reading, remembered }
    }

    /// Makes pictures in a process of their own: `program args…` must call [`crate::run_worker`] first of all. Without it they are
    /// made in this process, and a file that takes all memory or time takes the server's.
    #[must_use]
    pub fn with_worker(mut self, program: PathBuf, args: &[&str]) -> Self {
        self.maker = Maker::Worker { program, args: args.iter().map(|&arg| arg.to_owned()).collect() };
        self
    }

    /// The same for `actor`: what is done is told of as theirs.
    #[must_use]
    pub fn by(&self, actor: impl Into<Actor>) -> Self {
        Self { journal: self.journal.by(actor), ..self.clone() }
    }

    /// For pictures that the program itself drew: they are made in this process, and quickly.
    #[must_use]
    pub fn trusting(&self) -> Self {
        Self { maker: Maker::Drawn, ..self.clone() }
    }

    /// Takes in a picture. [`Error::Unavailable`] where too many are being taken in,
    /// [`Error::Quota`] where the user has brought too much. The same bytes are the same picture, whoever brings them and however often.
    pub async fn upload(&self, by: Option<UserId>, bytes: Bytes) -> Result<Picture> {
        if bytes.len() as i64 > MAX_MEGABYTES << 20 {
            return Err(model::too_large());
        }
        let hash = model::hash(&bytes);
        if let Some(picture) = self.known(by, &hash).await? {
            return Ok(picture);
        }
        let turn = self.turn(by).await?;
        self.take_in(turn, by, hash, bytes).await
    }

    /// [`Media::upload`] of a file, which is read only when its turn comes: a crowd of uploads waits on the disk, not in memory.
    pub async fn upload_file(&self, by: Option<UserId>, path: &Path) -> Result<Picture> {
        // The user's own turn comes first: many files of one leave the others their places in memory.
        let turn = self.turn(by).await?;
        let reading = timeout_at(turn.until, self.reading.acquire()).await;
        let _reading = reading.map_err(|_| busy())?.map_err(Error::internal)?;
        let path = path.to_owned();
        let bytes: Bytes =
            spawn_blocking(move || std::fs::read(path)).await.map_err(Error::internal)??.into();
        if bytes.len() as i64 > MAX_MEGABYTES << 20 {
            return Err(model::too_large());
        }
        let hash = model::hash(&bytes);
        self.take_in(turn, by, hash, bytes).await
    }

    /// Whoever brings many waits for themselves, not others for them.
    async fn turn(&self, by: Option<UserId>) -> Result<Turn> {
        let until = Instant::now() + PATIENCE;
        let own = by.map(|user| self.turns.get_with(user, Turns::default));
        let place = |of: &Arc<Semaphore>| of.clone().try_acquire_owned().map_err(|_| busy());
        let mine = own.as_ref().map(|own| place(&own.waiting)).transpose()?;
        let waiting = place(&self.waiting)?;
        let turn = match own {
            Some(own) => Some(timeout_at(until, own.turn.acquire_owned()).await),
            None => None,
        };
        let turn = turn.transpose().map_err(|_| busy())?.transpose().map_err(Error::internal)?;
        Ok(Turn { until, _held: [mine, Some(waiting), turn] })
    }

    async fn take_in(&self, turn: Turn, by: Option<UserId>, hash: String, bytes: Bytes) -> Result<Picture> {
        let work = timeout_at(turn.until, self.work.acquire()).await;
        let _work = work.map_err(|_| busy())?.map_err(Error::internal)?;
        // Perhaps it was made while this one waited its turn.
        if let Some(picture) = self.known(by, &hash).await? {
            return Ok(picture);
        }
        if let Some(user) = by {
            quota::check(&self.db, user, self.env.now()).await?;
        }
        let made = self.maker.make(bytes).await?;
        // From here on to the end, even if the asker goes away: nothing is left half kept.
        let this = self.clone();
        tokio::spawn(async move { this.keep(by, hash, made).await }).await.map_err(Error::internal)?
    }

    /// The picture, if the site has it and its files; `by` owns it from now on.
    async fn known(&self, by: Option<UserId>, hash: &str) -> Result<Option<Picture>> {
        let Some(picture) = store::find(&self.db, hash).await? else { return Ok(None) };
        let Some(key) = Key::new(hash, model::fallback_name(picture.transparent)) else { return Ok(None) };
        if !self.objects.exists(&key).await? {
            return Ok(None);
        }
        if let Some(user) = by
            && !store::is_owner(&self.db, user, picture.id).await?
        {
            let tx = self.db.write().await?;
            // Its files were there already.
            store::add_owner(&tx, user, picture.id, 0, self.env.now()).await?;
            tx.commit().await?;
        }
        Ok(Some(picture))
    }

    /// Files first, then the row: whoever finds the picture finds its files. That files are on their way is written down before, so that those
    /// of an upload that comes to nothing are found, on whatever node.
    async fn keep(&self, by: Option<UserId>, hash: String, made: Made) -> Result<Picture> {
        let bytes = made.files.iter().map(|(_, bytes)| bytes.len() as i64).sum();
        let files = made.files.into_iter().map(|(name, bytes)| Ok((key(&hash, &name)?, bytes.into())));
        let files = files.collect::<Result<Vec<(Key, Bytes)>>>()?;
        self.begin_upload(&hash).await?;
        self.objects.put_all(files).await?;
        let mut picture = Picture {
            id: self.env.id(),
            hash,
            width: made.width,
            height: made.height,
            colour: made.colour,
            transparent: made.transparent,
            motion: made.motion,
            widths: made.widths,
        };
        let now = self.env.now();
        let tx = self.db.write().await?;
        let stored = store::end_upload(&tx, &picture.hash).await?;
        if store::insert(&tx, &picture, now).await? {
            if !stored {
                return Err(busy());
            }
            store::undelete(&tx, &picture.hash).await?;
            let journal = by.map_or_else(|| self.journal.clone(), |user| self.journal.by(user));
            journal.append(&tx, &Added { id: picture.id, hash: picture.hash.clone() }).await?;
        } else {
            picture = store::find(&tx, &picture.hash).await?.ok_or(Error::NotFound)?;
        }
        if let Some(user) = by {
            store::add_owner(&tx, user, picture.id, bytes, now).await?;
        }
        tx.commit().await?;
        Ok(picture)
    }

    /// Waits a little where the same files are just being removed.
    async fn begin_upload(&self, hash: &str) -> Result<()> {
        for _ in 0..TRIES {
            let now = self.env.now();
            let tx = self.db.write().await?;
            if store::begin_upload(&tx, hash, now, now.plus(ORPHAN)).await? {
                return tx.commit().await;
            }
            drop(tx);
            sleep(AGAIN).await;
        }
        Err(busy())
    }

    pub async fn find(&self, hash: &str) -> Result<Option<Picture>> {
        Ok(self.get_many(&[hash]).await?.remove(hash))
    }

    /// By hash; unknown ones are left out.
    pub async fn get_many(&self, hashes: &[&str]) -> Result<HashMap<String, Picture>> {
        let mut found: HashMap<String, Picture> = hashes
            .iter()
            .filter_map(|&hash| self.remembered.get(hash).map(|picture| (hash.to_owned(), picture)))
            .collect();
        let missing: Vec<&str> = hashes.iter().copied().filter(|&hash| !found.contains_key(hash)).collect();
        for picture in store::find_many(&self.db, &missing).await? {
            self.remembered.insert(picture.hash.clone(), picture.clone());
            found.insert(picture.hash.clone(), picture);
        }
        Ok(found)
    }

    /// Which of these pictures the site does not have. Nothing that is remembered is believed: another process may have deleted one.
    pub async fn missing(&self, hashes: &[String]) -> Result<Vec<String>> {
        let names: Vec<&str> = hashes.iter().map(String::as_str).collect();
        let found = store::find_many(&self.db, &names).await?;
        let known: HashSet<&str> = found.iter().map(|picture| picture.hash.as_str()).collect();
        Ok(hashes.iter().filter(|hash| !known.contains(hash.as_str())).cloned().collect())
    }

    /// Brings the files that a folder of this machine has for the site's pictures into its store; `told` of each, and whether it was new
    /// there. What was deleted is not brought back, and what was deleted meanwhile is swept up.
    pub async fn copy_files(&self, dir: &Path, told: impl Fn(bool)) -> Result<()> {
        let unwanted = async |hashes: Vec<String>| self.missing(&hashes).await;
        self.objects.copy_from(dir, unwanted, told).await?;
        let tx = self.db.write().await?;
        store::unclaim_deleted(&tx, self.env.now()).await?;
        tx.commit().await
    }

    /// Those of these pictures that one of `users` uploaded.
    pub async fn brought_by(&self, users: &[UserId], hashes: &[String]) -> Result<Vec<String>> {
        store::brought_by(&self.db, users, hashes).await
    }

    /// Pictures that `user` uploaded, newest first.
    pub async fn owned_by(&self, user: UserId, from: Cursor, limit: usize) -> Result<Page<Picture>> {
        let rows = store::owned_by(&self.db, user, from, limit + 1).await?;
        let page = Page::cut(rows, limit, |(at, picture)| Cursor { key: at.millis(), id: picture.id.raw() });
        Ok(page.map(|(_, picture)| picture))
    }

    /// The users who uploaded it. Whether anybody else may see it is not known here.
    pub async fn owners(&self, hash: &str) -> Result<Vec<UserId>> {
        store::owners(&self.db, hash).await
    }

    /// Whether its owners deleted it.
    pub async fn is_deleted(&self, hash: &str) -> Result<bool> {
        store::is_deleted(&self.db, hash).await
    }

    /// Ends `user`'s claim to a picture. It goes for good, files and all, unless somebody else has one or `used` says that others show it;
    /// says whether it went. The caller has seen to it that nothing of the user's own shows it.
    pub async fn delete(&self, user: UserId, hash: &str, used: bool) -> Result<bool> {
        let tx = self.db.write().await?;
        let picture = store::lock(&tx, hash).await?.ok_or(Error::NotFound)?;
        if !store::remove_owner(&tx, user, picture).await? {
            return Err(Error::NotFound);
        }
        let goes = !used && store::owners(&tx, hash).await?.is_empty();
        if goes {
            let now = self.env.now();
            store::delete(&tx, hash, picture, now).await?;
            store::unclaim(&tx, hash, now).await?;
            self.journal.by(user).append(&tx, &Deleted { hash: hash.to_owned() }).await?;
        }
        tx.commit().await?;
        if goes {
            self.drop_files(&[hash.to_owned()]).await?;
        }
        Ok(goes)
    }

    /// Forgets a user who is deleted: their claims end. Says to what nobody else has one: each is to be handed on, discarded, or left to
    /// those who show it.
    pub async fn erase(&self, tx: &Tx, user: UserId) -> Result<Vec<Claim>> {
        store::drop_claims(tx, user).await
    }

    /// Others have a claim from now on. They did not bring it: it takes nothing of their room.
    pub async fn hand_on(&self, tx: &Tx, claim: &Claim, heirs: &[UserId]) -> Result<()> {
        for &heir in heirs {
            store::add_owner(tx, heir, claim.id, 0, claim.uploaded_at).await?;
        }
        Ok(())
    }

    /// Deletes what nobody has a claim to. When the transaction is through, its files are for [`Media::drop_files`].
    pub async fn discard(&self, tx: &Tx, claim: &Claim) -> Result<()> {
        let now = self.env.now();
        store::delete(tx, &claim.hash, claim.id, now).await?;
        store::unclaim(tx, &claim.hash, now).await?;
        self.journal.append(tx, &Deleted { hash: claim.hash.clone() }).await
    }

    /// Removes the files of pictures that were deleted, but for what somebody brought again. Where that is broken off, or the store does not
    /// answer, [`Media::sweep`] does it.
    pub async fn drop_files(&self, hashes: &[String]) -> Result<()> {
        for hash in hashes {
            self.forget(hash);
            if let Err(error) = self.remove(hash).await {
                tracing::warn!(%error, hash, "cannot remove the files of a picture that was deleted; later");
            }
        }
        Ok(())
    }

    /// Removes files that no picture has; whether there were any. While it does, nobody stores files of that hash.
    async fn remove(&self, hash: &str) -> Result<bool> {
        let now = self.env.now();
        let tx = self.db.write().await?;
        if !store::begin_removal(&tx, hash, now, now.plus(2 * REMOVAL)).await? {
            return Ok(false);
        }
        // In this transaction: who deletes the picture meanwhile waits for it, and leaves a row of their own.
        if store::find(&tx, hash).await?.is_some() {
            store::end_removal(&tx, hash).await?;
            tx.commit().await?;
            return Ok(false);
        }
        tx.commit().await?;
        let removed = timeout(REMOVAL, self.objects.delete_folder(hash)).await.map_err(|_| busy())??;
        let tx = self.db.write().await?;
        store::end_removal(&tx, hash).await?;
        tx.commit().await?;
        Ok(removed)
    }

    /// Uploads that are being made, or wait for it.
    pub fn uploads(&self) -> usize {
        WAITING - self.waiting.available_permits().min(WAITING)
    }

    /// To be called when another process may have deleted it.
    pub fn forget(&self, hash: &str) {
        self.remembered.invalidate(hash);
    }

    /// Whether this could name a variant of a picture at all.
    pub fn is_name(hash: &str, variant: &str) -> bool {
        model::mime(variant).is_some() && Key::new(hash, variant).is_some()
    }

    /// A stored file, to be sent out to whoever may see it: it never changes.
    pub async fn open(&self, hash: &str, variant: &str) -> Result<Variant> {
        let mime = model::mime(variant).ok_or(Error::NotFound)?;
        let key = Key::new(hash, variant).ok_or(Error::NotFound)?;
        let object = self.objects.open_object(&key).await?.ok_or(Error::NotFound)?;
        Ok(Variant { mime, object })
    }

    /// Removes the files of uploads that came to nothing (the process was killed, the database failed), and of pictures that were deleted; says
    /// of how many.
    pub async fn sweep(&self) -> Result<usize> {
        let mut swept = 0;
        for hash in store::unclaimed(&self.db, self.env.now(), SWEPT).await? {
            swept += usize::from(self.remove(&hash).await?);
        }
        Ok(swept)
    }
}

fn key(folder: &str, name: &str) -> Result<Key> {
    Key::new(folder, name).ok_or_else(|| Error::internal(format!("not a key: {folder}/{name}")))
}

#[cfg(test)]
mod tests;
