//! Text into words (for ranking) and grams (so that any part of a Chinese word finds it).

use std::sync::LazyLock;

use frostem::{Algorithm, Stemmer};
use jieba_rs::Jieba;
use tantivy::tokenizer::{Token, TokenStream};

use crate::fold::{Folded, Script, fold, script};
use crate::runs::{Piece, Run, pieces};

/// Loading takes a quarter of a second and 50 MB, so it is done once, by [`warm`] or whoever comes first.
static JIEBA: LazyLock<Jieba> = LazyLock::new(Jieba::new);

/// Loads the dictionary.
pub fn warm() {
    LazyLock::force(&JIEBA);
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
    pub kind: Kind,
    pub script: Script,
}

/// What a word is to its neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Whole,
    /// A name of several pieces, which come after it: `node.js`.
    Compound,
    /// A piece of a compound.
    Piece,
    /// A word within the word before or after it (`共和` in `共和国`, `15` in `iphone15`).
    Inner,
    /// Another spelling of what stands there: `gpt4o` for `gpt-4o`, `.net` in `asp.net`.
    Variant,
}

impl Word {
    /// Whether it stands inside another word.
    pub const fn is_part(&self) -> bool {
        !matches!(self.kind, Kind::Whole | Kind::Compound)
    }
}

/// The words of a text, in order. Words overlap only where one is part of another.
pub fn words(folded: &Folded) -> Vec<Word> {
    cut(folded, true, |_| true)
}

/// Those of [`words`] that are not Han and begin with a character that is asked for: cheap, for neither the dictionary nor the
/// stemmer is asked about the others.
pub fn words_beside_han(folded: &Folded, begins: impl Fn(char) -> bool) -> Vec<Word> {
    cut(folded, false, begins)
}

fn cut(folded: &Folded, with_han: bool, begins: impl Fn(char) -> bool) -> Vec<Word> {
    let spaced = Spaced { chars: &folded.chars, stemmer: Stemmer::new(Algorithm::English), begins };
    let mut out = Vec::with_capacity(folded.chars.len() / 2);
    let mut position = 0;
    for piece in pieces(&folded.chars) {
        match piece {
            Piece::Plain(run) if run.script == Script::Han => {
                if with_han {
                    han(&folded.chars[run.at..run.end()], run.at, position, &mut out);
                }
                position += run.len;
            }
            Piece::Plain(run) if run.script == Script::Unspaced => {
                if with_han {
                    pairs(&folded.chars, run, position, &mut out);
                }
                position += run.len;
            }
            Piece::Plain(run) => position += spaced.word(run, Kind::Whole, position, &mut out),
            Piece::Compound { at, runs } => position += spaced.compound(at, &runs, position, &mut out),
        }
    }
    out
}

/// Neighbouring characters of a script without spaces.
fn pairs(chars: &[char], run: Run, position: usize, out: &mut Vec<Word>) {
    let word = |at: usize, len: usize| Word {
        text: chars[run.at + at..run.at + at + len].iter().collect(),
        at: run.at + at,
        len,
        position: position + at,
        kind: Kind::Whole,
        script: Script::Unspaced,
    };
    if run.len == 1 {
        out.push(word(0, 1));
    } else {
        out.extend((0..run.len - 1).map(|at| word(at, 2)));
    }
}

/// Everything by which a text can be found at all, each as a place and a length in the folded text: neighbouring pairs of
/// characters of unspaced scripts and the last one of each run (so that each character begins one), other words as they are
/// written (not stemmed), whole and in parts.
pub fn grams(folded: &Folded) -> Vec<(usize, usize)> {
    let mut out = Vec::with_capacity(folded.chars.len());
    let word = |run: Run, out: &mut Vec<(usize, usize)>| {
        out.push((run.at, run.len));
        let parts = parts(&folded.chars[run.at..run.end()]);
        out.extend(parts.into_iter().map(|(at, len)| (run.at + at, len)));
    };
    for piece in pieces(&folded.chars) {
        match piece {
            Piece::Plain(run) if run.is_spaced() => word(run, &mut out),
            Piece::Plain(run) => {
                out.extend((run.at..run.end() - 1).map(|at| (at, 2)));
                out.push((run.end() - 1, 1));
            }
            Piece::Compound { at, runs } => {
                let whole = (at, runs[runs.len() - 1].end() - at);
                out.push(whole);
                for run in runs {
                    word(run, &mut out);
                    out.extend(dotted(&folded.chars, run).filter(|&dotted| dotted != whole));
                }
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

/// A text as it is written, cut into words and what is between them: the first byte of each, and the one behind it.
pub fn tokens(text: &str) -> Vec<(usize, usize)> {
    let mut at = 0;
    let end = |token: jieba_rs::Token<'_>| {
        let start = at;
        at += token.word.len();
        (start, at)
    };
    JIEBA.cut(text, true).into_iter().map(end).collect()
}

/// The form in which [`words`] gives a word that is written like this.
pub fn form(written: &str) -> String {
    stem(written, Stemmer::new(Algorithm::English))
}

pub(crate) fn stem(word: &str, stemmer: Stemmer) -> String {
    let english = word.bytes().all(|b| b.is_ascii_lowercase() || b == b'\'');
    if english { stemmer.stem(word).into_owned() } else { word.to_owned() }
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
            kind: if part { Kind::Inner } else { Kind::Whole },
            script: Script::Han,
        });
    }
    out[first..].reverse();
}

