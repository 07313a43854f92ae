//! How Chinese characters are pronounced: pinyin without tones.

use std::collections::HashSet;
use std::sync::LazyLock;

use pinyin::ToPinyinMulti;
use tantivy::tokenizer::{Token, TokenStream};

use crate::fold::{Script, fold, script};
use crate::words::dictionary_words;

/// Readings of a character that are kept; the rest are rare.
const READINGS: usize = 3;
/// The longest syllable: `zhuang`.
const LONGEST: usize = 6;
/// Ways to cut a word into syllables that are tried, those with the fewest first.
const WAYS: usize = 4;

/// How a character is read, the commonest first: `行` is `xing`, `hang`, `heng`. Nothing for what is no Chinese character.
pub fn readings(c: char) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for reading in c.to_pinyin_multi().into_iter().flatten() {
        let plain = reading.plain();
        // Keyboards have `v` for ü; folding makes `u` of it.
        let forms = if plain.contains('ü') {
            vec![plain.replace('ü', "v"), plain.replace('ü', "u")]
        } else {
            vec![plain.to_owned()]
        };
        for form in forms {
            if out.len() < READINGS && !out.contains(&form) {
                out.push(form);
            }
        }
    }
    out
}

/// All syllables that some character has.
static SYLLABLES: LazyLock<HashSet<String>> = LazyLock::new(|| {
    ('\u{4e00}'..='\u{9fa5}').flat_map(readings).filter(|reading| has_vowel(reading)).collect()
});

/// `n`, `ng` and `hm` are sounds, but nobody spells a word with them.
fn has_vowel(reading: &str) -> bool {
    reading.contains(['a', 'e', 'i', 'o', 'u', 'v'])
}

/// Makes the table without keeping a question waiting.
pub fn warm() {
    LazyLock::force(&SYLLABLES);
}

/// A word in Latin letters as syllables, in every way that is likely: `xian` is `xian` or `xi an`. None for what is no pinyin.
pub fn syllables(word: &str) -> Vec<Vec<String>> {
    let mut ways = Vec::new();
    if word.is_ascii() {
        cut(word, &mut Vec::new(), &mut ways);
    }
    ways.sort_by_key(Vec::len);
    ways.truncate(WAYS);
    ways
}

fn cut(rest: &str, so_far: &mut Vec<String>, ways: &mut Vec<Vec<String>>) {
    let rest = rest.strip_prefix('\'').filter(|_| !so_far.is_empty()).unwrap_or(rest);
    if rest.is_empty() {
        ways.push(so_far.clone());
        return;
    }
    for len in (1..=LONGEST.min(rest.len())).rev() {
        if ways.len() > 4 * WAYS {
            return;
        }
        if SYLLABLES.contains(&rest[..len]) {
            so_far.push(rest[..len].to_owned());
            cut(&rest[len..], so_far, ways);
            so_far.pop();
        }
    }
}

/// The words of `text`, or several in a row, that are read like this.
pub fn read_like(text: &str, syllables: &[String]) -> Vec<String> {
    let folded = fold(text);
    let is = |at: usize| {
        let run = folded.chars[at..].iter().zip(syllables);
        at + syllables.len() <= folded.chars.len()
            && run.into_iter().all(|(&c, how)| readings(c).contains(how))
    };
    let places: Vec<usize> = (0..folded.chars.len()).filter(|&at| is(at)).collect();
    if places.is_empty() {
        return Vec::new();
    }
    let words = dictionary_words(&folded);
    let whole = |at: usize| {
        let end = at + syllables.len();
        words.iter().any(|word| word.0 == at) && words.iter().any(|word| word.1 == end)
    };
    let run = |at: usize| folded.chars[at..at + syllables.len()].iter().collect();
    places.into_iter().filter(|&at| whole(at)).map(run).collect()
}

/// The commonest reading of a text that begins with a Chinese character, and its initials: `网易` is `wangyi` and `wy`.
pub fn spelled(text: &str) -> Option<(String, String)> {
    let chars = fold(text).chars;
    let (mut whole, mut initials) = (String::new(), String::new());
    if script(*chars.first()?) != Script::Han {
        return None;
    }
    for &c in chars.iter().filter(|&&c| script(c) != Script::Other) {
        let reading = readings(c).into_iter().next().unwrap_or_else(|| c.to_string());
        initials.extend(reading.chars().next());
        whole.push_str(&reading);
    }
    Some((whole, initials))
}

/// Each reading of each Chinese character, as the index wants them.
#[derive(Clone)]
pub struct SoundTokenizer;

impl tantivy::tokenizer::Tokenizer for SoundTokenizer {
    type TokenStream<'a> = SoundStream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> SoundStream {
        let mut readings_of: Vec<(usize, String)> = Vec::new();
        for (position, c) in fold(text).chars.into_iter().enumerate() {
            if script(c) == Script::Han {
                readings_of.extend(readings(c).into_iter().map(|reading| (position, reading)));
            }
        }
        SoundStream { rest: readings_of.into_iter(), token: Token::default() }
    }
}

pub struct SoundStream {
    rest: std::vec::IntoIter<(usize, String)>,
    token: Token,
}

impl TokenStream for SoundStream {
    fn advance(&mut self) -> bool {
        let Some((position, reading)) = self.rest.next() else { return false };
        self.token.text = reading;
        self.token.position = position;
        true
    }
    fn token(&self) -> &Token {
        &self.token
    }
    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_have_their_readings() {
        assert!(
            readings('行').starts_with(&["xing".to_owned()]) && readings('行').contains(&"hang".to_owned())
        );
        assert!(readings('绿').contains(&"lv".to_owned()));
        assert!(readings('a').is_empty());
        assert_eq!(spelled("潮汐 AI"), Some(("chaoxiai".into(), "cxai".into())));
        assert_eq!(spelled("AI 潮汐"), None);
    }

    #[test]
    fn words_fall_into_syllables() {
        let ways = |word| syllables(word).iter().map(|way| way.join(" ")).collect::<Vec<_>>();
        assert_eq!(ways("chaoxi"), ["chao xi", "cha o xi"]);
        assert_eq!(ways("xian"), ["xian", "xi an"]);
        assert_eq!(ways("xi'an"), ["xi an"]);
        assert!(ways("telescope").is_empty());
        assert!(syllables(&"a".repeat(60)).len() <= WAYS);
    }

    #[test]
    fn words_are_found_by_how_they_are_read() {
        let readings = ["chao".to_owned(), "xi".to_owned()];
        assert_eq!(read_like("看潮汐，嘲戏", &readings), ["潮汐", "嘲戏"]);
        let within = ["yun".to_owned(), "ji".to_owned()];
        assert!(read_like("云计算", &within).is_empty(), "no word ends there");
    }
}
