//! What may have been meant by a word that (nearly) no document has: one that is spelled or pronounced alike.

use std::collections::HashMap;

use kernel::Result;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{FuzzyTermQuery, PhraseQuery};
use tantivy::schema::Value;
use tantivy::{Searcher, TantivyDocument, Term};

use crate::asked::Asked;
use crate::fold::Script;
use crate::internal;
use crate::query::{Need, build};
use crate::schema::Fields;
use crate::sound;

/// How a hit was found that does not have the words as they were typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alike {
    Spelled,
    Pronounced,
}

/// Another text for what was typed.
#[derive(Clone, Debug)]
pub(crate) struct Respelled {
    pub text: String,
    pub alike: Alike,
}

/// A word that more documents have is no mistake.
const RARE: usize = 2;
/// And one that takes its place is so many times more common.
const COMMONER: u32 = 10;
/// Letters from which on one, and two, may be wrong.
const ONE_WRONG: usize = 4;
const TWO_WRONG: usize = 8;
/// A question in a sentence is not respelled.
const LONGEST: usize = 6;
/// Characters that are listened to, and documents that are looked at for them.
const MAX_SYLLABLES: usize = 8;
const LOOKED_AT: usize = 30;
/// Ways to read what was typed.
const WAYS: usize = 6;
/// What sounds alike and was found: this many.
const MEANT: usize = 3;

/// What may have been meant, likeliest first; nothing where every word stands in some document.
pub(crate) fn respell(asked: &[Asked], fields: &Fields, searcher: &Searcher) -> Result<Vec<Respelled>> {
    if asked.len() > LONGEST {
        return Ok(Vec::new());
    }
    let mut missing = Vec::with_capacity(asked.len());
    for word in asked {
        let query = build(std::slice::from_ref(word), Need::All, fields, searcher)?;
        let with = searcher.search(&query, &Count).map_err(internal)?;
        missing.push((with <= RARE).then_some(with as u32));
    }
    if missing.iter().all(Option::is_none) {
        return Ok(Vec::new());
    }
    // What may take the place of each word, or of several that are pinyin together.
    let mut ways: Vec<(String, Option<Alike>)> = vec![(String::new(), None)];
    let mut at = 0;
    while at < asked.len() {
        let written: String = asked[at].written.iter().collect();
        let mut taken = 1;
        let mut instead: Vec<(String, Option<Alike>)> = Vec::new();
        for many in (1..=joinable(&asked[at..], &missing[at..])).rev() {
            let words = &asked[at..at + many];
            if missing[at..at + many].iter().all(Option::is_none) {
                continue;
            }
            let (ways, typed) = if asked[at].script == Script::Han {
                let typed: Vec<char> = words.iter().flat_map(|word| word.written.clone()).collect();
                (read(&typed), Some(typed.iter().collect::<String>()))
            } else {
                let typed: Vec<String> = words.iter().map(|word| word.written.iter().collect()).collect();
                (sound_of(&typed), None)
            };
            let pronounced = sounding_like(&ways, typed.as_deref(), fields, searcher)?;
            if !pronounced.is_empty() {
                instead.extend(pronounced.into_iter().map(|text| (text, Some(Alike::Pronounced))));
                taken = many;
                break;
            }
        }
        if let (true, Some(with), Script::Letter) = (instead.is_empty(), missing[at], asked[at].script) {
            let spelled = spelled_like(&written, with, fields, searcher)?;
            instead.extend(spelled.map(|text| (text, Some(Alike::Spelled))));
        }
        if instead.is_empty() {
            instead.push((written, None));
        }
        let joined = |(before, alike): &(String, Option<Alike>), (text, how): &(String, Option<Alike>)| {
            let gap = if before.is_empty() { "" } else { " " };
            (format!("{before}{gap}{text}"), alike.or(*how))
        };
        ways = ways.iter().flat_map(|before| instead.iter().map(move |next| joined(before, next))).collect();
        ways.truncate(MEANT);
        at += taken;
    }
    Ok(ways.into_iter().filter_map(|(text, alike)| Some(Respelled { text, alike: alike? })).collect())
}

