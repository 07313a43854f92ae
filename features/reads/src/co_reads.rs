//! What is read together: two articles that one visitor reads within a while are near to each other, whatever their words.
//!
//! Who reads is known only as long as the session lasts, in memory, by a number that means nothing elsewhere ([`crate::visitor`]). What
//! is written are pairs of articles with a weight that fades.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use db::{Db, Tx};
use kernel::{ArticleId, Env, Result, Time};

use crate::sessions::{Pairs, ReadSessions};
use crate::slots::hour;
use crate::store::co_reads::{self as store, Neighbour};

/// A pair counts half after this many hours.
const HALF_LIFE: f64 = 14.0 * 24.0;
/// What nobody read together for so long is forgotten.
const MEMORY: Duration = Duration::from_hours(90 * 24);
/// Neighbours of an article that are kept, the heaviest ones, and of those, how many are asked for.
const KEPT: usize = 60;
const NEAR: usize = 40;

#[derive(Clone)]
pub struct CoReads(Arc<Inner>);

struct Inner {
    db: Db,
    env: Env,
    sessions: Mutex<ReadSessions>,
}

impl CoReads {
    pub fn new(db: Db, env: Env) -> Self {
        Self(Arc::new(Inner { db, env, sessions: Mutex::default() }))
    }

    /// A visitor reads an article; `weight` is what this read weighs, 1 or less where many came from one network. The same article again
    /// counts once in a session.
    pub fn read(&self, visitor: u64, article: ArticleId, weight: f64) {
        let now = self.0.env.now();
        self.sessions().read(visitor, article, now, weight);
    }

    /// Writes the pairs since the last time, in one transaction. What cannot be written is kept.
    pub async fn flush(&self) -> Result<usize> {
        let pairs = std::mem::take(&mut self.sessions().pairs);
        if pairs.is_empty() {
            return Ok(0);
        }
        if let Err(error) = self.write(&pairs).await {
            let mut sessions = self.sessions();
            for (pair, weight) in pairs {
                *sessions.pairs.entry(pair).or_default() += weight;
            }
            return Err(error);
        }
        Ok(pairs.len())
    }

    async fn write(&self, pairs: &Pairs) -> Result<()> {
        let tx = self.0.db.write().await?;
        add(&tx, pairs, self.0.env.now()).await?;
        tx.commit().await
    }

    /// Forgets what was read together long ago.
    pub async fn forget(&self) -> Result<u64> {
        let tx = self.0.db.write().await?;
        let gone = store::forget_before(&tx, self.0.env.now().minus(MEMORY)).await?;
        tx.commit().await?;
        Ok(gone)
    }

    /// For each of `articles` what was read together with it, and how often, fading; the heaviest first.
    pub async fn near(&self, articles: &[ArticleId]) -> Result<HashMap<ArticleId, Vec<(ArticleId, f64)>>> {
        let now = hour(self.0.env.now());
        let mut near = HashMap::new();
        for (article, neighbours) in store::near(&self.0.db, articles).await? {
            let mut list: Vec<(ArticleId, f64)> =
                neighbours.iter().map(|n| (n.article, n.weight_at(now))).collect();
            list.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
            list.truncate(NEAR);
            near.insert(article, list);
        }
        Ok(near)
    }

