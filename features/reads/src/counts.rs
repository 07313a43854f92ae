//! What is counted of an article.

use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

/// What was counted within some time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
pub struct Counts {
    /// Readers, each once in half an hour.
    pub reads: i64,
    /// Thousandths of a read that they weigh less, as others from their network read too.
    pub repeats: i64,
    /// Readers who did nothing else, and what they weigh, in thousandths.
    pub alone: i64,
    pub alone_weight: i64,
    /// How often it came into view in a list, and was chosen in one.
    pub shown: i64,
    pub opened: i64,
    /// Reads whose length is known, the seconds of all of them, and how many came to the end or were passed on.
    pub timed: i64,
    pub seconds: i64,
    pub finished: i64,
    pub shared: i64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, more: Self) {
        self.reads += more.reads;
        self.repeats += more.repeats;
        self.alone += more.alone;
        self.alone_weight += more.alone_weight;
        self.shown += more.shown;
        self.opened += more.opened;
        self.timed += more.timed;
        self.seconds += more.seconds;
        self.finished += more.finished;
        self.shared += more.shared;
    }
}
