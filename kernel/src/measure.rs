//! How long a text is, to read and to show.

/// The first `max` characters of a text on one line, cut at the end of a word or sentence where one is near, with `…`.
pub fn excerpt(text: &str, max: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((cut, _)) = line.char_indices().nth(max) else { return line };
    let head = &line[..cut];
    let near = head
        .char_indices()
        .rev()
        .take(max / 5)
        .find(|(_, c)| matches!(c, ' ' | '。' | '，' | '！' | '？' | '；'));
    let end = near.map_or(cut, |(at, _)| at);
    format!("{}…", head[..end].trim_end_matches(['，', '；', ',', ';', ' ']))
}

/// Minutes it takes to read: 400 Han characters or 220 Latin words a minute (Brysbaert 2019 gives 238 for English
/// non-fiction, 260 characters with studied texts for Chinese and up to 500 for light ones), at least one.
pub fn reading_minutes(text: &str) -> i64 {
    let han = text.chars().filter(|c| matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}')).count();
    let words =
        text.split(|c: char| !c.is_ascii_alphanumeric() && c != '\'').filter(|w| !w.is_empty()).count();
    ((han as f64 / 400.0 + words as f64 / 220.0).round() as i64).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn excerpts_end_near_a_word_or_sentence() {
        assert_eq!(excerpt("一二三四五，六七八九十", 7), "一二三四五，六…");
        assert_eq!(excerpt("short", 10), "short");
        assert_eq!(excerpt("a long line of words", 12), "a long line…");
    }
}
