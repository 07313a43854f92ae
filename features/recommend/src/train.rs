//! Learning from choices among what stood in a list, where the place had its say too.

use serde::{Deserialize, Serialize};

use crate::rank::{FEATURES, Features, Ranker};
use crate::store::models::ChoiceRow;

/// What was offered, place by place, and which place was chosen.
#[derive(Debug, Serialize, Deserialize)]
pub struct Offer {
    pub chosen: usize,
    pub offered: Vec<Vec<f32>>,
}

/// With the features stands the place (as a logarithm), whose weight is learned and then left out: so what stood above is not taken for
/// better (position as a feature; Guo, Yu, Liu, Tang, Zhang: "PAL", 2019).
const WITH_POSITION: usize = FEATURES + 1;
/// The newest fifth is held out: the two rankers are compared on it.
const LEARNED: f64 = 0.8;
/// The choices are gone through so often.
const ROUNDS: usize = 3;
/// A choice far down counts at most this many times one at the top: else few would decide.
const CLIPPED: f64 = 5.0;

impl Offer {
    pub fn text(offered: &[&Features]) -> String {
        let short =
            |features: &&Features| features.iter().map(|f| (*f * 1_000.0).round() as f32 / 1_000.0).collect();
        serde_json::to_string(&offered.iter().map(short).collect::<Vec<Vec<f32>>>()).unwrap_or_default()
    }

    /// `None` where the features were others then.
    pub fn read(row: &ChoiceRow) -> Option<Self> {
        let offered: Vec<Vec<f32>> = serde_json::from_str(&row.offered).ok()?;
        let chosen = usize::try_from(row.chosen).ok()?;
        let whole = offered.len() > 1
            && chosen < offered.len()
            && offered.iter().all(|one| one.len() == FEATURES && one.iter().all(|value| value.is_finite()));
        whole.then_some(Self { chosen, offered })
    }

    fn with_positions(&self) -> Vec<[f64; WITH_POSITION]> {
        let place = |(n, features): (usize, &Vec<f32>)| {
            let mut all = [0.0; WITH_POSITION];
            for (to, from) in all.iter_mut().zip(features) {
                *to = f64::from(*from);
            }
            all[FEATURES] = log_position(n);
            all
        };
        self.offered.iter().enumerate().map(place).collect()
    }
}

fn log_position(n: usize) -> f64 {
    (1.0 + n as f64).ln()
}

/// How well two models tell the choices that neither has learned from.
#[derive(Clone, Copy, Debug)]
pub struct Figures {
    pub ours: f64,
    pub before: f64,
}

/// A ranker learned from choices in the order in which they were made, beginning with the one in use.
pub fn train(offers: &[Offer], used: &Ranker<FEATURES>) -> (Ranker<FEATURES>, Figures) {
    let split = (offers.len() as f64 * LEARNED) as usize;
    let (learned, held_out) = offers.split_at(split);
    let mut weights = [0.0; WITH_POSITION];
    weights[..FEATURES].copy_from_slice(used.weights());
    let mut ranker: Ranker<WITH_POSITION> = Ranker::with(weights);
    for _ in 0..ROUNDS {
        for offer in learned {
            ranker.learn(&offer.with_positions(), offer.chosen);
        }
    }
    let place = ranker.weights()[FEATURES];
    let mut own = [0.0; FEATURES];
    own.copy_from_slice(&ranker.weights()[..FEATURES]);
    let ours = Ranker::with(own);
    let figures = Figures { ours: figure(&ours, held_out, place), before: figure(used, held_out, place) };
    (ours, figures)
}

/// The mean of reciprocal ranks of what was chosen, by the score without the place. A choice at a place that is looked at seldom stands
/// for those that were not made there (inverse propensity; Joachims, Swaminathan, Schnabel 2017).
fn figure(ranker: &Ranker<FEATURES>, held_out: &[Offer], place: f64) -> f64 {
    let (mut sum, mut all) = (0.0, 0.0);
    for offer in held_out {
        let scores: Vec<f64> = offer
            .with_positions()
            .iter()
            .map(|one| one[..FEATURES].iter().zip(ranker.weights()).map(|(f, w)| f * w).sum())
            .collect();
        let chosen = scores[offer.chosen];
        // What scores the same stands in the way by half.
        let above = scores.iter().filter(|score| **score > chosen).count() as f64;
        let same = scores.iter().filter(|score| score.total_cmp(&chosen).is_eq()).count() as f64 - 1.0;
        let propensity = (place.min(0.0) * log_position(offer.chosen)).exp();
        let counts = (1.0 / propensity).min(CLIPPED);
        sum += counts / (1.0 + above + same / 2.0);
        all += counts;
    }
    if all == 0.0 { 0.0 } else { sum / all }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Readers who look at the first places most, and of what they look at choose by the first feature.
    fn offers(n: usize, likes: f64) -> Vec<Offer> {
        let mut seed = 7_u64;
        let mut chance = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) as f64 / f64::from(1_u32 << 31)
        };
        let mut offer = || {
            let offered: Vec<Vec<f32>> = (0..8)
                .map(|_| {
                    let mut features = vec![0.0; FEATURES];
                    features[0] = chance() as f32;
                    features[1] = chance() as f32;
                    features
                })
                .collect();
            let weights: Vec<f64> = offered
                .iter()
                .enumerate()
                .map(|(n, f)| (likes * f64::from(f[0]) - log_position(n)).exp())
                .collect();
            let mut left = chance() * weights.iter().sum::<f64>();
            let chosen = weights
                .iter()
                .position(|weight| {
                    left -= weight;
                    left <= 0.0
                })
                .unwrap_or(0);
            Offer { chosen, offered }
        };
        (0..n).map(|_| offer()).collect()
    }

    #[test]
    fn learns_what_is_liked_and_not_where_it_stands() {
        let begun = Ranker::with([0.0; FEATURES]);
        let (ranker, figures) = train(&offers(2_000, 4.0), &begun);
        assert!(ranker.weights()[0] > 2.0, "{:?}", ranker.weights());
        assert!(ranker.weights()[1].abs() < 0.5, "{:?}", ranker.weights());
        assert!(figures.ours > figures.before + 0.1, "{figures:?}");
        // One that has learned it already is hardly beaten; one that has learned the contrary is.
        let (_, again) = train(&offers(2_000, 4.0), &ranker);
        assert!((again.ours - again.before).abs() < 0.03, "{again:?}");
    }

    #[test]
    fn what_was_kept_is_read_again() {
        let (one, other) = ([0.25; FEATURES], [1.5; FEATURES]);
        let row = |chosen, offered: &str| ChoiceRow { model: 0, chosen, offered: offered.to_owned() };
        let text = Offer::text(&[&one, &other]);
        let read = Offer::read(&row(1, &text)).unwrap();
        assert_eq!((read.chosen, read.offered[1][0]), (1, 1.5));
        assert!(Offer::read(&row(2, &text)).is_none() && Offer::read(&row(0, "[[1.0],[2.0]]")).is_none());
    }
}
