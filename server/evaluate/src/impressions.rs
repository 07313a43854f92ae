//! How well it is foreseen what of a page is chosen, on recorded impressions.
//!
//! The impressions pass in the order of time. Those of the last part are tested one by one: each method orders what was shown, knowing
//! only what came before and what the line tells of the user's past. Then the impression is taken in, and learned from. Where things stood is
//! learned from and not told when they are ordered.

use std::collections::HashMap;
use std::path::Path;

use kernel::Time;
use recommend::rank::Ranker;
use serde::Serialize;

use crate::files::EvaluationError;
use crate::metrics::{ChoiceFigures, Choices};
use crate::mind::{Impression, Impressions, impressions};
use crate::protocol::{LOOKS_ON, OURS, TRAINED, chance};
use crate::records::{Item, Names};
use crate::showings::{FEATURES, Features, ItemFeatures, Showings, describe, without_place};
use crate::words::Words;

/// Where there is little to learn from, it is learned from again: until there were so many steps, but not more often than this.
const STEPS: usize = 20_000;
const AGAIN: usize = 8;

/// What was found.
#[derive(Debug, Serialize)]
pub struct Report {
    pub impressions: usize,
    pub users: usize,
    pub items: usize,
    /// Impressions of the last part that were ordered.
    pub tested: usize,
    /// Impressions of the last part of which all was chosen, or nothing: no order is better than another.
    pub undecided: usize,
    /// Ours first.
    pub methods: Vec<Method>,
    /// The best of the others by nDCG@10, and how many times its figure ours is.
    pub best_baseline: &'static str,
    pub gain: f64,
    /// What the model has learned, the weightiest first.
    pub weights: Vec<(&'static str, f64)>,
}

#[derive(Debug, Serialize)]
pub struct Method {
    pub name: &'static str,
    #[serde(flatten)]
    pub figures: ChoiceFigures,
}

type Score = fn(&Situation<'_>, usize) -> f64;

/// The other methods: simple ones, all of which know the same.
const BASELINES: &[(&str, Score)] = &[
    ("popularity, all time", |s, c| s.showings.chosen(c, s.now)[0]),
    ("popularity, half-life 2 h", |s, c| s.showings.chosen(c, s.now)[1]),
    ("popularity, half-life 12 h", |s, c| s.showings.chosen(c, s.now)[2]),
    ("click rate with prior", |s, c| s.showings.rate(c)),
    ("freshness", |s, c| s.showings.came_out(c, s.now)),
    ("item-kNN on histories", |s, c| s.showings.near(c, &s.past)),
];

struct Situation<'a> {
    showings: &'a Showings,
    now: f64,
    past: Vec<usize>,
}

/// Reads the file and tests. `items` tells of what is shown.
pub fn evaluate(path: &Path, items: &[Item]) -> Result<Report, EvaluationError> {
    let recorded = impressions(path)?;
    let showings = showings_of(&recorded, items);
    let mut test = Test {
        showings,
        ranker: Ranker::default(),
        kept: Vec::new(),
        choices: vec![Choices::default(); BASELINES.len() + 1],
        undecided: 0,
    };
    let count = recorded.list.len();
    let share = |part: f64| (count as f64 * part) as usize;
    for (n, impression) in recorded.list.iter().enumerate() {
        if n == share(TRAINED) {
            test.learn_again();
        }
        test.showings.meet(impression.user, &impression.history);
        if n >= share(LOOKS_ON) {
            test.order(impression, n >= share(TRAINED));
        }
        test.showings.observe(impression.user, impression.time, &impression.shown, &impression.chosen);
    }
    Ok(test.report(&recorded))
}

/// A record that knows the features of the items, and has met nobody yet.
fn showings_of(recorded: &Impressions, items: &[Item]) -> Showings {
    let (mut names, mut channels, mut words) = (Names::default(), Names::default(), Words::default());
    let mut features = HashMap::new();
    for item in items {
        let Some(number) = recorded.items.find(&item.id) else { continue };
        let published = item.published_at.as_deref().and_then(Time::parse);
        let own = ItemFeatures {
            author: item.author.as_deref().map(|author| names.number(author)),
            channel: item.channel.as_deref().map(|channel| channels.number(channel)),
            published: published.map(|time| time.millis() as f64 / 1_000.0),
        };
        features.insert(number, own);
        let (title, text) =
            (item.title.as_deref().unwrap_or_default(), item.text.as_deref().unwrap_or_default());
        if !title.is_empty() || !text.is_empty() {
            words.add(number, title, text);
        }
    }
    Showings::new(features, words)
}

struct Test {
    showings: Showings,
    ranker: Ranker<FEATURES>,
    /// What was learned from, to learn from it again: the features of what was shown, and what was chosen.
    kept: Vec<(Vec<Features>, Vec<bool>)>,
    choices: Vec<Choices>,
    undecided: usize,
}

impl Test {
    /// Orders what was shown before it is taken in; every method is judged if it is `tested`.
    fn order(&mut self, impression: &Impression, tested: bool) {
        let Impression { time: now, user, ref shown, ref chosen, .. } = *impression;
        if chosen.iter().all(|&one| one == chosen[0]) {
            self.undecided += usize::from(tested);
            return;
        }
        let features = self.showings.features(user, now, shown);
        if tested {
            let by_chance: Vec<usize> = shown.iter().map(|&item| chance(item)).collect();
            let ours: Vec<f64> =
                features.iter().map(|features| self.ranker.score(&without_place(features))).collect();
            self.choices[0].add(&ours, chosen, &by_chance);
            let situation = Situation { showings: &self.showings, now, past: self.showings.past(user) };
            for ((_, score), choices) in BASELINES.iter().zip(&mut self.choices[1..]) {
                let scores: Vec<f64> = shown.iter().map(|&item| score(&situation, item)).collect();
                choices.add(&scores, chosen, &by_chance);
            }
        }
        learn(&mut self.ranker, &features, chosen);
        if !tested && self.kept.len() < STEPS / 2 {
            self.kept.push((features, chosen.clone()));
        }
    }

