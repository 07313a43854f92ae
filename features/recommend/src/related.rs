//! 相关推荐: what is close in content, without copies, varied, a little fresher first.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use articles::{Articles, Card};
use kernel::{ArticleId, AuthorId, Cursor, Env, Result, Time};
use moka::sync::Cache;
use search::{Search, Sketch};
use tokio::time::Instant;

use crate::why::{Picked, Why};

/// Candidates that the index is asked for.
const CANDIDATES: usize = 60;
/// Two texts that share more than this of their shingles tell the same: one of them is enough.
const COPY: f32 = 0.5;
/// What is less close than this is near by chance.
const FAR: f32 = 0.03;
/// A new article counts as this much closer, an older one less and less.
const FRESH: f64 = 0.2;
const FRESH_HALF_LIFE: Duration = Duration::from_hours(14 * 24);
const PER_AUTHOR: usize = 2;
/// More than are shown, so that one that goes leaves no gap.
const CHOSEN: usize = 20;
/// Below this many, tags and channel help out.
const ENOUGH: usize = 10;
/// While nothing is published a list stays; while much is, it is made anew at most this often.
const KEPT: Duration = Duration::from_millis(500);
const LISTS: u64 = 5_000;

/// Related articles. Cheap to clone, shared by all.
#[derive(Clone)]
pub struct Related {
    search: Search,
    articles: Articles,
    env: Env,
    lists: Cache<ArticleId, Kept>,
}

/// A list that was made. Who is in it may be gone since: it is asked for again each time.
#[derive(Clone)]
struct Kept {
    chosen: Arc<[(ArticleId, Why)]>,
    generation: u64,
    made: Instant,
}

impl Related {
    pub fn new(search: Search, articles: Articles, env: Env) -> Self {
        Self { search, articles, env, lists: Cache::new(LISTS) }
    }

    /// Up to `limit` (at most 20) visible articles about the same as a visible one, closest first: never itself, a copy of it or of
    /// each other, at most two of one author. Where the text says too little, the newest with its tags follow, then those of its channel.
    pub async fn of(&self, id: ArticleId, limit: usize) -> Result<Vec<Picked>> {
        let generation = self.search.generation();
        let fresh = |kept: &Kept| kept.generation == generation || kept.made.elapsed() < KEPT;
        let chosen = if let Some(kept) = self.lists.get(&id).filter(fresh) {
            kept.chosen
        } else {
            let made = Instant::now();
            let chosen: Arc<[(ArticleId, Why)]> = self.choose(id).await?.into();
            self.lists.insert(id, Kept { chosen: chosen.clone(), generation, made });
            chosen
        };
        let ids: Vec<ArticleId> = chosen.iter().map(|(id, _)| *id).collect();
        let why: HashMap<ArticleId, &Why> = chosen.iter().map(|(id, why)| (*id, why)).collect();
        let cards = self.articles.cards(&ids).await?.into_iter().take(limit);
        Ok(cards.map(|card| Picked { why: why[&card.id].clone(), card }).collect())
    }

    /// The articles whose lists a new or changed article may stand in: those close to it. Their lists are made anew.
    /// `None` while the article is not in the index.
    pub async fn touched_by(&self, id: ArticleId) -> Result<Option<Vec<ArticleId>>> {
        let Some((_, similar)) = self.search.similar(id, CANDIDATES).await? else { return Ok(None) };
        let ids: Vec<ArticleId> = similar.into_iter().map(|near| near.id).collect();
        for id in &ids {
            self.lists.invalidate(id);
        }
        Ok(Some(ids))
    }

    async fn choose(&self, id: ArticleId) -> Result<Vec<(ArticleId, Why)>> {
        let mut list = List::new(id);
        if let Some((own, similar)) = self.search.similar(id, CANDIDATES).await? {
            let near: Vec<_> = similar.into_iter().filter(|near| near.closeness >= FAR).collect();
            let ids: Vec<ArticleId> = near.iter().map(|near| near.id).collect();
            let cards = self.articles.cards(&ids).await?;
            let cards: HashMap<ArticleId, &Card> = cards.iter().map(|card| (card.id, card)).collect();
            let now = self.env.now();
            let mut ranked: Vec<(f64, &Card, Sketch)> = near
                .iter()
                .filter_map(|near| {
                    let card = *cards.get(&near.id)?;
                    let fresh = 1.0 + FRESH * freshness(now, card.published_at);
                    Some((f64::from(near.closeness) * fresh, card, near.sketch))
                })
                .collect();
            ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
            let mut told: Vec<Sketch> = vec![own];
            for (_, card, sketch) in ranked {
                if told.iter().any(|other| other.likeness(&sketch) >= COPY) {
                    list.shunned.insert(card.id);
                } else if list.offer(card, Why::Close) {
                    told.push(sketch);
                }
            }
        }
        if list.chosen.len() < ENOUGH
            && let Some(article) = self.articles.cards(&[id]).await?.pop()
        {
            self.help_out(&article, &mut list).await?;
        }
        list.chosen.truncate(CHOSEN);
        Ok(list.chosen)
    }

    /// The newest in the article's language with its tags, then of its channel.
    async fn help_out(&self, article: &Card, list: &mut List) -> Result<()> {
        let tags = self.articles.tags_of(&[article.id]).await?.remove(&article.id).unwrap_or_default();
        let mut newest = Vec::new();
        for tag in tags.iter().take(3) {
            let why = Why::SameTag(tag.to_string());
            let tagged = self.articles.by_tag(tag, Cursor::START, CHOSEN).await?.items;
            newest.extend(tagged.into_iter().map(|card| (card, why.clone())));
        }
        let channel = self.articles.by_channel(&article.channel, Cursor::START, 3 * CHOSEN).await?.items;
        newest.extend(channel.into_iter().map(|card| (card, Why::SameChannel)));
        for (card, why) in newest.iter().filter(|(card, _)| card.language == article.language) {
            if list.chosen.len() < ENOUGH {
                list.offer(card, why.clone());
            }
        }
        Ok(())
    }
}

/// The list as it grows.
struct List {
    chosen: Vec<(ArticleId, Why)>,
    /// The article itself, and copies.
    shunned: HashSet<ArticleId>,
    authors: HashMap<AuthorId, usize>,
}

impl List {
    fn new(id: ArticleId) -> Self {
        Self { chosen: Vec::new(), shunned: HashSet::from([id]), authors: HashMap::new() }
    }

    /// Takes an article unless it is there, shunned, or its author has enough.
    fn offer(&mut self, card: &Card, why: Why) -> bool {
        let count = self.authors.entry(card.author).or_default();
        let there = self.chosen.iter().any(|(id, _)| *id == card.id);
        let take = *count < PER_AUTHOR && !self.shunned.contains(&card.id) && !there;
        if take {
            *count += 1;
            self.chosen.push((card.id, why));
        }
        take
    }
}

fn freshness(now: Time, published_at: Time) -> f64 {
    (-now.since(published_at).as_secs_f64() / FRESH_HALF_LIFE.as_secs_f64()).exp2()
}
