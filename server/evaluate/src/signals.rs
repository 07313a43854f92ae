//! What the acts of all readers so far say of items and of people, kept up with each act.

use std::collections::{HashMap, HashSet, VecDeque};

use recommend::rank::{Candidate, DAY, HALF_LIVES, Person, SESSION, USUAL};

/// Somebody did something with an item. Users and items are small numbers, times are seconds.
#[derive(Clone, Copy, Debug)]
pub struct Act {
    pub time: f64,
    pub user: usize,
    pub item: usize,
}

const WEEK: f64 = 7.0 * DAY;
/// Items that somebody read together with a new one: the last so many.
const TOGETHER: usize = 50;
/// Items of a reader's past from which neighbours are taken.
const PAST: usize = 20;
/// Each further back counts this much of the one after it.
const FADES: f64 = 0.8;
/// An act on what one knows already says this much of a first one.
const AGAIN: f64 = 0.2;

#[derive(Clone, Debug, Default)]
struct Item {
    /// When it was first and last touched by anybody.
    pub first: f64,
    pub last: f64,
    /// How many items were seen before it.
    pub number: usize,
    /// How many touched it; none where nobody has seen it yet.
    pub readers: f64,
    /// Of those, in the last seven days, as of the last act of all.
    week: usize,
    /// Decayed sums of acts as of `last`, one for each half-life.
    heat: [f64; HALF_LIVES.len()],
    /// Where it comes from: its author where that is known, else whoever touched it first.
    pub source: usize,
}

impl Item {
    /// Decayed sum of acts at `now`, for the half-life with this number.
    pub fn heat(&self, half_life: usize, now: f64) -> f64 {
        self.heat[half_life] * (-(now - self.last) / HALF_LIVES[half_life]).exp2()
    }
}

#[derive(Clone, Debug, Default)]
struct User {
    read: HashSet<usize>,
    /// What was read and when, the last at the end.
    pub past: VecDeque<(usize, f64)>,
    /// How often something from a source was read.
    pub sources: HashMap<usize, f64>,
    /// Sum and number of the logarithms of how many newer items there were than what was read.
    behind: (f64, f64),
    /// The last act, and the last of the visit before.
    pub here: Option<f64>,
    pub before: Option<f64>,
}

impl User {
    /// How new what the user reads is, in logarithms of the number of newer items; drawn to `usual` while little is known.
    pub fn behind(&self, usual: f64) -> f64 {
        const KNOWN: f64 = 3.0;
        (self.behind.0 + KNOWN * usual) / (self.behind.1 + KNOWN)
    }
}

/// Everything that is known at a moment.
#[derive(Clone, Debug, Default)]
pub struct Signals {
    items: Vec<Item>,
    users: Vec<User>,
    /// Items in the order in which they were first touched.
    order: Vec<usize>,
    /// How often two items were read by the same user, both ways.
    co_reads: HashMap<usize, HashMap<usize, f64>>,
    recent: VecDeque<(f64, usize)>,
    authors: HashMap<usize, usize>,
}

impl Signals {
    /// `authors`: of items whose author is known.
    pub fn new(authors: HashMap<usize, usize>) -> Self {
        Self { authors, ..Self::default() }
    }

