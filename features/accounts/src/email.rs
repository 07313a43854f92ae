//! The address of a user: asked for, shown to be theirs, changed, taken back.
//!
//! One that was typed counts for nothing until whoever reads its mail has followed a link there or typed the code in it. Who types one that
//! is another's learns nothing of that: the mail, which goes to the other, says it.

use std::time::Duration;

use audit::Record;
use db::Tx;
use kernel::{Error, Handle, Invalid, Locale, Result, UserId};
use mail::{Accepted, Address, Letter};

use crate::codes;
use crate::email_token::{KEPT, LIFE, Purpose, TRIES, fresh_code, read_code};
use crate::letters::{EmailChanged, EmailInUse, VerifyEmail};
use crate::model::User;
use crate::password::Checked;
use crate::service::Accounts;
use crate::settings::EmailUse;
use crate::sign_in::Origin;
use crate::store::email::{self as stored, NewToken, Token};
use crate::store::invitations;
use crate::token::hash;
use crate::warn::address;

/// What a link in a mail would show, before anybody said that it should.
#[derive(Clone, Debug)]
pub struct EmailLink {
    pub handle: Handle,
    pub address: Address,
}

/// All that a mail needs which asks for an address to be shown.
pub(crate) struct Proof {
    to: Address,
    token: String,
    code: String,
    code_hash: String,
}

impl Accounts {
    /// The address that the user has shown to be theirs.
    pub async fn email(&self, user: UserId) -> Result<Option<Address>> {
        stored::verified(&self.db, user).await?.map(|verified| address(&verified.address)).transpose()
    }

    /// The same with the language of mail to it.
    pub async fn mail_of(&self, user: UserId) -> Result<Option<(Address, Locale)>> {
        let Some(verified) = stored::verified(&self.db, user).await? else { return Ok(None) };
        Ok(Some((address(&verified.address)?, Locale::of(&verified.locale).unwrap_or_default())))
    }

    /// The address that the user has still to show.
    pub async fn waiting_email(&self, user: UserId) -> Result<Option<Address>> {
        stored::waiting(&self.db, user).await?.map(|token| address(&token.address)).transpose()
    }

    /// What was typed into a form that asks for an address; `None` for nothing. Codes of the field `email`: `address-form`, `email-empty`.
    pub(crate) fn check_typed_email(&self, typed: &str, errors: &mut Invalid) -> Option<Address> {
        match (self.email_use(), typed.trim()) {
            (EmailUse::Off, _) | (EmailUse::Optional, "") => None,
            (EmailUse::Required, "") => {
                errors.add("email", codes::EMAIL_EMPTY);
                None
            }
            (_, typed) => {
                let to = Address::parse(typed).ok();
                if to.is_none() {
                    errors.add("email", mail::codes::ADDRESS_FORM);
                }
                to
            }
        }
    }

    /// Asks whoever reads the mail of an address whether it is the user's, and takes the address away where nothing is typed. Until it is shown, the
    /// one of before stays. The user's password says that it is they who ask. Whether there is a mail to wait for.
    ///
    /// Codes: `password-wrong`, `password-none` (field `email-password`), `address-form`, `email-empty`, `email-refused`, `email-often` (`email`). Conflict
    /// `email-off` where the site asks for no addresses.
    pub async fn change_email(
        &self,
        user: &User,
        typed: &str,
        password: &str,
        from: Origin<'_>,
    ) -> Result<bool> {
        let mut errors = Invalid::default();
        let to = self.check_typed_email(typed, &mut errors);
        errors.check()?;
        if to.is_none() && !typed.trim().is_empty() {
            return Err(Error::Conflict(codes::EMAIL_OFF));
        }
        match self.check_password(user.handle.as_str(), password, from).await {
            Err(Error::Invalid(_)) => {
                let has_one = self.has_password(user.id).await?;
                let code = if has_one { codes::PASSWORD_WRONG } else { codes::PASSWORD_NONE };
                return Err(Error::invalid("email-password", code));
            }
            checked => drop(checked?),
        }
        let Some(to) = to else {
            self.remove_email(user).await?;
            return Ok(false);
        };
        if self.email(user.id).await?.as_ref() == Some(&to) {
            // As it was: what was asked before is not wanted any more.
            let tx = self.db.write().await?;
            stored::end(&tx, user.id, Purpose::Verify).await?;
            tx.commit().await?;
            return Ok(false);
        }
        self.send_proof(user, to, from.locale).await?;
        Ok(true)
    }

