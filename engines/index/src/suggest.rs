//! Titles that have what is being typed.

use kernel::{ArticleId, Result, Time};
use tantivy::query::{BooleanQuery, EnableScoring, Occur, Query, TermQuery};
use tantivy::schema::{IndexRecordOption, Value};
use tantivy::{DocAddress, DocSet, TERMINATED, TantivyDocument, Term};

use crate::asked::{Asked, parse};
use crate::fold::{Folded, Script, fold, script};
use crate::ngrams::{Token, of_word, pair_of, single, tokens};
use crate::query::beginnings;
use crate::schema::folded;
use crate::{Index, internal};

/// Titles that are looked at; of those that have what was typed, the last that came in are enough.
const LOOKED_AT: usize = 5_000;

/// For each that is shown, so many are read.
const READ: usize = 6;

/// What was typed, in pieces that must stand in a title as they are; English words less what may be an ending.
fn parts(typed: &str) -> Vec<String> {
    let whole = folded(typed);
    let split = whole.split(|c: char| script(c) == Script::Other).filter(|part| !part.is_empty());
    let split = split.map(|part| part.trim_end_matches(['s', 'e', 'd']).to_owned());
    // `C++` is not `C`: a name with ngrams stands there with them.
    let has_marks = |word: &Asked| word.written.iter().any(|&c| script(c) == Script::Other && c != '\'');
    let names = parse(typed).into_iter().filter(has_marks).map(|word| String::from_iter(word.written));
    split.chain(names).collect()
}

impl Index {
    /// The newest titles that have all that was typed; the last word may go on.
    pub fn titles(&self, typed: &str, limit: usize) -> Result<Vec<(ArticleId, String)>> {
        let view = self.view();
        let searcher = &view.searcher;
        let Some(query) = self.titles_with(&fold(typed))? else { return Ok(Vec::new()) };
        let weight = query.weight(EnableScoring::disabled_from_searcher(searcher)).map_err(internal)?;
        let mut newest: Vec<(Time, DocAddress)> = Vec::new();
        for (ord, segment) in searcher.segment_readers().iter().enumerate() {
            let mut found = weight.scorer(segment, 1.0).map_err(internal)?;
            // Each segment by its share. Documents stand in the order in which they came in: where many have it, the first are passed over.
            let share = f64::from(segment.num_docs()) / searcher.num_docs() as f64;
            let (looked_at, have) = (LOOKED_AT as f64 * share, f64::from(found.size_hint().max(1)));
            let from = f64::from(segment.max_doc()) * (1.0 - looked_at / have).max(0.0);
            let mut doc = if from > f64::from(found.doc()) { found.seek(from as u32) } else { found.doc() };
            while doc != TERMINATED {
                if segment.alive_bitset().is_none_or(|alive| alive.is_alive(doc)) {
                    let place = DocAddress::new(ord as u32, doc);
                    newest.push((view.time_of(place), place));
                }
                doc = found.advance();
            }
        }
        let shown = limit * READ;
        if newest.len() > shown {
            newest.select_nth_unstable_by(shown, |a, b| b.cmp(a));
            newest.truncate(shown);
        }
        newest.sort_unstable_by(|a, b| b.cmp(a));
        let mut titles = Vec::new();
        let parts = parts(typed);
        for (_, place) in newest {
            let stored: TantivyDocument = searcher.doc(place).map_err(internal)?;
            let title =
                stored.get_first(self.0.fields.title).and_then(|value| value.as_str()).unwrap_or_default();
            // The ngrams of a short text stand beside those of its title.
            let written = folded(title);
            if parts.iter().all(|part| written.contains(part)) {
                titles.push((view.id_of(place), title.to_owned()));
            }
            if titles.len() == limit {
                break;
            }
        }
        Ok(titles)
    }

    fn titles_with(&self, typed: &Folded) -> Result<Option<Box<dyn Query>>> {
        let ngrams = self.0.fields.ngrams;
        let has = |ngram: u64| -> Box<dyn Query> {
            Box::new(TermQuery::new(Term::from_field_u64(ngrams, ngram), IndexRecordOption::Basic))
        };
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        let unfinished: usize =
            typed.chars.iter().rev().take_while(|&&c| script(c) == Script::Letter).count();
        let (whole, last) = typed.chars.split_at(typed.chars.len() - unfinished);
        let tokens = tokens(&Folded { chars: whole.to_vec(), from: Vec::new() });
        let is_character = |token: &&Token| !matches!(token.script, Script::Other | Script::Letter);
        for (n, token) in tokens.iter().enumerate() {
            let next = tokens.get(n + 1).filter(is_character).filter(|_| is_character(&token));
            if token.stop && next.is_none() || token.script == Script::Other {
                continue;
            }
            clauses
                .push((Occur::Must, has(next.map_or_else(|| single(*token), |next| pair_of(*token, *next)))));
        }
        if !last.is_empty() {
            let last: String = last.iter().collect();
            let forms = beginnings(&last, self.0.fields.grams, &self.searcher())?;
            let mut any: Vec<u64> =
                forms.iter().map(|form| of_word(form)).chain([of_word(&crate::words::form(&last))]).collect();
            any.sort_unstable();
            any.dedup();
            let any = any.into_iter().map(|ngram| (Occur::Should, has(ngram))).collect();
            clauses.push((Occur::Must, Box::new(BooleanQuery::new(any))));
        }
        Ok((!clauses.is_empty()).then(|| Box::new(BooleanQuery::new(clauses)) as Box<dyn Query>))
    }
}
