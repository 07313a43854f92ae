//! How long a text is, to read and to show. Each script by its own measure: a Chinese character is as wide as two Latin letters, says about
//! as much as half a word, and stands beside the next one without a space.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// How wide the beginning of an article is on a card, in columns: 110 Chinese characters, or some 35 English words.
const SUMMARY: usize = 220;

/// Bytes of a text that a card is made of: signs without a width take no more of it, and no card is longer.
const BEGINNING: usize = 4_096;

/// A longer one is no word, and may be cut.
const LONGEST_WORD: usize = 24;

/// The beginning of an article's text, as cards, feeds and search engines show it.
pub fn summary(text: &str) -> String {
    cut(&one_line(&text[..text.floor_char_boundary(BEGINNING)]), SUMMARY, UnicodeWidthStr::width)
}

/// The first `max` characters of a text on one line, cut at the end of a word or sentence where one is near, with `…`. What readers
/// take for one character stays whole.
pub fn excerpt(text: &str, max: usize) -> String {
    cut(&one_line(text), max, |grapheme| grapheme.chars().count())
}

/// A text on one line. Lines are joined by a space, but not after the full stop of a script that has none.
fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // The last sign but quotation marks and dots.
    let mut firm = None;
    for line in text.lines() {
        for (n, word) in line.split_whitespace().enumerate() {
            let joined = n == 0 && ends_wide(&out, firm);
            if !out.is_empty() && !joined {
                out.push(' ');
                firm = None;
            }
            out.push_str(word);
            firm = word.chars().rfind(|&c| !follows(c)).or(firm);
        }
    }
    out
}

/// Quotation marks and dots: they are as wide as what they follow.
fn follows(c: char) -> bool {
    matches!(c, '”' | '’' | '…' | '—')
}

/// Whether a text ends with a full-width sign: its own width is the gap. `firm` is the last sign that follows none.
fn ends_wide(text: &str, firm: Option<char>) -> bool {
    let wide =
        |c: char| matches!(c, '\u{3001}'..='\u{301f}' | '\u{3041}'..='\u{9fff}' | '\u{ff01}'..='\u{ff60}');
    let sign = |c: char| matches!(c, '\u{3001}'..='\u{301f}' | '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}' | '\u{ff61}');
    match text.chars().next_back() {
        Some(last) if follows(last) => firm.is_some_and(wide),
        last => last.is_some_and(sign),
    }
}

/// The beginning of a line that is at most `max` long, as `length` measures graphemes.
fn cut(line: &str, max: usize, length: impl Fn(&str) -> usize) -> String {
    let mut taken = 0;
    let mut ends: Vec<usize> = Vec::new();
    for (at, grapheme) in line.grapheme_indices(true) {
        taken += length(grapheme);
        if taken > max {
            return shortened(line, &ends);
        }
        ends.push(at + grapheme.len());
    }
    line.to_owned()
}

/// `ends` are the ends of the graphemes that there is room for.
fn shortened(line: &str, ends: &[usize]) -> String {
    let near = ends.iter().rev().take(ends.len() / 5 + 1);
    let stops = |at: usize| {
        line[at..].starts_with([' ', '。', '，', '！', '？', '；'])
            || line[at..].starts_with(char::is_whitespace)
    };
    let end = near.copied().find(|&at| stops(at)).unwrap_or_else(|| before_word(line, ends));
    format!("{}…", line[..end].trim_end_matches(['，', '；', ',', ';', ' ']))
}

/// Where there is no gap, not in the middle of a Latin word or number that stands between characters of another script.
fn before_word(line: &str, ends: &[usize]) -> usize {
    let end = ends.last().copied().unwrap_or_default();
    let in_word = |at: usize| {
        let (before, after) = (line[..at].chars().next_back(), line[at..].chars().next());
        before.is_some_and(|c| c.is_ascii_alphanumeric()) && after.is_some_and(|c| c.is_ascii_alphanumeric())
    };
    let begin = ends.iter().rev().take(LONGEST_WORD).copied().find(|&at| !in_word(at));
    begin.filter(|&at| at > 0).unwrap_or(end)
}

/// What is read in a minute, as measured with the same texts in 17 languages (Trauzettel-Klosinski and Dietz 2012) and by Brysbaert (2019):
/// Latin, Cyrillic and Greek words; Arabic and Hebrew words, which hold more; letters where there are no spaces.
const WORDS: f64 = 220.0;
const SEMITIC_WORDS: f64 = 150.0;
const UNSPACED_LETTERS: f64 = 900.0;
/// Chinese characters: 260 of studied texts, up to 500 of light ones. Kana and Hangul go faster than characters, and are mixed with them.
const CHARACTERS: f64 = 400.0;

