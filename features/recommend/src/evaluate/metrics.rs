//! How good a ranking is. All figures lie between 0 and 1, more is better, and are means over the cases tested.

use serde::Serialize;

/// Rankings in which one item is the right one.
#[derive(Clone, Copy, Debug, Default)]
pub struct Places {
    tested: usize,
    hits_5: usize,
    hits_10: usize,
    gain_10: f64,
    reciprocal: f64,
}

#[derive(Clone, Copy, Debug, Serialize)]
pub struct PlaceFigures {
    /// The right item is among the first ten. With one right item that is recall@10 too.
    pub hr_10: f64,
    pub ndcg_10: f64,
    pub mrr: f64,
    pub recall_5: f64,
    pub recall_10: f64,
}

impl Places {
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

    pub fn figures(&self) -> PlaceFigures {
        let mean = |sum: f64| if self.tested == 0 { 0.0 } else { sum / self.tested as f64 };
        PlaceFigures {
            hr_10: mean(self.hits_10 as f64),
            ndcg_10: mean(self.gain_10),
            mrr: mean(self.reciprocal),
            recall_5: mean(self.hits_5 as f64),
            recall_10: mean(self.hits_10 as f64),
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
        let mut places = Places::default();
        for before in [0, 4, 9, 10] {
            places.add(before);
        }
        let found = places.figures();
        assert!(
            near(found.hr_10, 0.75) && near(found.recall_5, 0.5) && near(found.recall_10, 0.75),
            "{found:?}"
        );
        assert!(near(found.mrr, (1.0 + 0.2 + 0.1 + 1.0 / 11.0) / 4.0), "{found:?}");
        assert!(near(found.ndcg_10, (1.0 + 1.0 / 6f64.log2() + 1.0 / 11f64.log2()) / 4.0), "{found:?}");
        assert!(near(Places::default().figures().mrr, 0.0));
    }
}
