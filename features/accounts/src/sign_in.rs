//! Signing up and in.

use kernel::{Error, Handle, Invalid, Locale, Region, Result};

use crate::codes;
use crate::letters::NewDevice;
use crate::model::{NewUser, User};
use crate::password::Checked;
use crate::policy::check_password;
use crate::service::Accounts;
use crate::settings::SignUpUse;
use crate::store::{self, NewSession};
use crate::token::{DeviceToken, PendingToken, SessionToken, hash};

/// Where a request comes from.
#[derive(Clone, Copy, Debug, Default)]
pub struct Origin<'a> {
    /// An address, or its prefix.
    pub network: &'a str,
    /// So much of the address as may be kept.
    pub kept_network: Option<&'a str>,
    /// The browser's [`DeviceToken`].
    pub device: Option<&'a str>,
    /// What the browser calls itself, in a few words.
    pub agent: Option<&'a str>,
    /// As far as the address tells.
    pub region: Option<&'a Region>,
    /// The language of its pages, and of mail that is sent for it.
    pub locale: Locale,
}

/// What the browser is to keep.
#[derive(Clone, Debug)]
pub struct SignedIn {
    pub user: User,
    pub session: SessionToken,
    pub device: DeviceToken,
    /// They asked to be deleted: the session opens nothing but the way back ([`Accounts::keep`]).
    pub leaving: bool,
}

/// What comes of a password that is right.
#[derive(Clone, Debug)]
pub enum Admission {
    In(Box<SignedIn>),
    /// A second factor is asked for ([`Accounts::finish_sign_in`]).
    Second(PendingToken),
}

impl Accounts {
    /// Whether [`Accounts::create_user`] could make a user of it, but for who is there already.
    pub fn check_user(&self, handle: &str, name: &str, password: &str) -> Result<()> {
        NewUser::check_for(false, handle, name, password, &self.site_name()).map(drop)
    }

    /// Makes a user for whoever runs the machine, who may use names that are kept for the site. Codes as for [`Accounts::sign_up`].
    pub async fn create_user(&self, handle: &str, name: &str, password: &str) -> Result<User> {
        let new = NewUser::check_for(false, handle, name, password, &self.site_name())?;
        let hash = self.passwords.hash(&self.env, new.password.as_deref().unwrap_or_default()).await?;
        self.insert(new, Some(hash)).await
    }

    /// Makes a user. Codes: `handle-form`, `handle-taken`, `handle-reserved`, `handle-mixed`, `handle-alike`, `name-empty`, `name-long`,
    /// `name-reserved`, `name-mixed`, `name-staff` and those of passwords. `network` is where the
    /// request comes from: one place makes only so many users an hour ([`Error::TooMany`]). [`Error::Conflict`] where nobody may.
    pub async fn sign_up(&self, handle: &str, name: &str, password: &str, network: &str) -> Result<User> {
        let from = Origin { network, ..Origin::default() };
        let new = NewUser::check(handle, name, password, &self.site_name());
        let new = self.check_sign_up(new, false, from).await?;
        let hash = self.passwords.hash(&self.env, new.password.as_deref().unwrap_or_default()).await?;
        self.insert(new, Some(hash)).await
    }

    /// Whether somebody may sign up who chose that. A site that is closed, to all or to those who are not invited, says so before anything else.
    pub(crate) async fn check_sign_up(
        &self,
        new: Result<NewUser>,
        invited: bool,
        from: Origin<'_>,
    ) -> Result<NewUser> {
        match self.sign_up_use() {
            SignUpUse::Closed => return Err(Error::Conflict(codes::SIGN_UP_CLOSED)),
            SignUpUse::Invitation if !invited => return Err(Error::Conflict(codes::SIGN_UP_INVITED)),
            SignUpUse::Open | SignUpUse::Invitation => {}
        }
        let new = new?;
        if self.find_by_handle(&new.handle).await?.is_some() {
            return Err(Error::invalid("handle", codes::HANDLE_TAKEN));
        }
        if store::is_alike(&self.db, &new.handle).await? {
            return Err(Error::invalid("handle", codes::HANDLE_ALIKE));
        }
        self.check_not_staff(None, &new.name).await?;
        self.shared.new_users.check(from.network).await?;
        Ok(new)
    }

    /// Starts a session under a token that was never seen before. An unknown handle and a wrong password are answered alike and
    /// as fast: `sign-in-wrong`. `network` is where the request comes from; after too many failures, [`Error::TooMany`].
    pub async fn sign_in(&self, handle: &str, password: &str, network: &str) -> Result<(User, SessionToken)> {
        let from = Origin { network, ..Origin::default() };
        self.sign_in_from(handle, password, from).await.map(|signed_in| (signed_in.user, signed_in.session))
    }

    /// The same for a browser. Whoever is asked for a second factor is not in yet: `second-needed`.
    pub async fn sign_in_from(&self, handle: &str, password: &str, from: Origin<'_>) -> Result<SignedIn> {
        match self.sign_in_by_password(handle, password, from).await? {
            Admission::In(signed_in) => Ok(*signed_in),
            Admission::Second(_) => Err(Error::invalid("password", codes::SECOND_NEEDED)),
        }
    }

