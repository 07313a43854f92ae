//! How good a ranking is. All figures lie between 0 and 1, more is better, and are means over the cases tested.

use serde::Serialize;

/// Rankings in which one item is the right one.
#[derive(Clone, Copy, Debug, Default)]
pub struct RankSums {
    tested: usize,
    hits_5: usize,
    hits_10: usize,
    gain_10: f64,
    reciprocal: f64,
}

#[derive(Clone, Copy, Debug, Serialize)]
pub struct RankMetrics {
    /// The right item is among the first ten. With one right item that is recall@10 too.
    pub hr_10: f64,
    pub ndcg_10: f64,
    pub mrr: f64,
    pub recall_5: f64,
    pub recall_10: f64,
}

impl RankSums {
    /// `before`: how many items stand before the right one.
    pub fn add(&mut self, before: usize) {
        self.tested += 1;
        self.reciprocal += 1.0 / (before + 1) as f64;
        self.hits_5 += usize::from(before < 5);
        if before < 10 {
            self.hits_10 += 1;
            self.gain_10 += discount(before);
        }
    }

    pub fn tested(&self) -> usize {
        self.tested
    }

    pub fn figures(&self) -> RankMetrics {
        let mean = |sum: f64| if self.tested == 0 { 0.0 } else { sum / self.tested as f64 };
        RankMetrics {
            hr_10: mean(self.hits_10 as f64),
            ndcg_10: mean(self.gain_10),
            mrr: mean(self.reciprocal),
            recall_5: mean(self.hits_5 as f64),
            recall_10: mean(self.hits_10 as f64),
        }
    }
}

/// Rankings in which some of the items are right, as the evaluation of MIND has them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Choices {
    tested: usize,
    auc: f64,
    reciprocal: f64,
    gain_5: f64,
    gain_10: f64,
}

#[derive(Clone, Copy, Debug, Serialize)]
pub struct ChoiceFigures {
    /// How often a right item stands before a wrong one.
    pub auc: f64,
    /// The mean of one over the place, over all right items.
    pub mrr: f64,
    pub ndcg_5: f64,
    pub ndcg_10: f64,
}

impl Choices {
    /// Scores of items, which of them are right (some, not all), and an order for those with equal scores that says nothing.
    pub fn add(&mut self, scores: &[f64], right: &[bool], chance: &[usize]) {
        let mut order: Vec<usize> = (0..scores.len()).collect();
        order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]).then(chance[a].cmp(&chance[b])));
        let all = right.iter().filter(|right| **right).count();
        let gain = |k: usize| {
            let got: f64 = order
                .iter()
                .take(k)
                .enumerate()
                .filter(|(_, n)| right[**n])
                .map(|(at, _)| discount(at))
                .sum();
            got / (0..all.min(k)).map(discount).sum::<f64>()
        };
        self.tested += 1;
        self.gain_5 += gain(5);
        self.gain_10 += gain(10);
        let ranks = order.iter().enumerate().filter(|(_, n)| right[**n]);
        self.reciprocal += ranks.map(|(at, _)| 1.0 / (at + 1) as f64).sum::<f64>() / all as f64;
        // Pairs of a right and a wrong one in the right order (Mann and Whitney 1947); equal scores are half right.
        let mut pairs = 0.0;
        for (n, _) in right.iter().enumerate().filter(|(_, right)| **right) {
            for (m, _) in right.iter().enumerate().filter(|(_, right)| !**right) {
                pairs += match scores[n].total_cmp(&scores[m]) {
                    std::cmp::Ordering::Greater => 1.0,
                    std::cmp::Ordering::Equal => 0.5,
                    std::cmp::Ordering::Less => 0.0,
                };
            }
        }
        self.auc += pairs / (all * (right.len() - all)) as f64;
    }

    pub fn tested(&self) -> usize {
        self.tested
    }

    pub fn figures(&self) -> ChoiceFigures {
        let mean = |sum: f64| if self.tested == 0 { 0.0 } else { sum / self.tested as f64 };
        ChoiceFigures {
            auc: mean(self.auc),
            mrr: mean(self.reciprocal),
            ndcg_5: mean(self.gain_5),
            ndcg_10: mean(self.gain_10),
        }
    }
}

/// What an item is worth behind `before` others (Järvelin and Kekäläinen: "Cumulated gain-based evaluation", 2002).
fn discount(before: usize) -> f64 {
    1.0 / (before as f64 + 2.0).log2()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    #[test]
    fn places_by_hand() {
        let mut ranks = RankSums::default();
        for before in [0, 4, 9, 10] {
            ranks.add(before);
        }
        let found = ranks.figures();
        assert!(
            near(found.hr_10, 0.75) && near(found.recall_5, 0.5) && near(found.recall_10, 0.75),
            "{found:?}"
        );
        assert!(near(found.mrr, (1.0 + 0.2 + 0.1 + 1.0 / 11.0) / 4.0), "{found:?}");
        assert!(near(found.ndcg_10, (1.0 + 1.0 / 6f64.log2() + 1.0 / 11f64.log2()) / 4.0), "{found:?}");
        assert!(near(RankSums::default().figures().mrr, 0.0));
    }

    #[test]
    fn choices_by_hand() {
        let mut choices = Choices::default();
        choices.add(&[4.0, 3.0, 2.0, 1.0], &[false, true, false, true], &[0, 1, 2, 3]);
        let found = choices.figures();
        assert!(near(found.auc, 0.25), "{found:?}");
        assert!(near(found.mrr, 3.0 / 8.0), "{found:?}");
        let ideal = 1.0 + 1.0 / 3f64.log2();
        assert!(near(found.ndcg_5, (1.0 / 3f64.log2() + 1.0 / 5f64.log2()) / ideal), "{found:?}");
        choices.add(&[1.0, 1.0], &[true, false], &[1, 0]);
        let found = choices.figures();
        assert!(near(found.auc, 0.375) && near(found.mrr, 7.0 / 16.0), "{found:?}");
        let mut long = Choices::default();
        let scores: Vec<f64> = (0..12).map(|n| 12.0 - f64::from(n)).collect();
        let right: Vec<bool> = (0..12).map(|n| n == 6).collect();
        long.add(&scores, &right, &(0..12).collect::<Vec<_>>());
        let found = long.figures();
        assert!(near(found.ndcg_5, 0.0) && near(found.ndcg_10, 1.0 / 8f64.log2()), "{found:?}");
    }
}
