//! 热点推荐: what is read, liked and talked about now, kept in memory.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use articles::events::{Changed, Gone, Live};
use articles::{Articles, Card};
use async_trait::async_trait;
use comments::Comments;
use events::{Entry, Follower, Journal, Position, follow};
use follows::Follows;
use follows::events::ArticleLiked;
use kernel::{ArticleId, AuthorId, Cursor, Env, Result, Slug, Time};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::model::{COMMENT, LIKE, MEMORY, NEW, vary, weight};
use crate::reads::{HOUR, Reads};
use crate::store::ReadHour;
use crate::why::{Picked, Why};

/// The list is ranked again this soon after something happened.
const RANK: Duration = Duration::from_millis(250);
/// Comments and likes are counted anew at most this often.
const TALK: Duration = Duration::from_secs(5);
/// All is read from the tables anew this often: what other nodes counted is seen, what is past is forgotten.
const RELOAD: Duration = Duration::from_mins(10);
/// Articles that are kept ranked, overall and for each channel.
const LONG: usize = 200;
const CHANNEL_LONG: usize = 60;
/// New articles that are read from the tables at once, and at most.
const PART: usize = 500;
const NEW_AT_MOST: usize = 5_000;
/// Comments are told apart by age in hours as far as this.
const AGES: [u64; 4] = [3, 12, 48, 7 * 24];

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
    heard: tokio::sync::Mutex<UnboundedReceiver<ReadHour>>,
    state: Mutex<State>,
    ranking: RwLock<Arc<Ranking>>,
    changed: watch::Sender<u64>,
}

/// One article's heat, in the measure of [`weight`].
struct Heat {
    author: AuthorId,
    channel: Slug,
    published_at: Time,
    reads: f64,
    talk: f64,
}

#[derive(Default)]
struct State {
    landmark: Time,
    heats: HashMap<ArticleId, Heat>,
    /// Where the journal stood when the tables were read.
    place: Option<Position>,
    /// Something changed since the last ranking; somebody spoke since that was last counted.
    dirty: bool,
    talked: bool,
}

#[derive(Default)]
struct Ranking {
    all: Vec<Ranked>,
    by_channel: HashMap<Slug, Vec<ArticleId>>,
    why: HashMap<ArticleId, Why>,
}

impl Ranking {
    /// What nobody has read yet is in no ranking: it is there for being new.
    fn explain(&self, cards: Vec<Card>) -> Vec<Picked> {
        let why = |card: &Card| self.why.get(&card.id).cloned().unwrap_or(Why::New);
        cards.into_iter().map(|card| Picked { why: why(&card), card }).collect()
    }
}

#[derive(Clone, PartialEq)]
struct Ranked {
    id: ArticleId,
    author: AuthorId,
    channel: Slug,
}

impl Hot {
    pub fn new(articles: Articles, comments: Comments, reads: Reads, journal: Journal, env: Env) -> Self {
        let (to, heard) = unbounded_channel();
        reads.listen(to);
        let follows = Follows::new(reads.db().clone(), journal.clone(), env.clone(), articles.clone());
        let heard = tokio::sync::Mutex::new(heard);
        let (state, ranking, changed) = (Mutex::default(), RwLock::default(), watch::Sender::new(0));
        Self(Arc::new(Inner {
            articles,
            comments,
            follows,
            reads,
            journal,
            env,
            heard,
            state,
            ranking,
            changed,
        }))
    }

    /// The hottest `n` visible articles: at most two of one author, hardly more than three of one channel in a row.
    /// Where little happens, the newest follow.
    pub async fn top(&self, n: usize) -> Result<Vec<Picked>> {
        // Some more than are shown, for those that are gone and not yet out of the ranking.
        let ranking = self.ranking();
        let ranked: Vec<ArticleId> = ranking.all.iter().map(|r| r.id).take(n + n / 4 + 5).collect();
        let mut cards = self.0.articles.cards(&ranked).await?;
        if cards.len() < n {
            let newest = self.0.articles.latest(Cursor::START, 3 * n).await?.items;
            append(&mut cards, newest);
        }
        let cards = vary(cards, n, true, |card| card.author, |card| card.channel.clone());
        Ok(ranking.explain(cards))
    }

