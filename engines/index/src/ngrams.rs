//! By what short texts are compared: their characters and words, single and in pairs, as numbers.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use frostem::{Algorithm, Stemmer};
use kernel::Result;
use tantivy::Searcher;
use tantivy::schema::Field;

use crate::fold::{Folded, Script, script};
use crate::internal;
use crate::schema::Fields;
use crate::stop::is_stop;

/// The smallest piece of a text that says something by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// A number that is the same for the same piece.
    pub hash: u64,
    pub script: Script,
    /// A word or character that says nothing by itself.
    pub stop: bool,
}

/// Each character of an unspaced script, each word as its stem, each digit, each punctuation mark, and one for any space but those that only part
/// words.
pub fn tokens(folded: &Folded) -> Vec<Token> {
    let stemmer = Stemmer::new(Algorithm::English);
    let chars = &folded.chars;
    let mut out: Vec<Token> = Vec::with_capacity(chars.len());
    let is = |c: char, what: Script| script(c) == what;
    let mut at = 0;
    while at < chars.len() {
        let start = at;
        let script = script(chars[at]);
        at += 1;
        let (hash, stop) = match script {
            Script::Letter => {
                at += chars[at..].iter().take_while(|&&c| is(c, Script::Letter)).count();
                let form = crate::words::stem(&chars[start..at].iter().collect::<String>(), stemmer);
                (hash(form.chars()), is_stop(&form))
            }
            _ if chars[start].is_whitespace() => {
                at += chars[at..].iter().take_while(|c| c.is_whitespace()).count();
                let Some(&next) = chars.get(at) else { continue };
                let parts_words =
                    is(next, Script::Letter) && out.last().is_none_or(|last| last.script == Script::Letter);
                if start == 0 || parts_words {
                    continue;
                }
                (hash([' ']), false)
            }
            _ => (hash([chars[start]]), is_stop(chars[start].encode_utf8(&mut [0; 4]))),
        };
        out.push(Token { hash, script, stop });
    }
    out
}

/// The n-gram of a word in the form in which it is indexed.
pub fn of_word(form: &str) -> u64 {
    upper_half(hash(form.chars()))
}

pub const fn single(token: Token) -> u64 {
    upper_half(token.hash)
}

/// All tokens of a text that say something, and all pairs of neighbours among them, each once, in order.
pub fn ngrams(folded: &Folded) -> Vec<u64> {
    let mut tokens = tokens(folded);
    // Characters beside such a one are a pair all the same; words are not.
    tokens.retain(|token| !token.stop || token.script == Script::Han);
    // A full stop alone says nothing; beside a word it may.
    let some = |token: &Token| token.script != Script::Other;
    let pairs = tokens.windows(2).filter(|pair| some(&pair[0]) || some(&pair[1]));
    let pairs = pairs.map(|pair| pair_of(pair[0], pair[1]));
    let says = |token: &&Token| !token.stop && some(token);
    let mut out: Vec<u64> = tokens.iter().filter(says).copied().map(single).chain(pairs).collect();
    out.sort_unstable();
    out.dedup();
    out
}

pub fn pair_of(first: Token, second: Token) -> u64 {
    upper_half(mix(first.hash) ^ second.hash)
}

/// 32 bits tell the few million n-grams of a site apart.
const fn upper_half(hash: u64) -> u64 {
    hash >> 32
}

fn hash(chars: impl IntoIterator<Item = char>) -> u64 {
    chars.into_iter().fold(0, |hash, c| mix(hash ^ u64::from(c)))
}

/// `SplitMix64`'s finaliser (Steele, Lea, Flood 2014).
pub const fn mix(n: u64) -> u64 {
    let n = n.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}

/// In how many texts each term stands. Asking the index each time would take longer than all else; that the numbers are a
/// little old changes nothing.
#[derive(Debug, Default)]
pub struct Counts {
    documents: u64,
    ngrams: With,
    /// Words, by their ngrams.
    titles: With,
    bodies: With,
}

type With = HashMap<u32, u32, BuildHasherDefault<Ready>>;

/// Below so many texts each new one counts.
const FEW: u64 = 1_000;

