//! Which short texts are about the same.

use std::collections::HashMap;
use std::sync::Arc;

use kernel::Result;
use tantivy::{DocAddress, Term};

use crate::nearest::{QueryTerm, nearest};
use crate::view::View;

/// Ngrams that a text is looked up by: the weightiest of its own, and then of its neighbours' too.
const OWN: usize = 20;
const ALL: usize = 36;
/// And so many of the others, evenly: where a text has copies, nobody else has its weightiest.
const OTHERS: usize = 16;
/// Texts that are compared exactly, and those of them whose terms expand the text (pseudo-relevance feedback).
const COMPARED: usize = 60;
const EXPANDING: usize = 20;
/// The terms of the expansion count this many times the own ones.
const EXPANSION_WEIGHT: f32 = 3.0;

/// What is less near is so by chance: any two texts share some common characters.
const CHANCE: f32 = 0.1;

/// A short text, such as a title without a body, has few words, and what is about the same need not share any. It is compared by
/// the cosine of its ngrams, and then once more with what its nearest neighbours say: pseudo-relevance feedback (Rocchio 1971).
pub(crate) struct Short<'a> {
    view: &'a View,
    /// Ngrams that were new when they were counted, and in how many texts they stand now.
    new: HashMap<u64, u64>,
    known: HashMap<DocAddress, Arc<Ngrams>>,
}

/// The ngrams of a text with their weights; squared, these make one.
type Ngrams = Vec<(u64, f32)>;

impl<'a> Short<'a> {
    pub fn new(view: &'a View) -> Self {
        Self { view, new: HashMap::new(), known: HashMap::new() }
    }

    fn with(&self, ngram: u64) -> u64 {
        self.new.get(&ngram).copied().unwrap_or_else(|| self.view.counts.with(ngram))
    }

    fn weight(&self, ngram: u64) -> Option<f32> {
        self.view.counts.weight_of(self.with(ngram))
    }

    /// Up to `limit` texts that are nearest to the one at `place`, with how near, 0 to 1.
    pub fn near(mut self, place: DocAddress, limit: usize) -> Result<Vec<(f32, DocAddress)>> {
        for ngram in self.view.ngrams_of(place).filter(|&ngram| self.view.counts.with(ngram) < 2) {
            self.new.insert(ngram, self.view.with_ngram(ngram)?);
        }
        let own = self.ngrams(place);
        let mut says: HashMap<u64, f32> = own.iter().copied().collect();
        let mut near = self.compared(&says, OWN, place, COMPARED)?;
        near.truncate(EXPANDING);
        let all: f32 = near.iter().map(|(closeness, _)| closeness * closeness).sum();
        for (closeness, at) in near {
            for &(ngram, weight) in self.ngrams(at).iter() {
                *says.entry(ngram).or_default() += EXPANSION_WEIGHT * weight * closeness * closeness / all;
            }
        }
        let length = says.values().map(|weight| weight * weight).sum::<f32>().sqrt();
        for weight in says.values_mut() {
            *weight /= length;
        }
        self.compared(&says, ALL, place, limit.max(COMPARED)).map(|mut near| {
            near.truncate(limit);
            near.retain(|(closeness, _)| *closeness >= CHANCE);
            near
        })
    }

    /// The texts that share most of the weightiest ngrams, by the cosine of all.
    fn compared(
        &mut self,
        says: &HashMap<u64, f32>,
        most: usize,
        place: DocAddress,
        limit: usize,
    ) -> Result<Vec<(f32, DocAddress)>> {
        let mut weightiest: Vec<(u64, f32)> = says.iter().map(|(&ngram, &weight)| (ngram, weight)).collect();
        weightiest.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let others = weightiest.split_off(most.min(weightiest.len()));
        weightiest.extend(others.iter().step_by(others.len() / OTHERS + 1));
        let query_term = |(ngram, weight): (u64, f32)| {
            // What the index multiplies it by is the square of the ngram's own weight.
            let own = self.weight(ngram).unwrap_or(1.0);
            QueryTerm {
                term: Term::from_field_u64(self.view.fields.ngrams, ngram),
                weight: weight / own,
                with: self.with(ngram),
            }
        };
        let query_terms = weightiest.into_iter().map(query_term).collect();
        let (_, found) = nearest(self.view, query_terms, place, limit)?;
        let cosine = |ngrams: &Ngrams| {
            ngrams.iter().filter_map(|(ngram, weight)| Some(says.get(ngram)? * weight)).sum()
        };
        let mut near: Vec<(f32, DocAddress)> =
            found.into_iter().map(|(_, at)| (cosine(&self.ngrams(at)), at)).collect();
        near.sort_by(|a, b| b.0.total_cmp(&a.0));
        Ok(near)
    }

    fn ngrams(&mut self, at: DocAddress) -> Arc<Ngrams> {
        if let Some(ngrams) = self.known.get(&at) {
            return ngrams.clone();
        }
        let all = self.view.ngrams_of(at);
        let mut ngrams: Ngrams = all.filter_map(|ngram| Some((ngram, self.weight(ngram)?))).collect();
        let length = ngrams.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt();
        for (_, weight) in &mut ngrams {
            *weight /= length;
        }
        let ngrams = Arc::new(ngrams);
        self.known.insert(at, ngrams.clone());
        ngrams
    }
}
