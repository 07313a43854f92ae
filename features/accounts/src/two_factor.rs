//! The second factor: codes by the clock, and codes on paper for whoever lost it.

use std::time::Duration;

use audit::Record;
use db::Tx;
use kernel::{Error, Result, Time, UserId};

use crate::codes;
use crate::email_token::read_code;
use crate::events::AccessChanged;
use crate::guesses::Turns;
use crate::letters::{FactorChange, FactorsChanged, RecoveryCodeUsed};
use crate::model::User;
use crate::recovery;
use crate::role::Role;
use crate::service::Accounts;
use crate::settings::{SECOND_FACTOR, SecondFactor};
use crate::sign_in::Origin;
use crate::store;
use crate::store::factors as stored;
use crate::token::hash;
use crate::totp;

/// So long a secret that was shown waits for its first code: whoever finds the browser open later sees none.
const SETTING_UP: Duration = Duration::from_mins(15);

/// What somebody has beside their password.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Factors {
    /// Since when codes are asked for.
    pub totp: Option<Time>,
    pub passkeys: i64,
    /// Recovery codes that are still good.
    pub codes_left: i64,
}

impl Factors {
    pub fn any(self) -> bool {
        self.totp.is_some() || self.passkeys > 0
    }
}

/// What was typed where a second factor is asked for.
pub(crate) enum Typed {
    Totp(String),
    Recovery(String),
}

/// What it turned out to be.
pub(crate) enum Taken {
    Totp,
    /// With how many there are left.
    Recovery(i64),
}

impl Typed {
    /// Code of the field `code`: `second-form`.
    pub fn read(typed: &str) -> Result<Self> {
        let totp = read_code(typed).map(Self::Totp);
        let typed = totp.or_else(|| recovery::read(typed).map(Self::Recovery));
        typed.ok_or_else(|| Error::invalid("code", codes::SECOND_FORM))
    }
}

impl Accounts {
    pub async fn factors(&self, user: UserId) -> Result<Factors> {
        let totp = stored::totp(&self.db, user).await?.and_then(|totp| totp.confirmed_at);
        let passkeys = stored::count_passkeys(&self.db, user).await?;
        Ok(Factors { totp, passkeys, codes_left: stored::codes_left(&self.db, user).await? })
    }

    /// Whether the site lets them behind its desks with a second factor only.
    pub fn must_have_second(&self, user: &User) -> bool {
        match self.setting(&SECOND_FACTOR) {
            SecondFactor::Nobody => false,
            SecondFactor::Operators => user.roles.has(Role::Operator),
            SecondFactor::Staff => user.is_staff(),
        }
    }

    /// Makes a secret, which counts once [`Accounts::confirm_totp`] was told a code of it in this session. Conflict: `totp-there`.
    pub async fn begin_totp(&self, user: UserId, session: &str) -> Result<()> {
        let tx = self.db.write().await?;
        let secret = totp::fresh_secret(&self.env);
        if !stored::begin_totp(&tx, user, &secret, &hash(session), self.env.now()).await? {
            return Err(Error::Conflict(codes::TOTP_THERE));
        }
        tx.commit().await
    }

    /// The secret that waits for its first code, for the session that began it alone: in base 32.
    pub async fn waiting_totp(&self, user: UserId, session: &str) -> Result<Option<String>> {
        let (now, session) = (self.env.now(), hash(session));
        let waits = |totp: &stored::Totp| {
            totp.confirmed_at.is_none()
                && totp.session_hash.as_ref() == Some(&session)
                && now.since(totp.made_at) < SETTING_UP
        };
        Ok(stored::totp(&self.db, user).await?.filter(waits).map(|totp| totp.secret))
    }

    /// From now on codes are asked for. All other sessions end, which began without one. The recovery codes are shown this once. Codes of the
    /// field `code`: `code-form`, `second-wrong`, `totp-none`.
    pub async fn confirm_totp(
        &self,
        user: &User,
        session: &str,
        typed: &str,
        from: Origin<'_>,
    ) -> Result<Vec<String>> {
        let wrong = |code| Error::invalid("code", code);
        let (id, now) = (user.id, self.env.now());
        let code = read_code(typed).ok_or_else(|| wrong(codes::CODE_FORM))?;
        let secret = self.waiting_totp(id, session).await?.ok_or_else(|| wrong(codes::TOTP_NONE))?;
        let session = hash(session);
        let step = totp::step_of(&secret, &code, now)?.ok_or_else(|| wrong(codes::SECOND_WRONG))?;
        let shown = recovery::fresh_codes(&self.env);
        let tx = self.db.write().await?;
        if !stored::take_step(&tx, id, &secret, step).await? {
            return Err(wrong(codes::TOTP_NONE));
        }
        stored::confirm_totp(&tx, id, now).await?;
        stored::put_codes(&tx, id, &hashes(id, &shown)).await?;
        stored::prove(&tx, &session, id, true, now).await?;
        stored::delete_other_sessions(&tx, id, &session).await?;
        stored::end_pending_of(&tx, id).await?;
        let journal = self.journal.or_by(id);
        journal.append(&tx, &AccessChanged { id }).await?;
        self.tell_of_factors(&tx, user, FactorChange::TotpAdded, Some(from)).await?;
        audit::record(&tx, &journal, Record::new("user.totp-add", "user", id)).await?;
        tx.commit().await?;
        self.forget_viewers();
        Ok(shown)
    }

