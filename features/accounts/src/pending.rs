//! Signing in in two steps: the password was right, and more is asked for.

use std::time::Duration;

use db::Tx;
use kernel::{Error, Handle, Result};

use crate::codes;
use crate::model::User;
use crate::service::Accounts;
use crate::sign_in::{Admission, Origin, SignedIn};
use crate::store::factors as stored;
use crate::token::{PendingToken, hash};
use crate::two_factor::{Factors, Typed};

/// So long the second step may take.
const LIFE: Duration = Duration::from_mins(10);
/// After that the password is asked for again. What all such sign-ins of a user may try is `Shared::codes`.
const TRIES: i64 = 5;

/// A sign-in that waits for its second step.
#[derive(Clone, Debug)]
pub struct PendingSignIn {
    pub handle: Handle,
    pub factors: Factors,
}

impl Accounts {
    /// Lets in whom a password or another site vouched for, or asks for more.
    pub(crate) async fn admit(&self, tx: &Tx, user: User, from: Origin<'_>) -> Result<Admission> {
        if !self.asks_second(tx, &user).await? {
            return self.let_in(tx, user, from, false).await.map(Admission::In);
        }
        let (token, now) = (PendingToken::fresh(&self.env), self.env.now());
        stored::insert_pending(tx, &hash(token.as_str()), user.id, now, now.plus(LIFE)).await?;
        Ok(Admission::Second(token))
    }

    /// Whoever has set up codes, and who has a passkey where the site asks for a second factor: for others a passkey is one more way in.
    async fn asks_second(&self, tx: &Tx, user: &User) -> Result<bool> {
        let totp = stored::totp(tx, user.id).await?.and_then(|totp| totp.confirmed_at);
        Ok(totp.is_some() || self.must_have_second(user) && stored::count_passkeys(tx, user.id).await? > 0)
    }

    pub async fn pending_sign_in(&self, token: &str) -> Result<Option<PendingSignIn>> {
        let Some(pending) = stored::pending(&self.db, &hash(token), self.env.now()).await? else {
            return Ok(None);
        };
        if pending.tries >= TRIES {
            return Ok(None);
        }
        let factors = self.factors(pending.user.id).await?;
        Ok(Some(PendingSignIn { handle: pending.user.handle, factors }))
    }

    /// The second step, by a code of the clock or of paper. Codes of the field `code`: `second-form`, `second-wrong`, `second-used`; of the whole
    /// form: `pending-over`. Errors: [`Error::TooMany`] where too much was tried.
    pub async fn finish_sign_in(&self, token: &str, typed: &str, from: Origin<'_>) -> Result<SignedIn> {
        let over = || Error::invalid("", codes::PENDING_OVER);
        let (token, now) = (hash(token), self.env.now());
        let user = stored::pending(&self.db, &token, now).await?.ok_or_else(over)?.user;
        let typed = Typed::read(typed)?;
        let turns = self.code_turns(&user, from).await?;
        // The try is taken before it is known what comes of it.
        let tx = self.db.write().await?;
        let may_try = stored::take_try(&tx, &token, TRIES).await?;
        tx.commit().await?;
        if !may_try {
            return Err(over());
        }
        let tx = self.db.write().await?;
        let taken = self.take_code(&tx, user.id, &typed).await?;
        if !stored::end_pending(&tx, &token).await? {
            return Err(over());
        }
        let signed_in = self.let_in(&tx, user, from, true).await?;
        self.tell_of_code(&tx, &signed_in.user, &taken, from).await?;
        tx.commit().await?;
        self.shared.codes.refund(turns).await?;
        Ok(signed_in)
    }
}
