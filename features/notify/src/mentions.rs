//! `@handle` in what people write.

use kernel::Handle;

/// So many of one text are told.
const MOST: usize = 10;

/// The handles that a text mentions, each once, in their order. What stands before the `@` must be no part of a word, or mail addresses would
/// be taken for some; the handle ends where no handle goes on ([`Handle`]), without the dot or dash of the sentence.
pub fn mentions(text: &str) -> Vec<Handle> {
    let mut found: Vec<Handle> = Vec::new();
    let mut before = None;
    for (at, sign) in text.char_indices() {
        let begins = matches!(sign, '@' | '＠') && before.is_none_or(|c| !is_part(c));
        before = Some(sign);
        if !begins {
            continue;
        }
        let rest = &text[at + sign.len_utf8()..];
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let name = rest[..end].trim_end_matches(['.', '-', '_']);
        let Ok(handle) = Handle::new(name) else { continue };
        if !found.contains(&handle) {
            found.push(handle);
        }
        if found.len() == MOST {
            break;
        }
    }
    found
}

fn is_part(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_' | '.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handles_are_found_where_people_write_them() {
        for (text, want) in [
            ("@ann", vec!["ann"]),
            ("Thanks, @Ann. And @bob-b!", vec!["ann", "bob-b"]),
            ("谢谢 ＠南坡观察，@ann：好", vec!["南坡观察", "ann"]),
            ("(@ann) @ann @ANN", vec!["ann"]),
            ("write to ann@example.org", vec![]),
            ("@", vec![]),
            ("@a", vec![]),
            ("@@ann", vec!["ann"]),
            ("@-ann", vec![]),
            ("see https://example.org/@ann", vec!["ann"]),
        ] {
            let found = mentions(text);
            let found: Vec<&str> = found.iter().map(Handle::as_str).collect();
            assert_eq!(found, want, "{text}");
        }
    }

    #[test]
    fn a_text_of_handles_mentions_the_first_ten() {
        let text: String = (10..100).map(|n| format!("@ann{n} ")).collect();
        assert_eq!(mentions(&text).len(), MOST);
    }
}
