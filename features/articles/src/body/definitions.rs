//! What Markdown takes for the definition of a link and nobody means as one: `[问]: 你是谁？`.

use std::borrow::Cow;
use std::collections::HashSet;

use super::punctuation::{PLACEHOLDER, is_punctuation};

/// Longest label that is looked at, in bytes.
const LABEL: usize = 1_000;
/// Longest beginning of a destination that is looked at, in characters.
const DESTINATION: usize = 300;

/// Markdown in which a sign keeps such lines text: their destination is no address, and nothing refers to their label.
pub fn neutralised(source: &str) -> Cow<'_, str> {
    if !source.contains("]:") {
        return Cow::Borrowed(source);
    }
    let used = used_labels(source);
    let mut out = String::with_capacity(source.len() + 16);
    let mut done = 0;
    for (at, _) in source.match_indices("]:") {
        let Some(label) = defined(&source[..at]).filter(|label| !label.starts_with('^')) else { continue };
        if !used.contains(&folded(label)) && !is_address(&source[at + 2..]) {
            out.push_str(&source[done..=at]);
            out.push(PLACEHOLDER);
            done = at + 1;
        }
    }
    out.push_str(&source[done..]);
    Cow::Owned(out)
}

/// The label of a definition that may begin with what a text ends in: it stands first on its line.
pub fn defined(text: &str) -> Option<&str> {
    let mut from = text.len().saturating_sub(LABEL);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let near = &text[from..];
    let open = near.rfind('[')?;
    let line = near[..open].rsplit('\n').next().unwrap_or_default();
    let begins = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '\t' | '>' | '-' | '+' | '*' | '.' | ')');
    line.chars().all(begins).then(|| &near[open + 1..])
}

/// What stands in brackets and defines nothing.
fn used_labels(source: &str) -> HashSet<String> {
    let mut used = HashSet::new();
    let mut open = None;
    for (at, sign) in source.match_indices(['[', ']']) {
        if sign == "[" {
            open = Some(at + 1);
            continue;
        }
        let Some(from) = open.take().filter(|from| at - from <= LABEL) else { continue };
        if !source[at + 1..].starts_with(':') || defined(&source[..at]).is_none() {
            used.insert(folded(&source[from..at]));
        }
    }
    used
}

fn folded(label: &str) -> String {
    label.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Whether what follows begins with something that could be an address, also a relative one.
fn is_address(rest: &str) -> bool {
    let rest = rest.trim_start_matches([' ', '\t', '\n']);
    let address: String = rest.chars().take(DESTINATION).take_while(|c| !c.is_whitespace()).collect();
    if address.contains(is_punctuation) {
        return false;
    }
    let has_scheme = address.split_once(':').is_some_and(|(scheme, rest)| {
        scheme.len() > 1 && scheme.bytes().all(|b| b.is_ascii_alphanumeric()) && !rest.is_empty()
    });
    // `a.html`, `a/b`, but neither `Yes.` nor `3.14`.
    let has_parts = address.contains(|c: char| c.is_ascii_alphabetic())
        && address.as_bytes().windows(3).any(|around| {
            matches!(around[1], b'.' | b'/')
                && around[0].is_ascii_alphanumeric()
                && around[2].is_ascii_alphanumeric()
        });
    ["<", "#", "/", "./", "../"].iter().any(|head| address.starts_with(head)) || has_scheme || has_parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_a_talk_defines_no_link() {
        for told in
            ["[问]: 你是谁？", "[记者]:你好。", "> - [Q]: Yes.", "[A]:\n3.14", "[来源]: https://e.org，见"]
        {
            assert!(neutralised(told).contains(&format!("]{PLACEHOLDER}:")), "{told}");
        }
        for source in [
            "[a]: https://e.org",
            "[a]: b.html",
            "[a]: <文>",
            "[//]: # (comment)",
            "[A  b]: 文\n\n[x][a B]",
            "[^1]: 注",
            "见[a]: 文",
        ] {
            assert_eq!(neutralised(source), source);
        }
    }
}
