//! 为你推荐: a reader's own list, from what they read, whom they follow and what they said, ranked by what the site has learned.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use articles::Articles;
use async_trait::async_trait;
use editorial::Editorial;
use kernel::{ArticleId, Env, Result, UserId};
use moka::sync::Cache;
use reads::Reads;
use tokio::time::Instant;

use crate::activity::{ActivityTracker, seconds};
use crate::article_facts::ArticleFactsCache;
use crate::learning::{Learning, Served};
use crate::personal::Personal;
use crate::pipeline::{Candidate, Filter, Hydrate, Pipeline, Question, Score};
use crate::rank::{self, features};
use crate::related::{FromCache, Related};
use crate::select::Varied;
use crate::sources::{
    CloseToRead, CoRead, EditorsPicks, Followed, OfAuthors, OfChannels, OfTags, SiteHot, Unproven,
};
use crate::why::{Picked, Why};
use crate::{Hot, Reader};

/// How many articles the list has.
const LIST: usize = 90;
/// A list stays while its reader does nothing, so that one can page through it.
const KEPT: Duration = Duration::from_mins(3);
const LISTS: u64 = 5_000;
/// Whoever begins at the top again sees what is new since.
const FRESH: Duration = Duration::from_secs(5);
/// What is older than this comes only from those the reader follows.
const OLD: Duration = Duration::from_hours(90 * 24);

/// Readers' own lists. Cheap to clone, shared by all.
#[derive(Clone)]
pub struct ForYou(Arc<Inner>);

struct Inner {
    env: Env,
    articles: Articles,
    personal: Personal,
    learning: Learning,
    pipeline: Pipeline,
    lists: Cache<UserId, CachedList>,
}

#[derive(Clone)]
struct CachedList {
    reader: Arc<Reader>,
    list: List,
    made: Instant,
    /// What is learned from when it is shown; taken then.
    served: Arc<Mutex<Option<Served>>>,
}

/// Who is in it may be gone since: what of it is visible is asked for each time.
type List = Arc<[(ArticleId, Why)]>;

/// What the lists are made from.
pub struct Sources {
    pub articles: Articles,
    pub facts: ArticleFactsCache,
    pub reads: Reads,
    pub hot: Hot,
    pub related: Related,
    pub activity: ActivityTracker,
    pub editorial: Editorial,
}

impl ForYou {
    pub fn new(from: Sources, personal: Personal, learning: Learning, env: Env) -> Self {
        let articles = &from.articles;
        let pipeline = Pipeline {
            list: "for-you",
            sources: vec![
                Box::new(Followed(articles.clone())),
                Box::new(CoRead(from.reads.co_reads().clone())),
                Box::new(CloseToRead(from.related)),
                Box::new(OfTags(from.facts.clone())),
                Box::new(OfAuthors(articles.clone())),
                Box::new(OfChannels(from.hot.clone(), from.facts.clone())),
                Box::new(SiteHot(from.hot, from.facts.clone())),
                Box::new(EditorsPicks::new(from.editorial)),
                Box::new(Unproven { facts: from.facts.clone(), activity: from.activity.clone() }),
            ],
            hydrators: vec![Box::new(FromCache(from.facts)), Box::new(Activities(from.activity))],
            filters: vec![Box::new(Unread), Box::new(NotOwn), Box::new(NotMuted), Box::new(NotOld)],
            scorer: Box::new(Learned(learning.clone())),
            selector: Box::new(Varied),
        };
        let lists = Cache::builder().max_capacity(LISTS).time_to_live(KEPT).build();
        Self(Arc::new(Inner { env, articles: from.articles, personal, learning, pipeline, lists }))
    }

    /// A reader opens an article.
    pub fn read(&self, user: UserId, article: ArticleId) {
        self.0.personal.read(user, article);
        self.0.learning.opened(user, article);
    }

    /// How long a reader had an article in view (in seconds), and whether they came to its end.
    pub fn seen(&self, user: UserId, article: ArticleId, seconds: i64, finished: bool) {
        self.0.personal.seen(user, article, seconds, finished);
        if finished {
            self.0.learning.finished(user, article);
        }
    }

    /// The switch: whether the site may learn from what a reader reads.
    pub async fn set_learns(&self, user: UserId, learns: bool) -> Result<()> {
        self.0.personal.set_learns(user, learns).await?;
        self.0.learning.drop_list(user);
        self.0.lists.invalidate(&user);
        Ok(())
    }

    /// Up to `n` articles of a reader's list from place `from` on, each with its reason, and whether more follow; `None` where they let the
    /// site learn nothing: then nothing of theirs is looked at. Whoever begins at the top gets what is new since.
    pub async fn page(&self, user: UserId, from: usize, n: usize) -> Result<Option<(Vec<Picked>, bool)>> {
        self.part(user, from, n, if from == 0 { FRESH } else { KEPT }).await
    }

    /// The first `n` of the list, which may be some minutes old while its reader does nothing.
    pub async fn first(&self, user: UserId, n: usize) -> Result<Option<Vec<Picked>>> {
        Ok(self.part(user, 0, n, KEPT).await?.map(|(list, _)| list))
    }

    /// A reader looks at `n` articles of their list from place `from` on. Not told of a page that no person asked for.
    pub fn record_impression(&self, user: UserId, from: usize, n: usize) {
        let Some(kept) = self.0.lists.get(&user) else { return };
        if let Some(served) = kept.served.lock().unwrap_or_else(PoisonError::into_inner).take() {
            self.0.learning.serve(user, served);
        }
        self.0.learning.record_impression(user, from, n);
    }

