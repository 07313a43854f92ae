//! Users, what they may do, and the viewer of a page.

use std::sync::Arc;

use db::FromQueryResult;
use kernel::confusable::poses_as;
use kernel::{Error, Handle, Invalid, Region, Result, Time, TokenId, UserId, name};
use serde::Serialize;

use crate::actions::{Action, Actions};
use crate::codes;
use crate::custom_role::CustomRoles;
use crate::names::{check_name, check_new_name};
use crate::policy::{check_length, check_password};
use crate::role::Roles;

/// Somebody who can sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromQueryResult)]
pub struct User {
    pub id: UserId,
    pub handle: Handle,
    pub name: String,
    pub roles: Roles,
    pub custom_roles: CustomRoles,
    /// Where the user writes from (IP属地), as shown beside comments.
    pub region: Option<String>,
    pub created_at: Time,
    /// Since when an operator has shut the user out.
    pub suspended_at: Option<Time>,
    /// Since when there is nothing left of the user but what others' things refer to.
    pub deleted_at: Option<Time>,
    /// IANA name of the zone in which the user reads times; without, the site's.
    #[serde(skip)]
    pub zone: Option<String>,
    /// There is no page of the user at `/user/{handle}`.
    #[serde(skip)]
    pub private: bool,
}

impl User {
    /// Whether the user looks after the site in any way.
    pub fn is_staff(&self) -> bool {
        !self.actions().is_empty()
    }

    /// All that the user may do besides reading and talking.
    pub fn actions(&self) -> Actions {
        self.roles.actions() | self.custom_roles.actions()
    }

    pub fn may(&self, action: Action) -> bool {
        self.actions().has(action)
    }

    /// [`Error::Denied`] where the user may not.
    pub fn require(&self, action: Action) -> Result<()> {
        if self.may(action) { Ok(()) } else { Err(Error::Denied) }
    }
}

/// A key to the API that a user made. The secret part is shown once and never stored.
#[derive(Clone, Debug, Serialize, FromQueryResult)]
pub struct ApiToken {
    pub id: TokenId,
    pub name: String,
    pub created_at: Time,
}

/// A browser in which somebody is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromQueryResult)]
pub struct Session {
    /// Names the session; opens nothing.
    #[sea_orm(from_alias = "token_hash")]
    pub id: String,
    /// What the browser called itself.
    pub agent: Option<String>,
    pub created_at: Time,
    pub expires_at: Time,
    /// When it was used last, to the hour.
    pub seen_at: Option<Time>,
    /// Whence it began: an address without its last part.
    pub network: Option<String>,
    pub region: Option<Region>,
}

/// That a user is to be deleted, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Deletion {
    #[sea_orm(from_alias = "user_id")]
    pub user: UserId,
    /// The places of comments that others answered stay, without a word or a name.
    pub keep_comments: bool,
    /// They agreed that authors go that nobody else owns. Without it such an author stays, without an owner.
    pub with_authors: bool,
    pub asked_at: Time,
    pub due_at: Time,
}

/// Who looks at a page: a signed-in user, or a visitor.
#[derive(Clone, Debug, Default)]
pub struct Viewer {
    user: Option<Arc<User>>,
    /// The site asks for more than this session has shown before it lets them do what others may not.
    limited: bool,
}

impl Viewer {
    pub const fn visitor() -> Self {
        Self { user: None, limited: false }
    }

    pub fn user(&self) -> Option<&User> {
        self.user.as_deref()
    }

    /// The same in a session that lacks the second factor ([`crate::Accounts::missing_for_desk`]): they read and write as everybody does, and may
    /// do nothing of [`Action`].
    #[must_use]
    pub fn limited(self) -> Self {
        Self { limited: true, ..self }
    }

    pub const fn is_limited(&self) -> bool {
        self.limited
    }

    /// The user, or [`Error::SignIn`].
    pub fn signed_in(&self) -> Result<&User> {
        self.user().ok_or(Error::SignIn)
    }

    /// Whether it is somebody signed in who may, in this session.
    pub fn may(&self, action: Action) -> bool {
        !self.limited && self.user().is_some_and(|user| user.may(action))
    }

    /// The user if they may, else [`Error::SignIn`] or [`Error::Denied`].
    pub fn require(&self, action: Action) -> Result<&User> {
        let user = self.signed_in()?;
        if self.limited {
            return Err(Error::Denied);
        }
        user.require(action).map(|()| user)
    }

    /// The user if they look after the site in any way, whatever the session lacks, else [`Error::SignIn`] or [`Error::Denied`].
    pub fn require_staff(&self) -> Result<&User> {
        let user = self.signed_in()?;
        if user.is_staff() { Ok(user) } else { Err(Error::Denied) }
    }
}

impl From<User> for Viewer {
    fn from(user: User) -> Self {
        Self { user: Some(Arc::new(user)), limited: false }
    }
}

/// What somebody who signs up has chosen, checked.
#[derive(Debug)]
pub(crate) struct NewUser {
    pub handle: Handle,
    pub name: String,
    pub region: Option<String>,
    /// Normalised.
    pub password: Option<String>,
}

