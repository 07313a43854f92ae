//! What an author is, and what an application for one must hold.

use db::FromQueryResult;
use kernel::{ApplicationId, AuthorId, Handle, Invalid, Result, Time, UserId, name, text};
use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};

use crate::codes;

const NAME_CHARS: usize = 60;
const FIELD_CHARS: usize = 60;
const BIO_CHARS: usize = 300;
const REGION_CHARS: usize = 60;
const REASON_CHARS: usize = 1_000;

/// Why an application is rejected (`reject-…` in the locale files).
pub const REJECT_CODES: [&str; 5] = ["identity", "documents", "name", "content", "other"];

/// What kind of body stands behind an author.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum,
)]
#[serde(rename_all = "lowercase")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "lowercase")]
pub enum Kind {
    #[default]
    Person,
    Media,
    Company,
    Government,
    Other,
}

impl Kind {
    pub const ALL: [Self; 5] = [Self::Person, Self::Media, Self::Company, Self::Government, Self::Other];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Media => "media",
            Self::Company => "company",
            Self::Government => "government",
            Self::Other => "other",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// An account that publishes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromQueryResult)]
pub struct Author {
    pub id: AuthorId,
    pub handle: Handle,
    pub name: String,
    pub kind: Kind,
    pub bio: String,
    /// What the author is known to know about (认证领域).
    pub field: Option<String>,
    /// The site has checked who stands behind the name.
    pub verified: bool,
    pub region: Option<String>,
    /// Hash of a picture.
    pub avatar: Option<String>,
    /// Publishes without review.
    pub trusted: bool,
    pub created_at: Time,
}

/// What can be set of an author.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    pub handle: String,
    pub name: String,
    pub kind: Kind,
    pub bio: String,
    pub field: Option<String>,
    pub verified: bool,
    pub region: Option<String>,
    pub avatar: Option<String>,
    pub trusted: bool,
}

/// To change a part of a profile: `Profile { bio, ..author.into() }`.
impl From<Author> for Profile {
    fn from(author: Author) -> Self {
        Self {
            handle: author.handle.into(),
            name: author.name,
            kind: author.kind,
            bio: author.bio,
            field: author.field,
            verified: author.verified,
            region: author.region,
            avatar: author.avatar,
            trusted: author.trusted,
        }
    }
}

impl Profile {
    /// Whether `author` could be changed to this.
    pub fn fits(self, author: &Author) -> Result<()> {
        self.check(author.id, author.created_at).map(drop)
    }

    pub(crate) fn check(self, id: AuthorId, created_at: Time) -> Result<Author> {
        let mut errors = Invalid::default();
        let tidy = |text: Option<String>| text.map(|t| name::one_line(&t)).filter(|t| !t.is_empty());
        let (field, region, avatar) = (tidy(self.field), tidy(self.region), tidy(self.avatar));
        if field.as_ref().is_some_and(|field| field.chars().count() > FIELD_CHARS) {
            errors.add_limit("field", codes::FIELD_LONG, FIELD_CHARS as i64);
        }
        if region.as_ref().is_some_and(|region| region.chars().count() > REGION_CHARS) {
            errors.add_limit("region", codes::REGION_LONG, REGION_CHARS as i64);
        }
        let Public { handle, name, bio } = Public::check(&self.handle, &self.name, &self.bio, errors)?;
        let Self { kind, verified, trusted, .. } = self;
        Ok(Author { id, handle, name, kind, bio, field, verified, region, avatar, trusted, created_at })
    }
}

/// What a user writes to become an author.
#[derive(Clone, Debug, Default)]
pub struct NewApplication {
    pub handle: String,
    pub name: String,
    pub kind: Kind,
    pub bio: String,
    /// Why the site should take this author: read by reviewers only.
    pub reason: String,
}

impl NewApplication {
    pub(crate) fn check(self, id: ApplicationId, user: UserId, created_at: Time) -> Result<Application> {
        let mut errors = Invalid::default();
        let reason = text::lines(&self.reason);
        if reason.chars().count() > REASON_CHARS {
            errors.add_limit("reason", codes::REASON_LONG, REASON_CHARS as i64);
        }
        let Public { handle, name, bio } = Public::check(&self.handle, &self.name, &self.bio, errors)?;
        Ok(Application {
            id,
            user,
            handle,
            name,
            kind: self.kind,
            bio,
            reason,
            state: State::Open,
            code: None,
            note: None,
            author: None,
            decided_by: None,
            created_at,
            decided_at: None,
        })
    }
}