/// Cuts what is written with spaces.
struct Spaced<'a, F> {
    chars: &'a [char],
    stemmer: Stemmer,
    begins: F,
}

impl<F: Fn(char) -> bool> Spaced<'_, F> {
    fn push(&self, at: usize, len: usize, kind: Kind, position: usize, script: Script, out: &mut Vec<Word>) {
        if !(self.begins)(self.chars[at]) {
            return;
        }
        let written: String = self.chars[at..at + len].iter().collect();
        out.push(Word { text: stem(&written, self.stemmer), at, len, position, kind, script });
    }

    /// A word; returns how many positions it takes.
    fn word(&self, run: Run, kind: Kind, position: usize, out: &mut Vec<Word>) -> usize {
        self.push(run.at, run.len, kind, position, run.script, out);
        let parts = parts(&self.chars[run.at..run.end()]);
        for (n, &(at, len)) in parts.iter().enumerate() {
            self.push(run.at + at, len, Kind::Inner, position + n, run.script, out);
        }
        parts.len().max(1)
    }

    /// A name of several pieces, and each of them where it would stand alone.
    fn compound(&self, at: usize, runs: &[Run], position: usize, out: &mut Vec<Word>) -> usize {
        let (end, script) = (runs[runs.len() - 1].end(), runs[0].script);
        self.push(at, end - at, Kind::Compound, position, script, out);
        if let Some(text) = unhyphenated(&self.chars[at..end]).filter(|_| (self.begins)(self.chars[at])) {
            let text = stem(&text, self.stemmer);
            out.push(Word { text, at, len: end - at, position, kind: Kind::Variant, script });
        }
        let mut taken = 0;
        for &run in runs {
            for (dot, len) in dotted(self.chars, run).filter(|&dotted| dotted != (at, end - at)) {
                self.push(dot, len, Kind::Variant, position + taken, script, out);
            }
            taken += self.word(run, Kind::Piece, position + taken, out);
        }
        taken
    }
}

/// `wifi` for `wi-fi`.
pub(crate) fn unhyphenated(written: &[char]) -> Option<String> {
    let hyphens = written.iter().filter(|c| !matches!(script(**c), Script::Letter | Script::Digit));
    let mut hyphens = hyphens.peekable();
    hyphens.peek()?;
    hyphens.all(|&c| c == '-').then(|| written.iter().filter(|&&c| c != '-').collect())
}

/// A word of letters that has a point before it, with the point: `.js`. Of `.net8` also without the number.
fn dotted(chars: &[char], run: Run) -> impl Iterator<Item = (usize, usize)> {
    let dot = run.at.checked_sub(1).filter(|&at| chars[at] == '.' && run.script == Script::Letter);
    let letters = chars[run.at..run.end()].iter().take_while(|&&c| script(c) == Script::Letter).count();
    let shorter = (letters < run.len).then_some(letters);
    dot.into_iter()
        .flat_map(move |at| [Some(run.len), shorter].into_iter().flatten().map(move |len| (at, len + 1)))
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
        let of =
            |part| words.iter().filter(|w| w.is_part() == part).map(|w| w.text.as_str()).collect::<Vec<_>>();
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
        check(
            "用.NET8写Node.js",
            &["用", ".net8", "写", "node.js"],
            &[".net", "net8", "net", "node", ".js", "js"],
        );
        check("Wi-Fi", &["wi-fi"], &["wifi", "wi", "fi"]);
    }

    #[test]
    fn positions_count_han_characters_and_words() {
        let positions: Vec<usize> =
            words(&fold("星际云 the 5G网络")).iter().filter(|w| !w.is_part()).map(|w| w.position).collect();
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
        fn whole_words_never_overlap_and_stay_inside(text in "[a-c云计算々のか0-9.'+#&/ -]{0,30}") {
            let folded = fold(&text);
            let mut end = 0;
            for word in words(&folded).iter().filter(|w| !w.is_part() && w.script != Script::Unspaced) {
                prop_assert!(word.at >= end && word.len > 0);
                end = word.at + word.len;
            }
            prop_assert!(end <= folded.chars.len());
        }
    }
}
