//! The roles that every site has.

use sea_orm::DeriveValueType;
use serde::{Deserialize, Serialize};

/// To publish is no role: it comes with owning an author. What each may do stands in `actions.rs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Works the review and report queues.
    Reviewer,
    /// Chooses what stands on front pages.
    Editor,
    /// Runs the site; may do all that anybody may.
    Operator,
}

impl Role {
    pub const ALL: [Self; 3] = [Self::Reviewer, Self::Editor, Self::Operator];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Reviewer => "reviewer",
            Self::Editor => "editor",
            Self::Operator => "operator",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// A set of roles: a bit each in the database, a list of names in JSON.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, DeriveValueType, Serialize, Deserialize)]
#[serde(from = "Vec<Role>", into = "Vec<Role>")]
pub struct Roles(i64);

impl Roles {
    pub const fn of(role: Role) -> Self {
        Self(1 << role as i64)
    }

    pub const fn has(self, role: Role) -> bool {
        self.0 & Self::of(role).0 != 0
    }

    pub fn iter(self) -> impl Iterator<Item = Role> {
        Role::ALL.into_iter().filter(move |role| self.has(*role))
    }
}

impl From<Vec<Role>> for Roles {
    fn from(roles: Vec<Role>) -> Self {
        Self(roles.into_iter().fold(0, |bits, role| bits | Self::of(role).0))
    }
}
impl From<Roles> for Vec<Role> {
    fn from(roles: Roles) -> Self {
        roles.iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_of_roles_is_a_list_in_json() {
        let roles = Roles::from(vec![Role::Editor, Role::Reviewer]);
        assert_eq!(serde_json::to_string(&roles).unwrap(), r#"["reviewer","editor"]"#);
        assert_eq!(serde_json::from_str::<Roles>(r#"["editor","reviewer"]"#).unwrap(), roles);
    }
}
