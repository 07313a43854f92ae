//! What accounts tells the others.

use events::Event;
use kernel::{Slug, UserId};
use serde::{Deserialize, Serialize};

use crate::Roles;

/// A user was given a role or lost one; `roles` and `custom` are those held now.
#[derive(Debug, Serialize, Deserialize)]
pub struct RolesChanged {
    pub id: UserId,
    pub roles: Roles,
    /// Those that the site made itself.
    #[serde(default)]
    pub custom: Vec<Slug>,
}
impl Event for RolesChanged {
    const KIND: &'static str = "user.roles";
}

/// A role that the site made lets do something else now, or is gone: whoever holds it must be asked for again.
#[derive(Debug, Serialize, Deserialize)]
pub struct CustomRoleChanged {
    pub name: Slug,
}
impl Event for CustomRoleChanged {
    const KIND: &'static str = "role.changed";
}

/// Sessions of a user ended, or what the site says of the user changed: who is signed in must be asked for again.
#[derive(Debug, Serialize, Deserialize)]
pub struct AccessChanged {
    pub id: UserId,
}
impl Event for AccessChanged {
    const KIND: &'static str = "user.access";
}

/// A user is deleted: whoever keeps copies of what they wrote leaves nothing of it.
#[derive(Debug, Serialize, Deserialize)]
pub struct UserDeleted {
    pub id: UserId,
}
impl Event for UserDeleted {
    const KIND: &'static str = "user.deleted";
}

/// What a user shows of themselves is different: bio, picture, or whether there is a page.
#[derive(Debug, Serialize, Deserialize)]
pub struct ProfileChanged {
    pub id: UserId,
    /// It waits for a reviewer.
    #[serde(default)]
    pub held: bool,
}
impl Event for ProfileChanged {
    const KIND: &'static str = "user.profile";
}
