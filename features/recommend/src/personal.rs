//! What single readers read and like, as far as they let the site learn it.
//!
//! Whoever switches it off has no row read or written here but the switch itself.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use articles::Articles;
use authors::Authors;
use blocks::{Blocks, How, Target};
use db::{Db, Tx};
use events::Journal;
use follows::Follows;
use kernel::{ArticleId, AuthorId, Env, Error, Result, Slug, Tag, Time, UserId};
use moka::sync::Cache;

use crate::article_facts::ArticleFactsCache;
use crate::codes;
use crate::events::ProfileChanged;
use crate::reader::{Reader, Subject, Wishes};
use crate::store::personal::{self as store, PastRead, WishRow};

/// Reads of a reader that are looked at.
const PAST: usize = 200;
/// Wishes that one reader may have.
const WISHES: i64 = 500;
/// A history is kept for so long.
const MEMORY: Duration = Duration::from_hours(365 * 24);
/// A profile that was read is good for so long, unless its reader does something.
const KEPT: Duration = Duration::from_mins(2);
const PROFILES: u64 = 20_000;
/// Longer than this nobody looks at one page: the rest is an open window that nobody sees.
const LONGEST: i64 = 3_600;

#[derive(Clone)]
pub struct Personal(Arc<Inner>);

/// Where it is known how a reader stands to others: whom they write for, follow and mute.
#[derive(Clone)]
pub struct Relations {
    pub authors: Authors,
    pub follows: Follows,
    pub blocks: Blocks,
}

struct Inner {
    db: Db,
    journal: Journal,
    env: Env,
    articles: Articles,
    facts: ArticleFactsCache,
    relations: Relations,
    waiting: Mutex<Vec<PastRead>>,
    /// One flush at a time, so that whoever waits for one knows that what was read before it is written.
    flushing: tokio::sync::Mutex<()>,
    profiles: Cache<UserId, Arc<Reader>>,
}

impl Personal {
    pub fn new(
        db: Db,
        journal: Journal,
        env: Env,
        articles: Articles,
        facts: ArticleFactsCache,
        relations: Relations,
    ) -> Self {
        let profiles = Cache::builder().max_capacity(PROFILES).time_to_live(KEPT).build();
        let (waiting, flushing) = (Mutex::default(), tokio::sync::Mutex::default());
        Self(Arc::new(Inner { db, journal, env, articles, facts, relations, waiting, flushing, profiles }))
    }

    /// Whether a reader lets the site learn: yes, until they say no.
    pub async fn learns(&self, user: UserId) -> Result<bool> {
        store::learns(&self.0.db, user).await
    }

    /// The switch. What was learned stays as it is until it is switched on again or forgotten by [`Personal::reset`].
    pub async fn set_learns(&self, user: UserId, learns: bool) -> Result<()> {
        let _flushing = self.0.flushing.lock().await;
        let tx = self.0.db.write().await?;
        store::set_learns(&tx, user, learns, self.0.env.now()).await?;
        self.commit(tx, user).await?;
        if !learns {
            self.waiting().retain(|read| read.user_id != user);
        }
        Ok(())
    }

    /// Forgets everything that was learned of a reader, and what they wished for; not the switch.
    pub async fn reset(&self, user: UserId) -> Result<()> {
        let _flushing = self.0.flushing.lock().await;
        self.waiting().retain(|read| read.user_id != user);
        let tx = self.0.db.write().await?;
        store::forget_all(&tx, user).await?;
        self.commit(tx, user).await
    }

    /// A reader opens an article. It is written a moment later, unless they have the site learn nothing.
    pub fn read(&self, user: UserId, article: ArticleId) {
        self.seen(user, article, 0, false);
    }

    /// How long a reader had an article in view (in seconds), and whether they came to its end.
    pub fn seen(&self, user: UserId, article: ArticleId, seconds: i64, finished: bool) {
        let (read_at, seconds) = (self.0.env.now(), seconds.clamp(0, LONGEST));
        self.waiting().push(PastRead { user_id: user, article_id: article, read_at, seconds, finished });
    }

