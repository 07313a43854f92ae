//! Which texts are about the same.

use std::collections::HashMap;

use kernel::{ArticleId, Result};
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, Occur, TermQuery};
use tantivy::schema::{IndexRecordOption, Value};
use tantivy::{DocAddress, Searcher, TantivyDocument, Term};

use crate::fold::{Script, fold};
use crate::query::{boost, has};
use crate::schema::SKETCH;
use crate::search::id_of;
use crate::sketch::Sketch;
use crate::stop::is_stop;
use crate::words::words;
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

impl Index {
    /// Up to `limit` other texts that share the words most particular to a text (tf·idf), closest first, copies and all;
    /// `None` where the text is not in the index. With it its own sketch.
    pub fn similar(&self, id: ArticleId, limit: usize) -> Result<Option<(Sketch, Vec<Similar>)>> {
        let searcher = self.0.reader.searcher();
        let this = TermQuery::new(self.id_term(id), IndexRecordOption::Basic);
        let top = searcher.search(&this, &TopDocs::with_limit(1).order_by_score()).map_err(internal)?;
        let Some(&(_, place)) = top.first() else { return Ok(None) };
        let sketch = sketch_of(&searcher, place)?;
        let terms = self.particular(&searcher, place)?;
        if terms.is_empty() {
            return Ok(Some((sketch, Vec::new())));
        }
        let clauses = terms.iter().flat_map(|(term, weight)| {
            let fields = [(self.0.fields.title, 1.5), (self.0.fields.body, 1.0)];
            fields.map(|(field, here)| (Occur::Should, boost(has(field, term), weight * here)))
        });
        let query = BooleanQuery::new(clauses.collect());
        // The text itself comes first and sets the measure.
        let top =
            searcher.search(&query, &TopDocs::with_limit(limit + 1).order_by_score()).map_err(internal)?;
        let full = top.iter().find(|(_, at)| *at == place).or(top.first()).map_or(1.0, |&(score, _)| score);
        let mut similar = Vec::with_capacity(limit);
        for (score, at) in top.into_iter().filter(|&(_, at)| at != place).take(limit) {
            let closeness = (score / full).min(1.0);
            similar.push(Similar { id: id_of(&searcher, at)?, closeness, sketch: sketch_of(&searcher, at)? });
        }
        Ok(Some((sketch, similar)))
    }

    /// The words that are most particular to a text, with weights up to 1.
    fn particular(&self, searcher: &Searcher, place: DocAddress) -> Result<Vec<(String, f32)>> {
        let fields = &self.0.fields;
        let stored: TantivyDocument = searcher.doc(place).map_err(internal)?;
        let text = |field| stored.get_first(field).and_then(|value| value.as_str()).unwrap_or_default();
        let mut counts: HashMap<String, f32> = HashMap::new();
        for (text, worth) in [(text(fields.title), TITLE), (text(fields.body), 1.0)] {
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
        let documents = searcher.num_docs() as f32;
        let mut terms = Vec::with_capacity(counts.len());
        for (word, count) in counts {
            let with = searcher.doc_freq(&Term::from_field_text(fields.body, &word)).map_err(internal)?;
            let with =
                with.max(searcher.doc_freq(&Term::from_field_text(fields.title, &word)).map_err(internal)?);
            // What nobody else says finds nothing; what everybody says means nothing.
            if with < 2 || documents > 20.0 && with as f32 > documents * 0.2 {
                continue;
            }
            let rarity = (1.0 + (documents - with as f32 + 0.5) / (with as f32 + 0.5)).ln();
            terms.push((word, (1.0 + count.ln()) * rarity));
        }
        terms.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        terms.truncate(WORDS);
        let most = terms.first().map_or(1.0, |(_, weight)| *weight);
        Ok(terms.into_iter().map(|(word, weight)| (word, weight / most)).collect())
    }
}

fn sketch_of(searcher: &Searcher, place: DocAddress) -> Result<Sketch> {
    let column = searcher.segment_reader(place.segment_ord).fast_fields().u64(SKETCH).map_err(internal)?;
    Ok(Sketch::from_words(column.values_for_doc(place.doc_id)))
}
