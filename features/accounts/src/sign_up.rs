//! Making an account of one's own: with a password, with an account elsewhere, by an invitation.

use audit::Record;
use db::Tx;
use kernel::{Error, Invalid, Result};
use mail::Address;

use crate::codes;
use crate::email::Proof;
use crate::identity::Arrival;
use crate::invitations::Invited;
use crate::model::{NewUser, User};
use crate::service::Accounts;
use crate::sign_in::{Origin, SignedIn};
use crate::store;
use crate::store::identities as stored;
use crate::token::hash;

/// What somebody has typed.
#[derive(Clone, Copy, Default)]
pub struct SignUp<'a> {
    pub handle: &'a str,
    pub name: &'a str,
    pub password: &'a str,
    /// Where an invitation was mailed to, that address is taken, and nothing typed.
    pub email: &'a str,
    /// The token of an invitation, or nothing.
    pub invitation: &'a str,
}

/// What a new account is made of beside its user.
struct Parts<'a> {
    password: Option<String>,
    /// An address that is known to be theirs.
    shown: Option<Address>,
    /// One that is still to be shown.
    proof: Option<Proof>,
    invited: Option<Invited>,
    /// An account elsewhere, and the hash under which it is kept: it is used once.
    arrival: Option<(&'a Arrival, String)>,
}

impl Accounts {
    /// As [`Accounts::sign_up_as`], for whoever comes by no invitation.
    pub async fn sign_up_from(
        &self,
        handle: &str,
        name: &str,
        password: &str,
        email: &str,
        from: Origin<'_>,
    ) -> Result<SignedIn> {
        self.sign_up_as(SignUp { handle, name, password, email, invitation: "" }, from).await
    }

    /// Makes a user and starts the first session: both or nothing. Whoever reads the mail of an address that was typed is asked whether it is the
    /// user's. Codes: those of [`Accounts::sign_up`], of [`Accounts::change_email`] and, of the field `invitation`, of
    /// [`Accounts::check_invitation`]; `email-taken` where another has the address that the invitation was mailed to.
    pub async fn sign_up_as(&self, typed: SignUp<'_>, from: Origin<'_>) -> Result<SignedIn> {
        let invited = match typed.invitation {
            "" => None,
            token => Some(self.check_invitation(token).await?),
        };
        let shown = self.invited_email(invited.as_ref()).await?;
        let mut wrong = Invalid::default();
        let to = match &shown {
            Some(_) => None,
            None => self.check_typed_email(typed.email, &mut wrong),
        };
        let new = NewUser::check(typed.handle, typed.name, typed.password, &self.site_name());
        let new = self.check_sign_up(with(new, wrong), invited.is_some(), from).await?;
        let password = new.password.clone().unwrap_or_default();
        let password = Some(self.passwords.hash(&self.env, &password).await?);
        let proof = match to {
            Some(to) => Some(self.prepare_proof(to).await?),
            None => None,
        };
        self.make_account(new, Parts { password, shown, proof, invited, arrival: None }, from).await
    }

    /// Makes a user who signs in with an account elsewhere. An address that the provider has verified becomes theirs where nobody has it; else one
    /// may be typed. `browser` is what [`Accounts::keep_arrival`] gave. Codes as for [`Accounts::sign_up_as`], but for passwords;
    /// `identity-late` (no field) where it took too long, `identity-taken` where the account elsewhere is somebody's by now.
    pub async fn sign_up_with(
        &self,
        browser: &str,
        typed: SignUp<'_>,
        from: Origin<'_>,
    ) -> Result<(SignedIn, Arrival)> {
        let arrival = self.arrival(browser).await?;
        let arrival = arrival.ok_or_else(|| Error::invalid("", codes::IDENTITY_LATE))?;
        let invited = match &arrival.invitation {
            None => None,
            Some(hash) => Some(self.check_invitation_hash(hash).await?),
        };
        let shown = match self.email_of(&arrival).await? {
            Some(email) => Some(email),
            None => self.invited_email(invited.as_ref()).await?,
        };
        let mut wrong = Invalid::default();
        let to = match &shown {
            Some(_) => None,
            None => self.check_typed_email(typed.email, &mut wrong),
        };
        // All rules but those of passwords: this one no rule refuses, and nobody is given it.
        let new = NewUser::check(typed.handle, typed.name, &self.env.token(), &self.site_name());
        let new = self.check_sign_up(with(new, wrong), invited.is_some(), from).await?;
        let proof = match to {
            Some(to) => Some(self.prepare_proof(to).await?),
            None => None,
        };
        let parts = Parts { password: None, shown, proof, invited, arrival: Some((&arrival, hash(browser))) };
        let signed_in = self.make_account(new, parts, from).await?;
        Ok((signed_in, arrival))
    }

    /// The address that an invitation was mailed to. Code `email-taken`.
    async fn invited_email(&self, invited: Option<&Invited>) -> Result<Option<Address>> {
        let Some(to) = invited.and_then(|invited| invited.email.clone()) else { return Ok(None) };
        if stored::is_mailbox_taken(&self.db, &to.mailbox()).await? {
            return Err(Error::invalid("email", codes::EMAIL_TAKEN));
        }
        Ok(Some(to))
    }

    async fn make_account(&self, new: NewUser, parts: Parts<'_>, from: Origin<'_>) -> Result<SignedIn> {
        let user = self.user_of(new);
        let tx = self.db.write().await?;
        if let Some((_, kept)) = &parts.arrival
            && !stored::take_arrival(&tx, kept).await?
        {
            return Err(Error::invalid("", codes::IDENTITY_LATE));
        }
        Self::insert_user(&tx, &user, parts.password.as_deref()).await?;
        let (user, records) = self.add_parts(&tx, user, parts, from).await?;
        let signed_in = self.start_session(&tx, user, from, false).await?;
        let journal = self.journal.or_by(signed_in.user.id);
        for record in records {
            audit::record(&tx, &journal, record).await?;
        }
        tx.commit().await?;
        Ok(signed_in)
    }

    async fn add_parts(
        &self,
        tx: &Tx,
        user: User,
        parts: Parts<'_>,
        from: Origin<'_>,
    ) -> Result<(User, Vec<Record>)> {
        let mut records = Vec::new();
        if let Some(to) = &parts.shown {
            store::email::put(tx, user.id, to, from.locale.tag(), self.env.now()).await.map_err(|error| {
                match error {
                    Error::Conflict(_) => Error::invalid("email", codes::EMAIL_TAKEN),
                    other => other,
                }
            })?;
            records.push(Record::new("user.email-verify", "user", user.id));
        }
        if let Some(proof) = parts.proof {
            self.ask_for_proof(tx, &user, proof, from.locale).await?;
        }
        if let Some((arrival, _)) = parts.arrival {
            records.push(self.insert_identity(tx, user.id, arrival).await?);
        }
        let Some(invited) = &parts.invited else { return Ok((user, records)) };
        let (user, record) = self.use_invitation(tx, invited, user).await?;
        records.push(record);
        Ok((user, records))
    }
}

/// All that is wrong at once.
fn with(new: Result<NewUser>, mut wrong: Invalid) -> Result<NewUser> {
    match new {
        Err(Error::Invalid(mut errors)) => {
            errors.0.append(&mut wrong.0);
            Err(Error::Invalid(errors))
        }
        checked => wrong.check().and(checked),
    }
}
