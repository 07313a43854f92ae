//! 热点推荐: what is read, liked and talked about now, kept in memory.

mod follower;
mod ranking;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use articles::{Articles, Card};
use comments::Comments;
use events::{Journal, Position};
use follows::Follows;
use kernel::{ArticleId, Cursor, Env, Result, Slug, Time, UserId};
use reads::{ReadDelta, Reads, middle_of_hour};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::watch;

use crate::attention::weight;
use crate::heat::{HALF_LIVES, Heat, KNOWN, MEMORY, Span, Talk};
use crate::model::vary;
use crate::why::{Picked, Why};
use ranking::{Ranked, Ranking, append};

/// Articles that are read from the tables at once.
const PART: usize = 500;
/// Articles that are kept: the newest, and those read most within a day and within the week.
const NEW_AT_MOST: usize = 5_000;
const READ_AT_MOST: usize = 10_000;
/// Between two readings of the tables more come; beyond so many (half a kilobyte each) the coldest go.
const KEPT_AT_MOST: usize = 60_000;

/// The hot list. Cheap to clone, shared by all.
#[derive(Clone)]
pub struct Hot(Arc<Inner>);

struct Inner {
    articles: Articles,
    comments: Comments,
    follows: Follows,
    reads: Reads,
    journal: Journal,
    env: Env,
    deltas: tokio::sync::Mutex<UnboundedReceiver<ReadDelta>>,
    state: Mutex<State>,
    ranking: RwLock<Arc<Ranking>>,
    changed: watch::Sender<u64>,
}

#[derive(Default)]
struct State {
    landmark: Time,
    heats: HashMap<ArticleId, Heat>,
    /// Where the journal stood when the tables were read.
    place: Option<Position>,
    /// Something changed since the last ranking.
    dirty: bool,
    /// Where somebody spoke or liked since that was last counted.
    talked: HashSet<ArticleId>,
}

impl Hot {
    pub fn new(
        articles: Articles,
        comments: Comments,
        follows: Follows,
        reads: Reads,
        journal: Journal,
        env: Env,
    ) -> Self {
        let deltas = tokio::sync::Mutex::new(reads.subscribe());
        let (state, ranking, changed) = (Mutex::default(), RwLock::default(), watch::Sender::new(0));
        Self(Arc::new(Inner {
            articles,
            comments,
            follows,
            reads,
            journal,
            env,
            deltas,
            state,
            ranking,
            changed,
        }))
    }

    /// The hottest `n` visible articles: at most two of one author, hardly more than three of one channel in a row.
    /// Where little happens, the newest follow.
    pub async fn top(&self, n: usize) -> Result<Vec<Picked>> {
        self.over(Span::Now, n).await
    }

    /// The same over a span of time.
    pub async fn over(&self, span: Span, n: usize) -> Result<Vec<Picked>> {
        let ranking = self.ranking();
        // Some more than are shown, for those that are gone and not yet out of the ranking.
        let ranked: Vec<&Ranked> = ranking.order(span).all.iter().take(n + n / 4 + 5).collect();
        let mut cards = self.0.articles.cards(&ranked.iter().map(|r| r.id).collect::<Vec<_>>()).await?;
        if cards.len() < n {
            let newest = self.0.articles.latest(Cursor::START, 3 * n).await?.items;
            append(&mut cards, newest);
        }
        let cards = vary(cards, n, true, |card| card.author, |card| card.channel.clone());
        Ok(explain(cards, &ranked, self.0.env.now()))
    }

    /// The hottest `n` of the site or a channel, as they were ranked last, for those who ask themselves what of it is visible.
    pub fn ranked(&self, channel: Option<&Slug>, n: usize) -> Vec<(ArticleId, Why)> {
        let ranking = self.ranking();
        let order = ranking.order(Span::Now);
        let list = channel.map_or(Some(&order.all), |slug| order.by_channel.get(slug));
        list.into_iter().flatten().take(n).map(|ranked| (ranked.id, ranked.why.clone())).collect()
    }

    /// The hottest `n` visible articles of a channel; authors take turns as far as there are enough of them.
    pub async fn by_channel(&self, slug: &Slug, n: usize) -> Result<Vec<Picked>> {
        self.of_channel_over(slug, Span::Now, n).await
    }

