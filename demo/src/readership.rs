//! The demo's readers: whom they follow, what they like, and a month of reading.
//!
//! Chance is seeded: the same texts make the same readers.

use std::collections::HashMap;
use std::time::Duration;

use accounts::User;
use anyhow::Result;
use authors::Author;
use follows::Follows;
use futures::stream::{self, StreamExt, TryStreamExt};
use kernel::{ArticleId, AuthorId, Time, UserId};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use crate::content::ArticleText;

/// Reads in the first hour of an article of heat 1, in the evening.
const FIRST_HOUR: f64 = 40.0;
/// Half as many read in an hour this much later (hours).
const HALF_LIFE: f64 = 20.0;
/// How much of that comes by and by, through search and related articles.
const TAIL: f64 = 0.01;
const DAYS: u64 = 30;
/// Writes under way at once: they share commits.
const AT_ONCE: usize = 32;

/// Every reader follows some authors, those with hotter articles rather.
pub async fn follow(
    follows: &Follows,
    readers: &[&User],
    authors: &HashMap<String, Author>,
    texts: &[ArticleText],
) -> Result<()> {
    let mut heat: HashMap<&str, f64> = HashMap::new();
    for text in texts {
        *heat.entry(&text.author).or_default() += text.heat.max(0.3);
    }
    let hottest = heat.values().copied().fold(1.0, f64::max);
    let mut chance = StdRng::seed_from_u64(1);
    let mut pairs: Vec<(UserId, AuthorId)> = Vec::new();
    for (reader, handle) in cross(readers, &sorted(authors)) {
        let likely = 0.15 + 0.55 * heat.get(handle.as_str()).copied().unwrap_or_default() / hottest;
        if chance.random_bool(likely) {
            pairs.push((reader.id, authors[*handle].id));
        }
    }
    let all = pairs.into_iter().map(|(user, author)| follows.follow(user, author));
    Ok(stream::iter(all).buffer_unordered(AT_ONCE).try_collect().await?)
}

pub async fn like(
    follows: &Follows,
    readers: &[&User],
    texts: &[ArticleText],
    articles: &HashMap<String, ArticleId>,
) -> Result<()> {
    let mut chance = StdRng::seed_from_u64(2);
    let mut pairs: Vec<(UserId, ArticleId)> = Vec::new();
    for (reader, text) in cross(readers, texts) {
        if chance.random_bool((0.04 + text.heat / 12.0).min(0.8)) {
            pairs.push((reader.id, articles[&text.slug]));
        }
    }
    let all = pairs.into_iter().map(|(user, article)| follows.like(user, article));
    Ok(stream::iter(all).buffer_unordered(AT_ONCE).try_collect().await?)
}

/// Reads by the hour: many soon after publication, fewer and fewer later, hardly any at night.
pub fn month(
    texts: &[ArticleText],
    articles: &HashMap<String, ArticleId>,
    now: Time,
) -> Vec<(ArticleId, Time, i64)> {
    let mut chance = StdRng::seed_from_u64(3);
    let hour = Duration::from_hours(1);
    let start = now.minus(hour * 24 * DAYS as u32);
    let mut reads = Vec::new();
    for text in texts {
        let began = text.published(now);
        let mut at = began.max(start);
        while at < now {
            let age = at.since(began).as_secs_f64() / 3_600.0;
            let likely = FIRST_HOUR
                * text.heat.max(0.3)
                * ((-age / HALF_LIFE).exp2() + TAIL)
                * awake(at)
                * chance.random_range(0.6..1.4);
            let n = (likely + chance.random::<f64>()).floor() as i64;
            if n > 0 {
                reads.push((articles[&text.slug], at, n));
            }
            at = at.plus(hour);
        }
    }
    reads
}

/// How many of the readers are awake, 0 to 1; theirs is the zone of the demo (UTC+8).
fn awake(at: Time) -> f64 {
    let hour = at.plus(Duration::from_hours(8)).millis().div_euclid(3_600_000).rem_euclid(24);
    match hour {
        0..6 => 0.1,
        6..8 | 23.. => 0.5,
        8..18 => 0.7,
        _ => 1.0,
    }
}

/// In an order that does not change from run to run.
fn sorted<V>(map: &HashMap<String, V>) -> Vec<&String> {
    let mut keys: Vec<&String> = map.keys().collect();
    keys.sort_unstable();
    keys
}

/// Every reader with everything; readers in the order of their handles.
fn cross<'a, T>(readers: &[&'a User], things: &'a [T]) -> Vec<(&'a User, &'a T)> {
    let mut readers = readers.to_vec();
    readers.sort_unstable_by(|a, b| a.handle.as_str().cmp(b.handle.as_str()));
    readers.into_iter().flat_map(|reader| things.iter().map(move |thing| (reader, thing))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content;

    #[test]
    fn a_month_of_reading_is_repeatable_and_follows_the_heat() {
        let mut texts = content::articles("articles").unwrap();
        let articles: HashMap<String, ArticleId> =
            texts.iter().zip(1..).map(|(text, n)| (text.slug.clone(), ArticleId::new(n))).collect();
        let now = Time::from_millis(1_780_000_000_000);
        let mut reads = |heat| {
            for text in &mut texts {
                text.heat = heat;
            }
            month(&texts, &articles, now)
        };
        let (cool, hot) = (reads(1.0), reads(3.0));
        assert_eq!(cool, reads(1.0));
        assert!(cool.iter().all(|&(_, at, n)| at < now && n > 0));
        let total = |reads: Vec<(_, _, i64)>| reads.into_iter().map(|read| read.2).sum::<i64>();
        assert!(total(hot) > 2 * total(cool));
    }
}
