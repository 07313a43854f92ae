//! Where something was written, as the site found out (IP属地): never what somebody typed.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Locale;

/// A country (`DE`), or a province of one (`CN-ZJ`), by its code in ISO 3166 and its names as far as they are known. It is kept in
/// place of the address that it was found by.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Region {
    code: String,
    zh: String,
    en: String,
}

/// Between the parts of the stored text; none of them has it.
const BETWEEN: char = '|';
/// The longest part (characters).
const LONGEST: usize = 60;

impl Region {
    /// `None` where the code is none. A name that is missing is filled by the other one, both by the code.
    pub fn new(code: &str, zh: Option<&str>, en: Option<&str>) -> Option<Self> {
        let well_formed = (2..=10).contains(&code.len())
            && code.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-');
        let tidy = |name: Option<&str>| {
            let name: String =
                crate::name::one_line(&name?.replace(BETWEEN, " ")).chars().take(LONGEST).collect();
            Some(name).filter(|name| !name.is_empty())
        };
        let (zh, en) = (tidy(zh), tidy(en));
        let any = |first: &Option<String>, second: &Option<String>| {
            first.clone().or_else(|| second.clone()).unwrap_or_else(|| code.to_owned())
        };
        well_formed.then(|| Self { code: code.to_owned(), zh: any(&zh, &en), en: any(&en, &zh) })
    }

    pub fn code(&self) -> &str {
        &self.code
    }

    /// Its name for readers of that language.
    pub fn name(&self, locale: Locale) -> &str {
        match locale {
            Locale::ZhCn => &self.zh,
            Locale::En => &self.en,
        }
    }

    /// From the text that [`fmt::Display`] writes.
    pub fn stored(text: &str) -> Option<Self> {
        let mut parts = text.split(BETWEEN);
        let code = parts.next()?;
        Self::new(code, parts.next(), parts.next())
    }
}

/// As it is stored: `CN-ZJ|浙江|Zhejiang`.
impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{BETWEEN}{}{BETWEEN}{}", self.code, self.zh, self.en)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_comes_back_from_what_is_stored() {
        let region = Region::new("CN-ZJ", Some("浙江"), Some("Zhejiang")).unwrap();
        assert_eq!(region.to_string(), "CN-ZJ|浙江|Zhejiang");
        assert_eq!(Region::stored(&region.to_string()), Some(region));
        let bare = Region::new("IT", None, Some(" | ")).unwrap();
        assert_eq!((bare.name(Locale::ZhCn), Region::stored(&bare.to_string())), ("IT", Some(bare.clone())));
        // What people typed into the column in earlier days is no code.
        for typed in ["浙江", "", "Zhejiang", "x", "A<B"] {
            assert_eq!(Region::stored(typed), None, "{typed}");
        }
    }
}