    /// The same over a span of time.
    pub async fn of_channel_over(&self, slug: &Slug, span: Span, n: usize) -> Result<Vec<Picked>> {
        let ranking = self.ranking();
        let of_channel = ranking.order(span).by_channel.get(slug);
        let ranked: Vec<&Ranked> = of_channel.into_iter().flatten().take(2 * n + 5).collect();
        let mut cards = self.0.articles.cards(&ranked.iter().map(|r| r.id).collect::<Vec<_>>()).await?;
        cards.retain(|card| card.channel == *slug);
        if cards.len() < n {
            let newest = self.0.articles.by_channel(slug, Cursor::START, 2 * n).await?.items;
            append(&mut cards, newest);
        }
        Ok(explain(vary(cards, n, false, |card| card.author, |_| ()), &ranked, self.0.env.now()))
    }

    /// Whether the article has had any attention lately, or is new.
    pub fn knows(&self, id: ArticleId) -> bool {
        self.state().heats.contains_key(&id)
    }

    /// Changes when the order of the list does.
    pub fn changed(&self) -> watch::Receiver<u64> {
        self.0.changed.subscribe()
    }

    /// Reads the heat of the last days from the tables and ranks: after this the list is good.
    pub async fn load(&self) -> Result<()> {
        let (inner, now) = (&self.0, self.0.env.now());
        // The head comes first: what happens while the tables are read is met again, not missed.
        let place = inner.journal.head().await?;
        // What was flushed until now, here or by other nodes, is in the tables.
        inner.reads.hear().await?;
        let mut deltas = inner.deltas.lock().await;
        while deltas.try_recv().is_ok() {}
        let mut ids = inner.reads.busiest(now.minus(MEMORY), READ_AT_MOST).await?;
        ids.extend(inner.reads.busiest(now.minus(Duration::from_hours(24)), READ_AT_MOST).await?);
        let mut cards = self.new_ones(now).await?;
        ids.extend(cards.keys());
        ids.sort_unstable();
        ids.dedup();
        let counted = inner.reads.since(now.minus(MEMORY), &ids).await?;
        drop(deltas);
        ids.retain(|id| !cards.contains_key(id));
        for part in ids.chunks(PART) {
            cards.extend(inner.articles.cards(part).await?.into_iter().map(|card| (card.id, card)));
        }
        let mut heats: HashMap<ArticleId, Heat> =
            cards.into_values().map(|card| (card.id, heat_of(card))).collect();
        for hour in counted {
            if let Some(heat) = heats.get_mut(&hour.article_id) {
                heat.count(&hour.counts, middle_of_hour(hour.hour, now), now);
            }
        }
        *self.state() =
            State { landmark: now, heats, place: Some(place), dirty: true, talked: HashSet::new() };
        self.count_talk(None).await?;
        self.rank();
        Ok(())
    }

    /// Takes in the reads that were flushed.
    async fn drain(&self) -> Result<()> {
        let mut new: Vec<ReadDelta> = Vec::new();
        let mut deltas = self.0.deltas.lock().await;
        while let Ok(delta) = deltas.try_recv() {
            new.push(delta);
        }
        drop(deltas);
        if new.is_empty() {
            return Ok(());
        }
        self.meet(&new.iter().map(|delta| delta.article).collect::<Vec<_>>(), false).await?;
        let mut state = self.state();
        let landmark = state.landmark;
        for ReadDelta { article, at, counts } in new {
            if let Some(heat) = state.heats.get_mut(&article) {
                heat.count(&counts, at, landmark);
            }
        }
        state.dirty = true;
        Ok(())
    }

    /// Learns about articles that are not known yet; `again`: about all of them.
    async fn meet(&self, ids: &[ArticleId], again: bool) -> Result<()> {
        let ids: Vec<ArticleId> = {
            let state = self.state();
            ids.iter().filter(|&id| again || !state.heats.contains_key(id)).copied().collect()
        };
        for part in ids.chunks(PART) {
            let cards = self.0.articles.cards(part).await?;
            let mut state = self.state();
            state.dirty = true;
            for card in cards {
                let new = heat_of(card.clone());
                let kept = state.heats.remove(&card.id);
                let heat = kept.map_or(new, |kept| Heat {
                    author: card.author,
                    channel: card.channel,
                    published_at: card.published_at,
                    ..kept
                });
                state.heats.insert(card.id, heat);
            }
        }
        Ok(())
    }