    /// Takes in an act. Acts come in the order of time.
    pub fn observe(&mut self, act: Act) {
        let Act { time, user, item } = act;
        while let Some(&(then, old)) = self.recent.front().filter(|(then, _)| time - then > WEEK) {
            debug_assert!(then <= time);
            self.recent.pop_front();
            self.items[old].week -= 1;
        }
        let number = self.order.len();
        // Users and authors must not be mistaken for each other: authors have odd numbers.
        let source = self.authors.get(&item).map_or(2 * user, |author| 2 * author + 1);
        let fresh =
            Item { first: time, last: time, number, readers: 0.0, week: 0, heat: Default::default(), source };
        self.items.resize_with(self.items.len().max(item + 1), Item::default);
        self.users.resize_with(self.users.len().max(user + 1), User::default);
        let (kept, person) = (&mut self.items[item], &mut self.users[user]);
        if kept.readers == 0.0 {
            *kept = fresh;
            self.order.push(item);
        }
        let known = person.read.contains(&item);
        for (heat, half_life) in kept.heat.iter_mut().zip(HALF_LIVES) {
            *heat = *heat * (-(time - kept.last) / half_life).exp2() + if known { AGAIN } else { 1.0 };
        }
        kept.last = time;
        if person.here.is_some_and(|here| time - here > SESSION) {
            person.before = person.here;
        }
        person.here = Some(time);
        if known {
            return;
        }
        kept.readers += 1.0;
        kept.week += 1;
        self.recent.push_back((time, item));
        *person.sources.entry(kept.source).or_default() += 1.0;
        person.behind.0 += ((self.order.len() - kept.number) as f64).ln();
        person.behind.1 += 1.0;
        for &(other, _) in &person.past {
            *self.co_reads.entry(other).or_default().entry(item).or_default() += 1.0;
            *self.co_reads.entry(item).or_default().entry(other).or_default() += 1.0;
        }
        person.past.push_back((item, time));
        if person.past.len() > TOGETHER {
            person.past.pop_front();
        }
        person.read.insert(item);
    }

    pub fn has_read(&self, user: usize, item: usize) -> bool {
        self.users.get(user).is_some_and(|user| user.read.contains(&item))
    }

    /// What somebody touched since `since` and this user has not read, in the order in which it was first touched.
    pub fn candidates(&self, user: usize, since: f64) -> Vec<usize> {
        let wanted = |&item: &usize| self.items[item].last >= since && !self.has_read(user, item);
        self.order.iter().copied().filter(wanted).collect()
    }

    /// How often what the user read was read together with another item, by cosine (Sarwar, Karypis, Konstan, Riedl: "Item-based
    /// collaborative filtering", 2001). `fading`: what was read last counts most. Items that are not there have nothing.
    pub fn neighbours(&self, user: usize, fading: bool) -> HashMap<usize, f64> {
        let mut found = HashMap::new();
        let past = self.users.get(user).into_iter().flat_map(|user| user.past.iter().rev().take(PAST));
        let mut counts = 1.0;
        for &(item, _) in past {
            self.add_neighbours(item, counts, &mut found);
            if fading {
                counts *= FADES;
            }
        }
        found
    }

    fn add_neighbours(&self, item: usize, counts: f64, found: &mut HashMap<usize, f64>) {
        let here = self.items[item].readers;
        for (other, times) in self.co_reads.get(&item).into_iter().flatten() {
            *found.entry(*other).or_default() += counts * times / (here * self.items[*other].readers).sqrt();
        }
    }

    /// What is known of a user and of candidates (in the order of [`Signals::candidates`]).
    pub fn situation(&self, user: usize, now: f64, candidates: &[usize]) -> (Person, Vec<Candidate>) {
        let near = self.neighbours(user, true);
        let user = self.users.get(user);
        let last = user.and_then(|user| user.past.back()).copied();
        let mut after_last = HashMap::new();
        if let Some((item, _)) = last {
            self.add_neighbours(item, 1.0, &mut after_last);
        }
        let person = Person {
            reads: user.map_or(0.0, |user| user.sources.values().sum()),
            habit: user.map_or(USUAL, |user| user.behind(USUAL)),
            last: last.map(|(item, then)| (self.items[item].number as i64, then)),
            here: user.and_then(|user| user.here),
            before: user.and_then(|user| user.before),
        };
        let candidate = |id: &usize| {
            let item = &self.items[*id];
            Candidate {
                number: item.number as i64,
                first: item.first,
                last: item.last,
                readers: item.readers,
                heat: std::array::from_fn(|n| item.heat(n, now)),
                co_reads: share(&near, *id),
                after_last: share(&after_last, *id),
                from_source: user.map_or(0.0, |user| share(&user.sources, item.source)),
                ..Candidate::default()
            }
        };
        (person, candidates.iter().map(candidate).collect())
    }

