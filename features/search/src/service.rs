//! Asking.

use std::collections::HashMap;
use std::net::IpAddr;
use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use articles::{Articles, Card};
use authors::Authors;
use db::Db;
use events::Journal;
use index::{Alike, Entry, Fit, Index, Marked, MatchedField, Order, Similar, Sketch, Wanted};
use kernel::{ArticleId, AuthorId, Env, Error, Result, Slug, Time};
use tokio::sync::Semaphore;

use crate::admission::{Admission, Permit};
use crate::popular::Popular;

/// What a reader looks for, and where.
#[derive(Clone, Debug, Default)]
pub struct Query {
    pub text: String,
    pub author: Option<AuthorId>,
    pub channel: Option<Slug>,
    pub tag: Option<String>,
    /// One of [`articles::Document::kinds`].
    pub kind: Option<String>,
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
    /// How many have everything as it was asked for: they come first.
    pub whole: usize,
    /// How many have what is spelled or pronounced alike: they come next. The rest has some of the words.
    pub alike: usize,
    /// What may have been meant.
    pub instead: Option<String>,
    /// What else may be searched for.
    pub related: Vec<String>,
}

#[derive(Clone, Debug)]
pub struct Hit {
    pub card: Card,
    pub title: Marked,
    pub passage: Marked,
    pub places: Vec<MatchedField>,
    pub fit: Fit,
}

impl Hit {
    /// Why it was found, in codes: `pronounced`, `spelled` or `part` where it is no plain hit, then where the words stand: `title`, `author`,
    /// `tag`, `text`.
    pub fn why(&self) -> Vec<&'static str> {
        let place = |place: &MatchedField| match place {
            MatchedField::Title => "title",
            MatchedField::Author => "author",
            MatchedField::Tag => "tag",
            MatchedField::Text => "text",
        };
        let fit = match self.fit {
            Fit::Whole => None,
            Fit::Alike(Alike::Pronounced) => Some("pronounced"),
            Fit::Alike(Alike::Spelled) => Some("spelled"),
            Fit::Part => Some("part"),
        };
        fit.into_iter().chain(self.places.iter().map(place)).collect()
    }
}

/// What may be meant by what is being typed.
#[derive(Clone, Debug, Default)]
pub struct Suggestions {
    pub queries: Vec<String>,
    /// Name and handle.
    pub authors: Vec<(String, String)>,
    pub tags: Vec<String>,
    pub titles: Vec<(ArticleId, String)>,
}

/// Longer than any question, in characters; the rest is not looked at.
const LONGEST: usize = 200;
/// Suggestions of each kind.
const QUERIES: usize = 3;
const ENTRIES: usize = 3;
const TITLES: usize = 5;
/// What else may be searched for; a tag counts that so many results have.
const RELATED: usize = 8;
const COMMON: usize = 2;

#[derive(Clone)]
pub struct Search {
    pub(crate) index: Index,
    pub(crate) articles: Articles,
    pub(crate) authors: Authors,
    pub(crate) journal: Journal,
    pub(crate) popular: Popular,
    pub(crate) env: Env,
    /// A place for each question that is worked on. More would be no sooner done, and each takes a thread with its memory.
    pub(crate) places: Arc<Semaphore>,
    pub(crate) admission: Admission,
    /// Whether all that the tables had at the start can be found.
    pub(crate) filled: Arc<AtomicBool>,
}

impl Search {
    pub fn new(
        index: Index,
        db: Db,
        articles: Articles,
        authors: Authors,
        journal: Journal,
        env: Env,
    ) -> Self {
        let places = 2 * std::thread::available_parallelism().map_or(1, NonZero::get);
        let popular = Popular::new(db, env.clone());
        let (places, admission) = (Arc::new(Semaphore::new(places)), Admission::default());
        let filled = Arc::default();
        Self { index, articles, authors, journal, popular, env, places, admission, filled }
    }

    /// Leave for whoever asks from this network to search; asked for before anything is looked up.
    ///
    /// Errors: [`Error::TooMany`] and [`Error::Unavailable`] where too many ask at once.
    pub async fn admit(&self, network: IpAddr) -> Result<Permit> {
        self.admission.admit(network).await
    }