    /// No code is asked for any more. Recovery codes go with the last factor.
    pub async fn remove_totp(&self, user: &User, from: Origin<'_>) -> Result<()> {
        let tx = self.db.write().await?;
        if !stored::delete_totp(&tx, user.id).await? {
            // One that was never confirmed.
            return tx.commit().await;
        }
        self.drop_codes_without_factor(&tx, user.id).await?;
        self.tell_of_factors(&tx, user, FactorChange::TotpRemoved, Some(from)).await?;
        let record = Record::new("user.totp-remove", "user", user.id);
        audit::record(&tx, &self.journal.or_by(user.id), record).await?;
        tx.commit().await
    }

    pub(crate) async fn drop_codes_without_factor(&self, tx: &Tx, user: UserId) -> Result<()> {
        let totp = stored::totp(tx, user).await?.and_then(|totp| totp.confirmed_at);
        if totp.is_none() && stored::count_passkeys(tx, user).await? == 0 {
            stored::delete_codes(tx, user).await?;
        }
        Ok(())
    }

    /// New recovery codes in the place of all before, shown this once. Conflict `factor-none` for whoever has nothing that could be lost.
    pub async fn renew_codes(&self, user: &User, from: Origin<'_>) -> Result<Vec<String>> {
        if !self.factors(user.id).await?.any() {
            return Err(Error::Conflict(codes::FACTOR_NONE));
        }
        let shown = recovery::fresh_codes(&self.env);
        let tx = self.db.write().await?;
        stored::put_codes(&tx, user.id, &hashes(user.id, &shown)).await?;
        self.tell_of_factors(&tx, user, FactorChange::CodesRenewed, Some(from)).await?;
        let record = Record::new("user.codes-renew", "user", user.id);
        audit::record(&tx, &self.journal.or_by(user.id), record).await?;
        tx.commit().await?;
        Ok(shown)
    }

    /// Takes turns from what slows guessing; who is right gives them back.
    pub(crate) async fn code_turns(&self, user: &User, from: Origin<'_>) -> Result<Turns> {
        let device = match from.device.map(hash) {
            Some(device) => store::knows_device(&self.db, user.id, &device).await?.then_some(device),
            None => None,
        };
        self.shared.codes.check(from.network, Some(&user.handle), device).await
    }

    /// Whether it is the user's, who has used it up then. Codes of the field `code`: `second-wrong`, `second-used`.
    pub(crate) async fn take_code(&self, tx: &Tx, user: UserId, typed: &Typed) -> Result<Taken> {
        let (wrong, now) = (|code| Error::invalid("code", code), self.env.now());
        match typed {
            Typed::Totp(code) => {
                let totp = stored::totp(tx, user).await?.filter(|totp| totp.confirmed_at.is_some());
                let totp = totp.ok_or_else(|| wrong(codes::SECOND_WRONG))?;
                let step = totp::step_of(&totp.secret, code, now)?;
                let step = step.ok_or_else(|| wrong(codes::SECOND_WRONG))?;
                if !stored::take_step(tx, user, &totp.secret, step).await? {
                    return Err(wrong(codes::SECOND_USED));
                }
                Ok(Taken::Totp)
            }
            Typed::Recovery(code) => {
                if !stored::use_code(tx, user, &recovery::hash_of(user, code), now).await? {
                    return Err(wrong(codes::SECOND_WRONG));
                }
                Ok(Taken::Recovery(stored::codes_left(tx, user).await?))
            }
        }
    }

    /// Tells the user where it was a recovery code. The last statement before the commit.
    pub(crate) async fn tell_of_code(
        &self,
        tx: &Tx,
        user: &User,
        taken: &Taken,
        from: Origin<'_>,
    ) -> Result<()> {
        let Taken::Recovery(left) = taken else { return Ok(()) };
        let notice = |locale| RecoveryCodeUsed {
            handle: user.handle.to_string(),
            at: self.env.now(),
            left: *left,
            agent: from.agent.map(str::to_owned),
            region: from.region.map(|region| region.name(locale).to_owned()),
        };
        self.warn(tx, user.id, notice).await?;
        let record = Record::new("user.code-use", "user", user.id);
        audit::record(tx, &self.journal.or_by(user.id), record).await
    }

    /// `from` is the browser that did it, where one did.
    pub(crate) async fn tell_of_factors(
        &self,
        tx: &Tx,
        user: &User,
        change: FactorChange,
        from: Option<Origin<'_>>,
    ) -> Result<()> {
        let notice = |locale| FactorsChanged {
            handle: user.handle.to_string(),
            at: self.env.now(),
            change,
            agent: from.and_then(|from| from.agent).map(str::to_owned),
            region: from.and_then(|from| from.region).map(|region| region.name(locale).to_owned()),
        };
        self.warn(tx, user.id, notice).await
    }
}

fn hashes(user: UserId, codes: &[String]) -> Vec<String> {
    codes.iter().filter_map(|code| recovery::read(code)).map(|code| recovery::hash_of(user, &code)).collect()
}

#[cfg(test)]
mod tests;