    /// Writes what was read since the last time, in one transaction. What cannot be written is kept.
    pub async fn flush(&self) -> Result<()> {
        let _flushing = self.0.flushing.lock().await;
        let mut reads = std::mem::take(&mut *self.waiting());
        if reads.is_empty() {
            return Ok(());
        }
        let done = self.write(&mut reads).await;
        if done.is_err() {
            self.waiting().extend(reads);
        }
        done
    }

    async fn write(&self, reads: &mut Vec<PastRead>) -> Result<()> {
        let mut users: Vec<UserId> = reads.iter().map(|read| read.user_id).collect();
        users.sort_unstable();
        users.dedup();
        // In one with the writing: whoever says no, or is deleted, meanwhile comes before it or after it.
        let tx = self.0.db.write().await?;
        let off = store::not_learning(&tx, &users).await?;
        reads.retain(|read| !off.contains(&read.user_id));
        // Each pair once, and in one order, so that nodes that write at the same time wait for each other in one order only.
        reads.sort_by_key(|read| (read.user_id, read.article_id));
        reads.dedup_by(|later, kept| {
            let same = (later.user_id, later.article_id) == (kept.user_id, kept.article_id);
            if same {
                kept.read_at = kept.read_at.max(later.read_at);
                kept.seconds = kept.seconds.max(later.seconds);
                kept.finished |= later.finished;
            }
            same
        });
        if reads.is_empty() {
            return Ok(());
        }
        store::add_reads(&tx, reads).await?;
        tx.commit().await?;
        for read in reads {
            self.0.profiles.invalidate(&read.user_id);
        }
        Ok(())
    }

    /// Forgets histories that are older than a year.
    pub async fn forget(&self) -> Result<u64> {
        let tx = self.0.db.write().await?;
        let gone = store::forget_before(&tx, self.0.env.now().minus(MEMORY)).await?;
        tx.commit().await?;
        Ok(gone)
    }

    /// A reader with all that is known of them; nobody where they let the site learn nothing.
    pub async fn reader(&self, user: UserId) -> Result<Option<Arc<Reader>>> {
        if !self.learns(user).await? {
            return Ok(None);
        }
        let hidden = self.0.relations.blocks.of(user).await?;
        // Whom they muted since is not in what was made before.
        let good = |reader: &Arc<Reader>| {
            Arc::ptr_eq(&reader.hidden, &hidden) || reader.hidden.authors == hidden.authors
        };
        if let Some(reader) = self.0.profiles.get(&user).filter(good) {
            return Ok(Some(reader));
        }
        let past = store::reads(&self.0.db, user, PAST).await?;
        let ids: Vec<ArticleId> = past.iter().map(|read| read.article_id).collect();
        let (known, wishes, follows, subjects, own) = tokio::try_join!(
            self.0.facts.of(&ids),
            store::wishes(&self.0.db, user),
            self.0.relations.follows.following(user),
            self.0.relations.follows.subjects(user),
            self.0.relations.authors.owned_by(user),
        )?;
        let mut reader = Reader::new(user, past, &known, Wishes::of(&wishes), self.0.env.now());
        reader.follows = follows.into_iter().collect();
        reader.follow(subjects);
        reader.own = own.into_iter().map(|author| author.id).collect();
        reader.hidden = hidden;
        let reader = Arc::new(reader);
        self.0.profiles.insert(user, reader.clone());
        Ok(Some(reader))
    }

    /// Forgets what is kept in memory of a reader, or of all: something changed, maybe on another node.
    pub(crate) fn refresh(&self, user: Option<UserId>) {
        match user {
            Some(user) => self.0.profiles.invalidate(&user),
            None => self.0.profiles.invalidate_all(),
        }
    }

    /// What a reader read, latest first; nothing where they let the site learn nothing.
    pub async fn history(&self, user: UserId, limit: usize) -> Result<Vec<(ArticleId, Time)>> {
        if !self.learns(user).await? {
            return Ok(Vec::new());
        }
        let reads = store::reads(&self.0.db, user, limit).await?;
        Ok(reads.into_iter().map(|read| (read.article_id, read.read_at)).collect())
    }

    /// Forgets that a reader read an article.
    pub async fn forget_read(&self, user: UserId, article: ArticleId) -> Result<()> {
        self.learning(user).await?;
        let tx = self.0.db.write().await?;
        store::forget_read(&tx, user, article).await?;
        self.commit(tx, user).await
    }

