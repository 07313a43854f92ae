//! Passkeys (WebAuthn): a key in a telephone, a computer or a password manager that signs what this site asks, after its owner was recognised
//! there. One is both factors: what is had, and what is known or is.

use std::fmt::Write;
use std::time::Duration;

use audit::Record;
use kernel::{Error, Invalid, PasskeyId, Result, Time, UserId, name};
use serde::Serialize;
use serde::de::DeserializeOwned;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, Passkey as Credential, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Uuid, Webauthn, WebauthnError,
};

use crate::codes;
use crate::letters::FactorChange;
use crate::model::User;
use crate::names::check_name;
use crate::service::Accounts;
use crate::sign_in::{Origin, SignedIn};
use crate::store::factors::{self as stored, NewPasskey};
use crate::store::profile;
use crate::token::hash;

/// So long a browser may take to answer: what its dialog waits for, and a little.
const LIFE: Duration = Duration::from_mins(10);
/// What one user has of them at most: a page shows them all.
const MOST: usize = 20;

/// What a browser is asked to sign.
#[derive(Clone, Debug, Serialize)]
pub struct Challenge {
    /// Comes back with the answer.
    pub ceremony: String,
    /// For `navigator.credentials`, with bytes in base 64.
    pub options: serde_json::Value,
}

/// One of somebody's passkeys.
#[derive(Clone, Debug, Serialize)]
pub struct Passkey {
    pub id: PasskeyId,
    pub name: String,
    pub created_at: Time,
    pub used_at: Option<Time>,
}

/// An answer that was right, and what is stored of its key from now on.
struct Answered {
    user: User,
    id: PasskeyId,
    before: String,
    after: String,
}

/// What a key knows of whose it is: no name, and the same for all keys of a user.
fn uuid_of(user: UserId) -> Uuid {
    Uuid::from_u128(u128::from(user.raw().unsigned_abs()))
}

fn failed(error: &WebauthnError) -> Error {
    tracing::info!(%error, "a passkey was refused");
    Error::invalid("", codes::PASSKEY_FAILED)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}"); // a String takes everything
        hex
    })
}

/// As this program wrote it.
fn stored_json<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(Error::internal)
}

fn to_json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(Error::internal)
}

/// As a browser sent it. Code of the whole form: `passkey-failed`.
fn sent_json<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|_| Error::invalid("", codes::PASSKEY_FAILED))
}

impl Accounts {
    /// Whether the site has an address that passkeys can be made for.
    pub fn has_passkeys(&self) -> bool {
        self.relying_party.is_some()
    }

    fn party(&self) -> Result<&Webauthn> {
        self.relying_party.as_deref().ok_or(Error::Conflict(codes::PASSKEYS_OFF))
    }

    /// Oldest first.
    pub async fn passkeys(&self, user: UserId) -> Result<Vec<Passkey>> {
        let all = stored::passkeys(&self.db, user).await?.into_iter();
        Ok(all
            .map(|one| Passkey {
                id: one.id,
                name: one.name,
                created_at: one.created_at,
                used_at: one.used_at,
            })
            .collect())
    }

    /// What a browser needs to make a passkey. Codes: `passkeys-many` (field `name`). Conflict: `passkeys-off`.
    pub async fn begin_passkey(&self, user: &User) -> Result<Challenge> {
        let party = self.party()?;
        let known = stored::passkeys(&self.db, user.id).await?;
        let mut many = Invalid::default();
        if known.len() >= MOST {
            many.add_limit("name", codes::PASSKEYS_MANY, MOST as i64);
        }
        many.check()?;
        let mut there = Vec::with_capacity(known.len());
        for one in &known {
            there.push(stored_json::<Credential>(&one.credential)?.cred_id().clone());
        }
        let (challenge, state) = party
            .start_passkey_registration(uuid_of(user.id), user.handle.as_str(), &user.name, Some(there))
            .map_err(|error| Error::internal(error.to_string()))?;
        let mut options = serde_json::to_value(&challenge).map_err(Error::internal)?;
        let site = self.site_name();
        if !site.is_empty() {
            options["publicKey"]["rp"]["name"] = site.into();
        }
        // One that a browser finds without being told a name: so it signs in by itself.
        let choice = &mut options["publicKey"]["authenticatorSelection"];
        choice["residentKey"] = "required".into();
        choice["requireResidentKey"] = true.into();
        let ceremony = self.keep_ceremony(Some(user.id), &state).await?;
        Ok(Challenge { ceremony, options })
    }