    /// What was published lately enough to be hot.
    async fn new_ones(&self, now: Time) -> Result<HashMap<ArticleId, Card>> {
        let mut cards = HashMap::new();
        let mut from = Cursor::START;
        while cards.len() < NEW_AT_MOST {
            let page = self.0.articles.latest(from, PART).await?;
            let all = page.items.len();
            let new = page.items.into_iter().filter(|card| now.since(card.published_at) <= MEMORY);
            let before = cards.len();
            cards.extend(new.map(|card| (card.id, card)));
            match page.next {
                Some(next) if cards.len() - before == all => from = next,
                _ => break,
            }
        }
        Ok(cards)
    }

    /// Counts who speaks and likes, under some articles or all.
    async fn count_talk(&self, among: Option<&[ArticleId]>) -> Result<()> {
        let (inner, now) = (&self.0, self.0.env.now());
        let landmark = self.state().landmark;
        let (since, known) = (now.minus(MEMORY), UserId::at(now.minus(KNOWN)));
        let mut talk: HashMap<ArticleId, [Talk; HALF_LIVES.len()]> = HashMap::new();
        let mut add = |article, hour, one: Talk| {
            let at = middle_of_hour(hour, now);
            for (sum, half_life) in talk.entry(article).or_default().iter_mut().zip(HALF_LIVES) {
                sum.add(&one, weight(at, landmark, half_life));
            }
        };
        for said in inner.comments.talk(since, known, among).await? {
            let (comments, new_comments) = (said.known as f64, (said.people - said.known) as f64);
            add(said.article, said.hour, Talk { comments, new_comments, ..Talk::default() });
        }
        for liked in inner.follows.approval(since, known, among).await? {
            let (likes, new_likes) = (liked.known as f64, (liked.readers - liked.known) as f64);
            add(liked.article, liked.hour, Talk { likes, new_likes, ..Talk::default() });
        }
        self.meet(&talk.keys().copied().collect::<Vec<_>>(), false).await?;
        let mut state = self.state();
        let all: Vec<ArticleId> = among.map_or_else(|| state.heats.keys().copied().collect(), <[_]>::to_vec);
        for id in all {
            if let Some(heat) = state.heats.get_mut(&id) {
                heat.talk = talk.get(&id).copied().unwrap_or_default();
            }
        }
        state.dirty = true;
        Ok(())
    }

    fn rank(&self) {
        let ranking = {
            let mut state = self.state();
            state.dirty = false;
            if state.heats.len() > KEPT_AT_MOST {
                forget(&mut state);
            }
            Ranking::of(&state.heats, state.landmark, self.0.env.now())
        };
        if *self.ranking() != ranking {
            *self.0.ranking.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(ranking);
            self.0.changed.send_modify(|n| *n += 1);
        }
    }

    /// Takes in all that was counted, as `run` would by and by.
    #[cfg(test)]
    pub(crate) async fn settle(&self) {
        self.0.reads.flush().await.unwrap();
        self.drain().await.unwrap();
        self.count_talk(None).await.unwrap();
        self.rank();
    }

    fn ranking(&self) -> Arc<Ranking> {
        self.0.ranking.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Forgets the colder half, by what was read and published of late.
fn forget(state: &mut State) {
    let landmark = state.landmark;
    let new = |heat: &Heat| weight(heat.published_at, landmark, HALF_LIVES[1]);
    let recent = |heat: &Heat| new(heat) + heat.read.iter().map(|read| read.weight).sum::<f64>();
    let mut all: Vec<f64> = state.heats.values().map(recent).collect();
    let half = all.len() / 2;
    let (_, &mut middle, _) = all.select_nth_unstable_by(half, f64::total_cmp);
    state.heats.retain(|_, heat| recent(heat) > middle);
}

fn heat_of(card: Card) -> Heat {
    Heat::new(card.author, card.channel, card.published_at)
}

/// What is not ranked is there for being one of the newest.
fn explain(cards: Vec<Card>, ranked: &[&Ranked], now: Time) -> Vec<Picked> {
    let whys: HashMap<ArticleId, &Why> = ranked.iter().map(|ranked| (ranked.id, &ranked.why)).collect();
    let newest = |card: &Card| Why::of_new(card.published_at, now);
    let why = |card: &Card| whys.get(&card.id).map_or_else(|| newest(card), |&why| why.clone());
    cards.into_iter().map(|card| Picked { why: why(&card), card }).collect()
}
