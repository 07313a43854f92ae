//! Which texts are about the same.

use std::collections::HashMap;

use kernel::{ArticleId, AuthorId, Result, Slug, Time};
use rustc_hash::FxHashMap;
use tantivy::schema::Value;
use tantivy::{DocAddress, TantivyDocument, Term};

use crate::document::is_short;
use crate::fold::{Script, fold};
use crate::nearest::{QueryTerm, nearest};
use crate::ngrams::rarity;
use crate::short::Short;
use crate::sketch::Sketch;
use crate::stop::is_stop;
use crate::view::View;
use crate::words::{Kind, words};
use crate::{Index, internal};

/// A text that is about the same as another, with what is known of it without asking for it.
#[derive(Clone, Debug)]
pub struct Similar {
    pub id: ArticleId,
    /// How much of what is particular to the one is in the other, 0 to 1.
    pub closeness: f32,
    pub author: AuthorId,
    /// Nothing where it is no slug.
    pub channel: Option<Slug>,
    pub published_at: Time,
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

impl Index {
    /// Up to `limit` other texts that share the words most particular to a text (tf·idf), closest first, copies and all;
    /// `None` where the text is not in the index. With it its own sketch. Short texts are compared by [`Short`].
    pub fn similar(&self, id: ArticleId, limit: usize) -> Result<Option<(Sketch, Vec<Similar>)>> {
        let view = self.view();
        let Some(place) = view.place_of(id)? else { return Ok(None) };
        let (title, text) = stored(&view, place)?;
        let near = if is_short(&text) {
            Short::new(&view).near(place, limit)?
        } else {
            let (full, near) = nearest(&view, words_of(&view, &title, &text)?, place, limit)?;
            near.into_iter().map(|(score, at)| ((score / full).min(1.0), at)).collect()
        };
        let similar = |(closeness, at): (f32, DocAddress)| Similar {
            id: view.id_of(at),
            closeness,
            author: view.author_of(at),
            channel: view.channel_of(at),
            published_at: view.time_of(at),
            sketch: view.sketch_of(at),
        };
        Ok(Some((view.sketch_of(place), near.into_iter().map(similar).collect())))
    }

    /// The sketches of texts, of those that are in the index.
    pub fn sketches(&self, ids: &[ArticleId]) -> Result<HashMap<ArticleId, Sketch>> {
        let view = self.view();
        let mut sketches = HashMap::new();
        for &id in ids {
            if let Some(place) = view.place_of(id)? {
                sketches.insert(id, view.sketch_of(place));
            }
        }
        Ok(sketches)
    }
}

fn stored(view: &View, place: DocAddress) -> Result<(String, String)> {
    let stored: TantivyDocument = view.searcher.doc(place).map_err(internal)?;
    let text = |field| stored.get_first(field).and_then(|value| value.as_str()).unwrap_or_default();
    Ok((text(view.fields.title).to_owned(), text(view.fields.body).to_owned()))
}

/// The words that are most particular to a text, with weights up to 1 for where they stand in another one.
fn words_of(view: &View, title: &str, text: &str) -> Result<Vec<QueryTerm>> {
    // Of a bounded text, so that words made to collide gain nothing.
    let mut counts: FxHashMap<String, f32> = FxHashMap::default();
    counts.reserve(READ / 4);
    for (text, worth) in [(title, TITLE), (text, 1.0)] {
        let start = text.char_indices().nth(READ).map_or(text, |(end, _)| &text[..end]);
        for word in words(&fold(start)) {
            let says = match word.script {
                Script::Han => word.len > 1,
                Script::Letter => word.len > 2,
                _ => false,
            };
            if says && matches!(word.kind, Kind::Whole | Kind::Piece) && !is_stop(&word.text) {
                *counts.entry(word.text).or_default() += worth;
            }
        }
    }
    let documents = view.searcher.num_docs();
    let mut terms: Vec<(f32, String, (u64, u64))> = Vec::with_capacity(counts.len());
    for (word, count) in counts {
        let with = view.with_word(&word)?;
        if let Some(rarity) = rarity(documents, with.0.max(with.1)) {
            terms.push(((1.0 + count.ln()) * rarity, word, with));
        }
    }
    terms.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    terms.truncate(WORDS);
    let most = terms.first().map_or(1.0, |(weight, ..)| *weight);
    let both = |(weight, word, with): (f32, String, (u64, u64))| {
        [(view.fields.title, IN_TITLE, with.0), (view.fields.body, IN_BODY, with.1)].map(
            |(field, worth, with)| QueryTerm {
                term: Term::from_field_text(field, &word),
                weight: worth * weight / most,
                with,
            },
        )
    };
    Ok(terms.into_iter().flat_map(both).filter(|query_term| query_term.with > 0).collect())
}