    /// Visible articles that have the words. The index holds no others, but may be a moment behind: what it finds is asked
    /// for once more.
    pub async fn query(&self, query: &Query, _: &Permit) -> Result<Results> {
        let mut wanted = Wanted::read(&query.text.chars().take(LONGEST).collect::<String>());
        let mut channel = query.channel.clone();
        if let Some(name) = &wanted.channel {
            match self.channel(name).await? {
                Some(slug) => channel = Some(slug),
                None => wanted = wanted.without_channel(),
            }
        }
        let plain = wanted.plain.clone();
        let asked = index::Query {
            wanted,
            author: query.author,
            channel,
            tag: query.tag.clone(),
            kind: query.kind.clone(),
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
                let index::Hit { title, passage, places, fit, .. } = hit;
                hits.push(Hit { card, title, passage, places, fit });
            }
        }
        let related = self.related_to(plain.trim(), &ids).await?;
        let index::Found { total, whole, alike, instead, .. } = found;
        Ok(Results { hits, total, whole, alike, instead, related })
    }

    /// A channel by its slug or by one of its names.
    async fn channel(&self, name: &str) -> Result<Option<Slug>> {
        let channels = self.articles.channels().await?;
        let is = |text: &str| text.to_lowercase() == name.to_lowercase();
        let found = channels.into_iter().find(|c| is(c.slug.as_str()) || is(&c.zh) || is(&c.en));
        Ok(found.map(|channel| channel.slug))
    }

    /// Popular queries that share a word with this one, and tags that several of the results have.
    async fn related_to(&self, asked: &str, results: &[ArticleId]) -> Result<Vec<String>> {
        let asked = asked.to_lowercase();
        let words: Vec<&str> = asked.split_whitespace().filter(|word| word.chars().count() > 1).collect();
        let shares = |query: &&String| **query != asked && words.iter().any(|word| query.contains(word));
        let mut related: Vec<String> =
            self.popular.list().iter().filter(shares).take(RELATED / 2).cloned().collect();
        let mut counts: HashMap<String, usize> = HashMap::new();
        for tag in self.articles.tags_of(results).await?.into_values().flatten() {
            *counts.entry(tag.to_string()).or_default() += 1;
        }
        let mut tags: Vec<(String, usize)> = counts.into_iter().filter(|(_, n)| *n >= COMMON).collect();
        tags.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        for (tag, _) in tags {
            let known = tag.to_lowercase();
            if known != asked && !related.contains(&known) && related.len() < RELATED {
                related.push(tag);
            }
        }
        Ok(related)
    }

    /// What may be meant by what is being typed, for each kind the likeliest first.
    pub async fn suggest(&self, typed: &str, _: &Permit) -> Result<Suggestions> {
        let typed: String = typed.trim().chars().take(LONGEST).collect();
        let queries = self.popular.beginning(&typed, QUERIES);
        let (entries, titles) = self
            .ask(move |index| Ok((index.complete(&typed, ENTRIES)?, index.titles(&typed, TITLES)?)))
            .await?;
        let mut suggestions = Suggestions { queries, ..Suggestions::default() };
        for entry in entries {
            match entry {
                Entry::Author { name, handle } => suggestions.authors.push((name, handle)),
                Entry::Tag(tag) => suggestions.tags.push(tag),
            }
        }
        let ids: Vec<ArticleId> = titles.iter().map(|(id, _)| *id).collect();
        let cards = self.articles.cards(&ids).await?;
        suggestions.titles = cards.into_iter().map(|card| (card.id, card.title)).collect();
        Ok(suggestions)
    }

    /// Counts a search that found something for what is popular; nothing is kept of who asked.
    pub fn record(&self, text: &str, network: IpAddr, agent: &str) {
        self.popular.record(text, network, agent);
    }

    /// The sketches by which copies are told, of those articles that are in the index.
    pub async fn sketches(&self, ids: Vec<ArticleId>) -> Result<HashMap<ArticleId, Sketch>> {
        self.ask(move |index| index.sketches(&ids)).await
    }

    /// Up to `limit` articles close in content to one, closest first, copies and all, with its own sketch to tell them by.
    /// `None` where it is not in the index. The caller asks for the cards, and so for what is visible.
    pub async fn similar(&self, id: ArticleId, limit: usize) -> Result<Option<(Sketch, Vec<Similar>)>> {
        self.ask(move |index| index.similar(id, limit)).await
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

    /// Whether the index has everything. Not while it is filled at a start: what is found then is only a part.
    pub fn is_ready(&self) -> bool {
        self.filled.load(Ordering::Relaxed)
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
