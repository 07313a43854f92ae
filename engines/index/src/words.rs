//! Text into words (for ranking) and grams (so that any part of a Chinese word finds it).

use std::sync::LazyLock;

use frostem::{Algorithm, Stemmer};
use jieba_rs::Jieba;
use tantivy::tokenizer::{Token, TokenStream};

use crate::fold::{self, Folded, Script, fold, script};
use crate::sound;

/// Loading takes a quarter of a second and 50 MB, so it is done once, by [`warm`] or whoever comes first.
static JIEBA: LazyLock<Jieba> = LazyLock::new(Jieba::new);

/// Loads the dictionary without keeping anybody waiting.
pub fn warm() {
    std::thread::spawn(|| {
        fold::warm();
        sound::warm();
        LazyLock::force(&JIEBA);
    });
}

/// A word in a folded text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// As it is indexed: folded, English words as stems.
    pub text: String,
    /// First folded character, and how many.
    pub at: usize,
    pub len: usize,
    /// Where it stands for phrases: a Han character counts one, any other word counts one.
    pub position: usize,
    /// A word within the word before or after it (`共和` in `共和国`, `15` in `iphone15`).
    pub part: bool,
    pub script: Script,
}

/// The words of a text, in order. Words overlap only where one is part of another.
pub fn words(folded: &Folded) -> Vec<Word> {
    cut(folded, true)
}

/// Those of [`words`] that are not Han: cheap, for the dictionary is not asked.
pub fn words_beside_han(folded: &Folded) -> Vec<Word> {
    cut(folded, false)
}

fn cut(folded: &Folded, with_han: bool) -> Vec<Word> {
    let stemmer = Stemmer::new(Algorithm::English);
    let mut out = Vec::with_capacity(folded.chars.len() / 2);
    let mut position = 0;
    for run in runs(&folded.chars) {
        let chars = &folded.chars[run.at..run.at + run.len];
        match run.script {
            Script::Han => {
                if with_han {
                    han(chars, run.at, position, &mut out);
                }
                position += run.len;
            }
            Script::Unspaced => {
                let word = |at: usize, len: usize| Word {
                    text: chars[at..at + len].iter().collect(),
                    at: run.at + at,
                    len,
                    position: position + at,
                    part: false,
                    script: Script::Unspaced,
                };
                if run.len == 1 {
                    out.push(word(0, 1));
                } else {
                    out.extend((0..run.len - 1).map(|at| word(at, 2)));
                }
                position += run.len;
            }
            _ => position += spaced(chars, run, position, stemmer, &mut out),
        }
    }
    out
}

/// Everything by which a text can be found at all, each as a place and a length in the folded text: neighbouring pairs of
/// characters of unspaced scripts and the last one of each run (so that each character begins one), other words as they are
/// written (not stemmed), whole and in parts.
pub fn grams(folded: &Folded) -> Vec<(usize, usize)> {
    let mut out = Vec::with_capacity(folded.chars.len());
    for run in runs(&folded.chars) {
        match run.script {
            Script::Han | Script::Unspaced => {
                out.extend((run.at..run.at + run.len - 1).map(|at| (at, 2)));
                out.push((run.at + run.len - 1, 1));
            }
            _ => {
                out.push((run.at, run.len));
                let parts = parts(&folded.chars[run.at..run.at + run.len]);
                out.extend(parts.into_iter().map(|(at, len)| (run.at + at, len)));
            }
        }
    }
    out
}

/// Where dictionary words begin and end, those inside others too. Unknown characters stand by themselves: nothing is guessed.
pub fn dictionary_words(folded: &Folded) -> Vec<(usize, usize)> {
    let text: String = folded.chars.iter().collect();
    JIEBA.cut_for_search(&text, false).into_iter().map(|token| (token.start, token.end)).collect()
}

/// The form in which [`words`] gives a word that is written like this.
pub fn form(written: &str) -> String {
    stem(written, Stemmer::new(Algorithm::English))
}