    async fn keep_ceremony(&self, user: Option<UserId>, state: &impl Serialize) -> Result<String> {
        let (token, state, now) = (self.env.token(), to_json(state)?, self.env.now());
        let tx = self.db.write().await?;
        stored::insert_ceremony(&tx, &hash(&token), user, &state, now, now.plus(LIFE)).await?;
        tx.commit().await?;
        Ok(token)
    }

    /// What was asked, once. Code of the whole form: `passkey-late`.
    async fn take_ceremony<T: DeserializeOwned>(&self, token: &str, user: Option<UserId>) -> Result<T> {
        let tx = self.db.write().await?;
        let found = stored::take_ceremony(&tx, &hash(token)).await?;
        tx.commit().await?;
        let now = self.env.now();
        let found = found.filter(|one| one.user_id == user && one.expires_at > now);
        stored_json(&found.ok_or_else(|| Error::invalid("", codes::PASSKEY_LATE))?.state)
    }

    /// Keeps the passkey that a browser made. Codes: `name-empty`, `name-long` (field `name`); of the whole form `passkey-failed`,
    /// `passkey-late`, `passkey-there`.
    pub async fn add_passkey(
        &self,
        user: &User,
        session: &str,
        name: &str,
        (ceremony, credential): (&str, &str),
        from: Origin<'_>,
    ) -> Result<()> {
        let party = self.party()?;
        let name = name::one_line(name);
        let mut errors = Invalid::default();
        check_name(&name, &mut errors);
        errors.check()?;
        let answer: RegisterPublicKeyCredential = sent_json(credential)?;
        let state: PasskeyRegistration = self.take_ceremony(ceremony, Some(user.id)).await?;
        let made = party.finish_passkey_registration(&answer, &state).map_err(|error| failed(&error))?;
        let (id, now) = (self.env.id(), self.env.now());
        let (credential_id, credential) = (hex(made.cred_id()), to_json(&made)?);
        let tx = self.db.write().await?;
        let new = NewPasskey {
            id,
            user: user.id,
            name: &name,
            credential_id: &credential_id,
            credential: &credential,
            now,
        };
        stored::insert_passkey(&tx, new).await.map_err(|error| match error {
            Error::Conflict(_) => Error::invalid("", codes::PASSKEY_THERE),
            other => other,
        })?;
        stored::prove(&tx, &hash(session), user.id, true, now).await?;
        self.tell_of_factors(&tx, user, FactorChange::PasskeyAdded, Some(from)).await?;
        let record = Record::new("user.passkey-add", "user", user.id);
        audit::record(&tx, &self.journal.or_by(user.id), record).await?;
        tx.commit().await
    }

    /// Conflict `identity-last` where the user could not sign in without, as for [`Accounts::unlink`].
    pub async fn delete_passkey(
        &self,
        user: &User,
        id: PasskeyId,
        usable: &[String],
        from: Origin<'_>,
    ) -> Result<()> {
        let tx = self.db.write().await?;
        // One at a time, as in `unlink`.
        profile::lock(&tx, user.id).await?;
        if stored::delete_passkey(&tx, user.id, id).await? == 0 {
            return Err(Error::NotFound);
        }
        self.check_can_sign_in(&tx, user.id, usable).await?;
        self.drop_codes_without_factor(&tx, user.id).await?;
        self.tell_of_factors(&tx, user, FactorChange::PasskeyRemoved, Some(from)).await?;
        let record = Record::new("user.passkey-remove", "user", user.id);
        audit::record(&tx, &self.journal.or_by(user.id), record).await?;
        tx.commit().await
    }

