//! Mail that sums up a day or a week. Of each turn somebody is sent one, whatever is killed when: the turn moves on in the transaction that enqueues the
//! mail.

use std::time::Duration;

use db::Tx;
use kernel::{Error, Result, Time, UserId};
use mail::{Accepted, Letter, Unsubscribe};

use crate::codes;
use crate::fill::DigestOf;
use crate::letters::DIGEST;
use crate::links::Off;
use crate::service::Notify;
use crate::store;
use crate::store::digests::Turn;
use crate::ways::Every;

/// So many users are looked at at once.
const PART: usize = 200;
/// Where nobody knows since when, a week is told of.
const WEEK: Duration = Duration::from_hours(7 * 24);
const DAY: Duration = Duration::from_hours(24);

impl Notify {
    /// Has digests sent whose turn has come, of some users; whether there may be more. Turns that nobody was there for are made up for by one.
    pub async fn send_digests(&self) -> Result<bool> {
        let now = self.env.now();
        let due = store::digests::due(&self.db, now, PART).await?;
        let mut failed = 0;
        for turn in &due {
            // What is wrong with one keeps no other waiting.
            if let Err(error) = self.send_digest(*turn, now).await {
                tracing::error!(%error, user = %turn.user_id, "a digest could not be made");
                failed += 1;
            }
        }
        Ok(due.len() == PART && failed < PART)
    }

    async fn send_digest(&self, turn: Turn, now: Time) -> Result<()> {
        let user = turn.user_id;
        let digest = self.choices(user).await?.digest;
        let since = turn.last_at.unwrap_or(now.minus(WEEK));
        let every = digest.map_or(Every::Day, |digest| digest.every);
        let letter =
            self.digest_letter(DigestOf { user, every: every.name().into(), since, asked: false }).await?;
        // One of a program that is newer than this comes round again tomorrow.
        let zone = self.clock_of(user).await?;
        let next = digest.map_or(now.plus(DAY), |one| one.next(now, &zone));
        let tx = self.db.write().await?;
        if !store::digests::take(&tx, turn, next, now).await? {
            // Another process has it.
            return Ok(());
        }
        if let Some(letter) = letter {
            // An address that takes no mail gets none.
            let _ = self.outbox.enqueue(&tx, &letter).await?;
        }
        tx.commit().await
    }

    /// The clock by which somebody's hours are meant may be another: the next turn is by the new one. One that has come already is sent as it stands.
    pub(crate) async fn move_digest(&self, tx: &Tx, user: UserId) -> Result<()> {
        let Some(digest) = store::digests::find(tx, user).await? else { return Ok(()) };
        let (now, clock) = (self.env.now(), self.clock_of(user).await?);
        store::digests::set_next(tx, user, digest.next(now, &clock), now).await
    }

    /// Nothing where there is nothing to say, or no address.
    async fn digest_letter(&self, of: DigestOf) -> Result<Option<Letter>> {
        let Some((to, locale)) = self.of.accounts.mail_of(of.user).await? else { return Ok(None) };
        if self.digest(&of, locale).await?.is_none() {
            return Ok(None);
        }
        let url = self.off_url(of.user, Off::Digest).await?;
        let values = serde_json::to_value(&of).map_err(Error::internal)?;
        let digest = Some(Unsubscribe::new(&url)?);
        Ok(Some(Letter {
            template: DIGEST,
            to,
            locale,
            zone: Some(self.zone_of(of.user).await?),
            values,
            digest,
            is_warning: false,
            key: None,
        }))
    }

    /// Has somebody sent now what a digest would say, of the last week. The turns stay as they are. Codes of the field `digest`: `digest-address` where there is no address
    /// that takes mail, `digest-empty` where there is nothing to say.
    pub async fn try_digest(&self, user: UserId) -> Result<()> {
        if self.of.accounts.email(user).await?.is_none() {
            return Err(Error::invalid("digest", codes::DIGEST_ADDRESS));
        }
        let every = self.choices(user).await?.digest.map_or(Every::Week, |digest| digest.every);
        let since = self.env.now().minus(WEEK);
        let of = DigestOf { user, every: every.name().into(), since, asked: true };
        let letter =
            self.digest_letter(of).await?.ok_or_else(|| Error::invalid("digest", codes::DIGEST_EMPTY))?;
        // A newer one takes the place of one that waits: nobody fills their own mailbox.
        match self.outbox.post(&letter.with_key(user.to_string())).await? {
            Accepted::Queued(_) => Ok(()),
            Accepted::Refused(_) => Err(Error::invalid("digest", codes::DIGEST_ADDRESS)),
        }
    }
}
