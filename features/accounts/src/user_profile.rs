//! What a user shows of themselves, and how they want the site shown.

use db::FromQueryResult;
use kernel::{Invalid, Result, text};

use crate::codes;
use crate::token::hash;

/// The longest bio (characters), as authors' are.
pub const BIO_CHARS: usize = 300;

/// What others see at `/user/{handle}`, beside name and comments.
#[derive(Clone, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct UserProfile {
    pub bio: String,
    /// Hash of a picture.
    pub avatar: Option<String>,
    /// Bio and picture wait for a reviewer: nobody else sees them.
    pub held: bool,
    /// There is no such page.
    pub private: bool,
}

impl UserProfile {
    /// Of bio and picture: what a reviewer has seen is what they show.
    pub fn digest(&self) -> String {
        hash(&format!("{} {}", self.avatar.as_deref().unwrap_or_default(), self.bio))
    }
}

/// What a user wants others to see.
#[derive(Clone, Debug, Default)]
pub struct NewProfile {
    pub bio: String,
    pub avatar: Option<String>,
    pub private: bool,
}

impl NewProfile {
    /// Code `bio-long`.
    pub fn check(&self) -> Result<()> {
        let mut errors = Invalid::default();
        if text::lines(&self.bio).chars().count() > BIO_CHARS {
            errors.add_limit("bio", codes::BIO_LONG, BIO_CHARS as i64);
        }
        errors.check()
    }
}

/// How a user wants the site shown. The texts are those of the cookies in which a browser keeps the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct Choices {
    /// IANA name; without, the site's.
    pub zone: Option<String>,
    pub lang: Option<String>,
    pub edition: Option<String>,
    pub prefs: Option<String>,
}

impl Choices {
    /// These, and where nothing was chosen, those.
    #[must_use]
    pub fn or(self, others: Self) -> Self {
        Self {
            zone: self.zone.or(others.zone),
            lang: self.lang.or(others.lang),
            edition: self.edition.or(others.edition),
            prefs: self.prefs.or(others.prefs),
        }
    }
}
