//! Searching.

use std::time::Duration;

use kernel::{ArticleId, AuthorId, Result, Slug, Time};
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{AllQuery, BooleanQuery, ConstScoreQuery, Occur, RangeQuery, TermQuery};
use tantivy::schema::{IndexRecordOption, Value};
use tantivy::{DocAddress, DocId, Score, Searcher, SegmentReader, TantivyDocument, Term};

use crate::asked::{Asked, parse};
use crate::marked::Marked;
use crate::query::{self, Dyn, Need};
use crate::respell::{Alike, respell};
use crate::schema::{Fields, TIME, folded};
use crate::view::View;
use crate::wanted::Wanted;
use crate::{Index, internal};

/// What is looked for, and where.
#[derive(Clone, Debug)]
pub struct Query {
    pub wanted: Wanted,
    pub author: Option<AuthorId>,
    pub channel: Option<Slug>,
    pub tag: Option<String>,
    /// One of [`crate::Document::kinds`].
    pub kind: Option<String>,
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

/// What was found: first what has all that was asked for, then what has what may have been meant, then what has some of it.
#[derive(Clone, Debug, Default)]
pub struct Found {
    pub hits: Vec<Hit>,
    /// How many there are in all.
    pub total: usize,
    /// How many of them have everything as it was asked for; they come first.
    pub whole: usize,
    /// How many have what is spelled or pronounced alike; they come next.
    pub alike: usize,
    /// What may have been meant instead.
    pub instead: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Hit {
    pub id: ArticleId,
    pub title: Marked,
    /// The passage of the text that shows best why it was found.
    pub passage: Marked,
    /// Where it has what was asked for.
    pub places: Vec<MatchedField>,
    pub fit: Fit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatchedField {
    Title,
    Author,
    Tag,
    Text,
}

/// How well a hit fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    Whole,
    Alike(Alike),
    /// It has some of the words.
    Part,
}

/// Nobody looks deeper, and what lies beyond costs more the further it is.
const DEEPEST: usize = 1_000;
/// Of so few words none is left out while something has them all.
const MEANT: usize = 2;
/// So many documents that have all words, or half of them, are enough to look at.
const ENOUGH: usize = 10;
/// Where fewer have them all, something else may have been meant.
const FEW: usize = 5;
/// A new document gains this share of its score, an older one less and less: BM25 scores of two texts that fit alike differ by less.
const RECENCY: f64 = 0.15;
const RECENCY_HALF_LIFE: Duration = Duration::from_hours(30 * 24);

impl Index {
    /// Documents with all the words of a query. Where they are few, then those with words that may have been meant, those with half
    /// of the words, and those with any: of a question asked in a sentence hardly ever all words stand in what answers it.
    ///
    /// Ranked by BM25 (Robertson and Zaragoza 2009) over title, tags, author's name and text, with a bonus for words that stand
    /// together as they were asked for, and a small one for what is new.
    pub fn search(&self, query: &Query) -> Result<Found> {
        let found = self.found(query)?;
        if found.total > 0 || query.wanted.phrases.is_empty() {
            return Ok(found);
        }
        // Nothing has it as it was quoted: what has the words is some of what was asked for.
        let unquoted = Query { wanted: query.wanted.unquoted(), ..query.clone() };
        let mut found = self.found(&unquoted)?;
        found.hits.iter_mut().for_each(|hit| hit.fit = Fit::Part);
        Ok(Found { whole: 0, alike: 0, instead: None, ..found })
    }

