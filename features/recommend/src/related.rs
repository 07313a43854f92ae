//! 相关推荐: what is close in content and what is read together, without copies, varied, as fresh as the channel asks for.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use articles::{Articles, Card};
use async_trait::async_trait;
use kernel::{ArticleId, AuthorId, Cursor, Env, Result, lang};
use moka::sync::Cache;
use reads::CoReads;
use search::{Search, Similar};
use tokio::time::Instant;

use crate::article_facts::{ArticleFacts, ArticleFactsCache};
use crate::freshness::ChannelFreshness;
use crate::pipeline::{Candidate, Filter, Hydrate, Pipeline, Question, Score, Select, Source};
use crate::select::CoveredFeatures;
use crate::why::{Picked, Why};

/// A new article counts as this much closer, an older one less and less.
const FRESH: f64 = 0.2;
const FRESH_HALF_LIFE: Duration = Duration::from_hours(14 * 24);
const PER_AUTHOR: usize = 2;
/// More than are shown, so that one that goes leaves no gap.
const CHOSEN: usize = 20;
/// Below this many, tags and channel help out.
const ENOUGH: usize = 10;
/// While nothing is published a list stays; while much is, it is made anew at most this often. What is read together comes in as often as `OLD`.
const KEPT: Duration = Duration::from_millis(500);
const OLD: Duration = Duration::from_mins(5);
const LISTS: u64 = 5_000;

/// Related articles. Cheap to clone, shared by all.
#[derive(Clone)]
pub struct Related(Arc<Inner>);

struct Inner {
    search: Search,
    articles: Articles,
    env: Env,
    pipeline: Pipeline,
    /// The same with what helps out where it finds too little.
    helped: Pipeline,
    lists: Cache<ArticleId, CachedRelated>,
}

/// A list that was made. Who is in it may be gone since: it is asked for again each time.
#[derive(Clone)]
struct CachedRelated {
    chosen: Arc<[(ArticleId, Why)]>,
    generation: u64,
    made: Instant,
}

impl Related {
    pub fn new(
        search: Search,
        articles: Articles,
        facts: ArticleFactsCache,
        co_reads: CoReads,
        freshness: ChannelFreshness,
        env: Env,
    ) -> Self {
        let near: fn(&Search, &CoReads) -> Vec<Box<dyn Source>> =
            |search, co_reads| vec![Box::new(Close(search.clone())), Box::new(ReadWith(co_reads.clone()))];
        let pipeline = |sources: Vec<Box<dyn Source>>| Pipeline {
            list: "related",
            sources,
            hydrators: vec![Box::new(FromCache(facts.clone()))],
            filters: vec![Box::new(Another)],
            scorer: Box::new(Closest(freshness.clone())),
            selector: Box::new(TwoOfAnAuthor),
        };
        let helped: Box<dyn Source> = Box::new(HelpOut(articles.clone()));
        let helped = pipeline(near(&search, &co_reads).into_iter().chain([helped]).collect());
        let pipeline = pipeline(near(&search, &co_reads));
        Self(Arc::new(Inner { search, articles, env, pipeline, helped, lists: Cache::new(LISTS) }))
    }

    /// Up to `limit` (at most 20) visible articles about the same as a visible one, closest first: never itself, a copy of it or of
    /// each other, at most two of one author. Where the text says too little, the newest with its tags follow, then those of its channel.
    pub async fn of(&self, id: ArticleId, limit: usize) -> Result<Vec<Picked>> {
        let chosen = self.chosen(id).await?;
        // Some more than are shown, for those that are gone.
        let some = &chosen[..chosen.len().min(limit + limit / 4 + 1)];
        let ids: Vec<ArticleId> = some.iter().map(|(id, _)| *id).collect();
        let why: HashMap<ArticleId, &Why> = some.iter().map(|(id, why)| (*id, why)).collect();
        let cards = self.0.articles.cards(&ids).await?.into_iter().take(limit);
        Ok(cards.map(|card| Picked { why: why[&card.id].clone(), card }).collect())
    }