/// Minutes it takes to read, each script by its own measure, at least one.
pub fn reading_minutes(text: &str) -> i64 {
    let (mut minutes, mut characters, mut unspaced) = (0.0, 0_usize, 0_usize);
    for word in text.unicode_words() {
        let Some(first) = word.chars().find(|c| c.is_alphanumeric()) else { continue };
        match first {
            '\u{2e80}'..='\u{9fff}'
            | '\u{ac00}'..='\u{d7af}'
            | '\u{f900}'..='\u{faff}'
            | '\u{20000}'..='\u{3134f}' => {
                characters += word.chars().count();
            }
            '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' => {
                unspaced += word.graphemes(true).count();
            }
            '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' => {
                minutes += 1.0 / SEMITIC_WORDS;
            }
            _ => minutes += 1.0 / WORDS,
        }
    }
    minutes += characters as f64 / CHARACTERS + unspaced as f64 / UNSPACED_LETTERS;
    (minutes.round() as i64).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn excerpts_end_near_a_word_or_sentence() {
        assert_eq!(excerpt("一二三四五，六七八九十", 7), "一二三四五，六…");
        assert_eq!(excerpt("一二三四五六七，八九十", 8), "一二三四五六七…");
        assert_eq!(excerpt("short", 10), "short");
        assert_eq!(excerpt("a long line of words", 12), "a long line…");
        assert_eq!(excerpt("用Kubernetes部署", 9), "用…");
        assert_eq!(excerpt("Kubernetes", 4), "Kube…");
    }

    #[test]
    fn blocks_are_joined_as_the_script_does() {
        assert_eq!(summary("第一句。\n第二句！\n“第三句”\n完"), "第一句。第二句！“第三句”完");
        assert_eq!(summary("小标题\n正文。"), "小标题 正文。");
        assert_eq!(summary("One.\n“Two.”\n三。"), "One. “Two.” 三。");
        assert_eq!(summary("字 ”\n字”\n……\n完"), "字 ” 字”……完");
    }

    /// Each line is joined by a look at how the one before ends, not at all that stands before.
    #[test]
    fn lines_of_dots_are_joined_in_linear_time() {
        let text = format!("字{}", "…\n".repeat(500_000));
        assert_eq!(excerpt(&text, 500_000).len(), 3 + 500_000 * 3);
        assert!(summary(&format!("a{}", "\u{301}".repeat(500_000))).len() <= BEGINNING + 3);
    }

    #[test]
    fn a_summary_is_as_wide_in_every_script() {
        let wide = |text: &str| UnicodeWidthStr::width(summary(text).as_str());
        for text in ["潮汐", "tidal water ", "潮汐 tide ", "น้ำขึ้นน้ำลง", "المد والجزر ", "조석 ", "ຕາຕະລາງ"]
        {
            let long = text.repeat(200);
            assert!((170..=222).contains(&wide(&long)), "{text}: {}", summary(&long));
        }
        assert_eq!(summary(&"潮".repeat(200)).chars().count(), 111);
    }

    #[test]
    fn what_readers_take_for_one_character_is_not_cut() {
        assert_eq!(excerpt("ab👨‍👩‍👧‍👦cd", 5), "ab…");
        assert_eq!(excerpt("กำก็กี่กู้", 4), "กำก็…");
        assert_eq!(excerpt("e\u{301}e\u{301}e\u{301}", 3), "e\u{301}…");
    }

    #[test]
    fn time_to_read_follows_the_script() {
        assert_eq!(reading_minutes(&"潮".repeat(2_000)), 5);
        assert_eq!(reading_minutes(&"word ".repeat(1_100)), 5);
        assert_eq!(reading_minutes(&"слово ".repeat(1_100)), 5);
        assert_eq!(reading_minutes(&"d'été ".repeat(1_100)), 5);
        assert_eq!(reading_minutes(&"كلمة ".repeat(750)), 5);
        assert_eq!(reading_minutes(&"ก".repeat(4_500)), 5);
        assert_eq!(reading_minutes(""), 1);
    }

    proptest! {
        #[test]
        fn a_cut_text_is_its_beginning(text in "[a-c潮，。 é👍🏽ก\u{e33}\u{301}]{0,60}", max in 1_usize..30) {
            let cut = excerpt(&text, max);
            let line = one_line(&text);
            prop_assert!(cut == line || line.starts_with(cut.trim_end_matches('…')));
            prop_assert!(cut.trim_end_matches('…').chars().count() <= max);
        }
    }
}
