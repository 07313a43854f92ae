//! Accounts elsewhere (OpenID Connect): by which of them a user signs in, and who is on the way there and back.
//!
//! One is linked by a signed-in user, or by a new one as they sign up. Never by an address: a provider that lets anybody claim one, or that took
//! one over from somebody, would open the account of whoever has it here.

use std::time::Duration;

use audit::Record;
use db::Tx;
use kernel::{Error, Invalid, Result, UserId};
use mail::Address;

use crate::codes;
use crate::identity::{Arrival, Flow, Identity, IdentityId, NewFlow};
use crate::letters::IdentityChanged;
use crate::model::User;
use crate::policy::check_password;
use crate::service::Accounts;
use crate::settings::EmailUse;
use crate::sign_in::{Admission, Origin};
use crate::store;
use crate::store::identities as stored;
use crate::token::{DeviceToken, hash};

/// So long somebody may be at the provider, and so long they may think about how they want to be called.
const LIFE: Duration = Duration::from_mins(15);

impl Accounts {
    /// Remembers that this browser was sent to a provider; what its cookie is to hold, which is `browser` where it has one. A network begins only so
    /// often in an hour ([`Error::TooMany`]).
    pub async fn begin_flow(
        &self,
        browser: Option<&str>,
        flow: NewFlow<'_>,
        from: Origin<'_>,
    ) -> Result<String> {
        self.shared.flows.check(from.network).await?;
        let token = DeviceToken::of(browser, &self.env).as_str().to_owned();
        let now = self.env.now();
        let invitation = (!flow.invitation.is_empty()).then(|| hash(flow.invitation));
        let tx = self.db.write().await?;
        stored::sweep(&tx, now).await?;
        stored::insert_flow(&tx, &hash(flow.state), &hash(&token), flow, invitation, now.plus(LIFE)).await?;
        tx.commit().await?;
        Ok(token)
    }

    /// Whoever comes back with a state must be the browser that was sent with it, in time and for the first time. Nothing else is said of who is not.
    pub async fn take_flow(&self, browser: &str, provider: &str, state: &str) -> Result<Option<Flow>> {
        let tx = self.db.write().await?;
        let flow = stored::take_flow(&tx, &hash(state), &hash(browser)).await?;
        tx.commit().await?;
        let now = self.env.now();
        Ok(flow.filter(|flow| flow.provider == provider && flow.expires_at > now))
    }

    /// Signs in whoever that account elsewhere is here, or goes on to the second step; nothing where it is nobody's. Code `sign-in-suspended`.
    pub async fn sign_in_with(
        &self,
        issuer: &str,
        subject: &str,
        from: Origin<'_>,
    ) -> Result<Option<Admission>> {
        let tx = self.db.write().await?;
        let Some(user) = stored::owner(&tx, issuer, subject).await? else { return Ok(None) };
        if user.suspended_at.is_some() {
            return Err(Error::invalid("", codes::SIGN_IN_SUSPENDED));
        }
        let admission = self.admit(&tx, user, from).await?;
        tx.commit().await?;
        Ok(Some(admission))
    }

    /// Keeps whom a provider says that it is until they have said how they want to be called; what their browser's cookie is to hold from now on.
    pub async fn keep_arrival(&self, arrival: &Arrival) -> Result<String> {
        let (token, now) = (self.env.token(), self.env.now());
        let tx = self.db.write().await?;
        stored::sweep(&tx, now).await?;
        stored::put_arrival(&tx, &hash(&token), arrival, now.plus(LIFE)).await?;
        tx.commit().await?;
        Ok(token)
    }

    pub async fn arrival(&self, browser: &str) -> Result<Option<Arrival>> {
        stored::arrival(&self.db, &hash(browser), self.env.now()).await
    }

    /// The address that the provider has verified, where it may become the new user's: nobody has that mailbox, and the site asks for addresses.
    pub async fn email_of(&self, arrival: &Arrival) -> Result<Option<Address>> {
        let Some(to) = arrival.email.as_deref().and_then(|email| Address::parse(email).ok()) else {
            return Ok(None);
        };
        let is_free =
            self.email_use() != EmailUse::Off && !stored::is_mailbox_taken(&self.db, &to.mailbox()).await?;
        Ok(is_free.then_some(to))
    }