    /// The list, for those who ask themselves what of it is visible.
    pub async fn chosen(&self, id: ArticleId) -> Result<Arc<[(ArticleId, Why)]>> {
        let generation = self.0.search.generation();
        let fresh = |kept: &CachedRelated| {
            let age = kept.made.elapsed();
            age < OLD && (kept.generation == generation || age < KEPT)
        };
        if let Some(kept) = self.0.lists.get(&id).filter(fresh) {
            return Ok(kept.chosen);
        }
        let made = Instant::now();
        let chosen: Arc<[(ArticleId, Why)]> = self.choose(id).await?.into();
        self.0.lists.insert(id, CachedRelated { chosen: chosen.clone(), generation, made });
        Ok(chosen)
    }

    /// The articles whose lists a new or changed article may stand in: those close to it. Their lists are made anew.
    /// `None` while the article is not in the index.
    pub async fn touched_by(&self, id: ArticleId) -> Result<Option<Vec<ArticleId>>> {
        let Some((_, similar)) = self.0.search.similar(id, CLOSE).await? else { return Ok(None) };
        let ids: Vec<ArticleId> = similar.into_iter().map(|near| near.id).collect();
        for id in &ids {
            self.0.lists.invalidate(id);
        }
        Ok(Some(ids))
    }

    async fn choose(&self, id: ArticleId) -> Result<Vec<(ArticleId, Why)>> {
        let question = Question { now: self.0.env.now(), limit: CHOSEN, article: Some(id), reader: None };
        let mut chosen = self.0.pipeline.run(&question).await?;
        if chosen.len() < ENOUGH {
            chosen = self.0.helped.run(&question).await?;
        }
        Ok(chosen.into_iter().map(|candidate| (candidate.id, candidate.why)).collect())
    }
}

/// What is close in content to the article that is read, but copies of it.
struct Close(Search);

/// Candidates that the index is asked for.
const CLOSE: usize = 40;
/// What is less close than this is near by chance.
const FAR: f32 = 0.03;

#[async_trait]
impl Source for Close {
    fn name(&self) -> &'static str {
        "close"
    }

    async fn offer(&self, question: &Question) -> Result<Vec<Candidate>> {
        let Some(article) = question.article else { return Ok(Vec::new()) };
        let Some((own, similar)) = self.0.similar(article, CLOSE).await? else { return Ok(Vec::new()) };
        let near = similar.into_iter().filter(|near| near.closeness >= FAR && !own.is_copy(&near.sketch));
        let one = |near: Similar| Candidate {
            close: f64::from(near.closeness),
            ..Candidate::new(near.id, "close", Why::Close, 1.0).with(ArticleFacts::of_similar(near))
        };
        Ok(near.map(one).collect())
    }
}

/// What was read by those who read the article.
struct ReadWith(CoReads);

#[async_trait]
impl Source for ReadWith {
    fn name(&self) -> &'static str {
        "together"
    }

    async fn offer(&self, question: &Question) -> Result<Vec<Candidate>> {
        /// What only one or two read together is chance.
        const LEAST: f64 = 2.5;
        /// So many more count as if they had read something else.
        const DOUBT: f64 = 10.0;
        let Some(article) = question.article else { return Ok(Vec::new()) };
        let near = self.0.near(&[article]).await?.remove(&article).unwrap_or_default();
        let all: f64 = near.iter().map(|(_, weight)| weight).sum();
        let known = near.into_iter().filter(|(_, weight)| *weight >= LEAST);
        let one = |(id, weight): (ArticleId, f64)| Candidate {
            co_reads: weight / (all + DOUBT),
            ..Candidate::new(id, "together", Why::Together, 0.5)
        };
        Ok(known.map(one).collect())
    }
}

/// The newest in the article's language with its tags, then of its channel: they come after all others.
struct HelpOut(Articles);

const HELPS_OUT: &str = "help";

#[async_trait]
impl Source for HelpOut {
    fn name(&self) -> &'static str {
        HELPS_OUT
    }

    async fn offer(&self, question: &Question) -> Result<Vec<Candidate>> {
        let Some(id) = question.article else { return Ok(Vec::new()) };
        let Some(article) = self.0.cards(&[id]).await?.pop() else { return Ok(Vec::new()) };
        let tags = self.0.tags_of(&[id]).await?.remove(&id).unwrap_or_default();
        let mut newest = Vec::new();
        for tag in tags.iter().take(3) {
            let why = Why::SameTag(tag.to_string());
            let tagged = self.0.by_tag(tag, Cursor::START, CHOSEN).await?.items;
            newest.extend(tagged.into_iter().map(|card| (card, why.clone())));
        }
        let channel = self.0.by_channel(&article.channel, Cursor::START, 3 * CHOSEN).await?.items;
        newest.extend(channel.into_iter().map(|card| (card, Why::SameChannel)));
        let same = newest
            .into_iter()
            .filter(|(card, _)| card.language == article.language || article.language == lang::UNKNOWN);
        let one = |(n, (card, why)): (usize, (Card, Why))| {
            Candidate::new(card.id, HELPS_OUT, why, 0.1 / (1.0 + n as f64))
        };
        Ok(same.enumerate().map(one).collect())
    }
}

