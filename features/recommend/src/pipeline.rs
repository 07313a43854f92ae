//! How a list is made: sources offer candidates, hydrators fill in what is known of them, filters drop, a scorer weighs, a selector
//! picks. Each is small and has a name, under which its time is measured (`byline_recommend_step_seconds`).

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use futures::future::join_all;
use kernel::{ArticleId, Result, Tag, Time};
use tokio::time::Instant;

use crate::activity::Activity;
use crate::article_facts::ArticleFacts;
use crate::rank::Features;
use crate::reader::Reader;
use crate::why::Why;

/// What a list is asked for.
#[derive(Clone)]
pub struct Question {
    pub now: Time,
    pub limit: usize,
    /// The article that is read, where the list stands beside one.
    pub article: Option<ArticleId>,
    /// Whose list it is, where it is somebody's.
    pub reader: Option<Arc<Reader>>,
}

/// An article that may come into the list.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub id: ArticleId,
    /// The source that offered it first, and why; what is offered twice keeps the stronger reason.
    pub source: &'static str,
    pub why: Why,
    /// How much its source recommends it: 0 to 1.
    pub strength: f64,
    /// How close its text is, and how often it is read together, with what the list stands for.
    pub close: f64,
    pub co_reads: f64,
    pub after_last: f64,
    pub picked: bool,
    /// What it may stand by; nothing where nobody knows of it.
    pub facts: Option<Arc<ArticleFacts>>,
    pub tags: Arc<[Tag]>,
    pub activity: Activity,
    pub features: Option<Features>,
    pub score: f64,
}

impl Candidate {
    pub fn new(id: ArticleId, source: &'static str, why: Why, strength: f64) -> Self {
        Self {
            id,
            source,
            why,
            strength,
            close: 0.0,
            co_reads: 0.0,
            after_last: 0.0,
            picked: false,
            facts: None,
            tags: Arc::default(),
            activity: Activity::default(),
            features: None,
            score: 0.0,
        }
    }

    /// With what is known of it.
    pub fn with(self, facts: Option<ArticleFacts>) -> Self {
        Self { facts: facts.map(Arc::new), ..self }
    }

    /// Takes over what another source knows of the same article.
    fn join(&mut self, other: Self) {
        self.close = self.close.max(other.close);
        self.co_reads = self.co_reads.max(other.co_reads);
        self.after_last = self.after_last.max(other.after_last);
        self.picked |= other.picked;
        self.facts = self.facts.take().or(other.facts);
        if other.strength > self.strength {
            (self.source, self.why, self.strength) = (other.source, other.why, other.strength);
        }
    }
}

#[async_trait]
pub trait Source: Send + Sync {
    fn name(&self) -> &'static str;
    async fn offer(&self, question: &Question) -> Result<Vec<Candidate>>;
}

#[async_trait]
pub trait Hydrate: Send + Sync {
    fn name(&self) -> &'static str;
    async fn fill(&self, question: &Question, candidates: &mut Vec<Candidate>) -> Result<()>;
}

pub trait Filter: Send + Sync {
    fn name(&self) -> &'static str;
    fn keeps(&self, question: &Question, candidate: &Candidate) -> bool;
}

pub trait Score: Send + Sync {
    fn name(&self) -> &'static str;
    fn weigh(&self, question: &Question, candidates: &mut Vec<Candidate>);
}

pub trait Select: Send + Sync {
    fn name(&self) -> &'static str;
    /// The list, best first, out of candidates that are sorted by score.
    fn pick(&self, question: &Question, ranked: Vec<Candidate>) -> Vec<Candidate>;
}

pub struct Pipeline {
    /// The list's name.
    pub list: &'static str,
    pub sources: Vec<Box<dyn Source>>,
    pub hydrators: Vec<Box<dyn Hydrate>>,
    pub filters: Vec<Box<dyn Filter>>,
    pub scorer: Box<dyn Score>,
    pub selector: Box<dyn Select>,
}

impl Pipeline {
    /// Makes a list. A source that fails is left out; the list fails only where it cannot be told what may be shown.
    pub async fn run(&self, question: &Question) -> Result<Vec<Candidate>> {
        let offers = join_all(self.sources.iter().map(|source| async {
            let begun = Instant::now();
            let offered = source.offer(question).await;
            self.took("source", source.name(), begun);
            offered.unwrap_or_else(|error| {
                metrics::counter!("byline_recommend_failures_total", "list" => self.list, "source" => source.name())
                    .increment(1);
                tracing::warn!(%error, list = self.list, source = source.name(), "a source failed; going on without it");
                Vec::new()
            })
        }));
        let mut candidates: Vec<Candidate> = Vec::new();
        let mut places: HashMap<ArticleId, usize> = HashMap::new();
        for offered in offers.await.into_iter().flatten() {
            if let Some(&place) = places.get(&offered.id) {
                candidates[place].join(offered);
            } else {
                places.insert(offered.id, candidates.len());
                candidates.push(offered);
            }
        }
        for hydrator in &self.hydrators {
            let begun = Instant::now();
            hydrator.fill(question, &mut candidates).await?;
            self.took("hydrate", hydrator.name(), begun);
        }
        for filter in &self.filters {
            let begun = Instant::now();
            candidates.retain(|candidate| filter.keeps(question, candidate));
            self.took("filter", filter.name(), begun);
        }
        let begun = Instant::now();
        self.scorer.weigh(question, &mut candidates);
        candidates.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| b.id.cmp(&a.id)));
        self.took("score", self.scorer.name(), begun);
        let begun = Instant::now();
        let picked = self.selector.pick(question, candidates);
        self.took("select", self.selector.name(), begun);
        Ok(picked)
    }

    fn took(&self, step: &'static str, name: &'static str, begun: Instant) {
        metrics::histogram!("byline_recommend_step_seconds", "list" => self.list, "step" => step, "name" => name)
            .record(begun.elapsed().as_secs_f64());
    }
}