    /// Sends the mail once more, with a new link and a new code. Codes: `code-none` (field `code`), else as for [`Accounts::change_email`].
    pub async fn send_email_again(&self, user: &User, locale: Locale) -> Result<()> {
        let to = self.waiting_email(user.id).await?;
        let to = to.ok_or_else(|| Error::invalid("code", codes::CODE_NONE))?;
        self.send_proof(user, to, locale).await
    }

    async fn send_proof(&self, user: &User, to: Address, locale: Locale) -> Result<()> {
        match self.shared.email_asks.check(&user.id.to_string()).await {
            Err(Error::TooMany(wait)) => return Err(often(wait)),
            checked => checked?,
        }
        let proof = self.prepare_proof(to).await?;
        let tx = self.db.write().await?;
        self.ask_for_proof(&tx, user, proof, locale).await?;
        tx.commit().await
    }

    /// The slow part, which no transaction waits for.
    pub(crate) async fn prepare_proof(&self, to: Address) -> Result<Proof> {
        let code = fresh_code(&self.env);
        let code_hash = self.passwords.hash(&self.env, &code).await?;
        Ok(Proof { to, token: self.env.token(), code, code_hash })
    }

    /// What was sent before opens nothing from then on.
    pub(crate) async fn ask_for_proof(
        &self,
        tx: &Tx,
        user: &User,
        proof: Proof,
        locale: Locale,
    ) -> Result<()> {
        let Proof { to, token, code, code_hash } = proof;
        let other = stored::owner_of(tx, &to.mailbox()).await?.filter(|owner| owner.user.id != user.id);
        let (handle, token_hash) = (user.handle.to_string(), hash(&token));
        let letter = match other {
            None => {
                let content = VerifyEmail { handle, token, code };
                Letter::new(&content, to.clone(), locale)?.with_key(user.id.to_string())
            }
            Some(owner) => {
                let content = EmailInUse { handle: owner.user.handle.to_string(), asked_by: handle };
                let locale = Locale::of(&owner.locale).unwrap_or_default();
                Letter::new(&content, address(&owner.address)?, locale)?
            }
        };
        match self.outbox()?.enqueue(tx, &letter).await {
            Ok(Accepted::Queued(_)) => {}
            Ok(Accepted::Refused(_)) => return Err(Error::invalid("email", codes::EMAIL_REFUSED)),
            Err(Error::TooMany(wait)) => return Err(often(wait)),
            Err(error) => return Err(error),
        }
        let now = self.env.now();
        stored::sweep(tx, now.minus(KEPT)).await?;
        let new = NewToken {
            hash: &token_hash,
            user: user.id,
            purpose: Purpose::Verify,
            to: &to,
            locale,
            code_hash: Some(&code_hash),
            expires_at: now.plus(LIFE),
        };
        stored::insert_token(tx, new).await
    }

    /// What a link would show; changes nothing, as programs follow links in mail before people do. Codes of the field `token`: `link-unknown`,
    /// `link-used`, `link-replaced`, `link-late`, and `link-other` where `viewer` is somebody else.
    pub async fn check_email_link(&self, token: &str, viewer: Option<UserId>) -> Result<EmailLink> {
        let token = self.find_link(token, Purpose::Verify, viewer).await?;
        Ok(EmailLink { address: address(&token.address)?, handle: token.user.handle })
    }

    pub(crate) async fn find_link(
        &self,
        token: &str,
        purpose: Purpose,
        viewer: Option<UserId>,
    ) -> Result<Token> {
        let found = stored::token(&self.db, &hash(token), purpose).await?;
        let found = found.ok_or_else(|| Error::invalid("token", codes::LINK_UNKNOWN))?;
        let wrong = match found.ended.as_deref() {
            _ if viewer.is_some_and(|viewer| viewer != found.user.id) => codes::LINK_OTHER,
            Some("used") => codes::LINK_USED,
            Some(_) => codes::LINK_REPLACED,
            None if found.expires_at <= self.env.now() => codes::LINK_LATE,
            None => return Ok(found),
        };
        Err(Error::invalid("token", wrong))
    }