    /// What a browser needs to sign in by a passkey, whoever's it is. Conflict: `passkeys-off`. Errors: [`Error::TooMany`].
    pub async fn begin_passkey_sign_in(&self, network: &str) -> Result<Challenge> {
        let party = self.party()?;
        self.shared.challenges.check(network).await?;
        let (challenge, state) =
            party.start_discoverable_authentication().map_err(|error| Error::internal(error.to_string()))?;
        let mut options = serde_json::to_value(&challenge).map_err(Error::internal)?;
        // How it is asked for is the page's matter.
        if let Some(options) = options.as_object_mut() {
            options.remove("mediation");
        }
        let ceremony = self.keep_ceremony(None, &state).await?;
        Ok(Challenge { ceremony, options })
    }

    /// Whose passkey answered. Codes of the whole form: `passkey-failed`, `passkey-late`, `passkey-unknown`, `passkey-copied`.
    async fn answered(&self, ceremony: &str, credential: &str, from: Origin<'_>) -> Result<Answered> {
        let party = self.party()?;
        let answer: PublicKeyCredential = sent_json(credential)?;
        let state: DiscoverableAuthentication = self.take_ceremony(ceremony, None).await?;
        let (uuid, id) =
            party.identify_discoverable_authentication(&answer).map_err(|error| failed(&error))?;
        let owned = stored::passkey_of(&self.db, &hex(id)).await?;
        let owned = owned.filter(|owned| uuid_of(owned.user.id) == uuid);
        let owned = owned.ok_or_else(|| Error::invalid("", codes::PASSKEY_UNKNOWN))?;
        let mut passkey: Credential = stored_json(&owned.credential)?;
        let result = match party.finish_discoverable_authentication_v2(&answer, state, &passkey) {
            Ok(result) => result,
            Err(WebauthnError::CredentialPossibleCompromise) => {
                self.warn_of_copy(&owned.user, from).await?;
                return Err(Error::invalid("", codes::PASSKEY_COPIED));
            }
            Err(error) => return Err(failed(&error)),
        };
        passkey.update_credential(&result);
        let after = to_json(&passkey)?;
        Ok(Answered { user: owned.user, id: owned.passkey_id, before: owned.credential, after })
    }

    /// A key that counts its uses has counted fewer than we know of: there are two of it.
    async fn warn_of_copy(&self, user: &User, from: Origin<'_>) -> Result<()> {
        let tx = self.db.write().await?;
        self.tell_of_factors(&tx, user, FactorChange::PasskeyCopied, Some(from)).await?;
        let record = Record::new("user.passkey-copy", "user", user.id);
        audit::record(&tx, &self.journal.or_by(user.id), record).await?;
        tx.commit().await
    }

    /// Signs in whose passkey it is; both factors are in it. Codes of the whole form: `passkey-failed`, `passkey-late`, `passkey-unknown`,
    /// `passkey-copied`.
    pub async fn sign_in_by_passkey(
        &self,
        ceremony: &str,
        credential: &str,
        from: Origin<'_>,
    ) -> Result<SignedIn> {
        let Answered { user, id, before, after } = self.answered(ceremony, credential, from).await?;
        let tx = self.db.write().await?;
        if !stored::use_passkey(&tx, id, &before, &after, self.env.now()).await? {
            return Err(Error::invalid("", codes::PASSKEY_FAILED));
        }
        let signed_in = self.let_in(&tx, user, from, true).await?;
        tx.commit().await?;
        Ok(signed_in)
    }

    /// `session` is the session's hash.
    pub(crate) async fn prove_by_passkey(
        &self,
        user: &User,
        session: &str,
        ceremony: &str,
        credential: &str,
        from: Origin<'_>,
    ) -> Result<()> {
        let answered = self.answered(ceremony, credential, from).await?;
        if answered.user.id != user.id {
            return Err(Error::invalid("", codes::PASSKEY_OTHER));
        }
        let (tx, now) = (self.db.write().await?, self.env.now());
        if !stored::use_passkey(&tx, answered.id, &answered.before, &answered.after, now).await? {
            return Err(Error::invalid("", codes::PASSKEY_FAILED));
        }
        stored::prove(&tx, session, user.id, true, now).await?;
        tx.commit().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_know_whose_they_are_by_no_name() {
        assert_eq!(uuid_of(UserId::new(258)).as_bytes()[14..], [1, 2]);
        assert_ne!(uuid_of(UserId::new(1)), uuid_of(UserId::new(2)));
    }
}
