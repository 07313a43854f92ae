//! Names that stand in addresses: handles of people and authors, slugs of channels, tags.

use std::fmt;

use serde::{Deserialize, Serialize};

use unicode_normalization::UnicodeNormalization;

use crate::codes;
use crate::confusable::{is_reserved_handle, mixes_scripts};
pub use crate::text::one_line;
use crate::text::shows_nothing;
use crate::{Error, Result};

macro_rules! name {
    ($(#[$doc:meta])* $name:ident, $field:literal, $code:expr, $normal:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            pub fn new(text: &str) -> Result<Self> {
                let normal: fn(&str) -> Option<String> = $normal;
                normal(text).map(Self).ok_or_else(|| Error::invalid($field, $code))
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl TryFrom<String> for $name {
            type Error = Error;
            fn try_from(text: String) -> Result<Self> {
                Self::new(&text)
            }
        }
        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0
            }
        }
    };
}

name!(
    /// A user's or author's name in addresses (`/@handle`): 2-40 letters or digits of any script, `-`, `_` and `.`
    /// inside, folded (NFKC, lower case).
    Handle, "handle", codes::HANDLE_FORM, |text| {
        let narrow: String = text.trim().nfkc().collect();
        let folded: String = narrow.trim_start_matches('@').to_lowercase().nfkc().collect();
        let inside = |c: char| (c.is_alphanumeric() && !shows_nothing(c.encode_utf8(&mut [0; 4]))) || matches!(c, '-' | '_' | '.');
        let edge = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let fits = (2..=40).contains(&folded.chars().count()) && folded.chars().all(inside);
        (fits && edge(folded.chars().next()) && edge(folded.chars().last())).then_some(folded)
    }
);

name!(
    /// A channel's name in addresses: 1-40 of `a-z`, `0-9` and `-`.
    Slug, "slug", codes::SLUG_FORM, |text| {
        let fits = (1..=40).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !text.starts_with('-') && !text.ends_with('-');
        fits.then(|| text.to_owned())
    }
);

name!(
    /// A subject word of an article: 1-40 characters on one line, white space folded to single spaces, a leading `#` dropped.
    Tag, "tags", codes::TAG_FORM, |text| {
        let folded = one_line(one_line(text).trim_start_matches(['#', '＃']));
        let fits = (1..=40).contains(&folded.chars().count())
            && !folded.contains(['/', '\\', ',', '，']);
        (fits && folded != "." && folded != "..").then_some(folded)
    }
);

impl Handle {
    /// As it stands in a column: one from before handles were folded as now stays what it is.
    pub(crate) const fn stored(text: String) -> Self {
        Self(text)
    }

    /// What is wrong with it for somebody new, who is to be told apart from everybody else and from the site: `handle-reserved`,
    /// `handle-mixed`. Whether another looks like it only those know who keep them.
    pub fn unfit(&self) -> Option<&'static str> {
        if is_reserved_handle(&self.0) {
            Some(codes::HANDLE_RESERVED)
        } else if mixes_scripts(&self.0) {
            Some(codes::HANDLE_MIXED)
        } else {
            None
        }
    }
}

impl Tag {
    /// What two spellings of one tag share: lower case.
    pub fn folded(&self) -> String {
        self.0.to_lowercase()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handles() {
        for (text, want) in [
            (" @NanPo ", Some("nanpo")),
            ("南坡观察", Some("南坡观察")),
            ("a.b", Some("a.b")),
            ("＠ＮａｎＰｏ", Some("nanpo")),
            ("cafe\u{301}", Some("caf\u{e9}")),
            ("na\u{200b}npo", None),
            ("nan\u{202e}po", None),
            ("\u{3164}\u{3164}", None),
            ("a", None),
            ("a/b", None),
            ("-ab", None),
            ("", None),
        ] {
            assert_eq!(Handle::new(text).ok().as_ref().map(Handle::as_str), want, "{text}");
        }
    }

    #[test]
    fn slugs_and_tags() {
        assert!(Slug::new("tech-2").is_ok());
        assert!(Slug::new("Tech").is_err());
        assert_eq!(Tag::new("  ＃城市   骑行 ").unwrap().as_str(), "城市 骑行");
        assert!(Tag::new("a/b").is_err());
        assert!(Tag::new("..").is_err());
        assert!(Tag::new("\u{3164}").is_err() && Tag::new("#\u{200b}").is_err());
        assert_eq!(Tag::new("城\u{200b}市\u{202e}").unwrap().as_str(), "城市");
    }
}
