//! Completing the name of an author or a tag while it is typed: [`crate::entries`] that begin so.

use std::collections::HashMap;

use kernel::Result;
use tantivy::Searcher;

use crate::entries::{Entry, GAP};
use crate::schema::{Fields, folded};
use crate::{Index, internal};

/// Terms that are looked at, in all segments: of a beginning that thousands have, some are enough.
const LOOKED_AT: usize = 2_000;
/// And in each.
const LEAST: usize = 100;

impl Index {
    /// Authors and tags that begin as typed (their pinyin too), those with most articles first, `limit` of each.
    pub fn complete(&self, typed: &str, limit: usize) -> Result<Vec<Entry>> {
        let beginning: String = folded(typed.trim());
        if beginning.is_empty() {
            return Ok(Vec::new());
        }
        let mut found = entries(&self.searcher(), &self.0.fields, &beginning)?;
        if let Some(joined) = joined(&beginning) {
            found.extend(entries(&self.searcher(), &self.0.fields, &joined)?);
        }
        let mut ranked: Vec<(String, Weight)> = found.into_iter().collect();
        ranked.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let (mut authors, mut tags) = (Vec::new(), Vec::new());
        for (entry, _) in ranked {
            match Entry::read(&entry) {
                Some(author @ Entry::Author { .. }) if authors.len() < limit => authors.push(author),
                Some(tag @ Entry::Tag(_)) if tags.len() < limit => tags.push(tag),
                _ => {}
            }
        }
        authors.append(&mut tags);
        Ok(authors)
    }
}

/// Pinyin that was typed in syllables, as one.
fn joined(typed: &str) -> Option<String> {
    let spaced =
        typed.contains(' ') && typed.chars().all(|c| c.is_ascii_lowercase() || c == ' ' || c == '\'');
    spaced.then(|| typed.replace([' ', '\''], ""))
}

/// Whether it is typed to its end, and how many articles have it.
type Weight = (bool, u32);

fn entries(searcher: &Searcher, fields: &Fields, beginning: &str) -> Result<HashMap<String, Weight>> {
    let mut found: HashMap<String, Weight> = HashMap::new();
    let past = [beginning.as_bytes(), &[0xff]].concat(); // 0xff stands in no UTF-8 text
    let each = LOOKED_AT / searcher.segment_readers().len().max(1);
    for segment in searcher.segment_readers() {
        let inverted = segment.inverted_index(fields.entries).map_err(internal)?;
        let mut terms = inverted.terms().range().ge(beginning).lt(&past).into_stream()?;
        for _ in 0..each.max(LEAST) {
            if !terms.advance() {
                break;
            }
            let term = std::str::from_utf8(terms.key()).unwrap_or_default();
            let Some((key, entry)) = term.split_once(GAP) else { continue };
            let (whole, with) = found.entry(entry.to_owned()).or_default();
            *whole |= key == beginning;
            *with += terms.value().doc_freq;
        }
    }
    Ok(found)
}
