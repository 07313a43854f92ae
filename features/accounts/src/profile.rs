//! What a user shows of themselves to others, and how they want the site shown to them, in whatever browser.

use ::settings::Input;
use audit::Record;
use db::Tx;
use kernel::{Error, Result, UserId, text};

use crate::actions::Action;
use crate::codes;
use crate::events::{AccessChanged, ProfileChanged};
use crate::model::User;
use crate::service::Accounts;
use crate::store::profile as store;
use crate::user_profile::{Choices, NewProfile, UserProfile};

impl User {
    /// Whether others may look at the user's page.
    pub const fn has_page(&self) -> bool {
        !self.private && self.suspended_at.is_none() && self.deleted_at.is_none()
    }
}

impl Accounts {
    pub async fn profile(&self, id: UserId) -> Result<UserProfile> {
        store::find(&self.db, id).await?.ok_or(Error::NotFound)
    }

    /// With `hold`, a new bio or picture waits for a reviewer; what is taken away is gone at once. Code `bio-long`. Says what was there before.
    pub async fn set_profile(&self, id: UserId, new: NewProfile, hold: bool) -> Result<UserProfile> {
        new.check()?;
        let NewProfile { bio, avatar, private } = new;
        let tx = self.db.write().await?;
        let before = store::lock(&tx, id).await?.ok_or(Error::NotFound)?;
        let mut after = UserProfile { bio: text::lines(&bio), avatar, held: before.held, private };
        if after.bio.is_empty() && after.avatar.is_none() {
            after.held = false;
        } else if (&after.bio, &after.avatar) != (&before.bio, &before.avatar) {
            after.held = hold;
        }
        if after != before {
            store::update(&tx, id, &after).await?;
            self.journal.or_by(id).append(&tx, &ProfileChanged { id, held: after.held }).await?;
        }
        tx.commit().await?;
        Ok(before)
    }

    /// Users whose bio or picture waits for a reviewer, longest here first.
    pub async fn held_profiles(&self, limit: usize) -> Result<Vec<User>> {
        store::held(&self.db, limit).await
    }

    pub async fn count_held_profiles(&self) -> Result<i64> {
        store::count_held(&self.db).await
    }

    /// Shows bio and picture of somebody else that were `read` ([`UserProfile::digest`]), or takes whatever is there away, and writes it down: the last
    /// statements of `tx`. Conflicts: `own-account`, `profile-changed` where there is something else by now. Says what was there before.
    pub async fn decide_profile(
        &self,
        tx: &Tx,
        by: &User,
        id: UserId,
        read: Option<&str>,
    ) -> Result<UserProfile> {
        by.require(Action::ModerateComments)?;
        if by.id == id {
            return Err(Error::Conflict(codes::OWN_ACCOUNT));
        }
        let before = store::lock(tx, id).await?.ok_or(Error::NotFound)?;
        let after = match read {
            Some(read) if read != before.digest() => return Err(Error::Conflict(codes::PROFILE_CHANGED)),
            Some(_) => UserProfile { held: false, ..before.clone() },
            None => UserProfile { private: before.private, ..UserProfile::default() },
        };
        store::update(tx, id, &after).await?;
        let journal = self.journal.by(by.id);
        journal.append(tx, &ProfileChanged { id, held: after.held }).await?;
        let action = if read.is_some() { "user.profile-show" } else { "user.profile-clear" };
        audit::record(tx, &journal, Record::new(action, "user", id)).await?;
        Ok(before)
    }

    /// Whether somebody (`but` this user) shows this picture on a page that is open.
    pub async fn is_avatar(&self, hash: &str, but: Option<UserId>) -> Result<bool> {
        store::is_avatar(&self.db, hash, but.unwrap_or(UserId::new(0))).await
    }

    /// The users who have this picture, whether others see it or not.
    pub async fn wearers(&self, hash: &str) -> Result<Vec<UserId>> {
        store::wearers(&self.db, hash).await
    }

    pub async fn choices(&self, id: UserId) -> Result<Choices> {
        store::choices(&self.db, id).await?.ok_or(Error::NotFound)
    }

    /// Code `zone-unknown`.
    pub async fn set_choices(&self, id: UserId, choices: Choices) -> Result<()> {
        if choices.zone.as_ref().is_some_and(|zone| Input::Zone.tidy(zone).is_err()) {
            return Err(Error::invalid("zone", codes::ZONE_UNKNOWN));
        }
        let tx = self.db.write().await?;
        store::set_choices(&tx, id, &choices).await?;
        // Who is signed in is remembered with their zone.
        self.journal.or_by(id).append(&tx, &AccessChanged { id }).await?;
        tx.commit().await?;
        self.forget_viewers();
        Ok(())
    }

    /// Signing in on a browser: what the account knows goes first, what only the browser knows is taken over. Says what the browser is to keep.
    pub async fn join_choices(&self, id: UserId, browser: Choices) -> Result<Choices> {
        let own = self.choices(id).await?;
        let joined = own.clone().or(browser);
        if joined != own {
            self.set_choices(id, joined.clone()).await?;
        }
        Ok(joined)
    }
}

#[cfg(test)]
mod tests;
