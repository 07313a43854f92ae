//! What one visitor reads within a visit is read together: pairs, until somebody writes them.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::time::Duration;

use kernel::{ArticleId, Time};

/// What a visitor read within this time is read together.
const VISIT: Duration = Duration::from_hours(6);
/// Articles of a visit that a new one is paired with: the last so many.
pub const PAIRED: usize = 8;
/// A visitor pairs no more than this within a visit: nobody reads a hundred articles, programs do.
pub const MOST: usize = 40;
/// Visits that are remembered (some 150 bytes each). Beyond them the idle ones are forgotten, and if that is not enough, all.
const VISITS: usize = 100_000;

/// How often each two were read together, both ways.
pub type Pairs = BTreeMap<(ArticleId, ArticleId), f64>;

#[derive(Default)]
pub struct Visits {
    visits: HashMap<u64, Session>,
    pub pairs: Pairs,
}

struct Session {
    read: VecDeque<ArticleId>,
    count: usize,
    last: Time,
}

impl Visits {
    /// A visitor reads an article; `weight` is what this read weighs, 1 or less where many came from one network. The same article again
    /// counts once in a visit.
    pub fn read(&mut self, visitor: u64, article: ArticleId, at: Time, weight: f64) {
        let idle = |visit: &Session| at.since(visit.last) > VISIT;
        if self.visits.len() >= VISITS && !self.visits.contains_key(&visitor) {
            self.visits.retain(|_, visit| !idle(visit));
            if self.visits.len() >= VISITS {
                self.visits.clear();
            }
        }
        let new = || Session { read: VecDeque::new(), count: 0, last: at };
        let visit = self.visits.entry(visitor).or_insert_with(new);
        if idle(visit) {
            *visit = new();
        }
        visit.last = at;
        if visit.read.contains(&article) || visit.count >= MOST {
            return;
        }
        for &other in &visit.read {
            *self.pairs.entry((article, other)).or_default() += weight;
            *self.pairs.entry((other, article)).or_default() += weight;
        }
        visit.count += 1;
        visit.read.push_back(article);
        if visit.read.len() > PAIRED {
            visit.read.pop_front();
        }
    }
}
