//! How much attention each article has and had, in memory: what the ranking of single readers' lists knows of articles.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use kernel::{ArticleId, Env, Result, Time};
use reads::{ReadDelta, Reads, middle_of_hour};
use tokio::sync::mpsc::UnboundedReceiver;

use crate::rank::HALF_LIVES;

/// Articles that nobody read for so long are forgotten.
const MEMORY: Duration = Duration::from_hours(14 * 24);
/// Articles that are remembered (some 100 bytes each); beyond them those that were read longest ago are forgotten.
const ARTICLES: usize = 400_000;

/// Attention as of `last`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Activity {
    /// When it was read last, in seconds.
    pub last: f64,
    /// Reads in memory.
    pub readers: f64,
    heat: [f64; HALF_LIVES.len()],
}

impl Activity {
    /// Decayed sums of reads at `now` (in seconds), for each of [`HALF_LIVES`].
    pub fn heat(&self, now: f64) -> [f64; HALF_LIVES.len()] {
        std::array::from_fn(|n| self.heat[n] * (-((now - self.last).max(0.0)) / HALF_LIVES[n]).exp2())
    }

    fn add(&mut self, at: f64, reads: f64) {
        let latest = self.last.max(at);
        for (heat, half_life) in self.heat.iter_mut().zip(HALF_LIVES) {
            let here = *heat * (-(latest - self.last) / half_life).exp2();
            *heat = here + reads * (-(latest - at) / half_life).exp2();
        }
        self.last = latest;
        self.readers += reads;
    }
}

#[derive(Clone)]
pub struct ActivityTracker(Arc<Inner>);

struct Inner {
    env: Env,
    reads: Reads,
    deltas: tokio::sync::Mutex<UnboundedReceiver<ReadDelta>>,
    articles: RwLock<HashMap<ArticleId, Activity>>,
}

pub fn seconds(time: Time) -> f64 {
    time.millis() as f64 / 1_000.0
}

impl ActivityTracker {
    pub fn new(reads: Reads, env: Env) -> Self {
        let deltas = tokio::sync::Mutex::new(reads.subscribe());
        Self(Arc::new(Inner { env, reads, deltas, articles: RwLock::default() }))
    }

    /// Reads the attention of the last days from the table.
    pub async fn load(&self) -> Result<()> {
        let now = self.0.env.now();
        self.0.reads.hear().await?;
        let mut deltas = self.0.deltas.lock().await;
        while deltas.try_recv().is_ok() {}
        let mut articles: HashMap<ArticleId, Activity> = HashMap::new();
        for read in self.0.reads.activity(now.minus(MEMORY)).await? {
            let at = seconds(middle_of_hour(read.hour, now));
            articles.entry(read.article_id).or_default().add(at, read.reads as f64);
        }
        bound(&mut articles);
        *self.0.articles.write().unwrap_or_else(PoisonError::into_inner) = articles;
        Ok(())
    }

    /// Takes in the reads that were flushed since the last time.
    pub async fn drain(&self) {
        let now = seconds(self.0.env.now());
        let mut deltas = self.0.deltas.lock().await;
        let mut articles = self.0.articles.write().unwrap_or_else(PoisonError::into_inner);
        while let Ok(ReadDelta { article, counts, .. }) = deltas.try_recv() {
            if counts.reads > 0 {
                articles.entry(article).or_default().add(now, counts.reads as f64);
            }
        }
        if articles.len() > ARTICLES + ARTICLES / 10 {
            bound(&mut articles);
        }
    }

    /// The `n` articles that were read most in memory, with how often, in no order.
    pub fn busiest(&self, n: usize) -> Vec<(ArticleId, f64)> {
        let articles = self.0.articles.read().unwrap_or_else(PoisonError::into_inner);
        let mut all: Vec<(ArticleId, f64)> = articles.iter().map(|(&id, a)| (id, a.readers)).collect();
        if all.len() > n {
            all.select_nth_unstable_by(n, |a, b| b.1.total_cmp(&a.1));
            all.truncate(n);
        }
        all
    }

    /// Nothing is known of those that nobody read lately.
    pub fn of(&self, ids: &[ArticleId]) -> Vec<Option<Activity>> {
        let articles = self.0.articles.read().unwrap_or_else(PoisonError::into_inner);
        ids.iter().map(|id| articles.get(id).copied()).collect()
    }
}

fn bound(articles: &mut HashMap<ArticleId, Activity>) {
    if articles.len() <= ARTICLES {
        return;
    }
    let mut last: Vec<f64> = articles.values().map(|activity| activity.last).collect();
    let beyond = last.len() - ARTICLES;
    let (_, &mut oldest, _) = last.select_nth_unstable_by(beyond, f64::total_cmp);
    articles.retain(|_, activity| activity.last >= oldest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attention_fades_whatever_the_order() {
        let (mut one, mut other) = (Activity::default(), Activity::default());
        for (at, reads) in [(1_000.0, 4.0), (4_600.0, 2.0)] {
            one.add(at, reads);
        }
        for (at, reads) in [(4_600.0, 2.0), (1_000.0, 4.0)] {
            other.add(at, reads);
        }
        let close = |a: f64, b: f64| (a - b).abs() < 1e-9;
        assert!(close(one.heat(4_600.0)[0], 4.0) && close(other.heat(4_600.0)[0], 4.0), "{one:?} {other:?}");
        assert!(close(one.heat(8_200.0)[0], 2.0) && close(one.readers, 6.0));
    }
}