    /// The hottest `n` visible articles of a channel; authors take turns as far as there are enough of them.
    pub async fn by_channel(&self, slug: &Slug, n: usize) -> Result<Vec<Picked>> {
        let ranking = self.ranking();
        let ranked = ranking.by_channel.get(slug).cloned().unwrap_or_default();
        let mut cards = self.0.articles.cards(&ranked[..ranked.len().min(2 * n + 5)]).await?;
        cards.retain(|card| card.channel == *slug);
        if cards.len() < n {
            let newest = self.0.articles.by_channel(slug, Cursor::START, 2 * n).await?.items;
            append(&mut cards, newest);
        }
        Ok(ranking.explain(vary(cards, n, false, |card| card.author, |_| ())))
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
        // What was flushed until now is in the tables.
        let mut heard = inner.heard.lock().await;
        while heard.try_recv().is_ok() {}
        let mut reads: HashMap<ArticleId, f64> = HashMap::new();
        for read in inner.reads.since(now.minus(MEMORY)).await? {
            let middle = Time::from_millis(read.hour * HOUR + HOUR / 2).min(now);
            *reads.entry(read.article_id).or_default() += read.reads as f64 * weight(middle, now);
        }
        drop(heard);
        let mut cards = self.new_ones(now).await?;
        let others: Vec<ArticleId> = reads.keys().filter(|id| !cards.contains_key(id)).copied().collect();
        for part in others.chunks(PART) {
            cards.extend(inner.articles.cards(part).await?.into_iter().map(|card| (card.id, card)));
        }
        let heat = |card: Card| {
            let read = reads.get(&card.id).copied().unwrap_or_default();
            (card.id, Heat { reads: read, ..Heat::of(card) })
        };
        let heats = cards.into_values().map(heat).collect();
        *self.state() = State { landmark: now, heats, place: Some(place), dirty: true, talked: false };
        self.count_talk().await?;
        self.rank();
        Ok(())
    }

    /// Keeps the list up to date until `stop`; reads the tables first if [`Hot::load`] was not called.
    pub async fn run(self, stop: CancellationToken) {
        let place = loop {
            if let Some(place) = self.state().place {
                break place;
            }
            if let Err(error) = self.load().await {
                tracing::error!(%error, "cannot read the hot list; trying again");
                tokio::select! { () = tokio::time::sleep(TALK) => {}, () = stop.cancelled() => return }
            }
        };
        let journal = self.0.journal.clone();
        tokio::join!(follow(journal, Ranker(self.clone()), place, stop.clone()), self.keep(stop));
    }