pub(crate) fn stem(word: &str, stemmer: Stemmer) -> String {
    let english = word.bytes().all(|b| b.is_ascii_lowercase() || b == b'\'');
    if english { stemmer.stem(word).into_owned() } else { word.to_owned() }
}

/// Neighbouring characters that are cut together.
#[derive(Clone, Copy, Debug)]
struct Run {
    at: usize,
    len: usize,
    script: Script,
}

fn runs(chars: &[char]) -> impl Iterator<Item = Run> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < chars.len() && script(chars[at]) == Script::Other {
            at += 1;
        }
        let first = script(*chars.get(at)?);
        let start = at;
        at += 1;
        match first {
            Script::Han | Script::Unspaced => {
                while at < chars.len() && script(chars[at]) == first {
                    at += 1;
                }
            }
            _ => {
                while at < chars.len() && goes_on(chars, start, at) {
                    at += 1;
                }
            }
        }
        Some(Run { at: start, len: at - start, script: first })
    })
}

/// Whether the spaced word that began at `start` has `chars[at]` in it: letters and digits, the point of a number,
/// the apostrophe of an English ending, the signs of `c++` and `c#`.
fn goes_on(chars: &[char], start: usize, at: usize) -> bool {
    let next = chars.get(at + 1).map_or(Script::Other, |&c| script(c));
    match script(chars[at]) {
        Script::Letter | Script::Digit => true,
        Script::Other => match chars[at] {
            '.' => script(chars[at - 1]) == Script::Digit && next == Script::Digit,
            '\'' => {
                let rest = chars[at + 1..].iter().take_while(|&&c| script(c) == Script::Letter);
                matches!(rest.collect::<String>().as_str(), "s" | "t" | "d" | "m" | "re" | "ve" | "ll")
            }
            '+' | '#' => at - start <= 2 && chars[start].is_ascii_lowercase() && next == Script::Other,
            _ => false,
        },
        _ => false,
    }
}

/// Jieba's search mode: the words, and the shorter dictionary words inside the long ones.
fn han(chars: &[char], at: usize, position: usize, out: &mut Vec<Word>) {
    let text: String = chars.iter().collect();
    let cut = JIEBA.cut_for_search(&text, true);
    let first = out.len();
    // The parts of a word come right before it, so going backwards the words tile the run and parts are what is left over.
    let mut end = chars.len();
    for token in cut.iter().rev() {
        let part = token.end != end;
        if !part {
            end = token.start;
        }
        out.push(Word {
            text: token.word.to_owned(),
            at: at + token.start,
            len: token.end - token.start,
            position: position + token.start,
            part,
            script: Script::Han,
        });
    }
    out[first..].reverse();
}

/// A word of a spaced script; returns how many positions it takes.
fn spaced(chars: &[char], run: Run, position: usize, stemmer: Stemmer, out: &mut Vec<Word>) -> usize {
    let mut push = |at: usize, len: usize, position: usize, part: bool| {
        let written: String = chars[at..at + len].iter().collect();
        out.push(Word {
            text: stem(&written, stemmer),
            at: run.at + at,
            len,
            position,
            part,
            script: run.script,
        });
    };
    push(0, run.len, position, false);
    let parts = parts(chars);
    for (n, &(at, len)) in parts.iter().enumerate() {
        push(at, len, position + n, true);
    }
    parts.len().max(1)
}

/// Letters and digits within one word (`iphone15`), where each by itself says something; none for a word of one kind.
fn parts(chars: &[char]) -> Vec<(usize, usize)> {
    let mut parts: Vec<(usize, usize)> = Vec::new();
    let mut kind = Script::Other;
    for (n, &c) in chars.iter().enumerate() {
        let this = if c == '.' { Script::Digit } else { script(c) };
        match parts.last_mut() {
            _ if this == Script::Other => {}
            Some((_, len)) if this == kind => *len += 1,
            _ => parts.push((n, 1)),
        }
        kind = this;
    }
    if parts.len() == 1 && parts[0].1 == chars.len() || chars.contains(&'\'') {
        return Vec::new();
    }
    parts.retain(|&(at, len)| {
        len > 1 || chars.len() > 1 && matches!(chars[at + 1..].first(), Some('+' | '#'))
    });
    parts
}

