//! Roles that a site makes for itself, of actions.

use std::fmt;

use db::FromQueryResult;
use kernel::{Error, Invalid, Result, Slug, name};
use sea_orm::{ColIdx, QueryResult, TryGetError, TryGetable};
use serde::Serialize;

use crate::actions::{Action, Actions};
use crate::codes;
use crate::role::Role;

/// The longest title (characters).
const TITLE_CHARS: usize = 40;

#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct CustomRole {
    pub name: Slug,
    /// As people read it.
    pub title: String,
    pub actions: Actions,
}

/// A role as somebody typed it.
#[derive(Clone, Copy, Debug, Default)]
pub struct TypedRole<'a> {
    pub name: &'a str,
    pub title: &'a str,
    /// Names of actions.
    pub actions: &'a [&'a str],
}

impl TypedRole<'_> {
    /// Checks all fields: `slug` (`slug-form`, `role-taken`), `title` (`name-empty`, `name-long`), `actions` (`role-empty`).
    /// [`Error::NotFound`] for what is no action.
    pub(crate) fn check(self) -> Result<CustomRole> {
        let mut errors = Invalid::default();
        let name = match Slug::new(self.name.trim()) {
            Ok(name) if Role::named(name.as_str()).is_some() => {
                errors.add("slug", codes::ROLE_TAKEN);
                None
            }
            Ok(name) => Some(name),
            Err(_) => {
                errors.add("slug", kernel::codes::SLUG_FORM);
                None
            }
        };
        let title = name::one_line(self.title);
        if title.is_empty() {
            errors.add("title", codes::NAME_EMPTY);
        } else if title.chars().count() > TITLE_CHARS {
            errors.add_limit("title", codes::NAME_LONG, TITLE_CHARS as i64);
        }
        let actions = self.actions.iter().map(|name| Action::named(name).ok_or(Error::NotFound));
        let actions: Actions = actions.collect::<Result<Vec<_>>>()?.into_iter().collect();
        if actions.is_empty() {
            errors.add("actions", codes::ROLE_EMPTY);
        }
        errors.check()?;
        Ok(CustomRole { name: name.ok_or(Error::NotFound)?, title, actions })
    }
}

/// The roles of the site's own making that somebody holds, and what they let do together. A list of names in JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(into = "Vec<Slug>")]
pub struct CustomRoles {
    names: Vec<Slug>,
    actions: Actions,
}

impl CustomRoles {
    pub fn names(&self) -> &[Slug] {
        &self.names
    }

    pub fn has(&self, name: &Slug) -> bool {
        self.names.contains(name)
    }

    pub fn actions(&self) -> Actions {
        self.actions
    }

    /// Of a text of `name action action,name action`. Actions that this program does not know are as good as none.
    fn read(text: &str) -> Self {
        let mut held = Self::default();
        for role in text.split(',') {
            let (name, actions) = role.split_once(' ').unwrap_or((role, ""));
            if let Ok(name) = Slug::new(name) {
                held.names.push(name);
                held.actions = held.actions | Actions::read(actions).0;
            }
        }
        held
    }
}

impl From<CustomRoles> for Vec<Slug> {
    fn from(roles: CustomRoles) -> Self {
        roles.names
    }
}

impl TryGetable for CustomRoles {
    fn try_get_by<I: ColIdx>(row: &QueryResult, index: I) -> Result<Self, TryGetError> {
        String::try_get_by(row, index).map(|text| Self::read(&text))
    }
}

/// A role of either kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnyRole {
    BuiltIn(Role),
    Custom(Slug),
}

impl AnyRole {
    /// `None` for what no role can be called; whether there is a custom role of that name only the database knows.
    pub fn named(name: &str) -> Option<Self> {
        Role::named(name).map(Self::BuiltIn).or_else(|| Slug::new(name).ok().map(Self::Custom))
    }
}

impl From<Role> for AnyRole {
    fn from(role: Role) -> Self {
        Self::BuiltIn(role)
    }
}

impl From<Slug> for AnyRole {
    fn from(name: Slug) -> Self {
        Self::Custom(name)
    }
}

impl fmt::Display for AnyRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BuiltIn(role) => f.write_str(role.name()),
            Self::Custom(name) => name.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_is_wrong_with_a_role_is_told() {
        let wrong = |typed: TypedRole<'_>| match typed.check().unwrap_err() {
            Error::Invalid(errors) => errors.0.into_iter().map(|e| (e.field, e.code)).collect::<Vec<_>>(),
            other => panic!("{other}"),
        };
        let none = TypedRole { name: "Night desk", ..TypedRole::default() };
        assert_eq!(wrong(none), [("slug", "slug-form"), ("title", "name-empty"), ("actions", "role-empty")]);
        let long = "长".repeat(41);
        let taken = TypedRole { name: "editor", title: &long, actions: &["curate-topics"] };
        assert_eq!(wrong(taken), [("slug", "role-taken"), ("title", "name-long")]);
        let unknown = TypedRole { name: "desk", title: "Desk", actions: &["walk-on-water"] };
        assert!(matches!(unknown.check(), Err(Error::NotFound)));
        let role = TypedRole { name: " desk ", title: " 夜班\n编辑 ", actions: &["retract-articles"] };
        let role = role.check().unwrap();
        assert_eq!((role.name.as_str(), role.title.as_str()), ("desk", "夜班 编辑"));
        assert_eq!(role.actions.to_string(), "read-submissions retract-articles");
    }

    #[test]
    fn what_is_held_is_read_of_one_text() {
        let held = CustomRoles::read("desk curate-topics,press see-insights walk-on-water,empty ");
        assert_eq!(serde_json::to_string(&held).unwrap(), r#"["desk","press","empty"]"#);
        assert_eq!(held.actions().to_string(), "curate-topics see-insights");
        assert_eq!(CustomRoles::read(""), CustomRoles::default());
    }
}
