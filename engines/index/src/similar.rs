//! Which texts are about the same.

use std::collections::HashMap;

use kernel::{ArticleId, Result};
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, Occur, TermQuery};
use tantivy::schema::{IndexRecordOption, Value};
use tantivy::{DocAddress, Searcher, TantivyDocument, Term};

use crate::fold::{Script, fold};
use crate::query::boost;
use crate::schema::{SKETCH, is_short};
use crate::search::id_of;
use crate::short::Short;
use crate::signs::rarity;
use crate::sketch::Sketch;
use crate::stop::is_stop;
use crate::words::words;
use crate::{Index, internal};

/// A text that is about the same as another.
#[derive(Clone, Debug)]
pub struct Similar {
    pub id: ArticleId,
    /// How much of what is particular to the one is in the other, 0 to 1.
    pub closeness: f32,
    /// Tells copies: see [`Sketch::is_copy`].
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
/// Places of a text's terms that are looked at, the weightiest terms first: common ones add little and take longest.
const PLACES: u64 = 300_000;

/// What a text is looked up by.
pub(crate) struct Clue {
    pub term: Term,
    pub weight: f32,
    /// In how many texts it stands.
    pub with: u64,
}

impl Index {
    /// Up to `limit` other texts that share the words most particular to a text (tf·idf), closest first, copies and all;
    /// `None` where the text is not in the index. With it its own sketch. Short texts are compared by [`Short`].
    pub fn similar(&self, id: ArticleId, limit: usize) -> Result<Option<(Sketch, Vec<Similar>)>> {
        let searcher = self.searcher();
        let Some(place) = self.place_of(&searcher, id)? else { return Ok(None) };
        let (title, text) = self.stored(&searcher, place)?;
        let near = if is_short(&text) {
            Short::new(&searcher, self.counts(), self.0.fields.signs)?.near(place, limit)?
        } else {
            let (full, near) = nearest(&searcher, self.words_of(&searcher, &title, &text)?, place, limit)?;
            near.into_iter().map(|(score, at)| ((score / full).min(1.0), at)).collect()
        };
        let mut similar = Vec::with_capacity(near.len());
        for (closeness, at) in near {
            similar.push(Similar { id: id_of(&searcher, at)?, closeness, sketch: sketch_of(&searcher, at)? });
        }
        Ok(Some((sketch_of(&searcher, place)?, similar)))
    }

    /// The sketches of texts, of those that are in the index.
    pub fn sketches(&self, ids: &[ArticleId]) -> Result<HashMap<ArticleId, Sketch>> {
        let searcher = self.searcher();
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
    fn words_of(&self, searcher: &Searcher, title: &str, text: &str) -> Result<Vec<Clue>> {
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
            let places = [(fields.title, IN_TITLE), (fields.body, IN_BODY)].map(|(field, worth)| {
                let term = Term::from_field_text(field, &word);
                searcher.doc_freq(&term).map(|with| Clue { term, weight: worth, with })
            });
            let [title, body] = places;
            let (title, body) = (title.map_err(internal)?, body.map_err(internal)?);
            if let Some(rarity) = rarity(searcher.num_docs(), title.with.max(body.with)) {
                terms.push(((1.0 + count.ln()) * rarity, title, body));
            }
        }
        terms.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.2.term.cmp(&b.2.term)));
        terms.truncate(WORDS);
        let most = terms.first().map_or(1.0, |(weight, ..)| *weight);
        let both = |(weight, title, body): (f32, Clue, Clue)| {
            [title, body].map(|clue| Clue { weight: clue.weight * weight / most, ..clue })
        };
        Ok(terms.into_iter().flat_map(both).collect())
    }
}

/// The texts with the most of what a text is looked up by, but the one at `place`, whose own score sets the measure and comes first.
pub(crate) fn nearest(
    searcher: &Searcher,
    mut clues: Vec<Clue>,
    place: DocAddress,
    limit: usize,
) -> Result<(f32, Vec<(f32, DocAddress)>)> {
    // In an order that is the same each time: sums of floats depend on it.
    clues.sort_unstable_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| a.term.cmp(&b.term)));
    let mut left = PLACES;
    clues.retain(|clue| {
        let fits = left >= clue.with;
        left -= if fits { clue.with } else { 0 };
        fits
    });
    if clues.is_empty() {
        return Ok((1.0, Vec::new()));
    }
    let clause = |clue: Clue| {
        let has = TermQuery::new(clue.term, IndexRecordOption::WithFreqs);
        (Occur::Should, boost(has, clue.weight))
    };
    let query = BooleanQuery::new(clues.into_iter().map(clause).collect());
    let top = searcher.search(&query, &TopDocs::with_limit(limit + 1).order_by_score()).map_err(internal)?;
    let full = top.iter().find(|(_, at)| *at == place).or(top.first()).map_or(1.0, |&(score, _)| score);
    Ok((full, top.into_iter().filter(|&(_, at)| at != place).take(limit).collect()))
}

fn sketch_of(searcher: &Searcher, place: DocAddress) -> Result<Sketch> {
    let column = searcher.segment_reader(place.segment_ord).fast_fields().u64(SKETCH).map_err(internal)?;
    Ok(Sketch::from_words(column.values_for_doc(place.doc_id)))
}
