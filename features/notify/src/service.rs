//! What users do with notifications. What is told them is in `consumer.rs` and `followers.rs`, how it is read in `reading.rs`.

use std::collections::{BTreeSet, HashSet};

use ::jobs::Jobs;
use accounts::Accounts;
use articles::Articles;
use authors::Authors;
use blocks::Blocks;
use comments::Comments;
use db::{Conn, Db, Tx};
use editorial::Editorial;
use events::{Actor, Journal};
use follows::Follows;
use kernel::{Cursor, Env, Page, Result, Time, UserId};
use moderation::Moderation;

use crate::events::UnreadChanged;
use crate::live::Live;
use crate::model::{Choices, Kind, NotificationId, Row, Way};
use crate::store::{self, answers::Answered};

/// What notifications are about.
#[derive(Clone)]
pub struct Features {
    pub accounts: Accounts,
    pub authors: Authors,
    pub articles: Articles,
    pub blocks: Blocks,
    pub comments: Comments,
    pub editorial: Editorial,
    pub follows: Follows,
    pub moderation: Moderation,
}

#[derive(Clone)]
pub struct Notify {
    pub(crate) db: Db,
    pub(crate) journal: Journal,
    pub(crate) env: Env,
    pub(crate) jobs: Jobs,
    pub(crate) of: Features,
    live: Live,
}

impl Notify {
    pub fn new(db: Db, journal: Journal, env: Env, jobs: Jobs, of: Features) -> Self {
        Self { db, journal, env, jobs, of, live: Live::default() }
    }

    /// Those who listen in this process.
    pub const fn live(&self) -> &Live {
        &self.live
    }

    /// How many are unread; [`crate::UNREAD_MOST`] says that there may be more.
    pub async fn unread(&self, user: UserId) -> Result<i64> {
        store::unread(&self.db, user).await
    }

    /// One of one's own; one that is not there, or read already, stays as it is.
    pub async fn mark_read(&self, user: UserId, id: NotificationId) -> Result<()> {
        let tx = self.db.write().await?;
        if store::mark_read(&tx, user, id, self.env.now()).await? {
            self.journal.by(user).append(&tx, &UnreadChanged::of(user)).await?;
        }
        tx.commit().await
    }

    /// All that was there at `until`: what came since, nobody has seen.
    pub async fn mark_all_read(&self, user: UserId, until: Time) -> Result<()> {
        let tx = self.db.write().await?;
        if store::mark_all_read(&tx, user, until, self.env.now()).await? {
            self.journal.by(user).append(&tx, &UnreadChanged::of(user)).await?;
        }
        tx.commit().await
    }

    pub async fn choices(&self, user: UserId) -> Result<Choices> {
        store::choices::find(&self.db, user).await
    }

    /// From now on; what was told stays.
    pub async fn choose(&self, user: UserId, choices: &Choices) -> Result<()> {
        let tx = self.db.write().await?;
        store::choices::put(&tx, user, choices).await?;
        tx.commit().await
    }

    /// All that a user was told and that is still there, newest first, as it is kept.
    pub async fn told(&self, user: UserId, from: Cursor, limit: usize) -> Result<Page<Row>> {
        let rows = store::page(&self.db, user, from, limit + 1).await?;
        Ok(Page::cut(rows, limit, |row| Cursor { key: row.changed_at.millis(), id: row.id.raw() }))
    }

    /// Forgets a user who is deleted: what they were told, what they chose, and what others were told of them.
    pub async fn erase(&self, tx: &Tx, user: UserId) -> Result<()> {
        let mut touched: BTreeSet<UserId> = store::forget_actor(tx, user).await?.into_iter().collect();
        let answered: BTreeSet<Answered> =
            store::answers::forget_actor(tx, user).await?.into_iter().collect();
        for of in answered {
            self.settle(tx, of).await?;
            touched.insert(of.user_id);
        }
        store::erase(tx, user).await?;
        self.wake(tx, &touched).await
    }

    /// Those of `users` who want to be told of a kind in a way.
    pub(crate) async fn wanting(
        &self,
        on: &impl Conn,
        kind: Kind,
        way: Way,
        users: &[UserId],
    ) -> Result<Vec<UserId>> {
        let others: HashSet<UserId> = store::others(on, kind, way, users).await?.into_iter().collect();
        let usual = kind.is_usual(way);
        Ok(users.iter().copied().filter(|user| others.contains(user) != usual).collect())
    }

    /// Makes a row anew of the answers that are left of it.
    pub(crate) async fn settle(&self, tx: &Tx, of: Answered) -> Result<()> {
        let sum = store::answers::sum(tx, of).await?;
        store::answers::settle(tx, of, sum).await
    }

    /// Whoever listens is told that there may be more, or less.
    pub(crate) async fn wake(&self, tx: &Tx, users: &BTreeSet<UserId>) -> Result<()> {
        let changed: Vec<UnreadChanged> = users.iter().copied().map(UnreadChanged::of).collect();
        self.journal.by(Actor::Schedule).append_all(tx, &changed).await
    }
}