/// [`words`] as the index wants them.
#[derive(Clone)]
pub struct WordTokenizer;

/// [`grams`] as the index wants them.
#[derive(Clone)]
pub struct GramTokenizer;

impl tantivy::tokenizer::Tokenizer for WordTokenizer {
    type TokenStream<'a> = WordStream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> WordStream {
        WordStream { rest: words(&fold(text)).into_iter(), token: Token::default() }
    }
}

impl tantivy::tokenizer::Tokenizer for GramTokenizer {
    type TokenStream<'a> = GramStream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> GramStream {
        let folded = fold(text);
        GramStream { rest: grams(&folded).into_iter(), folded, token: Token::default() }
    }
}

pub struct WordStream {
    rest: std::vec::IntoIter<Word>,
    token: Token,
}

pub struct GramStream {
    rest: std::vec::IntoIter<(usize, usize)>,
    folded: Folded,
    token: Token,
}

impl TokenStream for WordStream {
    fn advance(&mut self) -> bool {
        let Some(word) = self.rest.next() else { return false };
        self.token.text = word.text;
        self.token.position = word.position;
        true
    }
    fn token(&self) -> &Token {
        &self.token
    }
    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

impl TokenStream for GramStream {
    fn advance(&mut self) -> bool {
        let Some((at, len)) = self.rest.next() else { return false };
        self.token.text.clear();
        self.token.text.extend(&self.folded.chars[at..at + len]);
        self.token.position = 0; // not recorded
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
    use proptest::prelude::*;

    fn check(text: &str, whole: &[&str], inside: &[&str]) {
        let words = words(&fold(text));
        let of = |part| words.iter().filter(|w| w.part == part).map(|w| w.text.as_str()).collect::<Vec<_>>();
        assert_eq!((of(false), of(true)), (whole.to_vec(), inside.to_vec()), "{text}");
    }

    #[test]
    fn words_of_both_languages() {
        check("中华人民共和国成立", &["中华人民共和国", "成立"], &["中华", "华人", "人民", "共和", "共和国"]);
        check("AI助手与5G网络", &["ai", "助手", "与", "5g", "网络"], &[]);
        check("iPhone15 卖了", &["iphone15", "卖", "了"], &["iphon", "15"]);
        check(
            "The moon’s tides don't rise 3.5 m.",
            &["the", "moon", "tide", "don't", "rise", "3.5", "m"],
            &[],
        );
        check("l'été: C++ or C#?", &["l", "ete", "c++", "or", "c#"], &["c", "c"]);
        check("とても", &["とて", "ても"], &[]);
    }

    #[test]
    fn positions_count_han_characters_and_words() {
        let positions: Vec<usize> =
            words(&fold("星际云 the 5G网络")).iter().filter(|w| !w.part).map(|w| w.position).collect();
        assert_eq!(positions, [0, 2, 3, 4, 5]);
    }

    #[test]
    fn grams_hold_every_pair() {
        let folded = fold("星际云 Running5k");
        let text = |(at, len): (usize, usize)| folded.chars[at..at + len].iter().collect::<String>();
        let grams: Vec<String> = grams(&folded).into_iter().map(text).collect();
        assert_eq!(grams, ["星际", "际云", "云", "running5k", "running"]);
    }

    proptest! {
        #[test]
        fn whole_words_never_overlap_and_stay_inside(text in "[a-c云计算々のか0-9.'+# ]{0,30}") {
            let folded = fold(&text);
            let mut end = 0;
            for word in words(&folded).iter().filter(|w| !w.part && w.script != Script::Unspaced) {
                prop_assert!(word.at >= end && word.len > 0);
                end = word.at + word.len;
            }
            prop_assert!(end <= folded.chars.len());
        }
    }
}
