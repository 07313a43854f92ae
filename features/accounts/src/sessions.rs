//! Sessions: who is signed in where, for how long, and how that ends.

use std::sync::atomic::Ordering;
use std::time::Duration;

use audit::Record;
use kernel::{Error, Result, Time, UserId};

use crate::events::AccessChanged;
use crate::model::{Session, Viewer};
use crate::service::Accounts;
use crate::shared::Remembered;
use crate::store;
use crate::token::hash;

const DAY: Duration = Duration::from_hours(24);
/// That exactly it is known when a session was used last: no more than one write an hour and session.
const SEEN: Duration = Duration::from_hours(1);
/// A session ends this long after it was last used,
pub(crate) const IDLE: Duration = Duration::from_hours(30 * 24);
/// and this long after it began, however much it is used.
pub(crate) const ABSOLUTE: Duration = Duration::from_hours(180 * 24);
/// How long a viewer may be remembered where nobody follows the journal: what another process changes is seen this late at worst.
pub(crate) const REMEMBERED: Duration = Duration::from_secs(10);

/// When a session ends that began at `began` and is used now.
pub(crate) fn end(began: Time, now: Time) -> Time {
    now.plus(IDLE).min(began.plus(ABSOLUTE))
}

impl Accounts {
    /// Whose session this is, which lasts longer by being used; a visitor's if the token is unknown or has run out.
    pub async fn viewer(&self, session_token: &str) -> Result<Viewer> {
        self.viewer_of(session_token, true).await
    }

    /// As [`Accounts::viewer`], for what nobody asked for by hand: it writes nothing.
    pub async fn viewer_unprolonged(&self, session_token: &str) -> Result<Viewer> {
        self.viewer_of(session_token, false).await
    }

    async fn viewer_of(&self, session_token: &str, prolong: bool) -> Result<Viewer> {
        let (hash, now, at) = (hash(session_token), self.env.now(), self.env.instant());
        let epoch = self.shared.epoch.load(Ordering::Acquire);
        if let Some(known) = self.shared.viewers.get(&hash)
            && known.epoch == epoch
            && at.duration_since(known.at) < REMEMBERED
        {
            return Ok(known.viewer);
        }
        let Some(session) = store::session(&self.db, &hash, now).await? else {
            return Ok(Viewer::visitor());
        };
        // Those from before there was an absolute end have one, too.
        let expires_at = end(session.began_at, now);
        if expires_at <= now {
            return Ok(Viewer::visitor());
        }
        let is_due = expires_at.since(session.expires_at) >= DAY || session.expires_at > expires_at;
        let is_stale = now.since(session.seen_at.unwrap_or(session.began_at)) >= SEEN;
        if prolong && (is_due || is_stale) {
            let until = if is_due { expires_at } else { session.expires_at };
            // Who only reads is not shut out by a disk that is full.
            if let Err(error) = self.touch(&hash, now, until).await {
                tracing::warn!(%error, "a session was not prolonged");
            }
        }
        let is_limited = self.must_have_second(&session.user)
            && Box::pin(self.missing_for_desk(&session.user, Some(session_token))).await?.is_some();
        if is_limited {
            // Not remembered: with the second factor it opens at once.
            return Ok(Viewer::from(session.user).limited());
        }
        let viewer = Viewer::from(session.user);
        self.shared.viewers.insert(hash, Remembered { viewer: viewer.clone(), epoch, at });
        Ok(viewer)
    }

    async fn touch(&self, hash: &str, now: Time, expires_at: Time) -> Result<()> {
        let tx = self.db.write().await?;
        store::touch_session(&tx, hash, now, expires_at).await?;
        tx.commit().await
    }

    /// Where the user is signed in, latest first.
    pub async fn sessions(&self, user: UserId) -> Result<Vec<Session>> {
        store::sessions(&self.db, user, self.env.now()).await
    }

    /// The [`Session::id`] of a token.
    pub fn session_id(session_token: &str) -> String {
        hash(session_token)
    }

    pub async fn sign_out(&self, session_token: &str) -> Result<()> {
        match self.end_session_named(None, &hash(session_token)).await {
            Err(Error::NotFound) => Ok(()),
            done => done,
        }
    }

    /// Ends one session of the user, by its id. Known browsers are forgotten: who comes back to that one with the password is told of.
    pub async fn end_session(&self, user: UserId, id: &str) -> Result<()> {
        self.end_session_named(Some(user), id).await
    }

    async fn end_session_named(&self, of: Option<UserId>, id: &str) -> Result<()> {
        let tx = self.db.write().await?;
        let user = store::delete_session(&tx, id, of).await?.ok_or(Error::NotFound)?;
        // Whoever sat there is a stranger there from now on. Which browser it was no session says, so all are strangers.
        if of.is_some() {
            store::delete_devices_of(&tx, user).await?;
        }
        let journal = self.journal.or_by(user);
        journal.append(&tx, &AccessChanged { id: user }).await?;
        // Who signs out where they sit has done nothing to another's browser.
        if of.is_some() {
            audit::record(&tx, &journal, Record::new("user.session-end", "user", user)).await?;
        }
        tx.commit().await?;
        self.forget_viewers();
        Ok(())
    }

    /// Ends every session of the user but the one of this token; how many. Known browsers are forgotten as with one.
    pub async fn end_other_sessions(&self, user: UserId, session_token: &str) -> Result<u64> {
        let tx = self.db.write().await?;
        let ended = store::factors::delete_other_sessions(&tx, user, &hash(session_token)).await?;
        if ended > 0 {
            store::delete_devices_of(&tx, user).await?;
            let journal = self.journal.or_by(user);
            journal.append(&tx, &AccessChanged { id: user }).await?;
            audit::record(&tx, &journal, Record::new("user.sessions-end", "user", user)).await?;
        }
        tx.commit().await?;
        self.forget_viewers();
        Ok(ended)
    }

    /// Ends every session of the user, and with `tokens` every key to the API.
    pub async fn sign_out_everywhere(&self, user: UserId, tokens: bool) -> Result<()> {
        let tx = self.db.write().await?;
        self.end_access(&tx, user, tokens).await?;
        audit::record(&tx, &self.journal.or_by(user), Record::new("user.sign-out", "user", user)).await?;
        tx.commit().await?;
        self.forget_viewers();
        Ok(())
    }

    /// Sessions, those half-way in, known browsers, and with `tokens` keys to the API. Whoever commits calls [`Accounts::forget_viewers`].
    pub(crate) async fn end_access(&self, tx: &db::Tx, user: UserId, tokens: bool) -> Result<()> {
        store::delete_sessions_of(tx, user).await?;
        store::delete_devices_of(tx, user).await?;
        store::factors::end_pending_of(tx, user).await?;
        if tokens {
            store::delete_api_tokens_of(tx, user).await?;
        }
        self.journal.or_by(user).append(tx, &AccessChanged { id: user }).await
    }

    /// Asks for everybody anew: rights or sessions have changed, here or, as the journal says, elsewhere.
    pub fn forget_viewers(&self) {
        self.shared.epoch.fetch_add(1, Ordering::AcqRel);
    }
}