    async fn keep(&self, stop: CancellationToken) {
        let (mut loaded, mut talked) = (Instant::now(), Instant::now());
        let mut tick = tokio::time::interval(RANK);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! { _ = tick.tick() => {}, () = stop.cancelled() => return }
            let step = async {
                self.hear().await?;
                if loaded.elapsed() > RELOAD {
                    loaded = Instant::now();
                    return self.load().await;
                }
                let counts = self.state().talked && talked.elapsed() > TALK;
                if counts {
                    talked = Instant::now();
                    self.count_talk().await?;
                }
                if self.state().dirty {
                    self.rank();
                }
                Ok(())
            };
            if let Err(error) = step.await {
                tracing::error!(%error, "cannot keep the hot list; trying again");
            }
        }
    }

    /// Takes in the reads that were flushed.
    async fn hear(&self) -> Result<()> {
        let mut new: Vec<ReadHour> = Vec::new();
        let mut heard = self.0.heard.lock().await;
        while let Ok(read) = heard.try_recv() {
            new.push(read);
        }
        drop(heard);
        if new.is_empty() {
            return Ok(());
        }
        self.meet(&new.iter().map(|read| read.article_id).collect::<Vec<_>>(), false).await?;
        let now = self.0.env.now();
        let mut state = self.state();
        let weight = weight(now, state.landmark);
        for read in new {
            if let Some(heat) = state.heats.get_mut(&read.article_id) {
                heat.reads += read.reads as f64 * weight;
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
                let (reads, talk) =
                    state.heats.get(&card.id).map_or((0.0, 0.0), |heat| (heat.reads, heat.talk));
                state.heats.insert(card.id, Heat { reads, talk, ..Heat::of(card) });
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

    /// Counts what people say: comments by their age, likes of new articles as if given half-way since.
    async fn count_talk(&self) -> Result<()> {
        let (inner, now) = (&self.0, self.0.env.now());
        let (landmark, new) = {
            let mut state = self.state();
            state.talked = false;
            let new = state.heats.iter().filter(|(_, heat)| now.since(heat.published_at) <= MEMORY);
            (state.landmark, new.map(|(&id, heat)| (id, heat.published_at)).collect::<HashMap<_, _>>())
        };
        let mut talk: HashMap<ArticleId, f64> = HashMap::new();
        let mut younger: HashMap<ArticleId, i64> = HashMap::new();
        let mut from = 0;
        for age in AGES {
            let counted = inner.comments.counts_since(now.minus(Duration::from_hours(age))).await?;
            let middle = weight(now.minus(Duration::from_hours(age.midpoint(from))), landmark);
            for &(id, count) in &counted {
                let more = count - younger.get(&id).copied().unwrap_or_default();
                *talk.entry(id).or_default() += COMMENT * middle * more as f64;
            }
            younger = counted.into_iter().collect();
            from = age;
        }
        for part in new.keys().copied().collect::<Vec<_>>().chunks(PART) {
            for (id, likes) in inner.follows.like_counts(part).await? {
                let middle = now.minus(now.since(new[&id]) / 2);
                *talk.entry(id).or_default() += LIKE * weight(middle, landmark) * likes as f64;
            }
        }
        self.meet(&talk.keys().copied().collect::<Vec<_>>(), false).await?;
        let mut state = self.state();
        for (id, heat) in &mut state.heats {
            heat.talk = talk.get(id).copied().unwrap_or_default();
        }
        state.dirty = true;
        Ok(())
    }

    fn rank(&self) {
        let now = self.0.env.now();
        let mut state = self.state();
        state.dirty = false;
        let landmark = state.landmark;
        let heat = |h: &Heat| h.reads + h.talk + NEW * weight(h.published_at.min(now), landmark);
        let ranked = |(&id, h): (&ArticleId, &Heat)| {
            (heat(h), h.published_at, Ranked { id, author: h.author, channel: h.channel.clone() })
        };
        let mut ranked: Vec<(f64, Time, Ranked)> = state.heats.iter().map(ranked).collect();
        let why = |h: &Heat| {
            let new = NEW * weight(h.published_at.min(now), landmark);
            if new >= h.reads + h.talk {
                Why::New
            } else if h.talk > h.reads {
                Why::Talked
            } else {
                Why::Hot
            }
        };
        let why = state.heats.iter().map(|(&id, heat)| (id, why(heat))).collect();
        drop(state);
        ranked.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)).then(b.2.id.cmp(&a.2.id)));
        let mut ranking = Ranking { why, ..Ranking::default() };
        for (_, _, ranked) in &ranked {
            let channel = ranking.by_channel.entry(ranked.channel.clone()).or_default();
            if channel.len() < CHANNEL_LONG {
                channel.push(ranked.id);
            }
        }
        let all = ranked.into_iter().map(|(_, _, ranked)| ranked).take(3 * LONG).collect();
        ranking.all = vary(all, LONG, true, |ranked| ranked.author, |ranked| ranked.channel.clone());
        let same = {
            let before = self.ranking();
            before.all == ranking.all && before.by_channel == ranking.by_channel && before.why == ranking.why
        };
        if !same {
            *self.0.ranking.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(ranking);
            self.0.changed.send_modify(|n| *n += 1);
        }
    }

    fn ranking(&self) -> Arc<Ranking> {
        self.0.ranking.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Heat {
    fn of(card: Card) -> Self {
        Self {
            author: card.author,
            channel: card.channel,
            published_at: card.published_at,
            reads: 0.0,
            talk: 0.0,
        }
    }
}

/// Adds cards that are not there yet.
fn append(cards: &mut Vec<Card>, more: Vec<Card>) {
    let known: HashSet<ArticleId> = cards.iter().map(|card| card.id).collect();
    cards.extend(more.into_iter().filter(|card| !known.contains(&card.id)));
}

/// Follows the journal. It remembers nothing: the list is read from the tables at every start.
struct Ranker(Hot);

#[async_trait]
impl Follower for Ranker {
    fn name(&self) -> &'static str {
        "hot"
    }

    async fn apply(&mut self, batch: &[Entry]) -> Result<()> {
        let mut seen: Vec<ArticleId> = Vec::new();
        let mut gone: Vec<ArticleId> = Vec::new();
        let mut talked = false;
        for entry in batch {
            seen.extend(entry.read::<Live>().map(|event| event.id));
            seen.extend(entry.read::<Changed>().map(|event| event.id));
            gone.extend(entry.read::<Gone>().map(|event| event.id));
            talked |= entry.read::<comments::events::Posted>().is_some()
                || entry.read::<comments::events::Changed>().is_some()
                || entry.read::<ArticleLiked>().is_some();
        }
        {
            let mut state = self.0.state();
            for id in &gone {
                state.heats.remove(id);
            }
            state.talked |= talked;
        }
        if !gone.is_empty() {
            self.0.rank();
        }
        // After the removals: what went and came back is visible now.
        self.0.meet(&seen, true).await
    }
}
