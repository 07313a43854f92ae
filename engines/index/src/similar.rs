//! Which texts are about the same.

use std::collections::HashMap;

use kernel::{ArticleId, Result};
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, Occur, TermQuery};
use tantivy::schema::{IndexRecordOption, Value};
use tantivy::{DocAddress, Searcher, TantivyDocument, Term};

use crate::fold::{Script, fold};
use crate::query::boost;
use crate::schema::{SKETCH, is_short, short};
use crate::search::id_of;
use crate::sketch::Sketch;
use crate::stop::is_stop;
use crate::words::{characters, words};
use crate::{Index, internal};

/// A text that is about the same as another.
#[derive(Clone, Copy, Debug)]
pub struct Similar {
    pub id: ArticleId,
    /// How much of what is particular to the one is in the other, 0 to 1.
    pub closeness: f32,
    /// Tells copies: see [`Sketch::likeness`].
    pub sketch: Sketch,
}

/// A text says in its beginning what it is about; this many characters are read.
const READ: usize = 3_000;
/// Words that are most particular to the text.
const WORDS: usize = 24;
/// A word of the title counts as if it stood in the text this many times more.
const TITLE: f32 = 3.0;
/// What a word counts in the title of the other text, and in its body.
const IN_TITLE: f32 = 1.5;
const IN_BODY: f32 = 1.0;
/// Neighbours of a short text whose words are taken for its own too.
const NEIGHBOURS: usize = 20;
/// What all of them say counts this many times what the text says itself.
const HEARSAY: f32 = 2.0;
/// What a text is looked up by at most, the weightiest: twenty long titles have thousands of characters and pairs.
const LOOKED_UP: usize = 150;
/// What words of a short text count beside its characters.
const SHORT_WORDS: f32 = 0.5;

/// What a text is looked up by, with weights.
type Terms = HashMap<Term, f32>;

impl Index {
    /// Up to `limit` other texts that share the words most particular to a text (tf·idf), closest first, copies and all;
    /// `None` where the text is not in the index. With it its own sketch.
    ///
    /// A short text, such as a title without a body, has few words, and what is about the same need not share any. It is
    /// looked up by its characters as well, and then once more with what its first neighbours say (pseudo-relevance feedback; Rocchio 1971).
    pub fn similar(&self, id: ArticleId, limit: usize) -> Result<Option<(Sketch, Vec<Similar>)>> {
        let searcher = self.0.reader.searcher();
        let Some(place) = self.place_of(&searcher, id)? else { return Ok(None) };
        let sketch = sketch_of(&searcher, place)?;
        let (title, text) = self.stored(&searcher, place)?;
        let mut terms;
        if is_short(&text) {
            terms = self.all_of(&searcher, &short(&title, &text))?;
            let (_, near) = nearest(&searcher, &terms, place, NEIGHBOURS)?;
            let all: f32 = near.iter().map(|(score, _)| score).sum();
            for (score, at) in near {
                for (term, weight) in self.all_of(&searcher, &self.stored(&searcher, at)?.0)? {
                    *terms.entry(term).or_default() += HEARSAY * weight * score / all;
                }
            }
        } else {
            terms = self.words_of(&searcher, &title, &text)?;
        }
        let (full, near) = nearest(&searcher, &terms, place, limit)?;
        let mut similar = Vec::with_capacity(near.len());
        for (score, at) in near {
            let closeness = (score / full).min(1.0);
            similar.push(Similar { id: id_of(&searcher, at)?, closeness, sketch: sketch_of(&searcher, at)? });
        }
        Ok(Some((sketch, similar)))
    }

    /// The sketches of texts, of those that are in the index.
    pub fn sketches(&self, ids: &[ArticleId]) -> Result<HashMap<ArticleId, Sketch>> {
        let searcher = self.0.reader.searcher();
        let mut sketches = HashMap::new();
        for &id in ids {
            if let Some(place) = self.place_of(&searcher, id)? {
                sketches.insert(id, sketch_of(&searcher, place)?);
            }
        }
        Ok(sketches)
    }

    fn place_of(&self, searcher: &Searcher, id: ArticleId) -> Result<Option<DocAddress>> {
        let this = TermQuery::new(self.id_term(id), IndexRecordOption::Basic);
        let top = searcher.search(&this, &TopDocs::with_limit(1).order_by_score()).map_err(internal)?;
        Ok(top.first().map(|&(_, place)| place))
    }

    fn stored(&self, searcher: &Searcher, place: DocAddress) -> Result<(String, String)> {
        let stored: TantivyDocument = searcher.doc(place).map_err(internal)?;
        let text = |field| stored.get_first(field).and_then(|value| value.as_str()).unwrap_or_default();
        Ok((text(self.0.fields.title).to_owned(), text(self.0.fields.body).to_owned()))
    }

