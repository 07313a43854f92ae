//! The sections of a site.

use kernel::text::one_line;
use kernel::{Error, Invalid, Locale, Result, Slug};
use serde::Serialize;

use crate::codes;

/// Channels stand side by side in the site's bar.
const NAME_MAX: usize = 20;

/// A subject section of the site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Channel {
    pub slug: Slug,
    pub zh: String,
    pub en: String,
    /// `#rrggbb`
    pub colour: String,
    pub position: i64,
}

impl Channel {
    pub fn name(&self, locale: Locale) -> &str {
        match locale {
            Locale::ZhCn => &self.zh,
            Locale::En => &self.en,
        }
    }

    pub(crate) fn tidy(mut self) -> Result<Self> {
        tidy_looks(&mut self.zh, &mut self.en, &mut self.colour).check().map(|()| self)
    }
}

/// A channel as people type it.
#[derive(Clone, Debug, Default)]
pub struct TypedChannel {
    pub slug: String,
    pub zh: String,
    pub en: String,
    pub colour: String,
    pub position: String,
}

impl TypedChannel {
    pub(crate) fn read(mut self) -> Result<Channel> {
        let mut errors = Invalid::default();
        let slug = Slug::new(self.slug.trim()).map_err(|_| errors.add("slug", codes::SLUG_FORM));
        errors.0.extend(tidy_looks(&mut self.zh, &mut self.en, &mut self.colour).0);
        let position = self.position.trim().parse().map_err(|_| errors.add("position", codes::NUMBER_FORM));
        let (Ok(slug), Ok(position)) = (slug, position) else { return Err(Error::Invalid(errors)) };
        let channel = Channel { slug, zh: self.zh, en: self.en, colour: self.colour, position };
        errors.check().map(|()| channel)
    }
}

/// What is wrong with what readers see of a channel.
fn tidy_looks(zh: &mut String, en: &mut String, colour: &mut String) -> Invalid {
    let mut errors = Invalid::default();
    for (field, name) in [("zh", zh), ("en", en)] {
        *name = one_line(name);
        if name.is_empty() {
            errors.add(field, codes::CHANNEL_NAME_EMPTY);
        } else if name.chars().count() > NAME_MAX {
            errors.add_limit(field, codes::CHANNEL_NAME_LONG, NAME_MAX as i64);
        }
    }
    *colour = colour.trim().to_ascii_lowercase();
    let is_colour = |hex: &str| hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit());
    if !colour.strip_prefix('#').is_some_and(is_colour) {
        errors.add("colour", codes::COLOUR_FORM);
    }
    errors
}
