//! What is counted of an article, as sums that fade.

use std::time::Duration;

use kernel::Time;
use reads::Counts;

/// [`Counts`] as sums that fade, in readers.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Attention {
    /// Readers as they came, and as they weigh.
    pub reads: f64,
    pub weight: f64,
    /// Of those, who did nothing else.
    pub alone: f64,
    pub alone_weight: f64,
    pub shown: f64,
    pub opened: f64,
    pub timed: f64,
    pub finished: f64,
    pub shared: f64,
}

impl Attention {
    /// Takes in what was counted, which weighs so much.
    pub fn add(&mut self, counts: &Counts, weight: f64) {
        let read = weight / 1_000.0;
        self.reads += weight * counts.reads as f64;
        self.weight += read * (1_000 * counts.reads - counts.repeats) as f64;
        self.alone += weight * counts.alone as f64;
        self.alone_weight += read * counts.alone_weight as f64;
        self.shown += weight * counts.shown as f64;
        self.opened += weight * counts.opened as f64;
        self.timed += weight * counts.timed as f64;
        self.finished += weight * counts.finished as f64;
        self.shared += weight * counts.shared as f64;
    }

    /// All of it, times `by`.
    pub fn scaled(&self, by: f64) -> Self {
        Self {
            reads: by * self.reads,
            weight: by * self.weight,
            alone: by * self.alone,
            alone_weight: by * self.alone_weight,
            shown: by * self.shown,
            opened: by * self.opened,
            timed: by * self.timed,
            finished: by * self.finished,
            shared: by * self.shared,
        }
    }
}

/// What attention at `time` weighs, measured from `landmark`, where it counts half after `half_life`.
///
/// Exponential decay, forward (Cormode, Shkapenyuk, Srivastava, Xu: "Forward Decay", 2009): weights grow with time instead of all
/// sums shrinking, so a sum is right for ever and the order of two sums does not change while nothing happens to them.
pub fn weight(time: Time, landmark: Time, half_life: Duration) -> f64 {
    ((time.millis() - landmark.millis()) as f64 / half_life.as_millis() as f64).exp2()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attention_fades_by_half_and_order_stays() {
        const HALF_LIFE: Duration = Duration::from_hours(8);
        let start = Time::from_millis(1_700_000_000_000);
        let later = start.plus(HALF_LIFE);
        assert!((weight(later, start, HALF_LIFE) / weight(start, start, HALF_LIFE) - 2.0).abs() < 1e-9);
        let order = |landmark| 3.0 * weight(start, landmark, HALF_LIFE) > weight(later, landmark, HALF_LIFE);
        assert_eq!(order(start), order(later.plus(100 * HALF_LIFE)));
    }

    #[test]
    fn what_comes_and_is_taken_back_leaves_nothing() {
        let one = Counts { reads: 1, repeats: 250, alone: 1, alone_weight: 750, ..Counts::default() };
        let back = Counts { alone: -1, alone_weight: -750, ..Counts::default() };
        let mut sum = Attention::default();
        sum.add(&one, 0.5);
        assert_eq!((sum.reads, sum.weight, sum.alone_weight), (0.5, 0.375, 0.375));
        sum.add(&back, 0.5);
        assert_eq!((sum.weight, sum.alone, sum.alone_weight), (0.375, 0.0, 0.0));
    }
}