impl NewUser {
    /// Checks all fields, so that the form can show every error at once. `site` is the site's name.
    pub fn check(handle: &str, name: &str, password: &str, site: &str) -> Result<Self> {
        Self::check_for(true, handle, name, password, site)
    }

    /// `anybody` chooses it: then it is not one that is kept for the site.
    pub fn check_for(anybody: bool, handle: &str, name: &str, password: &str, site: &str) -> Result<Self> {
        let mut errors = Invalid::default();
        let (handle, name) = Self::names(handle, name, &mut errors);
        if anybody {
            if let Some(code) = handle.as_ref().and_then(Handle::unfit) {
                errors.add("handle", code);
            } else if handle.as_ref().is_some_and(|handle| poses_as(handle.as_str(), site)) {
                errors.add("handle", codes::HANDLE_RESERVED);
            }
            check_new_name(&name, false, site, &mut errors);
        }
        let own = [handle.as_ref().map_or("", Handle::as_str), &name, site];
        let password = check_password(password, &own, &mut errors);
        errors.check()?;
        Ok(Self { handle: handle.ok_or(Error::NotFound)?, name, region: None, password })
    }

    /// For users that the site itself makes. `password` is `None` for one who is not to sign in.
    pub fn check_own(handle: &str, name: &str, region: Option<&str>, password: Option<&str>) -> Result<Self> {
        let mut errors = Invalid::default();
        let (handle, name) = Self::names(handle, name, &mut errors);
        let password = password.and_then(|password| check_length(password, &mut errors));
        errors.check()?;
        let region = region.map(name::one_line).filter(|region| !region.is_empty());
        Ok(Self { handle: handle.ok_or(Error::NotFound)?, name, region, password })
    }

    fn names(handle: &str, name: &str, errors: &mut Invalid) -> (Option<Handle>, String) {
        let handle = Handle::new(handle).ok();
        if handle.is_none() {
            errors.add("handle", codes::HANDLE_FORM);
        }
        let name = name::one_line(name);
        check_name(&name, errors);
        (handle, name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::role::Role;

    fn codes(error: Error) -> Vec<&'static str> {
        match error {
            Error::Invalid(errors) => errors.0.into_iter().map(|e| e.code).collect(),
            other => panic!("{other}"),
        }
    }

    #[test]
    fn a_form_tells_all_its_errors() {
        let error = NewUser::check("a/b", " \u{200b} ", "123456789", "Byline").unwrap_err();
        assert_eq!(codes(error), ["handle-form", "name-empty", "password-short"]);
        let error = NewUser::check("ab", &"长".repeat(41), &"x".repeat(129), "Byline").unwrap_err();
        assert_eq!(codes(error), ["name-long", "password-long"]);
        let error = NewUser::check("harbour-line", "港", "HarbourLine1", "Byline").unwrap_err();
        assert_eq!(codes(error), ["password-own"]);
        let error = NewUser::check("adm1n", "网站管理员", "a long password", "Byline").unwrap_err();
        assert_eq!(codes(error), ["handle-reserved", "name-reserved"]);
        let error = NewUser::check("p\u{430}ypal", "P\u{430}ypal", "a long password", "Byline").unwrap_err();
        assert_eq!(codes(error), ["handle-mixed", "name-mixed"]);
        let error = NewUser::check("harb0ur-line", "Harbour Line Team", "a long password", "Harbour Line")
            .unwrap_err();
        assert_eq!(codes(error), ["handle-reserved", "name-reserved"]);
        let user = NewUser::check("@NanPo", " 南坡\n观察 ", "十个字的口令刚刚好吧", "Byline").unwrap();
        assert_eq!((user.handle.as_str(), user.name.as_str(), user.region), ("nanpo", "南坡 观察", None));
        assert!(NewUser::check_own("ab", "A", Some(" "), None).unwrap().region.is_none());
    }

    #[test]
    fn who_may_is_asked_of_roles() {
        let user = |roles: Vec<Role>| {
            Viewer::from(User {
                id: UserId::new(1),
                handle: Handle::new("ab").unwrap(),
                name: "A".into(),
                roles: roles.into(),
                custom_roles: CustomRoles::default(),
                region: None,
                created_at: Time::default(),
                suspended_at: None,
                deleted_at: None,
                zone: None,
                private: false,
            })
        };
        let action = Action::CurateTopics;
        assert!(matches!(Viewer::visitor().require(action), Err(Error::SignIn)));
        assert!(matches!(Viewer::visitor().require_staff(), Err(Error::SignIn)));
        assert!(matches!(user(vec![]).require_staff(), Err(Error::Denied)));
        assert!(matches!(user(vec![Role::Reviewer]).require(action), Err(Error::Denied)));
        assert!(user(vec![Role::Reviewer]).require_staff().is_ok());
        assert!(user(vec![Role::Editor]).require(action).is_ok());
        assert!(user(vec![Role::Operator]).require(action).is_ok());
        let limited = user(vec![Role::Operator]).limited();
        assert!(!limited.may(action) && matches!(limited.require(action), Err(Error::Denied)));
        assert!(limited.require_staff().is_ok() && limited.signed_in().is_ok());
    }
}
