//! A new password for one that was forgotten, by a link in a mail.

use std::time::Duration;

use audit::Record;
use db::Tx;
use kernel::{Error, Handle, Invalid, Locale, Result};
use mail::{Accepted, Address, Letter};
use tokio::time::{Instant, sleep_until};

use crate::codes;
use crate::email_token::{KEPT, LIFE, Purpose};
use crate::letters::{PasswordReset, ResetPassword};
use crate::model::User;
use crate::policy::check_password;
use crate::service::Accounts;
use crate::sign_in::Origin;
use crate::store::email::{self as stored, NewToken};
use crate::token::hash;
use crate::warn::address;

/// Every answer takes this long: several times what sending a mail takes, so that nobody can tell by the time whether there was one to send.
const ANSWER: Duration = Duration::from_millis(400);

impl Accounts {
    /// Sends a link to whoever has that address or handle, if they have shown an address to be theirs; the answer is the same, and as late, where
    /// nobody has. Errors: [`Error::TooMany`] where the network asks for many.
    pub async fn ask_for_reset(&self, typed: &str, from: Origin<'_>) -> Result<()> {
        self.shared.reset_asks.check(from.network).await?;
        let answer = Instant::now() + ANSWER;
        let asked = self.send_reset(typed).await;
        sleep_until(answer).await;
        asked
    }

    async fn send_reset(&self, typed: &str) -> Result<()> {
        let owner = match (Address::parse(typed), Handle::new(typed)) {
            (Ok(to), _) => stored::owner_of(&self.db, &to.mailbox()).await?,
            (Err(_), Ok(handle)) => stored::owner_called(&self.db, &handle).await?,
            _ => None,
        };
        let Some(owner) = owner else { return Ok(()) };
        // Else whoever asks all the time would always replace the link that its owner is about to follow.
        match self.shared.resets.check(&owner.user.id.to_string()).await {
            Err(Error::TooMany(_)) => return Ok(()),
            checked => checked?,
        }
        let (user, to, token) = (owner.user, address(&owner.address)?, self.env.token());
        let (locale, now) = (Locale::of(&owner.locale).unwrap_or_default(), self.env.now());
        let content = ResetPassword { handle: user.handle.to_string(), token: token.clone() };
        // Its limit is that of the user: else others would only have to fill the mailbox first, and the owner stays out.
        let letter = Letter::new(&content, to.clone(), locale)?.with_key(user.id.to_string()).as_warning();
        let tx = self.db.write().await?;
        if let Accepted::Refused(_) = self.outbox()?.enqueue(&tx, &letter).await? {
            return Ok(());
        }
        stored::sweep(&tx, now.minus(KEPT)).await?;
        let new = NewToken {
            hash: &hash(&token),
            user: user.id,
            purpose: Purpose::Reset,
            to: &to,
            locale,
            code_hash: None,
            expires_at: now.plus(LIFE),
        };
        stored::insert_token(&tx, new).await?;
        tx.commit().await
    }

    /// Whose password a link sets; changes nothing. Codes of the field `token` as for [`Accounts::check_email_link`].
    pub async fn check_reset_link(&self, token: &str) -> Result<User> {
        Ok(self.find_link(token, Purpose::Reset, None).await?.user)
    }

    /// Sets the password, once a link. Every session and every key to the API ends, and the user is told. Codes: those of links (field `token`) and
    /// of passwords.
    pub async fn reset_password(&self, token: &str, password: &str, from: Origin<'_>) -> Result<User> {
        let found = self.find_link(token, Purpose::Reset, None).await?;
        let (user, now) = (found.user, self.env.now());
        let mut errors = Invalid::default();
        let own = [user.handle.as_str(), &user.name, &self.site_name()];
        let normal = check_password(password, &own, &mut errors);
        errors.check()?;
        let new = self.passwords.hash(&self.env, &normal.unwrap_or_default()).await?;
        let tx = self.db.write().await?;
        if !stored::use_up(&tx, &found.hash, now).await? {
            return Err(Error::invalid("token", codes::LINK_USED));
        }
        self.put_password(&tx, user.id, new).await?;
        self.tell_of_password(&tx, &user, true, from).await?;
        let record = Record::new("user.password-reset", "user", user.id);
        audit::record(&tx, &self.journal.or_by(user.id), record).await?;
        tx.commit().await?;
        self.forget_viewers();
        Ok(user)
    }

    /// Has the user told that there is a new password: set by a link in a mail, or else in the settings.
    pub(crate) async fn tell_of_password(
        &self,
        tx: &Tx,
        user: &User,
        by_link: bool,
        from: Origin<'_>,
    ) -> Result<()> {
        let notice = |locale| PasswordReset {
            handle: user.handle.to_string(),
            at: self.env.now(),
            by_link,
            agent: from.agent.map(str::to_owned),
            region: from.region.map(|region| region.name(locale).to_owned()),
        };
        self.warn(tx, user.id, notice).await
    }
}

#[cfg(test)]
mod tests;
