//! The texts with the most of what another is looked up by.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use kernel::Result;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::BlockSegmentPostings;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocAddress, DocId, Term};

use crate::internal;
use crate::view::View;

/// What a text is looked up by.
pub struct QueryTerm {
    pub term: Term,
    pub weight: f32,
    /// In how many texts it stands.
    pub with: u64,
}

/// Places of a text's terms that are looked at, the weightiest terms first: common ones add little and take longest.
const PLACES: u64 = 30_000;
/// Documents are gone through in parts of so many, all terms in each: what is added up stays near the processor.
const PART: DocId = 1 << 15;
/// The parameters of BM25 (Robertson and Zaragoza 2009), as usual.
const K1: f32 = 1.2;
const B: f32 = 0.75;

/// What BM25 knows of a field.
struct Lengths {
    field: Field,
    /// By the length's code: how much less a term counts in a long text.
    norms: [f32; 256],
}

impl Lengths {
    fn of(view: &View, field: Field) -> Result<Self> {
        let mut tokens = 0;
        for segment in view.searcher.segment_readers() {
            tokens += segment.inverted_index(field).map_err(internal)?.total_num_tokens();
        }
        let average = tokens as f32 / view.searcher.num_docs().max(1) as f32;
        let norms = std::array::from_fn(|code| {
            let length = FieldNormReader::id_to_fieldnorm(code as u8) as f32;
            K1 * (1.0 - B + B * length / average.max(1.0))
        });
        Ok(Self { field, norms })
    }
}

/// The texts with the most of what the text at `place` is looked up by, but itself: its own score sets the measure and comes first.
/// Scores are BM25's, times the weights of the query_terms.
pub fn nearest(
    view: &View,
    mut query_terms: Vec<QueryTerm>,
    place: DocAddress,
    limit: usize,
) -> Result<(f32, Vec<(f32, DocAddress)>)> {
    // In an order that is the same each time: sums of floats depend on it.
    query_terms.sort_unstable_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| a.term.cmp(&b.term)));
    let rarest = query_terms.iter().map(|query_term| query_term.with).min().unwrap_or_default();
    let mut left = PLACES.max(rarest);
    query_terms.retain(|query_term| {
        let fits = left >= query_term.with;
        left -= if fits { query_term.with } else { 0 };
        fits
    });
    let documents = view.searcher.num_docs() as f32;
    let mut lengths: Vec<Lengths> = Vec::new();
    for query_term in &query_terms {
        if lengths.iter().all(|lengths| lengths.field != query_term.term.field()) {
            lengths.push(Lengths::of(view, query_term.term.field())?);
        }
    }
    let mut own = None;
    // The least of the best is at hand.
    let mut best: BinaryHeap<Reverse<Scored>> = BinaryHeap::with_capacity(limit + 1);
    let (mut scores, mut met): (Vec<f32>, Vec<DocId>) = (vec![0.0; PART as usize], Vec::new());
    for (ord, segment) in view.searcher.segment_readers().iter().enumerate() {
        let mut terms = Vec::with_capacity(query_terms.len());
        for Lengths { field, norms } in &lengths {
            let inverted = segment.inverted_index(*field).map_err(internal)?;
            let of_text = segment.get_fieldnorms_reader(*field).map_err(internal)?;
            for query_term in query_terms.iter().filter(|query_term| query_term.term.field() == *field) {
                let Some(info) = inverted.get_term_info(&query_term.term)? else { continue };
                let with = query_term.with as f32;
                let rarity = (1.0 + (documents - with + 0.5).max(0.5) / (with + 0.5)).ln();
                terms.push(TermPostings {
                    block: inverted.read_block_postings_from_terminfo(&info, IndexRecordOption::WithFreqs)?,
                    at: 0,
                    weight: query_term.weight * rarity * (1.0 + K1),
                    norms,
                    of_text: of_text.clone(),
                });
            }
        }
        let alive = segment.alive_bitset();
        let mut from = 0;
        while let Some(next) = terms.iter().filter_map(TermPostings::doc).min() {
            // Where few have any of the terms, whole parts are passed over.
            from = from.max(next / PART * PART);
            for places in &mut terms {
                places.add(from, &mut scores, &mut met);
            }
            for doc in met.drain(..) {
                let score = std::mem::take(&mut scores[(doc - from) as usize]);
                let at = DocAddress::new(ord as u32, doc);
                if at == place {
                    own = Some(score);
                } else if (best.len() < limit || best.peek().is_some_and(|least| score >= least.0.score))
                    && alive.is_none_or(|alive| alive.is_alive(doc))
                {
                    best.push(Reverse(Scored { score, at }));
                    if best.len() > limit {
                        best.pop();
                    }
                }
            }
            from += PART;
        }
    }
    let near: Vec<(f32, DocAddress)> =
        best.into_sorted_vec().into_iter().map(|Reverse(found)| (found.score, found.at)).collect();
    let full = own.or(near.first().map(|(score, _)| *score)).unwrap_or(1.0);
    Ok((full, near))
}

/// Where a term stands in a segment, as far as it was gone through.
struct TermPostings<'a> {
    block: BlockSegmentPostings,
    at: usize,
    weight: f32,
    norms: &'a [f32; 256],
    of_text: FieldNormReader,
}

impl TermPostings<'_> {
    /// The next document that has it.
    fn doc(&self) -> Option<DocId> {
        self.block.docs().get(self.at).copied()
    }

    /// Adds what it is worth to the documents of the part that begins at `from`; notes those that had nothing.
    fn add(&mut self, from: DocId, scores: &mut [f32], met: &mut Vec<DocId>) {
        while self.block.block_len() > 0 {
            let (docs, freqs) = (self.block.docs(), self.block.freqs());
            while let Some(&doc) = docs.get(self.at) {
                if doc >= from + PART {
                    return;
                }
                let often = freqs.get(self.at).map_or(1.0, |&often| often as f32);
                let norm = self.norms[usize::from(self.of_text.fieldnorm_id(doc))];
                let score = &mut scores[(doc - from) as usize];
                if *score == 0.0 {
                    met.push(doc);
                }
                *score += self.weight * often / (often + norm);
                self.at += 1;
            }
            self.block.advance();
            self.at = 0;
        }
    }
}

/// The higher score is greater; of those alike the one that stands first.
struct Scored {
    score: f32,
    at: DocAddress,
}

impl Ord for Scored {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.score.total_cmp(&other.score).then_with(|| other.at.cmp(&self.at))
    }
}
impl PartialOrd for Scored {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl PartialEq for Scored {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}
impl Eq for Scored {}
