//! One spelling for what readers take to be the same letters: case, width, accents, traditional and simplified characters.

use std::sync::LazyLock;

use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;
use unicode_normalization::UnicodeNormalization;

/// A text of which more is not looked at: a book's worth, so that one huge import cannot hold up everybody.
const LONGEST: usize = 300_000;

/// A folded text. Folding may make one character into several (`㎏` → `kg`) or none (an accent on its own), so each
/// folded character knows which character of the original it came from.
#[derive(Debug, Default)]
pub struct Folded {
    pub chars: Vec<char>,
    /// For each of `chars`, the number of its original character.
    pub from: Vec<u32>,
}

pub fn fold(text: &str) -> Folded {
    let mut folded = Folded::default();
    folded.chars.reserve(text.len() / 2);
    folded.from.reserve(text.len() / 2);
    for (n, c) in text.chars().take(LONGEST).enumerate() {
        fold_char(c, |c| {
            folded.chars.push(c);
            folded.from.push(n as u32);
        });
    }
    folded
}

const FIRST_HAN: char = '\u{3400}';
const LAST_HAN: char = '\u{9fff}';

/// For each Han character of the first plane its simplified form (by OpenCC's tables); each stands for itself where that fails.
/// Takes ten milliseconds to make.
static SIMPLIFIED: LazyLock<Box<[char]>> = LazyLock::new(|| {
    let converter = OpenCC::from_config(BuiltinConfig::T2s);
    if let Err(error) = &converter {
        tracing::error!(%error, "traditional characters are not found by simplified ones");
    }
    let simple = |c: char| {
        let converted = converter.as_ref().ok()?.convert(c.encode_utf8(&mut [0; 4]));
        let mut chars = converted.chars();
        chars.next().filter(|_| chars.next().is_none())
    };
    (FIRST_HAN..=LAST_HAN).map(|c| simple(c).unwrap_or(c)).collect()
});

/// Makes the table without keeping a question waiting.
pub fn warm() {
    LazyLock::force(&SIMPLIFIED);
}

fn fold_char(c: char, mut push: impl FnMut(char)) {
    match c {
        '\0'..='\x7f' => push(c.to_ascii_lowercase()),
        // Kana and Hangul stand for themselves; decomposing Hangul would tear its syllables apart.
        FIRST_HAN..=LAST_HAN => push(SIMPLIFIED[c as usize - FIRST_HAN as usize]),
        '\u{3041}'..='\u{30ff}' | '\u{ac00}'..='\u{d7a3}' => push(c),
        '\u{2018}' | '\u{2019}' => push('\''),
        // The hyphens that are not to be broken at, and the sharp that some write for the sign of C#.
        '\u{2010}' | '\u{2011}' => push('-'),
        '\u{266f}' => push('#'),
        // Letters that Unicode does not decompose but keyboards do.
        'ß' => "ss".chars().for_each(push),
        'æ' | 'Æ' => "ae".chars().for_each(push),
        'œ' | 'Œ' => "oe".chars().for_each(push),
        'ø' | 'Ø' => push('o'),
        'đ' | 'Đ' => push('d'),
        'ł' | 'Ł' => push('l'),
        'ı' => push('i'),
        // Compatibility decomposition (Unicode Standard Annex 15) makes full width half and parts accents from letters.
        _ => c
            .nfkd()
            .filter(|c| !matches!(c, '\u{300}'..='\u{36f}'))
            .flat_map(char::to_lowercase)
            .for_each(push),
    }
}

/// What a character is to the tokenizer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Script {
    Han,
    /// Other scripts written without spaces, or (Hangul) with endings grown onto the words: kana, Hangul, Thai, Lao, Khmer, Burmese.
    Unspaced,
    Letter,
    Digit,
    Other,
}

pub fn script(c: char) -> Script {
    match c {
        'a'..='z' => Script::Letter,
        '0'..='9' => Script::Digit,
        '\0'..='\x7f' => Script::Other,
        '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3134f}'
        | '々'
        | '〇' => Script::Han,
        '\u{3041}'..='\u{3096}'
        | '\u{3099}'
        | '\u{309a}'
        | '\u{30a1}'..='\u{30fa}'
        | '\u{30fc}'
        | '\u{31f0}'..='\u{31ff}'
        | '\u{1100}'..='\u{11ff}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{e01}'..='\u{e4e}'
        | '\u{e81}'..='\u{ecd}'
        | '\u{1000}'..='\u{103f}'
        | '\u{1780}'..='\u{17d3}' => Script::Unspaced,
        c if c.is_numeric() => Script::Digit,
        c if c.is_alphabetic() || is_mark(c) => Script::Letter,
        _ => Script::Other,
    }
}

/// Vowel ngrams that belong to the word they stand in (Arabic, Hebrew, Indic scripts).
fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_case_width_and_accents() {
        let folded = fold("Ｉphone Café ﾃﾞ 北京");
        assert_eq!(folded.chars.iter().collect::<String>(), "iphone cafe テ\u{3099} 北京");
        assert_eq!(fold("臺灣的後門裡").chars, fold("台湾的后门里").chars);
        let folded = fold("5㎏Straße");
        assert_eq!(folded.chars.iter().collect::<String>(), "5kgstrasse");
        assert_eq!(folded.from, [0, 1, 1, 2, 3, 4, 5, 6, 6, 7]);
    }
}
