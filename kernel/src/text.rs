//! What people type, cleaned once for every feature: without the characters that steer a terminal, turn the writing direction
//! around or print nothing, with which one text could pose as another or as no text at all.
//!
//! Joiners and variation selectors stay where a script or an emoji is spelled with them (Unicode 17, sections 9.2, 12 and 23;
//! UTS #51). Everything comes out in Unicode's form C.

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// A name or title on one line: white space folded to single spaces. Empty where nothing would show.
pub fn one_line(text: &str) -> String {
    let clean = clean(text);
    if shows_nothing(&clean) {
        return String::new();
    }
    clean.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text of several lines, each as [`one_line`] leaves it, with no more than one empty line in a row. Lines end with `\n`.
pub fn lines(text: &str) -> String {
    let mut kept: Vec<String> = Vec::new();
    for line in text.lines().map(one_line) {
        if !line.is_empty() || kept.last().is_some_and(|last| !last.is_empty()) {
            kept.push(line);
        }
    }
    kept.join("\n").trim_end().to_owned()
}

/// Whether a reader would see nothing of it: spaces, blanks of other scripts, signs without a shape.
pub fn shows_nothing(text: &str) -> bool {
    text.chars()
        .all(|c| c.is_whitespace() || c.is_control() || is_blank(c) || is_invisible(c) || is_joiner(c))
}

/// Without what hides or turns. Control characters become spaces, so that words stay apart.
fn clean(text: &str) -> String {
    let normal: std::borrow::Cow<'_, str> = match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => text.into(),
        _ => text.nfc().collect::<String>().into(),
    };
    let chars: Vec<char> = normal.chars().collect();
    let mut kept = String::with_capacity(normal.len());
    // What stands before, of what is kept.
    let mut before = None;
    for (n, &c) in chars.iter().enumerate() {
        let stays = match c {
            _ if is_joiner(c) => joins(c, before, chars.get(n + 1).copied()),
            '\u{e0020}'..='\u{e007f}' => is_flag(&chars, n),
            _ => !is_invisible(c),
        };
        if stays {
            kept.push(if c.is_control() { ' ' } else { c });
            before = Some(c);
        }
    }
    kept
}

/// Characters that are kept only where [`joins`] says what they do there.
const fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' | '\u{180b}'..='\u{180f}')
}

/// Whether a joiner or selector does something between these two.
fn joins(c: char, before: Option<char>, after: Option<char>) -> bool {
    let Some(before) = before else { return false };
    match c {
        '\u{200c}' => is_joining_script(before) && after.is_some_and(is_joining_script),
        // At the end of a word it shapes the last letter, as in the Persian abbreviation of the Hijri calendar.
        '\u{200d}' => is_joining_script(before) || (ends_emoji(before) && after.is_some_and(is_pictorial)),
        '\u{fe0e}' | '\u{fe0f}' => {
            is_pictorial(before) || (matches!(before, '0'..='9' | '#' | '*') && after == Some('\u{20e3}'))
        }
        // The vowel separator stands before the last vowel of a word, perhaps behind a selector.
        '\u{180e}' => {
            (is_mongolian(before) || matches!(before, '\u{180b}'..='\u{180d}' | '\u{180f}'))
                && after.is_some_and(is_mongolian)
        }
        '\u{180b}'..='\u{180d}' | '\u{180f}' => is_mongolian(before),
        // Other selectors choose among the shapes of an ideograph (UTS #37).
        _ => is_ideograph(before),
    }
}

const fn is_mongolian(c: char) -> bool {
    matches!(c, '\u{1820}'..='\u{18aa}')
}

/// Scripts in which letters take their shape from their neighbours: the Arabic family, Mongolian, and those of India and around.
const fn is_joining_script(c: char) -> bool {
    matches!(c,
        '\u{0620}'..='\u{08ff}' | '\u{0900}'..='\u{0dff}' | '\u{0f40}'..='\u{0fbc}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17dd}'
        | '\u{1820}'..='\u{18aa}' | '\u{1b00}'..='\u{1bff}' | '\u{a800}'..='\u{abff}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}'
        | '\u{10d00}'..='\u{10d3f}' | '\u{11000}'..='\u{11fff}' | '\u{1e900}'..='\u{1e95f}')
        && !matches!(c, '\u{17b4}' | '\u{17b5}')
}

/// Pictures, and the signs that become pictures beside a selector.
const fn is_pictorial(c: char) -> bool {
    matches!(c,
        '\u{1f000}'..='\u{1faff}' | '\u{2190}'..='\u{21ff}' | '\u{2300}'..='\u{23ff}' | '\u{24c2}' | '\u{25a0}'..='\u{27bf}'
        | '\u{2900}'..='\u{297f}' | '\u{2b00}'..='\u{2bff}' | '\u{203c}' | '\u{2049}' | '\u{2122}' | '\u{2139}' | '\u{3030}' | '\u{303d}'
        | '\u{3297}' | '\u{3299}' | '\u{a9}' | '\u{ae}')
}