/// The fields that profiles and applications share.
struct Public {
    handle: Handle,
    name: String,
    bio: String,
}

impl Public {
    fn check(handle: &str, name: &str, bio: &str, mut errors: Invalid) -> Result<Self> {
        let handle = Handle::new(handle);
        if handle.is_err() {
            errors.add("handle", codes::HANDLE_FORM);
        }
        let (name, bio) = (name::one_line(name), text::lines(bio));
        if name.is_empty() {
            errors.add("name", codes::NAME_EMPTY);
        } else if name.chars().count() > NAME_CHARS {
            errors.add_limit("name", codes::NAME_LONG, NAME_CHARS as i64);
        }
        if bio.chars().count() > BIO_CHARS {
            errors.add_limit("bio", codes::BIO_LONG, BIO_CHARS as i64);
        }
        errors.check()?;
        Ok(Self { handle: handle?, name, bio })
    }
}

/// Where an application stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[serde(rename_all = "lowercase")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "lowercase")]
pub enum State {
    Open,
    Approved,
    Rejected,
}

impl State {
    pub const ALL: [Self; 3] = [Self::Open, Self::Approved, Self::Rejected];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// A user's wish to become an author, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromQueryResult)]
pub struct Application {
    pub id: ApplicationId,
    #[sea_orm(from_alias = "user_id")]
    pub user: UserId,
    pub handle: Handle,
    pub name: String,
    pub kind: Kind,
    pub bio: String,
    pub reason: String,
    pub state: State,
    /// Why it was rejected (`reject-…` in the locale files), and in the reviewer's words.
    pub code: Option<String>,
    pub note: Option<String>,
    /// The author it became.
    #[sea_orm(from_alias = "author_id")]
    pub author: Option<AuthorId>,
    pub decided_by: Option<UserId>,
    pub created_at: Time,
    pub decided_at: Option<Time>,
}

/// What owners want to be shown of an author.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Change {
    #[sea_orm(from_alias = "author_id")]
    pub author: AuthorId,
    pub name: String,
    pub bio: String,
    /// Hash of a picture.
    pub avatar: Option<String>,
    pub region: Option<String>,
    /// Nobody where whoever asked is deleted.
    pub asked_by: Option<UserId>,
    pub asked_at: Time,
    /// Why it was returned, and in the reviewer's words.
    pub code: Option<String>,
    pub note: Option<String>,
}

impl Change {
    pub const fn is_waiting(&self) -> bool {
        self.code.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Error;
    use sea_orm::ActiveEnum;

    #[test]
    fn names_are_what_is_stored() {
        for kind in Kind::ALL {
            assert_eq!((Kind::named(kind.name()), kind.to_value()), (Some(kind), kind.name().to_owned()));
        }
        for state in State::ALL {
            assert_eq!(
                (State::named(state.name()), state.to_value()),
                (Some(state), state.name().to_owned())
            );
        }
    }

    #[test]
    fn a_form_tells_all_its_errors() {
        let codes = |error| match error {
            Error::Invalid(errors) => errors.0.into_iter().map(|e| e.code).collect::<Vec<_>>(),
            other => panic!("{other}"),
        };
        let (id, user) = (ApplicationId::new(1), UserId::new(1));
        let form =
            NewApplication {
                bio: "长".repeat(301), reason: "长".repeat(1_001), ..NewApplication::default()
            };
        let error = form.check(id, user, Time::default()).unwrap_err();
        assert_eq!(codes(error), ["reason-long", "handle-form", "name-empty", "bio-long"]);
        let profile = Profile {
            handle: "nanpo".into(),
            name: "长".repeat(61),
            field: Some("长".repeat(61)),
            region: Some("长".repeat(61)),
            ..Profile::default()
        };
        let error = profile.check(AuthorId::new(1), Time::default()).unwrap_err();
        assert_eq!(codes(error), ["field-long", "region-long", "name-long"]);
    }
}
