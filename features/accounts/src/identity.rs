//! What is known of accounts elsewhere, and of those who are on the way there and back.

use db::FromQueryResult;
use kernel::{Id, Time, UserId};
use serde::Serialize;

#[doc(hidden)]
pub enum IdentityMarker {}
pub type IdentityId = Id<IdentityMarker>;

/// An account elsewhere that is a user's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromQueryResult)]
pub struct Identity {
    pub id: IdentityId,
    pub issuer: String,
    pub subject: String,
    /// What they call themselves there.
    pub name: Option<String>,
    pub created_at: Time,
}

/// Somebody is about to be sent to a provider.
#[derive(Clone, Copy, Default)]
pub struct NewFlow<'a> {
    pub provider: &'a str,
    pub state: &'a str,
    pub nonce: &'a str,
    pub verifier: &'a str,
    /// Who wants to link it.
    pub user: Option<UserId>,
    /// The token of an invitation that is carried along, or nothing.
    pub invitation: &'a str,
    pub back: &'a str,
}

/// Somebody who is back.
#[derive(Clone, FromQueryResult)]
pub struct Flow {
    pub provider: String,
    pub nonce: String,
    pub verifier: String,
    pub user_id: Option<UserId>,
    /// The hash of an invitation.
    pub invitation: Option<String>,
    pub back: String,
    pub(crate) expires_at: Time,
}

/// Whom a provider says that it is, who is nobody here yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct Arrival {
    pub provider: String,
    pub issuer: String,
    pub subject: String,
    pub username: Option<String>,
    pub name: Option<String>,
    /// One that the provider has verified.
    pub email: Option<String>,
    /// The hash of an invitation.
    pub invitation: Option<String>,
    pub back: String,
}

impl Arrival {
    /// What it is known by in a list.
    pub(crate) fn known_as(&self) -> Option<String> {
        self.username.clone().or_else(|| self.name.clone()).or_else(|| self.email.clone())
    }
}
