//! What accounts tells the others.

use events::Event;
use kernel::UserId;
use serde::{Deserialize, Serialize};

use crate::Roles;

/// A user was given a role or lost one; `roles` are those held now.
#[derive(Debug, Serialize, Deserialize)]
pub struct RolesChanged {
    pub id: UserId,
    pub roles: Roles,
}
impl Event for RolesChanged {
    const KIND: &'static str = "user.roles";
}

/// Sessions of a user ended, or what the site says of the user changed: who is signed in must be asked for again.
#[derive(Debug, Serialize, Deserialize)]
pub struct AccessChanged {
    pub id: UserId,
}
impl Event for AccessChanged {
    const KIND: &'static str = "user.access";
}