    fn learn_again(&mut self) {
        let kept = std::mem::take(&mut self.kept);
        let times = (STEPS / kept.len().max(1)).saturating_sub(1).min(AGAIN);
        for _ in 0..times {
            for (features, chosen) in &kept {
                learn(&mut self.ranker, features, chosen);
            }
        }
    }

    fn report(self, recorded: &Impressions) -> Report {
        let names = std::iter::once(OURS).chain(BASELINES.iter().map(|&(name, _)| name));
        let methods: Vec<Method> = names
            .zip(&self.choices)
            .map(|(name, choices)| Method { name, figures: choices.figures() })
            .collect();
        let best = methods[1..].iter().max_by(|a, b| a.figures.ndcg_10.total_cmp(&b.figures.ndcg_10));
        let (best_baseline, best) = best.map_or(("", 0.0), |best| (best.name, best.figures.ndcg_10));
        let mut weights: Vec<(&'static str, f64)> =
            (0..FEATURES).map(|place| (describe(place), self.ranker.weights()[place])).collect();
        weights.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
        Report {
            impressions: recorded.list.len(),
            users: recorded.users.len(),
            items: recorded.items.len(),
            tested: self.choices[0].tested(),
            undecided: self.undecided,
            gain: if best > 0.0 { methods[0].figures.ndcg_10 / best } else { 0.0 },
            best_baseline,
            methods,
            weights,
        }
    }
}

/// Each chosen one was chosen rather than those that were not.
fn learn(ranker: &mut Ranker<FEATURES>, features: &[Features], chosen: &[bool]) {
    let mut rivals: Vec<Features> =
        features.iter().zip(chosen).filter(|(_, chosen)| !**chosen).map(|(features, _)| *features).collect();
    let place = rivals.len();
    for (own, _) in features.iter().zip(chosen).filter(|(_, chosen)| **chosen) {
        rivals.push(*own);
        ranker.learn(&rivals, place);
        rivals.pop();
    }
}

#[cfg(test)]
mod tests;
