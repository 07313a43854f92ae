//! The model: a choice among candidates by a weighted sum, learned while it is used.

/// Steps are taken this long at first; each weight's grow shorter as it has moved.
const STEP: f64 = 0.05;
/// What hardly could have been chosen teaches nothing.
const NEGLIGIBLE: f64 = 1e-6;

/// Conditional logit (McFadden 1974): each candidate is chosen with a likelihood that grows exponentially with the weighted sum of its
/// features. Every choice moves the weights along the gradient of its likelihood, with AdaGrad's steps (Duchi, Hazan, Singer 2011).
#[derive(Clone, Debug)]
pub struct Ranker<const N: usize> {
    weights: [f64; N],
    squares: [f64; N],
}

impl<const N: usize> Default for Ranker<N> {
    fn default() -> Self {
        Self { weights: [0.0; N], squares: [1e-6; N] }
    }
}

impl<const N: usize> Ranker<N> {
    /// With weights that were learned before.
    pub fn with(weights: [f64; N]) -> Self {
        Self { weights, ..Self::default() }
    }

    pub fn score(&self, features: &[f64; N]) -> f64 {
        features.iter().zip(&self.weights).map(|(feature, weight)| feature * weight).sum()
    }

    /// Takes in that of `candidates` the one at `chosen` was taken.
    pub fn learn(&mut self, candidates: &[[f64; N]], chosen: usize) {
        let scores: Vec<f64> = candidates.iter().map(|features| self.score(features)).collect();
        let most = scores.iter().copied().fold(f64::MIN, f64::max);
        let sum: f64 = scores.iter().map(|score| (score - most).exp()).sum();
        let mut gradient = [0.0; N];
        for (n, (features, score)) in candidates.iter().zip(scores).enumerate() {
            let likely = (score - most).exp() / sum;
            let error = likely - f64::from(u8::from(n == chosen));
            if likely > NEGLIGIBLE || n == chosen {
                for (gradient, feature) in gradient.iter_mut().zip(features) {
                    *gradient += error * feature;
                }
            }
        }
        for ((weight, square), gradient) in self.weights.iter_mut().zip(&mut self.squares).zip(gradient) {
            *square += gradient * gradient;
            *weight -= STEP * gradient / square.sqrt();
        }
    }

    pub fn weights(&self) -> &[f64; N] {
        &self.weights
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn learns_which_feature_decides() {
        let mut ranker = Ranker::<3>::default();
        let candidate = |decides: f64, other: f64| {
            let mut features = [0.0; 3];
            (features[0], features[1]) = (decides, other);
            features
        };
        for n in 0..200 {
            // The second feature is as often high as low among what is chosen.
            let other = f64::from(n % 2);
            ranker.learn(&[candidate(0.0, 1.0 - other), candidate(1.0, other), candidate(0.0, 0.5)], 1);
        }
        let score = |decides, other| ranker.score(&candidate(decides, other));
        assert!(score(1.0, 0.0) > score(0.0, 1.0) + 1.0);
        assert!((score(0.0, 1.0) - score(0.0, 0.0)).abs() < 0.3);
    }
}
