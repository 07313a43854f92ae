//! Settings and their bounds.

use kernel::{Invalid, Locale, Result, name};

use crate::codes;

/// Characters.
pub const NAME_MAX: usize = 40;
pub const TAGLINE_MAX: usize = 120;

/// What the site is called, what it speaks, and which clock it goes by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    pub name: String,
    /// What stands under the name; may be empty.
    pub tagline: String,
    /// Of feeds, and of visitors whose browser asks for no language that the site speaks.
    pub locale: Locale,
    /// IANA name, e.g. `Asia/Shanghai`.
    pub zone: String,
}

impl Default for Identity {
    fn default() -> Self {
        Self {
            name: "Byline".to_owned(),
            tagline: String::new(),
            locale: Locale::ZhCn,
            zone: "Asia/Shanghai".to_owned(),
        }
    }
}

impl Identity {
    /// Codes: `site-name-empty`, `site-name-long`, `tagline-long`, `zone-unknown`.
    pub(crate) fn tidy(mut self) -> Result<Self> {
        let mut errors = Invalid::default();
        self.name = name::one_line(&self.name);
        self.tagline = name::one_line(&self.tagline);
        self.zone = name::one_line(&self.zone);
        if self.name.is_empty() {
            errors.add("name", codes::SITE_NAME_EMPTY);
        } else if self.name.chars().count() > NAME_MAX {
            errors.add_limit("name", codes::SITE_NAME_LONG, NAME_MAX as i64);
        }
        if self.tagline.chars().count() > TAGLINE_MAX {
            errors.add_limit("tagline", codes::TAGLINE_LONG, TAGLINE_MAX as i64);
        }
        if jiff::tz::TimeZone::get(&self.zone).is_err() {
            errors.add("zone", codes::ZONE_UNKNOWN);
        }
        errors.check().map(|()| self)
    }
}

/// Values of an [`Identity`] that somebody set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stored {
    pub name: Option<String>,
    pub tagline: Option<String>,
    pub locale: Option<Locale>,
    pub zone: Option<String>,
}

impl Stored {
    /// These values, and where there is none those of `other`.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            name: self.name.or(other.name),
            tagline: self.tagline.or(other.tagline),
            locale: self.locale.or(other.locale),
            zone: self.zone.or(other.zone),
        }
    }

    /// With defaults for what nobody set.
    pub fn identity(self) -> Identity {
        let default = Identity::default();
        Identity {
            name: self.name.unwrap_or(default.name),
            tagline: self.tagline.unwrap_or(default.tagline),
            locale: self.locale.unwrap_or(default.locale),
            zone: self.zone.unwrap_or(default.zone),
        }
    }
}
