//! Signing in again before what is dangerous: who finds a browser open does not thereby have the account.

use std::time::Duration;

use kernel::{Error, Result, UserId};

use crate::codes;
use crate::model::User;
use crate::service::Accounts;
use crate::sign_in::Origin;
use crate::store;
use crate::store::factors as stored;
use crate::token::hash;
use crate::two_factor::Typed;

/// Whoever proved that long ago at most is not asked again.
pub const FRESH: Duration = Duration::from_mins(15);

/// How somebody shows that it is still they.
#[derive(Clone, Copy)]
pub enum Proof<'a> {
    Password(&'a str),
    Code(&'a str),
    /// What [`Accounts::begin_passkey_sign_in`] asked for.
    Passkey {
        ceremony: &'a str,
        credential: &'a str,
    },
}

/// By what somebody can show it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ways {
    pub password: bool,
    pub code: bool,
    pub passkey: bool,
}

/// What a session lacks that is to open a desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// There is no second factor.
    Factor,
    /// There is one, and the session began without.
    Step,
}

impl Accounts {
    pub async fn is_fresh(&self, user: UserId, session: &str) -> Result<bool> {
        let now = self.env.now();
        let proofs = stored::proofs(&self.db, &hash(session), user).await?.unwrap_or_default();
        Ok(proofs.proved_at.is_some_and(|at| now.since(at) < FRESH))
    }

    pub async fn ways(&self, user: UserId) -> Result<Ways> {
        let factors = self.factors(user).await?;
        Ok(Ways {
            password: store::has_password(&self.db, user).await?,
            code: factors.totp.is_some() || factors.codes_left > 0,
            passkey: factors.passkeys > 0 && self.has_passkeys(),
        })
    }

    /// What keeps the user from the desks, where the site asks for more than a password.
    pub async fn missing_for_desk(&self, user: &User, session: Option<&str>) -> Result<Option<Missing>> {
        if !self.must_have_second(user) {
            return Ok(None);
        }
        if !self.factors(user.id).await?.any() {
            return Ok(Some(Missing::Factor));
        }
        let proofs = match session {
            Some(session) => stored::proofs(&self.db, &hash(session), user.id).await?,
            None => None,
        };
        Ok(proofs.and_then(|proofs| proofs.second_at).is_none().then_some(Missing::Step))
    }

    /// It is still they: what is dangerous is open for [`FRESH`]. Codes: `password-wrong` (field `again-password`), `second-form`, `second-wrong`,
    /// `second-used` (`again-code`), those of passkeys (the whole form). Errors: [`Error::TooMany`] where too much was tried.
    pub async fn prove(&self, user: &User, session: &str, proof: Proof<'_>, from: Origin<'_>) -> Result<()> {
        match proof {
            Proof::Password(password) => self.prove_by_password(user, session, password, from).await,
            Proof::Code(typed) => self.prove_by_code(user, session, typed, from).await.map_err(of_form),
            Proof::Passkey { ceremony, credential } => {
                self.prove_by_passkey(user, &hash(session), ceremony, credential, from).await
            }
        }
    }

    async fn prove_by_password(
        &self,
        user: &User,
        session: &str,
        password: &str,
        from: Origin<'_>,
    ) -> Result<()> {
        match self.check_password(user.handle.as_str(), password, from).await {
            Err(Error::Invalid(_)) => {
                return Err(Error::invalid("again-password", codes::PASSWORD_WRONG));
            }
            checked => drop(checked?),
        }
        let tx = self.db.write().await?;
        stored::prove(&tx, &hash(session), user.id, false, self.env.now()).await?;
        tx.commit().await
    }

    async fn prove_by_code(&self, user: &User, session: &str, typed: &str, from: Origin<'_>) -> Result<()> {
        let typed = Typed::read(typed)?;
        let turns = self.code_turns(user, from).await?;
        let tx = self.db.write().await?;
        let taken = self.take_code(&tx, user.id, &typed).await?;
        stored::prove(&tx, &hash(session), user.id, true, self.env.now()).await?;
        self.tell_of_code(&tx, user, &taken, from).await?;
        tx.commit().await?;
        self.shared.codes.refund(turns).await
    }
}

/// The field of this form is called otherwise.
fn of_form(error: Error) -> Error {
    match error {
        Error::Invalid(mut errors) => {
            for error in errors.0.iter_mut().filter(|error| error.field == "code") {
                error.field = "again-code";
            }
            Error::Invalid(errors)
        }
        other => other,
    }
}