    /// The same, and goes on to the second step where there is one. Who is suspended learns it (`sign-in-suspended`) by the right password only.
    pub async fn sign_in_by_password(
        &self,
        handle: &str,
        password: &str,
        from: Origin<'_>,
    ) -> Result<Admission> {
        let (found, stored) = self.check_password(handle, password, from).await?;
        if found.suspended_at.is_some() {
            return Err(Error::invalid("handle", codes::SIGN_IN_SUSPENDED));
        }
        let tx = self.db.write().await?;
        // The password may have been changed, or its owner shut out, while it was checked.
        if !store::is_still(&tx, found.id, &stored).await? {
            return Err(Error::invalid("password", codes::SIGN_IN_WRONG));
        }
        let admission = self.admit(&tx, found, from).await?;
        tx.commit().await?;
        Ok(admission)
    }

    /// Starts a session, and has the user told where the browser is not known.
    pub(crate) async fn let_in(
        &self,
        tx: &db::Tx,
        user: User,
        from: Origin<'_>,
        by_second: bool,
    ) -> Result<SignedIn> {
        let is_known = match from.device {
            Some(device) => store::knows_device(tx, user.id, &hash(device)).await?,
            None => false,
        };
        if !is_known {
            let notice = |locale| NewDevice {
                handle: user.handle.to_string(),
                at: self.env.now(),
                agent: from.agent.map(str::to_owned),
                region: from.region.map(|region| region.name(locale).to_owned()),
            };
            self.warn(tx, user.id, notice).await?;
        }
        self.start_session(tx, user, from, by_second).await
    }

    /// Whose password it is, and what is stored of it. What was hashed as it was typed is hashed anew.
    pub(crate) async fn check_password(
        &self,
        handle: &str,
        password: &str,
        from: Origin<'_>,
    ) -> Result<(User, String)> {
        let handle = Handle::new(handle).ok();
        let found = match &handle {
            Some(handle) => store::credentials(&self.db, handle).await?,
            None => None,
        };
        let device = match (from.device.map(hash), &found) {
            (Some(device), Some(found)) => {
                store::knows_device(&self.db, found.user.id, &device).await?.then_some(device)
            }
            _ => None,
        };
        let turns = self.shared.guesses.check(from.network, handle.as_ref(), device).await?;
        let (user, stored) = found.map(|found| (found.user, found.password)).unzip();
        let stored: Option<String> = stored.flatten();
        let checked = self.passwords.verify(password, stored.clone()).await?;
        let (Some(user), Some(mut stored), true) = (user, stored, checked != Checked::Wrong) else {
            return Err(Error::invalid("password", codes::SIGN_IN_WRONG));
        };
        self.shared.guesses.refund(turns).await?;
        if checked == Checked::RightAsTyped
            && let Some(normal) = crate::policy::normalise(password)
        {
            let hash = self.passwords.hash(&self.env, &normal).await?;
            let tx = self.db.write().await?;
            if store::replace_hash(&tx, user.id, &stored, &hash).await? {
                stored = hash;
            }
            tx.commit().await?;
        }
        Ok((user, stored))
    }

    pub(crate) async fn start_session(
        &self,
        tx: &db::Tx,
        user: User,
        from: Origin<'_>,
        by_second: bool,
    ) -> Result<SignedIn> {
        let now = self.env.now();
        let (session, device) = (SessionToken::fresh(&self.env), DeviceToken::of(from.device, &self.env));
        store::sweep_sessions(tx, now).await?;
        let new = NewSession {
            hash: &hash(session.as_str()),
            user: user.id,
            agent: from.agent,
            network: from.kept_network,
            region: from.region,
            by_second,
            now,
            expires_at: crate::sessions::end(now, now),
        };
        store::insert_session(tx, new).await?;
        store::remember_device(tx, user.id, &hash(device.as_str()), now).await?;
        let leaving = store::deletions::find(tx, user.id).await?.is_some();
        Ok(SignedIn { user, session, device, leaving })
    }

    /// Changes one's own password, and has the user told. Every other session ends, and with `tokens` every key to the API; this browser's session begins anew.
    /// Codes: `password-wrong` (field `current`), and those of passwords.
    pub async fn change_password(
        &self,
        user: &User,
        current: &str,
        password: &str,
        from: Origin<'_>,
        tokens: bool,
    ) -> Result<SignedIn> {
        let (user, stored) = match self.check_password(user.handle.as_str(), current, from).await {
            Err(Error::Invalid(_)) => return Err(Error::invalid("current", codes::PASSWORD_WRONG)),
            checked => checked?,
        };
        let mut errors = Invalid::default();
        let normal =
            check_password(password, &[user.handle.as_str(), &user.name, &self.site_name()], &mut errors);
        errors.check()?;
        let new = self.passwords.hash(&self.env, &normal.unwrap_or_default()).await?;
        let tx = self.db.write().await?;
        if !store::replace_hash(&tx, user.id, &stored, &new).await? {
            return Err(Error::invalid("current", codes::PASSWORD_WRONG));
        }
        store::email::end_all(&tx, user.id).await?;
        self.end_access(&tx, user.id, tokens).await?;
        // Whoever has set up codes came in by one.
        let totp = store::factors::totp(&tx, user.id).await?;
        let by_second = totp.is_some_and(|totp| totp.confirmed_at.is_some());
        self.tell_of_password(&tx, &user, false, from).await?;
        let (id, signed_in) = (user.id, self.start_session(&tx, user, from, by_second).await?);
        audit::record(&tx, &self.journal.or_by(id), audit::Record::new("user.password", "user", id)).await?;
        tx.commit().await?;
        self.forget_viewers();
        Ok(signed_in)
    }
}

#[cfg(test)]
mod tests;