/// How many words at the beginning may be one that was taken apart: Chinese words without a gap, of which one is missing; Latin
/// ones, with or without, all missing.
fn joinable(asked: &[Asked], missing: &[Option<u32>]) -> usize {
    let script = asked[0].script;
    let follows = |n: usize| {
        let touches = asked[n].end == asked[n - 1].end + asked[n].written.len();
        asked[n].script == script && if script == Script::Han { touches } else { missing[n].is_some() }
    };
    let latin = script == Script::Letter && missing[0].is_some();
    if script != Script::Han && !latin {
        return 0;
    }
    1 + (1..asked.len().min(MAX_SYLLABLES)).take_while(|&n| follows(n)).count()
}

/// All ways in which words of Latin letters are syllables one after the other.
fn sound_of(typed: &[String]) -> Vec<Vec<String>> {
    let mut ways: Vec<Vec<String>> = vec![Vec::new()];
    for word in typed {
        let next = sound::syllables(word);
        ways = ways
            .iter()
            .flat_map(|way| next.iter().map(move |more| [way.as_slice(), more].concat()))
            .collect();
        ways.truncate(WAYS);
    }
    ways
}

/// All ways in which characters are read.
fn read(characters: &[char]) -> Vec<Vec<String>> {
    let mut ways: Vec<Vec<String>> = vec![Vec::new()];
    for &c in characters {
        let next = sound::readings(c);
        ways = ways
            .iter()
            .flat_map(|way| {
                next.iter().map(move |more| [way.as_slice(), std::slice::from_ref(more)].concat())
            })
            .collect();
        ways.truncate(WAYS);
    }
    ways
}

/// What is pronounced like this in titles, tags and names, the commonest first.
fn sounding_like(
    ways: &[Vec<String>],
    not: Option<&str>,
    fields: &Fields,
    searcher: &Searcher,
) -> Result<Vec<String>> {
    let mut found: HashMap<String, usize> = HashMap::new();
    for way in ways.iter().filter(|way| (2..=MAX_SYLLABLES).contains(&way.len())) {
        let terms = way.iter().map(|syllable| Term::from_field_text(fields.sound, syllable)).collect();
        let query = PhraseQuery::new(terms);
        let top = TopDocs::with_limit(LOOKED_AT).order_by_score();
        for (_, place) in searcher.search(&query, &top).map_err(internal)? {
            let stored: TantivyDocument = searcher.doc(place).map_err(internal)?;
            for field in [fields.title, fields.tags, fields.name] {
                for text in stored.get_all(field).filter_map(|value| value.as_str()) {
                    for run in sound::read_like(text, way) {
                        *found.entry(run).or_default() += 1;
                    }
                }
            }
        }
    }
    let mut found: Vec<(String, usize)> =
        found.into_iter().filter(|(run, _)| Some(run.as_str()) != not).collect();
    found.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    Ok(found.into_iter().take(MEANT).map(|(run, _)| run).collect())
}

/// The nearest, and of those the commonest, word of the index that differs from `word` in a letter or two.
fn spelled_like(word: &str, with: u32, fields: &Fields, searcher: &Searcher) -> Result<Option<String>> {
    let letters = word.chars().count();
    if letters < ONE_WRONG {
        return Ok(None);
    }
    let wrong = if letters < TWO_WRONG { 1 } else { 2 };
    for distance in 1..=wrong {
        let mut found: HashMap<String, u32> = HashMap::new();
        let like = FuzzyTermQuery::new(Term::from_field_text(fields.grams, word), distance, true);
        for segment in searcher.segment_readers() {
            let inverted = segment.inverted_index(fields.grams).map_err(internal)?;
            // Without the bounds, every pair of Chinese characters would be looked at.
            let range = inverted.terms().search(like.automaton().map_err(internal)?).ge("a").lt("{");
            let mut terms = range.into_stream()?;
            while terms.advance() {
                if let Ok(term) = std::str::from_utf8(terms.key())
                    && term != word
                {
                    *found.entry(term.to_owned()).or_default() += terms.value().doc_freq;
                }
            }
        }
        found.retain(|_, n| *n > with * COMMONER);
        let best = found.into_iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0)));
        if let Some((best, _)) = best {
            return Ok(Some(best));
        }
    }
    Ok(None)
}
