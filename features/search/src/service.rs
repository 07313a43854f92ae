//! Asking.

use std::collections::HashMap;
use std::num::NonZero;
use std::sync::Arc;

use articles::{Articles, Card};
use authors::Authors;
use events::Journal;
use index::{Index, Marked, Order, Similar, Sketch};
use kernel::{ArticleId, AuthorId, Env, Error, Result, Slug, Time};
use tokio::sync::Semaphore;

/// What a reader looks for, and where.
#[derive(Clone, Debug, Default)]
pub struct Query {
    pub text: String,
    pub author: Option<AuthorId>,
    pub channel: Option<Slug>,
    /// Not older than this.
    pub since: Option<Time>,
    pub order: Order,
    pub offset: usize,
    /// 1 to 100; 0 stands for 20.
    pub limit: usize,
}

#[derive(Clone, Debug, Default)]
pub struct Results {
    pub hits: Vec<Hit>,
    /// How many there are in all.
    pub total: usize,
    /// Nothing has all the words, so these have some of them.
    pub relaxed: bool,
}

#[derive(Clone, Debug)]
pub struct Hit {
    pub card: Card,
    pub title: Marked,
    pub passage: Marked,
}

/// Longer than any question, in characters; the rest is not looked at.
const LONGEST: usize = 200;

#[derive(Clone)]
pub struct Search {
    pub(crate) index: Index,
    pub(crate) articles: Articles,
    pub(crate) authors: Authors,
    pub(crate) journal: Journal,
    env: Env,
    /// A place for each question that is worked on. More would be no sooner done, and each takes a thread with its memory.
    places: Arc<Semaphore>,
}

impl Search {
    pub fn new(index: Index, articles: Articles, authors: Authors, journal: Journal, env: Env) -> Self {
        let places = 2 * std::thread::available_parallelism().map_or(1, NonZero::get);
        Self { index, articles, authors, journal, env, places: Arc::new(Semaphore::new(places)) }
    }

    /// Visible articles that have the words. The index holds no others, but may be a moment behind: what it finds is asked
    /// for once more.
    pub async fn query(&self, query: &Query) -> Result<Results> {
        let asked = index::Query {
            text: query.text.chars().take(LONGEST).collect(),
            author: query.author,
            channel: query.channel.clone(),
            since: query.since,
            order: query.order,
            now: self.env.now(),
            offset: query.offset,
            limit: if query.limit == 0 { 20 } else { query.limit },
        };
        let found = self.ask(move |index| index.search(&asked)).await?;
        let ids: Vec<ArticleId> = found.hits.iter().map(|hit| hit.id).collect();
        let mut cards = self.articles.cards(&ids).await?.into_iter().peekable();
        let mut hits = Vec::with_capacity(ids.len());
        for hit in found.hits {
            if let Some(card) = cards.next_if(|card| card.id == hit.id) {
                hits.push(Hit { card, title: hit.title, passage: hit.passage });
            }
        }
        Ok(Results { hits, total: found.total, relaxed: found.relaxed })
    }

    /// Up to `limit` articles close in content to one, closest first, copies and all, with its own sketch to tell them by.
    /// `None` where it is not in the index. The caller asks for the cards, and so for what is visible.
    pub async fn similar(&self, id: ArticleId, limit: usize) -> Result<Option<(Sketch, Vec<Similar>)>> {
        self.ask(move |index| index.similar(id, limit)).await
    }

    /// The sketches of articles, by which copies are told; of those that are in the index.
    pub async fn sketches(&self, ids: Vec<ArticleId>) -> Result<HashMap<ArticleId, Sketch>> {
        self.ask(move |index| index.sketches(&ids)).await
    }

    async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Index) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let place = self.places.clone().acquire_owned().await.map_err(Error::internal)?;
        let index = self.index.clone();
        blocking(move || {
            // Kept until it is done, also where nobody waits for the answer any more.
            let _place = place;
            question(&index)
        })
        .await
    }

    /// Changes when what can be found has changed.
    pub fn generation(&self) -> u64 {
        self.index.generation()
    }

    /// How many articles can be found.
    pub fn len(&self) -> u64 {
        self.index.len()
    }

    pub fn is_empty(&self) -> bool {
        self.index.is_empty()
    }
}

/// The index works where it may block.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
}
