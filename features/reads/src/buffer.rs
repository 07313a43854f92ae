//! What came since the last flush, and what is remembered of visitors so that nothing is counted twice.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use kernel::{ArticleId, Time};

use crate::counts::Counts;
use crate::fraud::STAYED;
use crate::seen::{AlreadyCounted, InList, Lists, Reading, Seen, Signal};
use crate::slots::{Slot, hour};
use crate::visitor::{ONCE, Visitor, pair};

/// Pairs of visitor and article that are remembered for [`ONCE`] (about 20 bytes each). Beyond them all are forgotten, and may be counted
/// twice.
const PAIRS: usize = 500_000;
/// Nobody reads longer than this without leaving.
const LONGEST: Duration = Duration::from_hours(1);
/// Clocks and networks are not exact.
const LATE: Duration = Duration::from_secs(5);
/// Nobody comes to the end of anything sooner.
const QUICKEST: Duration = Duration::from_secs(4);

pub type Counted = BTreeMap<(ArticleId, Slot), Counts>;

#[derive(Default)]
pub struct Buffer {
    /// Reads that are still to be judged.
    pub began: Vec<(ArticleId, Visitor, Time)>,
    /// Visitors who really read.
    pub stayed: Vec<(ArticleId, Visitor)>,
    pub counted: Counted,
    pub lists: Lists,
    already: AlreadyCounted,
    /// When a visitor began to read an article, by a hash of both.
    seen: HashMap<u64, Time>,
}

impl Buffer {
    /// A visitor asks for an article. It counts if the visitor was not just here and is a reader.
    pub fn record_if(
        &mut self,
        article: ArticleId,
        visitor: Visitor,
        now: Time,
        is_reader: impl FnOnce() -> bool,
    ) {
        let pair = pair(article, visitor);
        let still = |began: &Time| now.since(*began) < ONCE;
        if self.seen.get(&pair).is_some_and(still) {
            return;
        }
        if self.seen.len() >= PAIRS {
            self.seen.retain(|_, began| still(began));
            if self.seen.len() >= PAIRS {
                self.seen.clear();
            }
        }
        self.seen.insert(pair, now);
        if is_reader() {
            self.began.push((article, visitor, now));
        }
    }

    /// Takes in what a visitor's browser tells; what it told already is not counted again. Of a reading only what can be is believed, and
    /// given back: the article must have been asked for, and so long ago.
    pub fn tell(&mut self, visitor: Visitor, seen: &Seen, now: Time) -> Option<Reading> {
        let (shown, opened) = (seen.shown.iter(), seen.opened.iter());
        for (listed, signal) in shown.map(|s| (s, Signal::Shown)).chain(opened.map(|o| (o, Signal::Opened))) {
            let InList { article, list, place } = *listed;
            if !self.already.first(article, visitor, signal, now) {
                continue;
            }
            let (shown, opened) = (i64::from(signal == Signal::Shown), i64::from(signal == Signal::Opened));
            self.lists.add(list, place, hour(now), shown, opened);
            let counts = Counts { shown, opened, ..Counts::default() };
            *self.counted.entry((article, Slot::of(now))).or_default() += counts;
        }
        let Reading { article, time, finished, shared } = seen.reading?;
        let began = self.began(article, visitor, now)?;
        let been = now.since(began) + LATE;
        let time = time.min(been).min(LONGEST);
        let finished = finished && been >= QUICKEST + LATE;
        let mut first = |signal| i64::from(self.already.first(article, visitor, signal, now));
        let counts = Counts {
            timed: first(Signal::Timed),
            seconds: time.as_secs() as i64,
            finished: if finished { first(Signal::Finished) } else { 0 },
            shared: if shared { first(Signal::Shared) } else { 0 },
            ..Counts::default()
        };
        *self.counted.entry((article, Slot::of(began))).or_default() += counts;
        if finished || shared || time >= STAYED {
            self.stayed.push((article, visitor));
        }
        Some(Reading { article, time, finished, shared })
    }

    /// When the visitor began to read the article, if that was lately.
    fn began(&self, article: ArticleId, visitor: Visitor, now: Time) -> Option<Time> {
        self.seen.get(&pair(article, visitor)).copied().filter(|began| now.since(*began) < ONCE)
    }
}