    /// Links the account elsewhere to the user, who is signed in. Code `identity-taken` where it is another's; twice is once.
    pub async fn link(&self, user: &User, arrival: &Arrival) -> Result<()> {
        let tx = self.db.write().await?;
        match stored::owner(&tx, &arrival.issuer, &arrival.subject).await? {
            Some(owner) if owner.id == user.id => return Ok(()),
            Some(_) => return Err(Error::invalid("", codes::IDENTITY_TAKEN)),
            None => {}
        }
        let record = self.insert_identity(&tx, user.id, arrival).await?;
        self.tell_of_identity(&tx, user, Some(arrival.provider.clone())).await?;
        audit::record(&tx, &self.journal.or_by(user.id), record).await?;
        tx.commit().await
    }

    async fn tell_of_identity(&self, tx: &Tx, user: &User, provider: Option<String>) -> Result<()> {
        let (handle, at) = (user.handle.to_string(), self.env.now());
        self.warn(tx, user.id, |_| IdentityChanged { handle, provider, at }).await
    }

    /// What is to be written down of it, last of all.
    pub(crate) async fn insert_identity(&self, tx: &Tx, user: UserId, arrival: &Arrival) -> Result<Record> {
        let identity = Identity {
            id: self.env.id(),
            issuer: arrival.issuer.clone(),
            subject: arrival.subject.clone(),
            name: arrival.known_as(),
            created_at: self.env.now(),
        };
        stored::insert(tx, user, &identity).await.map_err(|error| match error {
            Error::Conflict(_) => Error::invalid("", codes::IDENTITY_TAKEN),
            other => other,
        })?;
        Ok(Record::new("user.identity-link", "user", user).after(&arrival.provider))
    }

    /// Oldest first.
    pub async fn identities(&self, user: UserId) -> Result<Vec<Identity>> {
        stored::list(&self.db, user).await
    }

    /// Conflict `identity-last` where the user could not sign in without. `usable` are the issuers by which anybody can now.
    pub async fn unlink(&self, user: &User, id: IdentityId, usable: &[String]) -> Result<()> {
        let tx = self.db.write().await?;
        // One at a time: of two ways in that go at once, each would see the other.
        store::profile::lock(&tx, user.id).await?;
        if stored::delete(&tx, user.id, id).await? == 0 {
            return Err(Error::NotFound);
        }
        self.check_can_sign_in(&tx, user.id, usable).await?;
        self.tell_of_identity(&tx, user, None).await?;
        let record = Record::new("user.identity-unlink", "user", user.id);
        audit::record(&tx, &self.journal.or_by(user.id), record).await?;
        tx.commit().await
    }

    /// Conflict `identity-last` where the user has, as it stands in `tx`, neither a password nor a passkey nor an account at one of these issuers.
    pub(crate) async fn check_can_sign_in(&self, tx: &Tx, user: UserId, usable: &[String]) -> Result<()> {
        let elsewhere = stored::list(tx, user).await?;
        let can = elsewhere.iter().any(|identity| usable.contains(&identity.issuer))
            || self.has_passkeys() && store::factors::count_passkeys(tx, user).await? > 0
            || store::has_password(tx, user).await?;
        if can { Ok(()) } else { Err(Error::Conflict(codes::IDENTITY_LAST)) }
    }

    /// Whether there is one that the user could be asked for.
    pub async fn has_password(&self, user: UserId) -> Result<bool> {
        store::has_password(&self.db, user).await
    }

    /// Sets one where there was none, of whoever signed in a moment ago: there is no other to ask by. Codes: those of passwords, `password-stale` (field
    /// `password`) where that is longer ago, `password-wrong` (`current`) where there is one by now.
    pub async fn set_first_password(
        &self,
        user: &User,
        session: &str,
        password: &str,
        from: Origin<'_>,
    ) -> Result<()> {
        if !self.is_fresh(user.id, session).await? {
            return Err(Error::invalid("password", codes::PASSWORD_STALE));
        }
        let mut errors = Invalid::default();
        let own = [user.handle.as_str(), &user.name, &self.site_name()];
        let normal = check_password(password, &own, &mut errors);
        errors.check()?;
        let new = self.passwords.hash(&self.env, &normal.unwrap_or_default()).await?;
        let tx = self.db.write().await?;
        if !stored::set_first_password(&tx, user.id, new).await? {
            return Err(Error::invalid("current", codes::PASSWORD_WRONG));
        }
        self.tell_of_password(&tx, user, false, from).await?;
        let record = Record::new("user.password", "user", user.id);
        audit::record(&tx, &self.journal.or_by(user.id), record).await?;
        tx.commit().await
    }
}

#[cfg(test)]
mod tests;
