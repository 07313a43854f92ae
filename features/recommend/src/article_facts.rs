//! What is known of articles that may come into lists: asked for once in a while, not for each list.
//!
//! It says where an article may stand, never what readers see of it: whoever shows a list asks for the cards, and so for what is
//! visible at that moment.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use articles::{Articles, Card};
use kernel::{ArticleId, AuthorId, Result, Slug, Tag, Time};
use moka::sync::Cache;
use search::{Search, Similar, Sketch};

/// Articles that are remembered (some 800 bytes each), and for how long what is known of them is good.
const ARTICLES: u64 = 50_000;
const KEPT: Duration = Duration::from_mins(2);
/// What is new is asked for this often, and of so many tags and channels.
const NEW: Duration = Duration::from_secs(2);
const LISTS: u64 = 2_000;
/// Newest articles that are offered: of the site, and of a tag or channel.
const NEWEST: usize = 100;
const OF_ONE: usize = 15;

/// What lists are made by.
#[derive(Clone, Debug)]
pub struct ArticleFacts {
    pub author: AuthorId,
    pub channel: Slug,
    pub published_at: Time,
    /// Tells copies, where it is known.
    pub sketch: Option<Sketch>,
}

impl ArticleFacts {
    pub fn of(card: &Card) -> Self {
        let Card { author, channel, published_at, .. } = card;
        Self { author: *author, channel: channel.clone(), published_at: *published_at, sketch: None }
    }

    /// Nothing where the index does not know the channel.
    pub fn of_similar(similar: Similar) -> Option<Self> {
        let Similar { author, channel, published_at, sketch, .. } = similar;
        Some(Self { author, channel: channel?, published_at, sketch: Some(sketch) })
    }
}

/// An article as the cache knows it.
#[derive(Clone, Debug)]
pub struct Known {
    pub title: String,
    pub facts: Arc<ArticleFacts>,
    pub tags: Arc<[Tag]>,
}

/// Cheap to clone, shared by all.
#[derive(Clone)]
pub struct ArticleFactsCache(Arc<Inner>);

struct Inner {
    articles: Articles,
    search: Search,
    known: Cache<ArticleId, Arc<Known>>,
    new: Cache<String, New>,
}

/// Of what the newest are asked for.
#[derive(Clone, Copy)]
pub enum NewOf<'a> {
    Site,
    Channel(&'a Slug),
    Tag(&'a Tag),
}

/// Newest first, with when each came out.
pub type New = Arc<[(ArticleId, Time)]>;

impl ArticleFactsCache {
    pub fn new(articles: Articles, search: Search) -> Self {
        let known = Cache::builder().max_capacity(ARTICLES).time_to_live(KEPT).build();
        let new = Cache::builder().max_capacity(LISTS).time_to_live(NEW).build();
        Self(Arc::new(Inner { articles, search, known, new }))
    }

    /// What is known of articles; of those that are not visible, mostly nothing.
    pub async fn of(&self, ids: &[ArticleId]) -> Result<HashMap<ArticleId, Arc<Known>>> {
        let mut all = HashMap::with_capacity(ids.len());
        let mut missing = Vec::new();
        for &id in ids {
            match self.0.known.get(&id) {
                Some(known) => drop(all.insert(id, known)),
                None => missing.push(id),
            }
        }
        if missing.is_empty() {
            return Ok(all);
        }
        let sketches = async {
            // An index that cannot be asked tells no copies; lists go on without.
            self.0.search.sketches(missing.clone()).await.or_else(|error| {
                tracing::warn!(%error, "cannot tell copies");
                Ok(HashMap::new())
            })
        };
        let (articles, asked) = (&self.0.articles, &missing);
        let (cards, mut tags, mut sketches) =
            tokio::try_join!(articles.cards(asked), articles.tags_of(asked), sketches)?;
        for card in cards {
            let facts = ArticleFacts { sketch: sketches.remove(&card.id), ..ArticleFacts::of(&card) };
            let tags = tags.remove(&card.id).unwrap_or_default().into();
            let known = Arc::new(Known { title: card.title, facts: Arc::new(facts), tags });
            self.0.known.insert(card.id, known.clone());
            all.insert(card.id, known);
        }
        Ok(all)
    }

    /// What came out last.
    pub async fn newest(&self, of: NewOf<'_>) -> Result<New> {
        let key = match of {
            NewOf::Site => String::new(),
            NewOf::Channel(slug) => format!("c {slug}"),
            NewOf::Tag(tag) => format!("t {}", tag.folded()),
        };
        if let Some(list) = self.0.new.get(&key) {
            return Ok(list);
        }
        let articles = &self.0.articles;
        let found = match of {
            NewOf::Site => articles.newest_of_all(NEWEST).await?,
            NewOf::Channel(slug) => articles.newest_of_channel(slug, OF_ONE).await?,
            NewOf::Tag(tag) => articles.newest_of_tag(tag, OF_ONE).await?,
        };
        let list: New = found.into_iter().map(|article| (article.id, article.published_at)).collect();
        self.0.new.insert(key, list.clone());
        Ok(list)
    }
}