    async fn part(
        &self,
        user: UserId,
        from: usize,
        n: usize,
        oldest: Duration,
    ) -> Result<Option<(Vec<Picked>, bool)>> {
        let Some(reader) = self.0.personal.reader(user).await? else { return Ok(None) };
        // A new profile makes a new list, but not under the hands of whoever pages on.
        let good = |kept: &CachedList| {
            kept.made.elapsed() < oldest && (from > 0 || Arc::ptr_eq(&kept.reader, &reader))
        };
        let list = if let Some(kept) = self.0.lists.get(&user).filter(good) {
            kept.list
        } else {
            self.make(user, reader.clone()).await?
        };
        let part: HashMap<ArticleId, &Why> =
            list.iter().skip(from).take(n).map(|(id, why)| (*id, why)).collect();
        let ids: Vec<ArticleId> = list.iter().skip(from).take(n).map(|(id, _)| *id).collect();
        // Whoever pages on has the list of before, without those that they muted meanwhile.
        let mut cards = self.0.articles.cards(&ids).await?;
        cards.retain(|card| !reader.hides(card.author));
        let more = from.saturating_add(ids.len()) < list.len();
        let picked = cards.into_iter().map(|card| Picked { why: part[&card.id].clone(), card });
        Ok(Some((picked.collect(), more)))
    }

    async fn make(&self, user: UserId, reader: Arc<Reader>) -> Result<List> {
        let made = Instant::now();
        let question =
            Question { now: self.0.env.now(), limit: LIST, article: None, reader: Some(reader.clone()) };
        let chosen = self.0.pipeline.run(&question).await?;
        let served = Served::of(self.0.learning.version_for(user), &chosen);
        let list: List = chosen.into_iter().map(|candidate| (candidate.id, candidate.why)).collect();
        self.0.lists.insert(
            user,
            CachedList { reader, list: list.clone(), made, served: Arc::new(Mutex::new(Some(served))) },
        );
        Ok(list)
    }
}

/// What attention each has.
struct Activities(ActivityTracker);

#[async_trait]
impl Hydrate for Activities {
    fn name(&self) -> &'static str {
        "activity"
    }

    async fn fill(&self, _: &Question, candidates: &mut Vec<Candidate>) -> Result<()> {
        let ids: Vec<ArticleId> = candidates.iter().map(|candidate| candidate.id).collect();
        for (candidate, activity) in candidates.iter_mut().zip(self.0.of(&ids)) {
            candidate.activity = activity.unwrap_or_default();
        }
        Ok(())
    }
}

macro_rules! filter {
    ($($(#[$doc:meta])* $name:ident($words:literal) = |$question:ident, $reader:ident, $candidate:ident, $facts:ident| $keeps:expr;)+) => {$(
        $(#[$doc])*
        struct $name;

        impl Filter for $name {
            fn name(&self) -> &'static str {
                $words
            }

            fn keeps(&self, $question: &Question, $candidate: &Candidate) -> bool {
                let (Some($reader), Some($facts)) = (&$question.reader, &$candidate.facts) else { return false };
                $keeps
            }
        }
    )+};
}

filter! {
    Unread("unread") = |_question, reader, candidate, _facts| !reader.has_read(candidate.id);
    NotOwn("not-own") = |_question, reader, _candidate, facts| !reader.own.contains(&facts.author);
    /// Authors, channels and subjects that the reader wants nothing of, and what they are not interested in.
    NotMuted("not-muted") = |_question, reader, candidate, facts| {
        !reader.hides(facts.author) && !reader.wishes.mutes(candidate.id, facts, &candidate.tags)
    };
    NotOld("not-old") = |question, reader, _candidate, facts| {
        question.now.since(facts.published_at) <= OLD || reader.follows.contains(&facts.author)
    };
}

/// By the model that this reader's lists are made with.
struct Learned(Learning);

impl Score for Learned {
    fn name(&self) -> &'static str {
        "learned"
    }

    fn weigh(&self, question: &Question, candidates: &mut Vec<Candidate>) {
        let Some(reader) = &question.reader else { return };
        candidates.retain(|candidate| candidate.facts.is_some());
        candidates.sort_by_key(|candidate| {
            candidate.facts.as_ref().map(|facts| (facts.published_at, candidate.id))
        });
        let now = seconds(question.now);
        let known: Vec<rank::Candidate> =
            candidates.iter().map(|candidate| known_of(candidate, reader, now)).collect();
        let number = |article: ArticleId| {
            // What was read last is hardly among the candidates: where it stands is told by its id, which grows with time.
            let before = candidates.iter().filter(|candidate| candidate.id < article).count();
            before as i64
        };
        let person = reader.person(number);
        let ranker = self.0.ranker_for(reader.id);
        for (candidate, features) in candidates.iter_mut().zip(features(&person, &known, now)) {
            candidate.score = ranker.score(&features);
            candidate.features = Some(features);
        }
    }
}

/// A candidate as the ranking sees it. Candidates stand in the order in which they came out.
fn known_of(candidate: &Candidate, reader: &Reader, now: f64) -> rank::Candidate {
    let mut known = rank::Candidate {
        co_reads: candidate.co_reads,
        after_last: candidate.after_last,
        close: candidate.close,
        picked: candidate.picked,
        readers: candidate.activity.readers,
        heat: candidate.activity.heat(now),
        ..rank::Candidate::default()
    };
    if let Some(facts) = &candidate.facts {
        known.number = candidate.id.raw();
        known.first = seconds(facts.published_at);
        known.last = candidate.activity.last.max(known.first);
        known.from_source = reader.authors.get(&facts.author).copied().unwrap_or_default();
        known.from_channel = reader.channels.get(&facts.channel).copied().unwrap_or_default();
        known.followed = reader.follows.contains(&facts.author);
        let liked = candidate.tags.iter().filter_map(|tag| reader.tags.get(&tag.folded()));
        known.about = liked.map(|(_, weight)| weight).sum();
    }
    known
}
