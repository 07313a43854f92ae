//! Searching.

use std::time::Duration;

use kernel::{ArticleId, AuthorId, Result, Slug, Time};
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{BooleanQuery, ConstScoreQuery, Occur, RangeQuery, TermQuery};
use tantivy::schema::{IndexRecordOption, Value};
use tantivy::{DocAddress, DocId, Score, Searcher, SegmentReader, TantivyDocument, Term};

use crate::marked::Marked;
use crate::query::{self, Asked, Need};
use crate::schema::{Fields, ID, TIME};
use crate::{Index, internal};

/// What is looked for, and where.
#[derive(Clone, Debug)]
pub struct Query {
    pub text: String,
    pub author: Option<AuthorId>,
    pub channel: Option<Slug>,
    /// Not older than this.
    pub since: Option<Time>,
    pub order: Order,
    /// What a document's age is counted from.
    pub now: Time,
    pub offset: usize,
    pub limit: usize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// What fits best; of what fits alike, the newer.
    #[default]
    Best,
    Newest,
}

#[derive(Clone, Debug)]
pub struct Found {
    pub hits: Vec<Hit>,
    /// How many there are in all.
    pub total: usize,
    /// Nothing has all the words, so these have some of them.
    pub relaxed: bool,
}

#[derive(Clone, Debug)]
pub struct Hit {
    pub id: ArticleId,
    pub title: Marked,
    /// The passage of the text that shows best why it was found.
    pub passage: Marked,
}

/// Nobody pages further, and what lies beyond costs more the further it is.
const DEEPEST: usize = 1_000;
/// Of so few words none is left out while something has them all.
const MEANT: usize = 2;
/// So many documents that have all words, or half of them, are enough to look at.
const ENOUGH: usize = 10;
/// A new document gains this share of its score, an older one less and less: BM25 scores of two texts that fit alike differ by less.
const RECENCY: f64 = 0.15;
const RECENCY_HALF_LIFE: Duration = Duration::from_hours(30 * 24);

impl Index {
    /// Documents with all the words of a query. Where they are few, those with half of the words too, and then those with any: of a
    /// question asked in a sentence hardly ever all words stand in what answers it.
    ///
    /// Ranked by BM25 (Robertson and Zaragoza 2009) over title, tags, author's name and text, with a bonus for words that stand
    /// together as they were asked for, and a small one for what is new.
    pub fn search(&self, query: &Query) -> Result<Found> {
        let asked = query::parse(&query.text);
        let mut found = Found { hits: Vec::new(), total: 0, relaxed: false };
        if asked.is_empty() {
            return Ok(found);
        }
        let searcher = self.0.reader.searcher();
        // Who asks for one or two words means them; and by time, what hardly fits would come first.
        let strict = asked.len() <= MEANT || query.order == Order::Newest;
        let enough = if strict { 1 } else { ENOUGH };
        let mut places = Vec::new();
        for need in [Need::All, Need::Some(asked.len().div_ceil(2)), Need::Some(1)] {
            (found.total, places) = self.run(&searcher, query, &asked, need)?;
            if need == Need::All {
                found.relaxed = found.total == 0;
            }
            if found.total >= enough {
                break;
            }
        }
        for (_, place) in places {
            found.hits.push(show(&searcher, &self.0.fields, place, &asked)?);
        }
        found.relaxed &= found.total > 0;
        Ok(found)
    }

    fn run(
        &self,
        searcher: &Searcher,
        query: &Query,
        asked: &[Asked],
        need: Need,
    ) -> Result<(usize, Vec<(f64, DocAddress)>)> {
        let fields = &self.0.fields;
        let mut clauses = vec![(Occur::Must, query::build(asked, need, fields, searcher)?)];
        let mut only = |query: Box<dyn tantivy::query::Query>| {
            clauses.push((Occur::Must, Box::new(ConstScoreQuery::new(query, 0.0))));
        };
        let is = |term: Term| Box::new(TermQuery::new(term, IndexRecordOption::Basic));
        if let Some(author) = query.author {
            only(is(Term::from_field_i64(fields.author, author.raw())));
        }
        if let Some(channel) = &query.channel {
            only(is(Term::from_field_text(fields.channel, channel.as_str())));
        }
        if let Some(since) = query.since {
            let from = Term::from_field_i64(fields.time, since.millis());
            only(Box::new(RangeQuery::new(std::ops::Bound::Included(from), std::ops::Bound::Unbounded)));
        }
        let (now, order) = (query.now.millis(), query.order);
        let rank = move |segment: &SegmentReader| {
            let times = segment.fast_fields().i64(TIME).map(|column| column.first_or_default_col(0));
            move |doc: DocId, score: Score| {
                let time = times.as_ref().map_or(0, |times| times.get_val(doc));
                match order {
                    Order::Best => f64::from(score) * (1.0 + RECENCY * freshness(now - time)),
                    Order::Newest => time as f64,
                }
            }
        };
        let offset = query.offset.min(DEEPEST);
        let top = TopDocs::with_limit(query.limit.clamp(1, 100)).and_offset(offset).tweak_score(rank);
        searcher.search(&BooleanQuery::new(clauses), &(Count, top)).map_err(internal)
    }
}

/// 1 for what is new, halved with every half-life.
fn freshness(age_millis: i64) -> f64 {
    (-(age_millis.max(0) as f64) / RECENCY_HALF_LIFE.as_millis() as f64).exp2()
}

fn show(searcher: &Searcher, fields: &Fields, place: DocAddress, asked: &[Asked]) -> Result<Hit> {
    let stored: TantivyDocument = searcher.doc(place).map_err(internal)?;
    let text = |field| stored.get_first(field).and_then(|value| value.as_str()).unwrap_or_default();
    Ok(Hit {
        id: id_of(searcher, place)?,
        title: Marked::whole(text(fields.title), asked),
        passage: Marked::passage(text(fields.body), asked),
    })
}

pub(crate) fn id_of(searcher: &Searcher, place: DocAddress) -> Result<ArticleId> {
    let column = searcher.segment_reader(place.segment_ord).fast_fields().i64(ID).map_err(internal)?;
    Ok(ArticleId::new(column.first(place.doc_id).unwrap_or_default()))
}