    fn sessions(&self) -> MutexGuard<'_, ReadSessions> {
        self.0.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Neighbour {
    fn weight_at(&self, now: i64) -> f64 {
        self.weight * (-(now - self.hour).max(0) as f64 / HALF_LIFE).exp2()
    }
}

/// Adds pairs as of one time to what is there; of each article the heaviest neighbours are kept, of those alike the newer.
pub async fn add(tx: &Tx, pairs: &Pairs, at: Time) -> Result<()> {
    let mut all: Vec<(ArticleId, Vec<Neighbour>)> = Vec::new();
    for (&(article, other), &weight) in pairs {
        let new = Neighbour { article: other, weight, hour: hour(at) };
        match all.last_mut().filter(|(last, _)| *last == article) {
            Some((_, list)) => list.push(new),
            None => all.push((article, vec![new])),
        }
    }
    for part in all.chunks_mut(store::ROWS) {
        let articles: Vec<ArticleId> = part.iter().map(|(article, _)| *article).collect();
        let mut before = store::lock(tx, &articles, at).await?;
        for (article, list) in &mut *part {
            merge(list, before.remove(article).unwrap_or_default(), hour(at));
        }
        store::put(tx, part, at).await?;
    }
    Ok(())
}

/// Takes what was there before into the list of what is new.
fn merge(list: &mut Vec<Neighbour>, before: Vec<Neighbour>, now: i64) {
    const MEMORY_HOURS: i64 = MEMORY.as_secs() as i64 / 3_600;
    let new = list.len();
    for old in before.into_iter().filter(|old| now - old.hour <= MEMORY_HOURS) {
        // Both are in the order of ids as far as they are new, and short.
        match list[..new].binary_search_by_key(&old.article, |n| n.article) {
            Ok(place) => list[place].weight += old.weight_at(now),
            Err(_) => list.push(old),
        }
    }
    if list.len() > KEPT {
        list.sort_by(|a, b| b.weight_at(now).total_cmp(&a.weight_at(now)).then_with(|| b.hour.cmp(&a.hour)));
        list.truncate(KEPT);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sessions::{MOST, PAIRED};
    use db::db_test;

    fn id(n: i64) -> ArticleId {
        ArticleId::new(n)
    }

    #[db_test]
    async fn what_one_visitor_reads_is_near_and_fades(db: Db) {
        let (env, clock) = Env::manual(Time::from_millis(1_700_000_000_000));
        let co_reads = CoReads::new(db, env);
        for (visitor, articles) in [(1, [10, 11, 10]), (2, [10, 11, 12]), (3, [13, 13, 13])] {
            for article in articles {
                co_reads.read(visitor, id(article), 1.0);
            }
        }
        assert_eq!(co_reads.flush().await.unwrap(), 6);
        assert_eq!(co_reads.flush().await.unwrap(), 0);
        let near = co_reads.near(&[id(10), id(13)]).await.unwrap();
        assert_eq!(near[&id(10)], [(id(11), 2.0), (id(12), 1.0)]);
        assert!(!near.contains_key(&id(13)));

        clock.advance(Duration::from_hours(14 * 24));
        // A new session: what was read before is no part of it.
        co_reads.read(1, id(12), 1.0);
        co_reads.read(1, id(10), 1.0);
        co_reads.flush().await.unwrap();
        let near = co_reads.near(&[id(10)]).await.unwrap();
        assert_eq!(near[&id(10)], [(id(12), 1.5), (id(11), 1.0)]);
        clock.advance(MEMORY);
        assert_eq!(co_reads.forget().await.unwrap(), 1);
        clock.advance(Duration::from_secs(1));
        co_reads.forget().await.unwrap();
        assert!(co_reads.near(&[id(10)]).await.unwrap().is_empty());
    }

    #[db_test]
    async fn the_heaviest_neighbours_are_kept(db: Db) {
        let (env, clock) = Env::manual(Time::from_millis(1_700_000_000_000));
        let co_reads = CoReads::new(db, env);
        for visitor in 0..1_000 {
            // Everybody reads the first, one in ten another with it, and all one that nobody else reads.
            clock.advance(Duration::from_secs(60));
            co_reads.read(visitor, id(1), 1.0);
            if visitor % 10 == 0 {
                co_reads.read(visitor, id(2), 1.0);
            }
            co_reads.read(visitor, id(1_000 + visitor as i64), 1.0);
            if visitor % 100 == 0 {
                co_reads.flush().await.unwrap();
            }
        }
        co_reads.flush().await.unwrap();
        let near = co_reads.near(&[id(1)]).await.unwrap().remove(&id(1)).unwrap();
        assert_eq!(near.len(), NEAR);
        assert_eq!(near[0].0, id(2));
        assert!((95.0..100.0).contains(&near[0].1), "{near:?}");
    }

    #[db_test]
    async fn a_program_that_reads_everything_pairs_little(db: Db) {
        let co_reads = CoReads::new(db, Env::system());
        for article in 0..500 {
            co_reads.read(7, id(article), 1.0);
        }
        assert!(co_reads.flush().await.unwrap() <= 2 * MOST * PAIRED);
    }
}
