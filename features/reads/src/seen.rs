//! What readers' browsers tell: what came into view in lists, what was chosen there, how long an article was read and whether to its end.
//!
//! A browser that does not tell takes nothing from the article: its reads are counted without it.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use kernel::{ArticleId, Time};

use crate::store::ListHour;
use crate::visitor::{ONCE, Visitor, make_room, pair};

/// Where articles are listed.
pub const LISTS: [&str; 14] = [
    "archive",
    "author",
    "channel",
    "channel-headlines",
    "features",
    "following",
    "for-you",
    "home",
    "hot",
    "latest",
    "other",
    "related",
    "search",
    "tag",
];
/// Places further down are counted as this one.
const LAST_PLACE: i64 = 100;

/// An article in a list.
#[derive(Clone, Copy, Debug)]
pub struct InList {
    pub article: ArticleId,
    /// One of [`LISTS`].
    pub list: &'static str,
    /// From 1.
    pub place: i64,
}

/// How an article is being read, so far.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    pub article: ArticleId,
    /// How long it was in view since the last that was told.
    pub time: Duration,
    pub finished: bool,
    pub shared: bool,
}

/// What one browser tells at once.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    pub shown: Vec<InList>,
    pub opened: Vec<InList>,
    pub reading: Option<Reading>,
}

/// Sums by list, place and hour: shown, opened.
#[derive(Debug, Default)]
pub struct Lists(BTreeMap<(&'static str, i64, i64), (i64, i64)>);

impl Lists {
    pub fn add(&mut self, list: &'static str, place: i64, hour: i64, shown: i64, opened: i64) {
        let sum = self.0.entry((list, place.clamp(1, LAST_PLACE), hour)).or_default();
        *sum = (sum.0 + shown, sum.1 + opened);
    }

    pub fn rows(&self) -> Vec<ListHour> {
        let row = |(&(list, place, hour), &(shown, opened)): (&(&str, i64, i64), &(i64, i64))| ListHour {
            list: list.to_owned(),
            place,
            hour,
            shown,
            opened,
        };
        self.0.iter().map(row).collect()
    }

    /// What could not be written.
    pub fn take_back(&mut self, other: Self) {
        for ((list, place, hour), (shown, opened)) in other.0 {
            self.add(list, place, hour, shown, opened);
        }
    }
}

/// What is told of an article; each has a bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    Shown = 1,
    Opened = 2,
    Timed = 4,
    Finished = 8,
    Shared = 16,
}

/// What visitors told of articles already, by a hash of both.
#[derive(Debug, Default)]
pub struct AlreadyCounted(HashMap<u64, (Time, u8)>);

impl AlreadyCounted {
    /// Whether a visitor tells this of an article for the first time in a while.
    pub fn first(&mut self, article: ArticleId, visitor: Visitor, signal: Signal, now: Time) -> bool {
        make_room(&mut self.0, ONCE, |(since, _)| now.since(*since));
        let (since, counted) = self.0.entry(pair(article, visitor)).or_insert((now, 0));
        if now.since(*since) >= ONCE {
            (*since, *counted) = (now, 0);
        }
        let first = *counted & signal as u8 == 0;
        *counted |= signal as u8;
        first
    }
}