const fn ends_emoji(c: char) -> bool {
    is_pictorial(c) || c == '\u{fe0f}'
}

const fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3007}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Whether the tag at `n` belongs to a flag of a region: a black flag, tags, and the tag that ends them (UTS #51, annex C).
fn is_flag(chars: &[char], n: usize) -> bool {
    let tag = |c: &&char| matches!(**c, '\u{e0020}'..='\u{e007e}');
    // No code of a region has more than six characters.
    let begins = chars[..n].iter().rev().take(7).find(|c| !tag(c)) == Some(&'\u{1f3f4}');
    begins && chars[n..].iter().take(7).find(|c| !tag(c)) == Some(&'\u{e007f}')
}

/// Prints nothing, or turns the direction of what follows: the ignorable code points of Unicode, the marks, embeddings,
/// overrides and isolates of bidirectional text, the anchors of annotations, and what is no character.
const fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffc}'
        | '\u{fdd0}'..='\u{fdef}' | '\u{13430}'..='\u{13440}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e00ff}'
        | '\u{e01f0}'..='\u{e0fff}')
        || (c as u32) & 0xfffe == 0xfffe
}

/// Has a width and no ink.
const fn is_blank(c: char) -> bool {
    matches!(c, '\u{2800}' | '\u{16fe4}' | '\u{13441}' | '\u{13442}' | '\u{1d159}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_hides_or_turns_is_dropped() {
        for (text, want) in [
            (" 南坡\n\t观察\u{202e}者\u{200b} ", "南坡 观察者"),
            ("a\u{2066}b\u{2069}c\u{200f}d\u{61c}", "abcd"),
            ("pay\u{ad}pal", "paypal"),
            ("a\u{0}b\u{1b}[31mc\u{7f}\u{85}", "a b [31mc"),
            ("x\u{e0041}\u{e0042}", "x"),
            ("a\u{200d}b\u{200c}c\u{fe0f}", "abc"),
            ("a\u{180e}b ᠠ\u{180e}", "ab ᠠ"),
            ("a\u{ffff}b\u{fdd0}", "ab"),
            ("e\u{301}", "\u{e9}"),
            ("全角\u{3000}空格", "全角 空格"),
        ] {
            assert_eq!(one_line(text), want, "{text:?}");
        }
    }

    #[test]
    fn what_scripts_and_emoji_are_spelled_with_stays() {
        for text in [
            "می\u{200c}خواهم",
            "۱۴۰۳ ه\u{200d}",
            "क्\u{200d}ष और क्\u{200c}ष",
            "ශ්\u{200d}රී",
            "👩\u{200d}🔬 👨\u{200d}👩\u{200d}👧 ❤\u{fe0f}\u{200d}🔥 🏳\u{fe0f}\u{200d}🌈 1\u{fe0f}\u{20e3} ©\u{fe0e}",
            "👍🏽 🇨🇳",
            "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
            "葛\u{e0100}城",
            "ᠬᠠᠷ\u{180e}ᠠ ᠰᠠᠷ\u{180b}\u{180e}ᠠ",
            "⠃⠗⠇",
        ] {
            assert_eq!(one_line(text), text, "{text:?}");
        }
    }

    #[test]
    fn what_shows_nothing_is_empty() {
        for text in [
            "",
            " \n",
            "\u{feff} \u{0}",
            "\u{3164}",
            "\u{115f}\u{1160}",
            "\u{2800}\u{2800}",
            "\u{ffa0}",
            "\u{200d}\u{200c}",
            "\u{fe0f}",
            "\u{180e}",
            "\u{ad}",
            "\u{e0041}",
            "\u{3000}\u{a0}\u{2028}",
        ] {
            assert!(shows_nothing(text), "{text:?}");
            assert_eq!((one_line(text), lines(text)), (String::new(), String::new()), "{text:?}");
        }
        assert!(!shows_nothing("。") && !shows_nothing("⠃"));
    }

    #[test]
    fn lines_stay_lines() {
        assert_eq!(lines("\n一 \r\n\u{200b}\n\n二\t三\n"), "一\n\n二 三");
    }

    proptest! {
        #[test]
        fn cleaning_twice_changes_nothing(text in any::<String>()) {
            let once = one_line(&text);
            prop_assert_eq!(one_line(&once), once.clone());
            prop_assert!(!once.chars().any(char::is_control));
            let many = lines(&text);
            prop_assert_eq!(lines(&many), many);
        }
    }
}