impl Counts {
    pub fn of(searcher: &Searcher, fields: &Fields) -> Result<Self> {
        let ngram = |term: &[u8]| term.try_into().map(u64::from_be_bytes).ok();
        let word = |term: &[u8]| std::str::from_utf8(term).map(of_word).ok();
        let (ngrams, titles, bodies) = std::thread::scope(|scope| {
            let ngrams = scope.spawn(|| count(searcher, fields.ngrams, ngram));
            let titles = scope.spawn(|| count(searcher, fields.title, word));
            let bodies = count(searcher, fields.body, word);
            (ngrams.join(), titles.join(), bodies)
        });
        let joined = |counted: std::thread::Result<Result<With>>| {
            counted.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        let mut counts = Self {
            documents: searcher.num_docs(),
            ngrams: joined(ngrams)?,
            titles: joined(titles)?,
            bodies: bodies?,
        };
        // Most are of one text: they tell nothing about others. But a word of one title may stand in many texts.
        for with in [&mut counts.ngrams, &mut counts.bodies] {
            with.retain(|_, with| *with > 1);
            with.shrink_to_fit();
        }
        Ok(counts)
    }

    /// Whether so much has changed that they should be taken anew.
    pub fn are_old(&self, documents: u64) -> bool {
        documents < FEW || self.documents.abs_diff(documents) > self.documents / 5
    }

    pub fn with(&self, ngram: u64) -> u64 {
        get(&self.ngrams, ngram)
    }

    /// In how many titles a word stands, and in how many texts.
    pub fn with_word(&self, form: &str) -> (u64, u64) {
        let ngram = of_word(form);
        (get(&self.titles, ngram), get(&self.bodies, ngram))
    }

    /// How much it says that a text has an n-gram that so many have; nothing where no other has it, or everybody.
    pub fn weight_of(&self, with: u64) -> Option<f32> {
        // The root: an n-gram that two texts share weighs in both, and so counts as its rarity does.
        let says = with <= 2.max(self.documents * 4 / 5);
        rarity(self.documents, with).filter(|_| says).map(f32::sqrt)
    }
}

fn get(of: &With, ngram: u64) -> u64 {
    of.get(&(ngram as u32)).copied().unwrap_or_default().into()
}

fn count(searcher: &Searcher, field: Field, ngram_of: impl Fn(&[u8]) -> Option<u64>) -> Result<With> {
    let mut with = With::default();
    for segment in searcher.segment_readers() {
        let inverted = segment.inverted_index(field).map_err(internal)?;
        let mut terms = inverted.terms().stream()?;
        while terms.advance() {
            if let Some(ngram) = ngram_of(terms.key()) {
                *with.entry(ngram as u32).or_default() += terms.value().doc_freq;
            }
        }
    }
    Ok(with)
}

/// How much it says that a text has what `with` of all texts have. Nothing where no other has it, or everybody.
pub fn rarity(documents: u64, with: u64) -> Option<f32> {
    let (documents, with) = (documents as f32, with as f32);
    let says = with >= 2.0 && (documents <= 20.0 || with <= documents * 0.2);
    says.then(|| (1.0 + (documents - with + 0.5) / (with + 0.5)).ln())
}

/// For keys that are hashes already.
#[derive(Debug, Default)]
pub struct Ready(u64);

impl Hasher for Ready {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |hash, &byte| mix(hash ^ u64::from(byte)));
    }
    fn write_u32(&mut self, n: u32) {
        // The table looks at the highest bits, too.
        self.0 = u64::from(n).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fold::fold;

    #[test]
    fn tokens_are_characters_words_digits_and_marks() {
        use Script::{Digit, Han, Letter, Other};
        let scripts: Vec<Script> =
            tokens(&fold(" 云計：  two Moons 15 ")).iter().map(|token| token.script).collect();
        assert_eq!(scripts, [Han, Han, Other, Other, Letter, Letter, Other, Digit, Digit]);
    }

    #[test]
    fn ngrams_are_the_same_for_the_same_words() {
        let (one, other) =
            (ngrams(&fold("The moon and the tides 潮汐")), ngrams(&fold("潮汐 of Moons and tide")));
        let shared = one.iter().filter(|ngram| other.contains(ngram)).count();
        assert_eq!(shared, 6, "moon, tide, both together, 潮, 汐 and 潮汐");
        assert!(one.contains(&of_word("moon")));
    }

    #[test]
    fn what_everybody_or_nobody_else_has_says_nothing() {
        assert_eq!((rarity(1_000, 1), rarity(1_000, 500)), (None, None));
        assert!(rarity(1_000, 2) > rarity(1_000, 20));
    }
}
