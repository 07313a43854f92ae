//! Names that stand in addresses: handles of people and authors, slugs of channels, tags.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

macro_rules! name {
    ($(#[$doc:meta])* $name:ident, $field:literal, $code:literal, $normal:expr) => {
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
    /// inside, folded to lower case.
    Handle, "handle", "handle-form", |text| {
        let folded: String = text.trim().trim_start_matches('@').to_lowercase();
        let inside = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
        let edge = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let fits = (2..=40).contains(&folded.chars().count()) && folded.chars().all(inside);
        (fits && edge(folded.chars().next()) && edge(folded.chars().last())).then_some(folded)
    }
);

name!(
    /// A channel's name in addresses: 1-40 of `a-z`, `0-9` and `-`.
    Slug, "slug", "slug-form", |text| {
        let fits = (1..=40).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !text.starts_with('-') && !text.ends_with('-');
        fits.then(|| text.to_owned())
    }
);

name!(
    /// A subject word of an article: 1-40 characters on one line, white space folded to single spaces, a leading `#` dropped.
    Tag, "tags", "tag-form", |text| {
        let folded = text.trim().trim_start_matches(['#', '＃']).split_whitespace().collect::<Vec<_>>().join(" ");
        let fits = (1..=40).contains(&folded.chars().count())
            && !folded.chars().any(|c| c.is_control() || matches!(c, '/' | '\\' | ',' | '，'));
        (fits && folded != "." && folded != "..").then_some(folded)
    }
);

impl Tag {
    /// What two spellings of one tag share: lower case.
    pub fn folded(&self) -> String {
        self.0.to_lowercase()
    }
}

/// A name or title as people write it, on one line: white space folded to single spaces, and without the characters
/// that print nothing or turn the writing direction around, with which one name could pose as another.
pub fn one_line(text: &str) -> String {
    let hidden = |c: char| matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    let shown: String =
        text.chars().filter(|&c| !hidden(c)).map(|c| if c.is_control() { ' ' } else { c }).collect();
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
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
    }

    #[test]
    fn one_line_hides_nothing() {
        assert_eq!(one_line(" 南坡\n\t观察\u{202e}者\u{200b} "), "南坡 观察者");
        assert_eq!(one_line("\u{feff} \u{0}"), "");
    }
}
