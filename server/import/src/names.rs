//! Names from outside made into names of this site. Always the same from the same, so that a second run finds the first one's.

use std::fmt::Write as _;

use articles::Channel;
use kernel::name::one_line;
use kernel::{Handle, Slug, Tag};
use sha2::{Digest, Sha256};

use crate::html::inline_text;

const HANDLE_CHARS: usize = 40;
/// Longest name of an author, in characters.
const NAME_CHARS: usize = 60;

/// As hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // Writing to a string can't fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// A short fingerprint of a text, as hexadecimal digits.
pub fn fingerprint(parts: &[&str], digits: usize) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    let mut text = hex(&hash.finalize());
    text.truncate(digits);
    text
}

/// The handle for a name or login: itself where it is one, else what is left of it. Of an e-mail address only the part
/// before the `@`: handles are public.
pub fn handle_of(text: &str) -> Option<Handle> {
    if let Ok(handle) = Handle::new(text) {
        return Some(handle);
    }
    let text = text.trim().trim_start_matches('@');
    let local = text.split_once('@').map_or(text, |(local, _)| local);
    let mut slug = String::new();
    for c in local.to_lowercase().chars() {
        if c.is_alphanumeric() || matches!(c, '_' | '.') {
            slug.push(c);
        } else if !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_matches(|c: char| !c.is_alphanumeric());
    let slug = match slug.chars().count() {
        0 if text.is_empty() => return None,
        0 | 1 => format!("author-{}", fingerprint(&[text], 8)),
        n if n > HANDLE_CHARS => {
            let head: String = slug.chars().take(HANDLE_CHARS - 9).collect();
            format!("{}-{}", head.trim_end_matches(['-', '_', '.']), fingerprint(&[text], 8))
        }
        _ => slug.to_owned(),
    };
    Handle::new(&slug).ok()
}

/// How an author is shown: on one line, not too long.
pub fn author_name(name: Option<&str>, raw: &str) -> String {
    let shown = |text: &str| one_line(text).chars().take(NAME_CHARS).collect::<String>().trim().to_owned();
    let given = shown(name.unwrap_or_default());
    if given.is_empty() { shown(raw.split_once('@').map_or(raw, |(local, _)| local)) } else { given }
}

/// A category or keyword as a tag; `None` for what can't be one.
pub fn tag_of(text: &str) -> Option<Tag> {
    Tag::new(&inline_text(text).replace(['/', '\\'], "-").replace([',', '，'], " ")).ok()
}

/// Tags from many texts, none twice, and how many could not be kept.
pub fn tags_of<'a>(texts: impl IntoIterator<Item = &'a str>) -> (Vec<Tag>, u64) {
    let (mut tags, mut lost) = (Vec::<Tag>::new(), 0);
    for text in texts {
        match tag_of(text) {
            Some(tag) if tags.iter().any(|known| known.folded() == tag.folded()) => {}
            Some(tag) => tags.push(tag),
            None => lost += 1,
        }
    }
    (tags, lost)
}

/// A channel that an import needs and the site has not got.
pub fn channel(slug: &Slug, name: Option<&str>, position: i64) -> Channel {
    const COLOURS: [&str; 8] =
        ["#8a5a00", "#00695c", "#1e5aa8", "#6a3d9a", "#b3261e", "#4b6b1f", "#9c3675", "#455a64"];
    let name = name.map(inline_text).filter(|name| !name.is_empty()).unwrap_or_else(|| titled(slug.as_str()));
    let at = usize::from(fingerprint(&[slug.as_str()], 1).as_bytes()[0]) % COLOURS.len();
    Channel { slug: slug.clone(), zh: name.clone(), en: name, colour: COLOURS[at].to_owned(), position }
}

/// `city-life` → `City Life`
fn titled(slug: &str) -> String {
    let word = |word: &str| {
        let mut chars = word.chars();
        chars.next().map(|c| c.to_uppercase().collect::<String>() + chars.as_str()).unwrap_or_default()
    };
    slug.split('-').filter(|w| !w.is_empty()).map(word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handles_are_made_of_anything_and_stay_the_same() {
        for (text, want) in [
            ("Evening-News", "evening-news"),
            (">themereviewteam", "themereviewteam"),
            ("Ann  O'Neill ", "ann-o-neill"),
            ("ann@example.org", "ann"),
            ("南坡 观察", "南坡-观察"),
        ] {
            assert_eq!(handle_of(text).unwrap().as_str(), want, "{text}");
        }
        assert!(handle_of("  ").is_none());
        let odd = handle_of("!").unwrap();
        assert!(odd.as_str().starts_with("author-"));
        assert_eq!(handle_of("!"), Some(odd));
        let (one, other) = ("a".repeat(60) + "1", "a".repeat(60) + "2");
        assert_ne!(handle_of(&one), handle_of(&other));
    }

    #[test]
    fn names_and_channels() {
        assert_eq!(author_name(Some(" 晚间\n新闻 "), "x"), "晚间 新闻");
        assert_eq!(author_name(None, "ann@example.org"), "ann");
        let made = channel(&Slug::new("city-life").unwrap(), None, 3);
        assert_eq!((made.en.as_str(), made.position), ("City Life", 3));
        assert_eq!(channel(&Slug::new("a").unwrap(), Some("News &amp; Views"), 3).zh, "News & Views");
    }

    #[test]
    fn tags_are_kept_where_they_can_be() {
        let (tags, lost) = tags_of(["Arts/Culture", "R&amp;D", "r&d", "", &"x".repeat(41)]);
        assert_eq!(tags.iter().map(Tag::as_str).collect::<Vec<_>>(), ["Arts-Culture", "R&D"]);
        assert_eq!(lost, 2);
    }
}
