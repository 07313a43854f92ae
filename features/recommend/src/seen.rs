//! What readers' browsers tell: what came into view in lists, what was chosen there, how long an article was read and whether to its end.
//!
//! A browser that does not tell takes nothing from the article: its reads are counted without it.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use kernel::{ArticleId, Time};

use crate::counts::Counts;
use crate::fraud::{STAYED, make_room};
use crate::reads::{ONCE, Reads, Slot, Visitor, hour, pair};
use crate::store::ListHour;

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
/// Nobody reads longer than this without leaving.
const LONGEST: Duration = Duration::from_hours(1);
/// Clocks and networks are not exact.
const LATE: Duration = Duration::from_secs(5);
/// Nobody comes to the end of anything sooner.
const QUICKEST: Duration = Duration::from_secs(4);

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

/// What visitors told of articles already, by a hash of both.
#[derive(Debug, Default)]
pub struct AlreadyCounted(HashMap<u64, (Time, u8)>);

const SHOWN: u8 = 1;
const OPENED: u8 = 2;
const TOLD: u8 = 4;
const FINISHED: u8 = 8;
const SHARED: u8 = 16;

impl Lists {
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
        for (of, (shown, opened)) in other.0 {
            self.add(of, shown, opened);
        }
    }

    fn add(&mut self, of: (&'static str, i64, i64), shown: i64, opened: i64) {
        let sum = self.0.entry(of).or_default();
        *sum = (sum.0 + shown, sum.1 + opened);
    }
}

impl AlreadyCounted {
    /// Whether a visitor tells this of an article for the first time in a while.
    fn first(&mut self, article: ArticleId, visitor: Visitor, what: u8, now: Time) -> bool {
        make_room(&mut self.0, ONCE, |(since, _)| now.since(*since));
        let (since, told) = self.0.entry(pair(article, visitor)).or_insert((now, 0));
        if now.since(*since) >= ONCE {
            (*since, *told) = (now, 0);
        }
        let first = *told & what == 0;
        *told |= what;
        first
    }
}

impl Reads {
    /// Takes in what a visitor's browser tells; what it told already is not counted again. Of a reading only what can be is believed:
    /// the article must have been asked for, and so long ago. Returns that, for those who keep it for a reader.
    pub fn tell(&self, visitor: Visitor, seen: &Seen) -> Option<Reading> {
        let now = self.now();
        let mut buffer = self.buffer();
        for (listed, what) in
            seen.shown.iter().map(|s| (s, SHOWN)).chain(seen.opened.iter().map(|o| (o, OPENED)))
        {
            let InList { article, list, place } = *listed;
            if !buffer.told.first(article, visitor, what, now) {
                continue;
            }
            let (shown, opened) = (i64::from(what == SHOWN), i64::from(what == OPENED));
            buffer.lists.add((list, place.clamp(1, LAST_PLACE), hour(now)), shown, opened);
            let counts = Counts { shown, opened, ..Counts::default() };
            *buffer.counted.entry((article, Slot::of(now))).or_default() += counts;
        }
        let Reading { article, time, finished, shared } = seen.reading?;
        let began = buffer.began(article, visitor, now)?;
        let been = now.since(began) + LATE;
        let time = time.min(been).min(LONGEST);
        let finished = finished && been >= QUICKEST + LATE;
        let told = buffer.told.first(article, visitor, TOLD, now);
        let counts = Counts {
            told: i64::from(told),
            seconds: time.as_secs() as i64,
            finished: i64::from(finished && buffer.told.first(article, visitor, FINISHED, now)),
            shared: i64::from(shared && buffer.told.first(article, visitor, SHARED, now)),
            ..Counts::default()
        };
        *buffer.counted.entry((article, Slot::of(began))).or_default() += counts;
        if finished || shared || time >= STAYED {
            buffer.stayed.push((article, visitor));
        }
        Some(Reading { article, time, finished, shared })
    }
}
