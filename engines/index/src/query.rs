//! What was asked for, as a query.

use std::collections::HashMap;
use std::ops::Bound;

use kernel::Result;
use tantivy::query::{BooleanQuery, BoostQuery, Occur, PhraseQuery, RangeQuery, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, Term};

use crate::asked::{Asked, is_spaced};
use crate::schema::{Fields, folded};
use crate::wanted::{Phrase, Wanted};
use crate::{internal, words};

pub(crate) type Dyn = Box<dyn tantivy::query::Query>;

/// How much a word counts where it stands. That titles and names are short makes their words count more already.
const TITLE: f32 = 1.0;
const TAGS: f32 = 2.0;
const NAME: f32 = 1.5;
const BODY: f32 = 1.0;
/// Found by its characters, for each two of them: below those that have the word.
const GRAMS: f32 = 0.6;
/// Words that stand next to each other as they were asked for.
const NEIGHBOURS: f32 = 0.7;
/// All words together as they were asked for: what was looked for, word for word.
const WHOLE: f32 = 2.0;
const WHOLE_LONGEST: usize = 8;
/// A word that begins as the last, perhaps unfinished, one does.
const BEGINNING: f32 = 0.5;
const BEGINNINGS: usize = 16;

fn side_by_side(field: Field, terms: &[(usize, &str)]) -> PhraseQuery {
    let term = |(at, text): &(usize, &str)| (*at, Term::from_field_text(field, text));
    PhraseQuery::new_with_offset(terms.iter().map(term).collect())
}

/// How much of what was asked for a document must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    All,
    /// This many of the words, and of a word some part.
    Some(usize),
}

/// All that is not the words: phrases, what must not be there, fields.
pub(crate) fn limits(wanted: &Wanted, fields: &Fields, searcher: &Searcher) -> Result<Vec<(Occur, Dyn)>> {
    let mut out: Vec<(Occur, Dyn)> = Vec::new();
    for quoted in &wanted.phrases {
        out.push((Occur::Must, phrase(quoted, fields, searcher)?));
    }
    for quoted in &wanted.without {
        out.push((Occur::MustNot, phrase(quoted, fields, searcher)?));
    }
    for (field, words) in [(fields.title, &wanted.title), (fields.name, &wanted.author)] {
        for word in words {
            let any = std::iter::once(&word.term).chain(&word.parts).map(|term| has(field, term));
            let any: Vec<(Occur, Dyn)> = any.map(|query| (Occur::Should, Box::new(query) as Dyn)).collect();
            out.push((Occur::Must, Box::new(BooleanQuery::new(any))));
        }
    }
    for tag in &wanted.tags {
        out.push((Occur::Must, Box::new(has(fields.tag, &folded(tag)))));
    }
    Ok(out)
}

/// What stands there as it was quoted.
fn phrase(quoted: &Phrase, fields: &Fields, searcher: &Searcher) -> Result<Dyn> {
    let words = &quoted.words;
    let mut all: Vec<(Occur, Dyn)> = Vec::new();
    for pair in &quoted.pairs {
        all.push((Occur::Must, Box::new(has(fields.grams, pair))));
    }
    let spaced: Vec<&Asked> = words.iter().filter(|word| is_spaced(word.script)).collect();
    if let [first, _, ..] = spaced[..] {
        let terms: Vec<(usize, &str)> = spaced.iter().flat_map(|word| word.terms(first.position)).collect();
        let any = [fields.title, fields.body]
            .map(|field| (Occur::Should, Box::new(side_by_side(field, &terms)) as Dyn));
        all.push((Occur::Must, Box::new(BooleanQuery::new(any.into()))));
    } else if quoted.pairs.is_empty() || !spaced.is_empty() {
        for word in words {
            all.push((Occur::Must, one(word, false, fields, searcher)?));
        }
    }
    Ok(Box::new(BooleanQuery::new(all)))
}

/// The documents that have what is needed.
pub(crate) fn build(asked: &[Asked], need: Need, fields: &Fields, searcher: &Searcher) -> Result<Dyn> {
    let mut found = Vec::with_capacity(asked.len());
    for word in asked {
        found.push(one(word, need != Need::All, fields, searcher)?);
    }
    let mut clauses: Vec<(Occur, Dyn)> = match need {
        Need::All => found.into_iter().map(|query| (Occur::Must, query)).collect(),
        Need::Some(need) => {
            let any = found.into_iter().map(|query| (Occur::Should, query)).collect();
            vec![(Occur::Must, Box::new(BooleanQuery::with_minimum_required_clauses(any, need)))]
        }
    };
    // A word that was left out may stand between two, not more.
    let near = |pair: &[Asked]| pair[1].position - pair[0].position <= pair[0].written.len() + 2;
    let mut together = |words: &[Asked], weight: f32| {
        for (field, here) in [(fields.title, TITLE), (fields.body, BODY)] {
            let term =
                |word: &Asked| (word.position - words[0].position, Term::from_field_text(field, &word.term));
            let phrase = PhraseQuery::new_with_offset(words.iter().map(term).collect());
            clauses.push((Occur::Should, boost(phrase, weight * here)));
        }
    };
    for pair in asked.windows(2).filter(|pair| near(pair)) {
        together(pair, NEIGHBOURS);
    }
    if (3..=WHOLE_LONGEST).contains(&asked.len()) && asked.windows(2).all(near) {
        together(asked, WHOLE);
    }
    Ok(Box::new(BooleanQuery::new(clauses)))
}

