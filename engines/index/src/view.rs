//! One state of the index, with what is asked of it again and again at hand: columns opened, terms counted.

use std::collections::HashMap;
use std::sync::Arc;

use kernel::{ArticleId, AuthorId, Result, Slug, Time};
use tantivy::columnar::Column;
use tantivy::index::SegmentId;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet, Searcher, SegmentReader, TERMINATED, Term};

use crate::internal;
use crate::ngrams::Counts;
use crate::schema::{AUTHOR, CHANNEL, Fields, ID, NGRAMS, SKETCH, TIME};
use crate::sketch::Sketch;

#[derive(Clone)]
pub struct View {
    pub searcher: Searcher,
    pub fields: Fields,
    pub counts: Arc<Counts>,
    columns: Vec<Arc<Columns>>,
}

/// Of a segment, what is stored in columns.
struct Columns {
    segment: SegmentId,
    ids: Column<i64>,
    authors: Column<i64>,
    times: Column<i64>,
    /// The slugs of channels, and which of them each document has.
    slugs: Vec<Option<Slug>>,
    channels: Column<u64>,
    sketches: Column<u64>,
    ngrams: Column<u64>,
}

impl Columns {
    fn open(segment: &SegmentReader) -> Result<Self> {
        let fast = segment.fast_fields();
        let (mut slugs, mut channels) = (Vec::new(), Column::build_empty_column(segment.max_doc()));
        if let Some(column) = fast.str(CHANNEL).map_err(internal)? {
            for ord in 0..column.num_terms() as u64 {
                let mut slug = String::new();
                column.ord_to_str(ord, &mut slug)?;
                slugs.push(Slug::new(&slug).ok());
            }
            channels = column.ords().clone();
        }
        Ok(Self {
            segment: segment.segment_id(),
            ids: fast.i64(ID).map_err(internal)?,
            authors: fast.i64(AUTHOR).map_err(internal)?,
            times: fast.i64(TIME).map_err(internal)?,
            slugs,
            channels,
            sketches: fast.u64(SKETCH).map_err(internal)?,
            ngrams: fast.u64(NGRAMS).map_err(internal)?,
        })
    }
}

impl View {
    /// Of what `searcher` sees. What `before` has opened and counted is taken over as far as it is still good: counting the terms of a
    /// million articles takes a second.
    pub fn new(searcher: Searcher, fields: Fields, before: Option<&Self>) -> Result<Self> {
        let known: HashMap<SegmentId, &Arc<Columns>> =
            before.iter().flat_map(|view| &view.columns).map(|columns| (columns.segment, columns)).collect();
        let mut columns = Vec::new();
        for segment in searcher.segment_readers() {
            columns.push(match known.get(&segment.segment_id()) {
                Some(&known) => known.clone(),
                None => Arc::new(Columns::open(segment)?),
            });
        }
        let good = before.map(|view| &view.counts).filter(|counts| !counts.are_old(searcher.num_docs()));
        let counts = match good {
            Some(counts) => counts.clone(),
            None => Arc::new(Counts::of(&searcher, &fields)?),
        };
        Ok(Self { searcher, fields, counts, columns })
    }

    /// Where a document is.
    pub fn place_of(&self, id: ArticleId) -> Result<Option<DocAddress>> {
        let term = self.id_term(id);
        // The newest segments are the smallest, and what is asked for is mostly new or in the largest; each is a look into a dictionary.
        for (ord, segment) in self.searcher.segment_readers().iter().enumerate() {
            let inverted = segment.inverted_index(self.fields.id).map_err(internal)?;
            let Some(mut found) = inverted.read_postings(&term, IndexRecordOption::Basic)? else { continue };
            while found.doc() != TERMINATED {
                if segment.alive_bitset().is_none_or(|alive| alive.is_alive(found.doc())) {
                    return Ok(Some(DocAddress::new(ord as u32, found.doc())));
                }
                found.advance();
            }
        }
        Ok(None)
    }

    /// In how many titles a word stands, and in how many texts. What was new when they were counted is looked for: that two articles are
    /// the first of a subject is what makes them close.
    pub fn with_word(&self, form: &str) -> Result<(u64, u64)> {
        let (title, text) = self.counts.with_word(form);
        if title.max(text) > 1 {
            return Ok((title, text));
        }
        let with = |field| self.searcher.doc_freq(&Term::from_field_text(field, form)).map_err(internal);
        Ok((with(self.fields.title)?, with(self.fields.body)?))
    }

    /// The same for an n-gram.
    pub fn with_ngram(&self, ngram: u64) -> Result<u64> {
        self.searcher.doc_freq(&Term::from_field_u64(self.fields.ngrams, ngram)).map_err(internal)
    }

    pub fn id_term(&self, id: ArticleId) -> Term {
        Term::from_field_i64(self.fields.id, id.raw())
    }

    pub fn id_of(&self, place: DocAddress) -> ArticleId {
        ArticleId::new(self.at(place).ids.first(place.doc_id).unwrap_or_default())
    }

    pub fn time_of(&self, place: DocAddress) -> Time {
        Time::from_millis(self.at(place).times.first(place.doc_id).unwrap_or_default())
    }

    pub fn author_of(&self, place: DocAddress) -> AuthorId {
        AuthorId::new(self.at(place).authors.first(place.doc_id).unwrap_or_default())
    }

    pub fn channel_of(&self, place: DocAddress) -> Option<Slug> {
        let columns = self.at(place);
        let ord = columns.channels.first(place.doc_id)?;
        columns.slugs.get(ord as usize).cloned().flatten()
    }

    pub fn sketch_of(&self, place: DocAddress) -> Sketch {
        Sketch::from_words(self.at(place).sketches.values_for_doc(place.doc_id))
    }

    pub fn ngrams_of(&self, place: DocAddress) -> impl Iterator<Item = u64> {
        self.at(place).ngrams.values_for_doc(place.doc_id)
    }

    fn at(&self, place: DocAddress) -> &Columns {
        &self.columns[place.segment_ord as usize]
    }
}