    fn found(&self, query: &Query) -> Result<Found> {
        if query.wanted.is_empty() {
            return Ok(Found::default());
        }
        let view = self.view();
        let (fields, searcher) = (&view.fields, &view.searcher);
        let mut asking = Asking { query, view: &view, fields, searcher, found: Found::default() };
        let words = &query.wanted.words;
        let all = query.wanted.all();
        if words.is_empty() {
            asking.found.whole = asking.take(Box::new(AllQuery), None, &all, Fit::Whole)?;
            return Ok(asking.found);
        }
        let whole = || query::build(words, Need::All, fields, searcher);
        let mut before = vec![(Occur::Should, whole()?)];
        asking.found.whole = asking.take(whole()?, None, &all, Fit::Whole)?;
        if asking.found.whole < FEW {
            for meant in respell(words, fields, searcher)? {
                let words = parse(&format!("{} ", meant.text));
                let alike = || query::build(&words, Need::All, fields, searcher);
                let marked = [words.as_slice(), &all].concat();
                let more = asking.take(alike()?, Some(&before), &marked, Fit::Alike(meant.alike))?;
                if more > 0 {
                    before.push((Occur::Should, alike()?));
                    asking.found.alike += more;
                    asking.found.instead.get_or_insert(meant.text);
                }
            }
        }
        // Who asks for one or two words means them; and by time, what hardly fits would come first.
        let strict = words.len() <= MEANT || query.order == Order::Newest;
        let enough = if strict { 1 } else { ENOUGH };
        let need = [Need::Some(words.len().div_ceil(2)), Need::Some(1)];
        if asking.found.total < enough {
            let parts = |need| query::build(words, need, fields, searcher);
            let half = asking.count(parts(need[0])?, Some(&before))?;
            let enough = asking.found.total + half >= enough;
            asking.take(parts(need[usize::from(!enough)])?, Some(&before), &all, Fit::Part)?;
        }
        Ok(asking.found)
    }
}

/// A search that goes on until enough is found.
struct Asking<'a> {
    query: &'a Query,
    view: &'a View,
    fields: &'a Fields,
    searcher: &'a Searcher,
    found: Found,
}

type Clauses = [(Occur, Dyn)];

impl Asking<'_> {
    /// Adds what this finds that is not among what came `before`, as far as it stands on the page that was asked for;
    /// says how many there are.
    fn take(&mut self, what: Dyn, before: Option<&Clauses>, asked: &[Asked], fit: Fit) -> Result<usize> {
        let limit = self.query.limit.clamp(1, 100) - self.found.hits.len();
        let offset = self.query.offset.min(DEEPEST).saturating_sub(self.found.total);
        let clauses = self.narrowed(what, before)?;
        let (total, places) = if limit == 0 {
            (self.searcher.search(&clauses, &Count).map_err(internal)?, Vec::new())
        } else {
            let (now, order) = (self.query.now.millis(), self.query.order);
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
            let top = TopDocs::with_limit(limit).and_offset(offset).tweak_score(rank);
            self.searcher.search(&clauses, &(Count, top)).map_err(internal)?
        };
        self.found.total += total;
        for (_, place) in places {
            self.found.hits.push(self.show(place, asked, fit)?);
        }
        Ok(total)
    }

    fn count(&self, what: Dyn, before: Option<&Clauses>) -> Result<usize> {
        self.searcher.search(&self.narrowed(what, before)?, &Count).map_err(internal)
    }

    fn narrowed(&self, what: Dyn, before: Option<&Clauses>) -> Result<BooleanQuery> {
        let (query, fields) = (self.query, self.fields);
        let mut clauses = vec![(Occur::Must, what)];
        let mut only = |query: Dyn| clauses.push((Occur::Must, Box::new(ConstScoreQuery::new(query, 0.0))));
        let is = |term: Term| Box::new(TermQuery::new(term, IndexRecordOption::Basic));
        if let Some(author) = query.author {
            only(is(Term::from_field_i64(fields.author, author.raw())));
        }
        let tag = query.tag.as_deref().map(folded);
        let texts = [
            (fields.channel, query.channel.as_ref().map(Slug::as_str)),
            (fields.tag, tag.as_deref()),
            (fields.kind, query.kind.as_deref()),
        ];
        for (field, text) in texts {
            if let Some(text) = text {
                only(is(Term::from_field_text(field, text)));
            }
        }
        if let Some(since) = query.since {
            let from = Term::from_field_i64(fields.time, since.millis());
            only(Box::new(RangeQuery::new(std::ops::Bound::Included(from), std::ops::Bound::Unbounded)));
        }
        clauses.extend(query::limits(&query.wanted, fields, self.searcher)?);
        if let Some(before) = before {
            let before = before.iter().map(|(occur, query)| (*occur, query.box_clone())).collect();
            clauses.push((Occur::MustNot, Box::new(BooleanQuery::new(before))));
        }
        Ok(BooleanQuery::new(clauses))
    }

    fn show(&self, place: DocAddress, asked: &[Asked], fit: Fit) -> Result<Hit> {
        let stored: TantivyDocument = self.searcher.doc(place).map_err(internal)?;
        let text = |field| stored.get_first(field).and_then(|value| value.as_str()).unwrap_or_default();
        let title = Marked::whole(text(self.fields.title), asked);
        let passage = Marked::passage(text(self.fields.body), asked);
        let wanted = &self.query.wanted;
        let by = [asked, &wanted.author].concat();
        let mut tags = stored.get_all(self.fields.tags).filter_map(|value| value.as_str());
        let tagged = |tag: &str| {
            let as_asked = |asked: &String| folded(asked) == folded(tag);
            wanted.tags.iter().any(as_asked) || !Marked::whole(tag, asked).marks.is_empty()
        };
        let has = [
            (MatchedField::Title, !title.marks.is_empty()),
            (MatchedField::Author, !Marked::whole(text(self.fields.name), &by).marks.is_empty()),
            (MatchedField::Tag, tags.any(tagged)),
            (MatchedField::Text, !passage.marks.is_empty()),
        ];
        let places = has.into_iter().filter_map(|(place, has)| has.then_some(place)).collect();
        Ok(Hit { id: self.view.id_of(place), title, passage, places, fit })
    }
}

/// 1 for what is new, halved with every half-life.
fn freshness(age_millis: i64) -> f64 {
    (-(age_millis.max(0) as f64) / RECENCY_HALF_LIFE.as_millis() as f64).exp2()
}
