//! Languages: those of the interface, and what is known of the content's.

use serde::{Deserialize, Serialize};

/// A language the interface speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Locale {
    #[default]
    #[serde(rename = "zh-CN")]
    ZhCn,
    #[serde(rename = "en")]
    En,
}

impl Locale {
    pub const ALL: [Self; 2] = [Self::ZhCn, Self::En];

    /// BCP 47, as in `<html lang>`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::ZhCn => "zh-CN",
            Self::En => "en",
        }
    }

    /// The locale for a language tag: any `zh…` or `en…`.
    pub fn of(tag: &str) -> Option<Self> {
        match tag.split(['-', '_']).next()?.trim().to_ascii_lowercase().as_str() {
            "zh" => Some(Self::ZhCn),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// The best of an `Accept-Language` header (RFC 9110, section 12.5.4).
    pub fn negotiate(header: &str) -> Option<Self> {
        let mut best: Option<(f32, Self)> = None;
        for part in header.split(',') {
            let (tag, params) = part.split_once(';').unwrap_or((part, ""));
            let q = params.trim().strip_prefix("q=").map_or(1.0, |q| q.trim().parse().unwrap_or(0.0));
            if let Some(locale) = Self::of(tag.trim()).filter(|_| q > 0.0 && best.is_none_or(|(b, _)| q > b))
            {
                best = Some((q, locale));
            }
        }
        best.map(|(_, locale)| locale)
    }
}

/// The content's language as a BCP 47 tag, guessed from its letters: `zh` where at least a fifth of the letters
/// are Han, `ja` where kana stand among them, else `en`.
pub fn guess(text: &str) -> &'static str {
    let (mut han, mut kana, mut letters) = (0usize, 0usize, 0usize);
    for c in text.chars().filter(|c| c.is_alphabetic()).take(4_000) {
        letters += 1;
        match c {
            '\u{3040}'..='\u{30ff}' => kana += 1,
            '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3134f}' => han += 1,
            _ => {}
        }
    }
    if kana * 10 > letters {
        "ja"
    } else if han * 5 >= letters && han > 0 {
        "zh"
    } else {
        "en"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn negotiates() {
        assert_eq!(Locale::negotiate("fr, en;q=0.5, zh-TW;q=0.8"), Some(Locale::ZhCn));
        assert_eq!(Locale::negotiate("en-GB,zh;q=0"), Some(Locale::En));
        assert_eq!(Locale::negotiate("fr"), None);
    }

    #[test]
    fn guesses() {
        assert_eq!(guess("今天的 Rust 发布"), "zh");
        assert_eq!(guess("The tide tables"), "en");
        assert_eq!(guess("きょうは寒い"), "ja");
        assert_eq!(guess(""), "en");
    }
}