    /// What a reader said they want more of, or none of.
    pub async fn wishes(&self, user: UserId) -> Result<Vec<WishRow>> {
        if !self.learns(user).await? {
            return Ok(Vec::new());
        }
        store::wishes(&self.0.db, user).await
    }

    /// A reader wants more of something, or none. Nothing of an author is a mute, which `blocks` keeps and all lists go by; whoever wants
    /// more of one takes it back. Errors: `wish-form` where there is no such thing, `wishes-many`; of a mute those of [`Blocks::set`].
    pub async fn wish(&self, user: UserId, subject: Subject, name: &str, wanted: bool) -> Result<()> {
        if subject == Subject::Author && !wanted {
            let target = Target::Author(self.author_of(name).await?);
            // Who is blocked stays blocked.
            if self.0.relations.blocks.hides(user, target).await? {
                return Ok(());
            }
            return self.0.relations.blocks.set(user, target, How::Mute).await;
        }
        self.learning(user).await?;
        let name = self.name_of(subject, name).await?;
        if subject == Subject::Author {
            let target = Target::Author(self.author_of(&name).await?);
            if self.0.relations.blocks.of(user).await?.how(target) == Some(How::Mute) {
                self.0.relations.blocks.lift(user, target).await?;
            }
        }
        let tx = self.0.db.write().await?;
        if store::count_wishes(&tx, user).await? >= WISHES {
            return Err(Error::invalid("name", codes::WISHES_MANY));
        }
        store::wish(&tx, user, subject.name(), &name, wanted, self.0.env.now()).await?;
        self.commit(tx, user).await
    }

    pub async fn unwish(&self, user: UserId, subject: Subject, name: &str) -> Result<()> {
        self.learning(user).await?;
        let tx = self.0.db.write().await?;
        store::unwish(&tx, user, subject.name(), name).await?;
        self.commit(tx, user).await
    }

    /// What readers want more of or none of moves along with a channel that was merged into another.
    pub async fn move_channel(&self, by: UserId, from: &Slug, into: &Slug) -> Result<()> {
        let tx = self.0.db.write().await?;
        store::move_channel(&tx, Subject::Channel.name(), from.as_str(), into.as_str()).await?;
        self.0.journal.by(by).append(&tx, &ProfileChanged { user: None }).await?;
        tx.commit().await?;
        self.0.profiles.invalidate_all();
        Ok(())
    }

    /// Ends a write that changes what is known of a reader, here and on other nodes.
    async fn commit(&self, tx: Tx, user: UserId) -> Result<()> {
        self.0.journal.by(user).append(&tx, &ProfileChanged { user: Some(user) }).await?;
        tx.commit().await?;
        self.0.profiles.invalidate(&user);
        Ok(())
    }

    /// Where the site is to learn nothing, there is nothing to change either.
    async fn learning(&self, user: UserId) -> Result<()> {
        if self.learns(user).await? { Ok(()) } else { Err(Error::Conflict(codes::LEARNING_OFF)) }
    }

    /// A thing's name as it is stored.
    async fn name_of(&self, subject: Subject, name: &str) -> Result<String> {
        let wrong = || Error::invalid("name", codes::WISH_FORM);
        match subject {
            Subject::Article => {
                let id: ArticleId = name.parse().map_err(|_| wrong())?;
                self.0.articles.get_visible(id).await?;
                Ok(id.to_string())
            }
            Subject::Author => Ok(self.author_of(name).await?.to_string()),
            Subject::Channel => {
                let slug = Slug::new(name).map_err(|_| wrong())?;
                let known = self.0.articles.channels().await?.iter().any(|channel| channel.slug == slug);
                known.then(|| slug.to_string()).ok_or_else(wrong)
            }
            Subject::Tag => Ok(Tag::new(name).map_err(|_| wrong())?.folded()),
        }
    }

    async fn author_of(&self, name: &str) -> Result<AuthorId> {
        let wrong = || Error::invalid("name", codes::WISH_FORM);
        let id = name.parse().map_err(|_| wrong())?;
        Ok(self.0.relations.authors.find(id).await?.ok_or_else(wrong)?.id)
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<PastRead>> {
        self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