    /// When an item was first touched.
    pub fn first(&self, item: usize) -> f64 {
        self.items[item].first
    }

    /// How many have read it: ever, and in the last seven days.
    pub fn readers(&self, item: usize) -> (f64, f64) {
        let item = &self.items[item];
        (item.readers, item.week as f64)
    }

    /// Decayed attention at `now`, for one of [`HALF_LIVES`].
    pub fn heat(&self, item: usize, half_life: usize, now: f64) -> f64 {
        self.items[item].heat(half_life, now)
    }
}

fn share(of: &HashMap<usize, f64>, key: usize) -> f64 {
    of.get(&key).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use recommend::rank::{Features, HOUR, features, place_of};

    fn signals(acts: &[(f64, usize, usize)]) -> Signals {
        let mut signals = Signals::default();
        for &(time, user, item) in acts {
            signals.observe(Act { time, user, item });
        }
        signals
    }

    #[test]
    fn attention_fades_and_a_week_ends() {
        let signals = signals(&[(0.0, 1, 10), (HOUR, 2, 10), (HOUR, 2, 10), (8.0 * DAY, 3, 11)]);
        assert!(
            (signals.heat(10, 0, HOUR) - 1.7).abs() < 1e-9,
            "a read, half of one, and a fifth for coming back"
        );
        assert!((signals.heat(10, 0, 2.0 * HOUR) - 0.85).abs() < 1e-9);
        assert_eq!(signals.readers(10), (2.0, 0.0));
        assert_eq!(signals.readers(11), (1.0, 1.0));
    }

    #[test]
    fn candidates_are_recent_and_unread() {
        let signals = signals(&[(0.0, 1, 10), (DAY, 1, 11), (2.0 * DAY, 2, 12), (2.0 * DAY, 2, 11)]);
        assert!(signals.candidates(2, DAY).is_empty());
        assert_eq!(signals.candidates(1, DAY), [12]);
        assert_eq!(signals.candidates(3, 0.0), [10, 11, 12]);
    }

    #[test]
    fn read_together_is_near() {
        let signals =
            signals(&[(0.0, 1, 10), (1.0, 1, 11), (2.0, 2, 10), (3.0, 2, 11), (4.0, 3, 10), (5.0, 4, 12)]);
        let near = signals.neighbours(3, true);
        assert!((near[&11] - 2.0 / 6f64.sqrt()).abs() < 1e-9, "two of three and two");
        assert!(!near.contains_key(&12));
    }

    fn features_of(signals: &Signals, user: usize, now: f64, candidates: &[usize]) -> Vec<Features> {
        let (person, candidates) = signals.situation(user, now, candidates);
        features(&person, &candidates, now)
    }

    #[test]
    fn a_situation_says_what_is_new_hot_and_near() {
        let signals = signals(&[
            (0.0, 1, 10),
            (60.0, 1, 11),
            (120.0, 2, 10),
            (180.0, 2, 11),
            (240.0, 3, 10),
            (300.0, 9, 12),
        ]);
        let now = 360.0;
        let candidates = signals.candidates(3, 0.0);
        assert_eq!(candidates, [11, 12]);
        let found = features_of(&signals, 3, now, &candidates);
        let of = |n: usize, words: &str| found[n][place_of(words).unwrap()];
        let (newer, hotter) = ("how many candidates are newer (log)", "how many are hotter (log)");
        let co_reads = "read by those who read what you read (log)";
        assert!(of(0, newer) > of(1, newer) && of(1, newer) == 0.0);
        assert!(of(0, hotter) < of(1, hotter), "two have read it");
        assert!(of(0, co_reads) > 0.0 && of(1, co_reads) == 0.0);
        let since = "came out since your last read";
        assert_eq!((of(0, since), of(1, since)), (0.0, 1.0));
        assert!(found.iter().flatten().all(|value| value.is_finite()));
        // Nobody knows a new reader: what is said is said of the items alone.
        let found = features_of(&signals, 77, now, &candidates);
        assert!(found.iter().all(|features| features[place_of(co_reads).unwrap()] == 0.0));
    }
}
