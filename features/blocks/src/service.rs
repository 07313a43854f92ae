//! What can be done with mutes and blocks. Doing or undoing a thing twice is doing it once.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use accounts::Accounts;
use authors::Authors;
use db::{Db, Tx};
use events::{Actor, Journal};
use kernel::{AuthorId, Cursor, Env, Error, Page, Result, Time, UserId};
use moka::sync::Cache;

use crate::codes;
use crate::events::BlocksChanged;
use crate::model::{Block, Hidden, How, Target};
use crate::store;

/// What one user mutes and blocks at most: all of it is kept in memory while they read.
const MOST: i64 = 1_000;
/// How much is kept in memory of all readers together, in users and authors (about ten megabytes).
const KEPT: u64 = 200_000;
/// What a reader costs besides.
const READER: usize = 8;
/// What was read is good for so long, should the journal be late.
const GOOD: Duration = Duration::from_mins(2);

#[derive(Clone)]
pub struct Blocks {
    db: Db,
    journal: Journal,
    env: Env,
    accounts: Accounts,
    authors: Authors,
    kept: Cache<UserId, Arc<Hidden>>,
}

impl Blocks {
    pub fn new(db: Db, journal: Journal, env: Env, accounts: Accounts, authors: Authors) -> Self {
        let weigh = |_: &UserId, hidden: &Arc<Hidden>| {
            u32::try_from(READER + hidden.users.len() + hidden.authors.len()).unwrap_or(u32::MAX)
        };
        let kept = Cache::builder().max_capacity(KEPT).weigher(weigh).time_to_live(GOOD).build();
        Self { db, journal, env, accounts, authors, kept }
    }

    /// The same for `actor`: what is done is told of as theirs.
    #[must_use]
    pub fn by(&self, actor: impl Into<Actor>) -> Self {
        Self { journal: self.journal.by(actor), ..self.clone() }
    }

    /// All of whom a reader wants to see nothing. Mostly out of memory: pages ask each time.
    pub async fn of(&self, user: UserId) -> Result<Arc<Hidden>> {
        if let Some(hidden) = self.kept.get(&user) {
            return Ok(hidden);
        }
        let hidden: Arc<Hidden> = Arc::new(store::all_of(&self.db, user).await?.into_iter().collect());
        self.kept.insert(user, hidden.clone());
        Ok(hidden)
    }

    /// Whether a reader wants to see and hear nothing of somebody: what would tell them of what that one did asks first.
    pub async fn hides(&self, reader: UserId, target: Target) -> Result<bool> {
        Ok(self.of(reader).await?.how(target).is_some())
    }

    /// Of `users`, those who want to see and hear nothing of somebody: before many are told at once. Asks the table.
    pub async fn hiding(&self, target: Target, users: &[UserId]) -> Result<HashSet<UserId>> {
        Ok(store::hiding(&self.db, target, users).await?.into_iter().collect())
    }

    /// A user's list, newest first.
    pub async fn list(&self, user: UserId, from: Cursor, limit: usize) -> Result<Page<Block>> {
        let blocks = store::list(&self.db, user, from, limit + 1).await?;
        Ok(Page::cut(blocks, limit, |block| Cursor { key: block.at.millis(), id: block.target.raw() }))
    }

    /// Mutes or blocks somebody, or makes the one of the other. Conflicts: `block-own`, `blocks-many`.
    pub async fn set(&self, user: UserId, target: Target, how: How) -> Result<()> {
        self.check_target(user, target).await?;
        let tx = self.db.write().await?;
        if !store::is_there(&tx, user, target).await? && store::count(&tx, user).await? >= MOST {
            return Err(Error::Conflict(codes::BLOCKS_MANY));
        }
        if store::set(&tx, user, target, how, self.env.now()).await? {
            self.journal.by(user).append(&tx, &BlocksChanged { user: Some(user) }).await?;
        }
        tx.commit().await?;
        self.forget(Some(user));
        Ok(())
    }

    /// Takes back a mute or a block, also of somebody who is not there any more.
    pub async fn lift(&self, user: UserId, target: Target) -> Result<()> {
        let tx = self.db.write().await?;
        if store::lift(&tx, user, target).await? {
            self.journal.by(user).append(&tx, &BlocksChanged { user: Some(user) }).await?;
        }
        tx.commit().await?;
        self.forget(Some(user));
        Ok(())
    }

    /// Whether `from` may answer and like what `to` wrote. Conflicts: `blocked` where `to` wants to be left alone by them or by an author
    /// whom they own, `blocking` where `from` blocks `to` themselves: nobody has the last word by a block.
    pub async fn check_contact(&self, from: UserId, to: UserId) -> Result<()> {
        if from == to {
            return Ok(());
        }
        let theirs = self.of(to).await?;
        let mut blocked = theirs.how(Target::User(from)) == Some(How::Block);
        // Who owns an author is asked only where one is blocked.
        if !blocked && theirs.authors.values().any(|how| *how == How::Block) {
            let owned = self.authors.owned_by(from).await?;
            blocked = owned.iter().any(|author| theirs.how(Target::Author(author.id)) == Some(How::Block));
        }
        if blocked {
            return Err(Error::Conflict(codes::BLOCKED));
        }
        if self.of(from).await?.how(Target::User(to)) == Some(How::Block) {
            return Err(Error::Conflict(codes::BLOCKING));
        }
        Ok(())
    }

    /// Takes in mutes of authors from where they were noted before, as they were; the caller commits, and forgets.
    pub async fn take_in(&self, tx: &Tx, mutes: &[(UserId, AuthorId, Time)]) -> Result<()> {
        if mutes.is_empty() {
            return Ok(());
        }
        store::take_in(tx, mutes).await?;
        self.journal.append(tx, &BlocksChanged { user: None }).await
    }

    /// Forgets a user who is deleted: whom they blocked, and who blocked them.
    pub async fn erase(&self, tx: &Tx, user: UserId) -> Result<()> {
        let own = store::forget(tx, user).await? > 0;
        if store::forget_target(tx, user).await? > 0 {
            return self.journal.append(tx, &BlocksChanged { user: None }).await;
        }
        if own {
            self.journal.append(tx, &BlocksChanged { user: Some(user) }).await?;
        }
        Ok(())
    }

    /// Forgets an author who is deleted: nobody has to mute them any more.
    pub async fn erase_author(&self, tx: &Tx, author: AuthorId) -> Result<()> {
        if store::forget_author(tx, author).await? > 0 {
            self.journal.append(tx, &BlocksChanged { user: None }).await?;
        }
        Ok(())
    }

    /// Forgets what is kept in memory of a reader, or of all: something changed, maybe on another node.
    pub fn forget(&self, user: Option<UserId>) {
        match user {
            Some(user) => self.kept.invalidate(&user),
            None => self.kept.invalidate_all(),
        }
    }

    /// Whether it is there, and somebody else.
    async fn check_target(&self, user: UserId, target: Target) -> Result<()> {
        let own = match target {
            Target::User(id) => {
                let found = self.accounts.find(id).await?.filter(|user| user.deleted_at.is_none());
                found.ok_or(Error::NotFound)?.id == user
            }
            Target::Author(id) => {
                self.authors.find(id).await?.ok_or(Error::NotFound)?;
                self.authors.owns(user, id).await?
            }
        };
        if own { Err(Error::Conflict(codes::BLOCK_OWN)) } else { Ok(()) }
    }
}