    /// The words that are most particular to a text, with weights up to 1 for where they stand in another one.
    fn words_of(&self, searcher: &Searcher, title: &str, text: &str) -> Result<Terms> {
        let fields = &self.0.fields;
        let mut counts: HashMap<String, f32> = HashMap::new();
        for (text, worth) in [(title, TITLE), (text, 1.0)] {
            let start = text.char_indices().nth(READ).map_or(text, |(end, _)| &text[..end]);
            for word in words(&fold(start)) {
                let says = match word.script {
                    Script::Han => word.len > 1,
                    Script::Letter => word.len > 2,
                    _ => false,
                };
                if says && !word.part && !is_stop(&word.text) {
                    *counts.entry(word.text).or_default() += worth;
                }
            }
        }
        let mut terms = Vec::with_capacity(counts.len());
        for (word, count) in counts {
            let places = [fields.title, fields.body].map(|field| Term::from_field_text(field, &word));
            let mut with = 0;
            for place in &places {
                with = with.max(searcher.doc_freq(place).map_err(internal)?);
            }
            if let Some(rarity) = rarity(searcher, with) {
                terms.push((places, (1.0 + count.ln()) * rarity));
            }
        }
        terms.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        terms.truncate(WORDS);
        let most = terms.first().map_or(1.0, |(_, weight)| *weight);
        let both = |([title, body], weight): ([Term; 2], f32)| {
            [(title, weight / most * IN_TITLE), (body, weight / most * IN_BODY)]
        };
        Ok(terms.into_iter().flat_map(both).collect())
    }

    /// The words of a short text and its characters.
    fn all_of(&self, searcher: &Searcher, text: &str) -> Result<Terms> {
        let mut terms = self.characters_of(searcher, text)?;
        let words = self.words_of(searcher, text, "")?;
        terms.extend(words.into_iter().map(|(term, weight)| (term, weight * SHORT_WORDS)));
        Ok(terms)
    }

    /// The characters of a short text, single and in pairs, with weights up to 1.
    fn characters_of(&self, searcher: &Searcher, text: &str) -> Result<Terms> {
        let mut terms = Terms::new();
        let mut most = 1.0_f32;
        for gram in characters(&fold(text)) {
            let term = Term::from_field_text(self.0.fields.characters, &gram);
            if let Some(rarity) = rarity(searcher, searcher.doc_freq(&term).map_err(internal)?) {
                most = most.max(rarity);
                terms.insert(term, rarity);
            }
        }
        for weight in terms.values_mut() {
            *weight /= most;
        }
        Ok(terms)
    }
}

/// How much it says that a text has what `with` texts have. Nothing where no other has it, or everybody.
fn rarity(searcher: &Searcher, with: u64) -> Option<f32> {
    let (documents, with) = (searcher.num_docs() as f32, with as f32);
    let says = with >= 2.0 && (documents <= 20.0 || with <= documents * 0.2);
    says.then(|| (1.0 + (documents - with + 0.5) / (with + 0.5)).ln())
}

/// The texts with the most of `terms` but the one at `place`, whose own score sets the measure and comes first.
fn nearest(
    searcher: &Searcher,
    terms: &Terms,
    place: DocAddress,
    limit: usize,
) -> Result<(f32, Vec<(f32, DocAddress)>)> {
    if terms.is_empty() {
        return Ok((1.0, Vec::new()));
    }
    let mut clauses: Vec<_> = terms.iter().collect();
    // In an order that is the same each time: sums of floats depend on it.
    clauses.sort_unstable_by(|a, b| b.1.total_cmp(a.1).then_with(|| a.0.cmp(b.0)));
    clauses.truncate(LOOKED_UP);
    let clause = |(term, weight): (&Term, &f32)| {
        let has = TermQuery::new(term.clone(), IndexRecordOption::WithFreqs);
        (Occur::Should, boost(has, *weight))
    };
    let query = BooleanQuery::new(clauses.into_iter().map(clause).collect());
    let top = searcher.search(&query, &TopDocs::with_limit(limit + 1).order_by_score()).map_err(internal)?;
    let full = top.iter().find(|(_, at)| *at == place).or(top.first()).map_or(1.0, |&(score, _)| score);
    Ok((full, top.into_iter().filter(|&(_, at)| at != place).take(limit).collect()))
}

fn sketch_of(searcher: &Searcher, place: DocAddress) -> Result<Sketch> {
    let column = searcher.segment_reader(place.segment_ord).fast_fields().u64(SKETCH).map_err(internal)?;
    Ok(Sketch::from_words(column.values_for_doc(place.doc_id)))
}