/// One word, wherever it may stand. `loose` is content with a part of it.
fn one(word: &Asked, loose: bool, fields: &Fields, searcher: &Searcher) -> Result<Dyn> {
    let mut any: Vec<(Occur, Dyn)> = Vec::new();
    let everywhere = |term: &str, weight: f32, any: &mut Vec<(Occur, Dyn)>| {
        for (field, here) in
            [(fields.title, TITLE), (fields.tags, TAGS), (fields.name, NAME), (fields.body, BODY)]
        {
            any.push((Occur::Should, boost(has(field, term), weight * here)));
        }
    };
    everywhere(&word.term, 1.0, &mut any);
    if is_spaced(word.script) {
        if loose {
            // Words of unspaced scripts are found by their characters too: none is to count for less than another.
            any.push((Occur::Should, boost(has(fields.grams, &String::from_iter(&word.written)), GRAMS)));
        }
        if word.unfinished {
            let beginning: String = word.written.iter().collect();
            for term in beginnings(&beginning, fields.grams, searcher)? {
                if term != word.term {
                    everywhere(&term, BEGINNING, &mut any);
                }
            }
        }
        if !word.pieces.is_empty() {
            // `GPT-4o` also finds `GPT 4o` and `GPT4o`, and what stands within `GPT-4o/GPT-5/o3/o4`.
            let terms: Vec<(usize, &str)> =
                word.pieces.iter().map(|(at, term)| (*at, term.as_str())).collect();
            for (field, here) in [(fields.title, TITLE), (fields.body, BODY)] {
                any.push((Occur::Should, boost(side_by_side(field, &terms), BEGINNING * here)));
            }
            for field in [fields.tags, fields.name] {
                let each = terms.iter().map(|(_, term)| (Occur::Must, Box::new(has(field, term)) as Dyn));
                any.push((Occur::Should, boost(BooleanQuery::new(each.collect()), BEGINNING)));
            }
            if let Some(spelled) = words::unhyphenated(&word.written) {
                everywhere(&words::form(&spelled), BEGINNING, &mut any);
            }
            if loose {
                for part in word.parts.iter().filter(|part| word.is_told_by(part)) {
                    everywhere(part, BEGINNING, &mut any);
                }
            }
        } else if word.parts.len() > 1 {
            // `iPhone15` also finds `iPhone 15`.
            let parts = word.parts.iter().map(|part| {
                let mut any = Vec::new();
                everywhere(part, BEGINNING, &mut any);
                (Occur::Must, Box::new(BooleanQuery::new(any)) as Dyn)
            });
            any.push((Occur::Should, Box::new(BooleanQuery::new(parts.collect()))));
        }
    } else {
        let each: Vec<Dyn> = match word.written.as_slice() {
            // Each character begins a gram.
            [one] => {
                let bound = |text: String| Bound::Included(Term::from_field_text(fields.grams, &text));
                let range = RangeQuery::new(bound(one.to_string()), bound(format!("{one}{}", char::MAX)));
                vec![boost(range, GRAMS)]
            }
            many => {
                let pairs = many.windows(2).map(String::from_iter);
                pairs.map(|pair| boost(has(fields.grams, &pair), GRAMS)).collect()
            }
        };
        if loose {
            any.extend(each.into_iter().map(|gram| (Occur::Should, gram)));
            for part in &word.parts {
                everywhere(part, BEGINNING, &mut any);
            }
        } else {
            let each: Vec<(Occur, Dyn)> = each.into_iter().map(|gram| (Occur::Must, gram)).collect();
            any.push((Occur::Should, Box::new(BooleanQuery::new(each))));
        }
    }
    Ok(Box::new(BooleanQuery::new(any)))
}

/// The commonest words that begin like this, in the form in which they are indexed.
pub(crate) fn beginnings(beginning: &str, grams: Field, searcher: &Searcher) -> Result<Vec<String>> {
    /// Per segment; an index has few segments, and a two-letter beginning has thousands of words.
    const LOOKED_AT: usize = 500;
    let mut found: HashMap<String, u32> = HashMap::new();
    let past = [beginning.as_bytes(), &[0xff]].concat(); // 0xff stands in no UTF-8 text
    for segment in searcher.segment_readers() {
        let inverted = segment.inverted_index(grams).map_err(internal)?;
        let range = inverted.terms().range().ge(beginning).lt(&past);
        let mut terms = range.into_stream()?;
        for _ in 0..LOOKED_AT {
            if !terms.advance() {
                break;
            }
            if let Ok(word) = std::str::from_utf8(terms.key()) {
                *found.entry(words::form(word)).or_default() += terms.value().doc_freq;
            }
        }
    }
    let mut found: Vec<(String, u32)> = found.into_iter().collect();
    found.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    found.truncate(BEGINNINGS);
    Ok(found.into_iter().map(|(word, _)| word).collect())
}

pub(crate) fn has(field: Field, term: &str) -> TermQuery {
    TermQuery::new(Term::from_field_text(field, term), IndexRecordOption::WithFreqs)
}

pub(crate) fn boost(query: impl tantivy::query::Query, weight: f32) -> Dyn {
    Box::new(BoostQuery::new(Box::new(query), weight))
}