/// What is known of each; of what nothing is known, and copies of the article that is read, go.
pub struct FromCache(pub ArticleFactsCache);

#[async_trait]
impl Hydrate for FromCache {
    fn name(&self) -> &'static str {
        "article-facts"
    }

    async fn fill(&self, question: &Question, candidates: &mut Vec<Candidate>) -> Result<()> {
        let missing = candidates.iter().filter(|candidate| candidate.facts.is_none());
        let mut missing: Vec<ArticleId> = missing.map(|candidate| candidate.id).collect();
        if missing.is_empty() {
            return Ok(());
        }
        missing.extend(question.article);
        let known = self.0.of(&missing).await?;
        let own = question.article.and_then(|id| known.get(&id)).and_then(|own| own.facts.sketch.as_ref());
        for candidate in candidates.iter_mut().filter(|candidate| candidate.facts.is_none()) {
            if let Some(known) = known.get(&candidate.id) {
                (candidate.facts, candidate.tags) = (Some(known.facts.clone()), known.tags.clone());
            }
        }
        candidates.retain(|candidate| match (&candidate.facts, own) {
            (Some(facts), Some(own)) => !facts.sketch.as_ref().is_some_and(|sketch| own.is_copy(sketch)),
            (facts, _) => facts.is_some(),
        });
        Ok(())
    }
}

/// Another article than the one that is read.
struct Another;

impl Filter for Another {
    fn name(&self) -> &'static str {
        "another"
    }

    fn keeps(&self, question: &Question, candidate: &Candidate) -> bool {
        Some(candidate.id) != question.article
    }
}

/// By closeness, what is read together, and freshness as the channel asks for.
struct Closest(ChannelFreshness);

impl Score for Closest {
    fn name(&self) -> &'static str {
        "closest"
    }

    fn weigh(&self, question: &Question, candidates: &mut Vec<Candidate>) {
        /// What is read together most is as good as what is rather close.
        const TOGETHER: f64 = 0.6;
        for candidate in candidates {
            let Some(facts) = &candidate.facts else { continue };
            let age = question.now.since(facts.published_at);
            let fresh = (-age.as_secs_f64() / FRESH_HALF_LIFE.as_secs_f64()).exp2();
            let near = candidate.close + TOGETHER * candidate.co_reads;
            if TOGETHER * candidate.co_reads > candidate.close {
                candidate.why = Why::Together;
            }
            let season = self.0.worth(&facts.channel, age);
            candidate.score =
                if near > 0.0 { near * (1.0 + FRESH * fresh) * season } else { candidate.strength - 1.0 };
        }
    }
}

/// In order, without copies, at most two of one author; what only helps out comes in while the list is short.
struct TwoOfAnAuthor;

impl Select for TwoOfAnAuthor {
    fn name(&self) -> &'static str {
        "two-of-an-author"
    }

    fn pick(&self, question: &Question, ranked: Vec<Candidate>) -> Vec<Candidate> {
        let mut chosen: Vec<Candidate> = Vec::with_capacity(question.limit);
        let mut authors: HashMap<AuthorId, usize> = HashMap::new();
        let mut covered = CoveredFeatures::of_list(question.limit);
        for candidate in ranked {
            let helps_out = candidate.close == 0.0 && candidate.co_reads == 0.0;
            if chosen.len() >= question.limit || (helps_out && chosen.len() >= ENOUGH) {
                break;
            }
            let Some(facts) = candidate.facts.clone() else { continue };
            let count = authors.entry(facts.author).or_default();
            if *count < PER_AUTHOR && covered.is_new(&facts, &chosen) {
                *count += 1;
                chosen.push(candidate);
            }
        }
        chosen
    }
}
