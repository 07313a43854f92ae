//! How long articles of a channel stay worth reading: news of sport is old after a day, what is known of health after years.
//!
//! Learned from what is read: the usual age of articles when they are read, for each channel.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use articles::Articles;
use kernel::{ArticleId, Env, Result, Slug};

use crate::activity::ActivityTracker;

/// A channel of which nothing is known ages like this, and so many reads are as good as nothing.
const USUAL: f64 = 60.0 * 86_400.0;
const KNOWN: f64 = 200.0;
/// The busiest articles are looked at.
const LOOKED_AT: usize = 4_000;
const PART: usize = 500;
/// What is too old for its channel keeps this share of its worth.
const LEAST: f64 = 0.35;
/// Articles of twice this many usual ages have lost half of what they can lose.
const SLACK: f64 = 4.0;

#[derive(Clone)]
pub struct ChannelFreshness(Arc<Inner>);

struct Inner {
    articles: Articles,
    activity: ActivityTracker,
    env: Env,
    /// The usual age in seconds.
    ages: RwLock<HashMap<Slug, f64>>,
}

impl ChannelFreshness {
    pub fn new(articles: Articles, activity: ActivityTracker, env: Env) -> Self {
        Self(Arc::new(Inner { articles, activity, env, ages: RwLock::default() }))
    }

    /// What an article of this age is still worth in its channel: 1 while it is usual to read such, down to a third.
    pub fn worth(&self, channel: &Slug, age: Duration) -> f64 {
        let ages = self.0.ages.read().unwrap_or_else(PoisonError::into_inner);
        match ages.get(channel) {
            Some(usual) => worth(age.as_secs_f64(), *usual),
            None => 1.0,
        }
    }

    /// Looks at what is read now.
    pub async fn learn(&self) -> Result<()> {
        let now = self.0.env.now();
        let read: Vec<(ArticleId, f64)> = self.0.activity.busiest(LOOKED_AT);
        let mut sums: HashMap<Slug, (f64, f64)> = HashMap::new();
        for part in read.chunks(PART) {
            let reads: HashMap<ArticleId, f64> = part.iter().copied().collect();
            let ids: Vec<ArticleId> = part.iter().map(|(id, _)| *id).collect();
            for card in self.0.articles.cards(&ids).await? {
                let age = now.since(card.published_at).as_secs_f64().max(3_600.0);
                // One article that everybody reads says no more of a channel than fifty readers do.
                let reads = reads[&card.id].min(50.0);
                let sum = sums.entry(card.channel).or_default();
                *sum = (sum.0 + reads * age.ln(), sum.1 + reads);
            }
        }
        // The geometric mean: a few very old ones must not decide.
        let usual = |(ages, reads): (f64, f64)| ((ages + KNOWN * USUAL.ln()) / (reads + KNOWN)).exp();
        let ages = sums.into_iter().map(|(channel, sum)| (channel, usual(sum))).collect();
        *self.0.ages.write().unwrap_or_else(PoisonError::into_inner) = ages;
        Ok(())
    }
}

fn worth(age: f64, usual: f64) -> f64 {
    let beyond = (age / (SLACK * usual) - 1.0).max(0.0);
    LEAST + (1.0 - LEAST) / (1.0 + beyond)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_usual_keeps_its_worth() {
        let day = 86_400.0;
        assert!((worth(3.0 * day, day) - 1.0).abs() < 1e-9);
        assert!(worth(8.0 * day, day) < 0.7 && worth(8.0 * day, 30.0 * day) > 0.99);
        assert!(worth(4_000.0 * day, day) > LEAST);
    }
}