    /// The address is the user's from now on. Codes as for [`Accounts::check_email_link`], and `email-taken`.
    pub async fn verify_email_by_link(&self, token: &str, viewer: Option<UserId>) -> Result<()> {
        let token = self.find_link(token, Purpose::Verify, viewer).await?;
        self.finish_proof(token, "token").await
    }

    /// The same by the code of the newest mail. Codes of the field `code`: `code-form`, `code-none`, `code-late`, `code-tries`, `code-wrong`,
    /// `email-taken`.
    pub async fn verify_email_by_code(&self, user: UserId, typed: &str) -> Result<()> {
        let wrong = |code| Error::invalid("code", code);
        let code = read_code(typed).ok_or_else(|| wrong(codes::CODE_FORM))?;
        let waiting = stored::waiting(&self.db, user).await?.ok_or_else(|| wrong(codes::CODE_NONE))?;
        if waiting.expires_at <= self.env.now() {
            return Err(wrong(codes::CODE_LATE));
        }
        // The try is taken before it is known what comes of it: of many at once, no more count than may.
        let tx = self.db.write().await?;
        let may_try = stored::take_try(&tx, &waiting.hash, TRIES).await?;
        tx.commit().await?;
        if !may_try {
            return Err(wrong(codes::CODE_TRIES));
        }
        if self.passwords.verify(&code, waiting.code_hash.clone()).await? == Checked::Wrong {
            return Err(wrong(codes::CODE_WRONG));
        }
        self.finish_proof(waiting, "code").await
    }

    async fn finish_proof(&self, token: Token, field: &'static str) -> Result<()> {
        let (user, now) = (token.user.id, self.env.now());
        let to = address(&token.address)?;
        let tx = self.db.write().await?;
        if !stored::use_up(&tx, &token.hash, now).await? {
            return Err(Error::invalid(field, codes::LINK_USED));
        }
        let before = stored::verified(&tx, user).await?.filter(|before| before.mailbox != to.mailbox());
        stored::put(&tx, user, &to, &token.locale, now).await.map_err(|error| match error {
            Error::Conflict(_) => Error::invalid(field, codes::EMAIL_TAKEN),
            other => other,
        })?;
        // Whoever reads the mail of the address of before sets no password by it.
        stored::end(&tx, user, Purpose::Reset).await?;
        let mut action = "user.email-verify";
        if let Some(before) = before {
            action = "user.email-change";
            let handle = token.user.handle.to_string();
            self.warn_at(&tx, &before, |_| EmailChanged { handle, at: now, removed: false }).await?;
        }
        audit::record(&tx, &self.journal.or_by(user), Record::new(action, "user", user)).await?;
        tx.commit().await
    }

    async fn remove_email(&self, user: &User) -> Result<()> {
        let (id, now) = (user.id, self.env.now());
        let tx = self.db.write().await?;
        stored::end_all(&tx, id).await?;
        let Some(before) = stored::verified(&tx, id).await? else { return tx.commit().await };
        stored::remove(&tx, id).await?;
        let handle = user.handle.to_string();
        self.warn_at(&tx, &before, |_| EmailChanged { handle, at: now, removed: true }).await?;
        audit::record(&tx, &self.journal.or_by(id), Record::new("user.email-remove", "user", id)).await?;
        tx.commit().await
    }

    /// Addresses, what mails carry, and mail that was not sent yet go with the user.
    pub(crate) async fn erase_email(&self, tx: &Tx, user: UserId) -> Result<()> {
        if let Some(outbox) = &self.outbox {
            for template in ["verify", "reset"] {
                outbox.withdraw_keyed(tx, template, &user.to_string()).await?;
            }
        }
        for stored in stored::addresses_of(tx, user).await? {
            // An invitation that was used is forgotten; another may have gone there.
            invitations::forget_address(tx, &stored).await?;
            if let Some(outbox) = &self.outbox {
                outbox.forget(tx, &address(&stored)?).await?;
            }
        }
        stored::delete_all_of(tx, user).await
    }
}

/// In minutes, begun ones too.
pub(crate) fn often(wait: Duration) -> Error {
    let mut errors = Invalid::default();
    errors.add_limit("email", codes::EMAIL_OFTEN, wait.as_secs().div_ceil(60).max(1) as i64);
    Error::Invalid(errors)
}

#[cfg(test)]
pub(crate) mod tests;
