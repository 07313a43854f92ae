//! What users do with notifications. What is told them is in `consumer.rs` and `followers.rs`, how it is read in `reading.rs`.

use std::collections::BTreeSet;
use std::sync::Arc;

use ::jobs::Jobs;
use accounts::Accounts;
use articles::Articles;
use authors::Authors;
use blocks::Blocks;
use comments::Comments;
use db::{Db, Tx};
use editorial::Editorial;
use events::{Actor, Journal};
use follows::Follows;
use jiff::tz::TimeZone;
use kernel::{Cursor, Env, Error, Page, Result, Time, UserId};
use mail::Outbox;
use moderation::Moderation;
use settings::Settings;

use crate::codes;
use crate::events::UnreadChanged;
use crate::keys::Keys;
use crate::live::Live;
use crate::model::{New, NotificationId, Row};
use crate::store::{self, answers::Answered};
use crate::ways::Choices;

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

/// What is sent, and whereby.
#[derive(Clone)]
pub struct Senders {
    pub outbox: Outbox,
    pub outbound: outbound::Client,
    pub settings: Settings,
    /// The site's public address, without a slash at its end.
    pub url: String,
}

#[derive(Clone)]
pub struct Notify {
    pub(crate) db: Db,
    pub(crate) journal: Journal,
    pub(crate) env: Env,
    pub(crate) jobs: Jobs,
    /// Shared: all that holds this would hold all features once more.
    pub(crate) of: Arc<Features>,
    pub(crate) outbox: Outbox,
    pub(crate) outbound: outbound::Client,
    pub(crate) settings: Settings,
    pub(crate) url: String,
    pub(crate) keys: Keys,
    live: Live,
}

impl Notify {
    pub fn new(db: Db, journal: Journal, env: Env, jobs: Jobs, of: Features, senders: Senders) -> Self {
        let Senders { outbox, outbound, settings, url } = senders;
        let (keys, live) = (Keys::new(db.clone(), env.clone()), Live::default());
        let of = Arc::new(of);
        Self { db, journal, env, jobs, of, outbox, outbound, settings, url, keys, live }
    }

    /// Those who listen in this process.
    pub const fn live(&self) -> &Live {
        &self.live
    }

    /// Makes the secrets that this needs, where there are none yet.
    pub async fn ensure_keys(&self) -> Result<()> {
        self.keys.server().await?;
        self.keys.links().await.map(drop)
    }

    /// What browsers subscribe with (`applicationServerKey`).
    pub async fn push_key(&self) -> Result<String> {
        Ok(self.keys.server().await?.public())
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

    /// From now on; what was told stays. Code `digest-address` (field `digest`): a digest is mail, and there is no address that they have shown to be theirs.
    pub async fn choose(&self, user: UserId, choices: &Choices) -> Result<()> {
        let before = store::digests::find(&self.db, user).await?;
        if choices.digest.is_some()
            && choices.digest != before
            && self.of.accounts.email(user).await?.is_none()
        {
            return Err(Error::invalid("digest", codes::DIGEST_ADDRESS));
        }
        let clock = self.clock_of(user).await?;
        let tx = self.db.write().await?;
        store::choices::put(&tx, user, choices).await?;
        match choices.digest {
            Some(digest) if Some(digest) != before => {
                let now = self.env.now();
                store::digests::put(&tx, user, digest, digest.next(now, &clock), now).await?;
            }
            Some(_) => {}
            None => store::digests::remove(&tx, user).await?,
        }
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

    /// By which clock somebody's hours are meant: their own, or the site's where they chose none.
    pub async fn zone_of(&self, user: UserId) -> Result<String> {
        let own = self.of.accounts.find(user).await?.and_then(|user| user.zone);
        Ok(own.unwrap_or_else(|| self.settings.get(&settings::site::ZONE)))
    }

    pub(crate) async fn clock_of(&self, user: UserId) -> Result<TimeZone> {
        Ok(TimeZone::get(&self.zone_of(user).await?).unwrap_or(TimeZone::UTC))
    }

    /// Tells somebody something, in all ways that they want.
    pub(crate) async fn tell(&self, tx: &Tx, new: New) -> Result<()> {
        let (user, ways, kind, key) = (new.user, new.ways, new.kind, new.key.clone());
        store::tell(tx, self.env.id(), new, self.env.now()).await?;
        self.send_later(tx, (user, ways), (kind, &key)).await
    }

    /// The same of what is counted: only where it is more than ever was.
    pub(crate) async fn count(&self, tx: &Tx, new: New) -> Result<()> {
        let (user, ways, kind, key) = (new.user, new.ways, new.kind, new.key.clone());
        if store::count(tx, self.env.id(), new, self.env.now()).await? {
            self.send_later(tx, (user, ways), (kind, &key)).await?;
        }
        Ok(())
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
