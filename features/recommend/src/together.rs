//! What is read together: two articles that one visitor reads within a while are near to each other, whatever their words.
//!
//! Who reads is known only as long as the visit lasts, in memory, by a number that means nothing elsewhere ([`crate::visitor`]). What
//! is written are pairs of articles with a weight that fades.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use db::Db;
use kernel::{ArticleId, Env, Result, Time};

use crate::store::together as store;

/// What a visitor read within this time is read together.
const VISIT: Duration = Duration::from_hours(6);
/// Articles of a visit that a new one is paired with: the last so many.
const PAIRED: usize = 8;
/// A visitor pairs no more than this within a visit: nobody reads a hundred articles, programs do.
const MOST: usize = 40;
/// Visits that are remembered (some 150 bytes each). Beyond them the idle ones are forgotten, and if that is not enough, all.
const VISITS: usize = 100_000;
/// A pair counts half after this time.
const HALF_LIFE: Duration = Duration::from_hours(14 * 24);
/// What nobody read together for so long is forgotten.
const MEMORY: Duration = Duration::from_hours(90 * 24);
/// The heaviest neighbours of an article that are asked for.
const NEAR: usize = 40;

#[derive(Clone)]
pub struct Together(Arc<Inner>);

struct Inner {
    db: Db,
    env: Env,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    visits: HashMap<u64, Visit>,
    /// Pairs that are not written yet.
    pairs: BTreeMap<(ArticleId, ArticleId), f64>,
}

struct Visit {
    read: VecDeque<ArticleId>,
    count: usize,
    last: Time,
}

impl Together {
    pub fn new(db: Db, env: Env) -> Self {
        Self(Arc::new(Inner { db, env, state: Mutex::default() }))
    }

    /// A visitor reads an article; `weight` is what this read weighs, 1 or less where many came from one network. The same article again
    /// counts once in a visit.
    pub fn read(&self, visitor: u64, article: ArticleId, weight: f64) {
        let now = self.0.env.now();
        let mut state = self.state();
        let state = &mut *state;
        let idle = |visit: &Visit| now.since(visit.last) > VISIT;
        if state.visits.len() >= VISITS && !state.visits.contains_key(&visitor) {
            state.visits.retain(|_, visit| !idle(visit));
            if state.visits.len() >= VISITS {
                state.visits.clear();
            }
        }
        let visit = state.visits.entry(visitor).or_insert_with(|| Visit {
            read: VecDeque::new(),
            count: 0,
            last: now,
        });
        if idle(visit) {
            visit.read.clear();
            visit.count = 0;
        }
        visit.last = now;
        if visit.read.contains(&article) || visit.count >= MOST {
            return;
        }
        for &other in &visit.read {
            *state.pairs.entry((article, other)).or_default() += weight;
            *state.pairs.entry((other, article)).or_default() += weight;
        }
        visit.count += 1;
        visit.read.push_back(article);
        if visit.read.len() > PAIRED {
            visit.read.pop_front();
        }
    }

    /// Writes the pairs since the last time, in one transaction. What cannot be written is kept.
    pub async fn flush(&self) -> Result<usize> {
        let pairs = std::mem::take(&mut self.state().pairs);
        if pairs.is_empty() {
            return Ok(0);
        }
        let rows: Vec<_> =
            pairs.iter().map(|(&(article, other), &weight)| (article, other, weight)).collect();
        if let Err(error) = self.add(&rows).await {
            let mut state = self.state();
            for (pair, weight) in pairs {
                *state.pairs.entry(pair).or_default() += weight;
            }
            return Err(error);
        }
        Ok(rows.len())
    }

    async fn add(&self, rows: &[(ArticleId, ArticleId, f64)]) -> Result<()> {
        let tx = self.0.db.write().await?;
        store::add(&tx, rows, self.0.env.now(), HALF_LIFE.as_millis() as f64).await?;
        tx.commit().await
    }

    /// Forgets what was read together long ago.
    pub async fn forget(&self) -> Result<u64> {
        let tx = self.0.db.write().await?;
        let gone = store::forget_before(&tx, self.0.env.now().minus(MEMORY)).await?;
        tx.commit().await?;
        Ok(gone)
    }

    /// For each of `articles` what was read together with it, and how often, fading.
    pub async fn near(&self, articles: &[ArticleId]) -> Result<HashMap<ArticleId, Vec<(ArticleId, f64)>>> {
        let now = self.0.env.now();
        let mut near: HashMap<ArticleId, Vec<(ArticleId, f64)>> = HashMap::new();
        for pair in store::near(&self.0.db, articles, NEAR).await? {
            let faded = pair.weight / (1.0 + now.since(pair.at).as_secs_f64() / HALF_LIFE.as_secs_f64());
            near.entry(pair.article_id).or_default().push((pair.other_id, faded));
        }
        for list in near.values_mut() {
            list.sort_by(|a, b| b.1.total_cmp(&a.1));
        }
        Ok(near)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use db::db_test;

    fn id(n: i64) -> ArticleId {
        ArticleId::new(n)
    }

    #[db_test]
    async fn what_one_visitor_reads_is_near_and_fades(db: Db) {
        let (env, clock) = Env::manual(Time::from_millis(1_700_000_000_000));
        let together = Together::new(db, env);
        for (visitor, articles) in [(1, [10, 11, 10]), (2, [10, 11, 12]), (3, [13, 13, 13])] {
            for article in articles {
                together.read(visitor, id(article), 1.0);
            }
        }
        assert_eq!(together.flush().await.unwrap(), 6);
        assert_eq!(together.flush().await.unwrap(), 0);
        let near = together.near(&[id(10), id(13)]).await.unwrap();
        assert_eq!(near[&id(10)], [(id(11), 2.0), (id(12), 1.0)]);
        assert!(!near.contains_key(&id(13)));

        clock.advance(HALF_LIFE);
        // A new visit: what was read before is no part of it.
        together.read(1, id(12), 1.0);
        together.read(1, id(10), 1.0);
        together.flush().await.unwrap();
        let near = together.near(&[id(10)]).await.unwrap();
        assert_eq!(near[&id(10)], [(id(12), 1.5), (id(11), 1.0)]);
        clock.advance(MEMORY);
        assert_eq!(together.forget().await.unwrap(), 4);
        clock.advance(Duration::from_secs(1));
        together.forget().await.unwrap();
        assert!(together.near(&[id(10)]).await.unwrap().is_empty());
    }

    #[db_test]
    async fn a_program_that_reads_everything_pairs_little(db: Db) {
        let together = Together::new(db, Env::system());
        for article in 0..500 {
            together.read(7, id(article), 1.0);
        }
        assert!(together.flush().await.unwrap() <= 2 * MOST * PAIRED);
    }
}
