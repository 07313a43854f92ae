//! What is chosen of what is shown at once: what showings and choices so far say of items and people, in numbers for the model.

use std::collections::{HashMap, HashSet};

use recommend::rank::{DAY, HOUR};

use crate::words::Words;

/// Choices and showings count half after each of these times.
const HALF_LIVES: [f64; 3] = [2.0 * HOUR, 12.0 * HOUR, 3.0 * DAY];
/// An item is taken for a usual one until it was shown as often as this.
const SHOWN: f64 = 20.0;
/// Of what somebody chose before, the last so many say what they like.
const PAST: usize = 30;
/// Choices that follow one another as near as this belong together.
const TOGETHER: usize = 5;
/// Each further back counts this much of the one after it.
const FADES: f64 = 0.95;

macro_rules! features {
    ($($name:ident: $words:literal,)*) => {
        /// The place of each feature.
        #[derive(Clone, Copy)]
        enum Of { $($name,)* }
        const NAMES: &[&str] = &[$($words,)*];
        pub const FEATURES: usize = NAMES.len();
    };
}

features! {
    Rate: "how often it was chosen where it was shown (log)",
    Rate2h: "the same, in the last hours",
    Rate12h: "the same, in the last day",
    Rate3d: "the same, in the last days",
    RateOfNew: "how often it was chosen, for those without a history",
    Chosen: "how often it was chosen (log)",
    Chosen2h: "how often in the last hours (log)",
    Chosen12h: "how often in the last day (log)",
    ShownBefore: "how often it was shown (log)",
    Shown2h: "how often in the last hours (log)",
    NeverShown: "it was never shown",
    Age: "hours since it came out (log)",
    JustOut: "came out within hours",
    Today: "came out within a day",
    Past: "in how many histories it is (log)",
    Known: "you chose it before",
    Passed: "how often you passed it by (log)",
    PassedAny: "you passed it by",
    Near: "chosen by those who chose what you chose (log)",
    AnyNear: "chosen by anybody who chose what you chose",
    NearLast: "chosen by those who chose what you chose last (log)",
    Alike: "how like what you chose its words are",
    AlikeLast: "how like what you chose last its words are",
    WordRate: "how often articles with its words are chosen (log)",
    Channel: "how much more of its channel than others you chose (log)",
    ChannelNow: "the same, of late",
    ChannelRate: "how often its channel is chosen (log)",
    YourChannelRate: "how often you choose its channel where it is shown (log)",
    Author: "how often you chose its author (log)",
    AuthorRate: "how often its author is chosen (log)",
    Place: "its place (log)",
    FirstPlace: "it stands first",
    BestRate: "places by how often it is chosen (log)",
    Newest: "places by age (log)",
}

pub type Features = [f64; FEATURES];

/// What the feature at a place says.
pub fn describe(place: usize) -> &'static str {
    NAMES[place]
}

/// What is told of an item wherever it stands. People choose what stands first; a ranker that decides what stands where has nothing from
/// knowing it. So the place is learned from, that it does not pass for merit, and left out where an order is made or judged (position as a
/// feature; Guo, Yu, Liu, Tang, Zhang: "PAL", 2019).
pub fn without_place(features: &Features) -> Features {
    let mut same = *features;
    for of in [Of::Place, Of::FirstPlace] {
        same[of as usize] = 0.0;
    }
    same
}

/// What is known of an item beside what happened to it.
#[derive(Clone, Copy, Debug, Default)]
pub struct ItemFeatures {
    pub author: Option<usize>,
    pub channel: Option<usize>,
    /// Seconds since 1970.
    pub published: Option<f64>,
}

/// Showings and choices, with what fades as of `last`.
#[derive(Clone, Debug, Default)]
struct Item {
    shown: f64,
    chosen: f64,
    fading: [(f64, f64); HALF_LIVES.len()],
    /// When it was first and last shown.
    first: Option<f64>,
    last: f64,
    /// Readers in whose past it is.
    readers: f64,
}

impl Item {
    /// Showings and choices that fade, as of `now`.
    fn fading(&self, n: usize, now: f64) -> (f64, f64) {
        let left = (-(now - self.last) / HALF_LIVES[n]).exp2();
        (left * self.fading[n].0, left * self.fading[n].1)
    }
}

#[derive(Clone, Debug, Default)]
struct User {
    past: Vec<usize>,
    known: HashSet<usize>,
    /// How often what they never chose was shown to them.
    passed: HashMap<usize, f64>,
    /// Showings and choices by channel.
    channels: HashMap<usize, Rate>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Rate {
    shown: f64,
    chosen: f64,
}

impl Rate {
    fn add(&mut self, chosen: bool) {
        self.shown += 1.0;
        self.chosen += f64::from(u8::from(chosen));
    }

    /// How many times as often as `usual`, as a logarithm; none while nothing is known.
    fn log(&self, usual: f64, known: f64) -> f64 {
        ((self.chosen + known * usual) / (self.shown + known) / usual).ln()
    }
}

/// Everything that is known at a moment.
#[derive(Debug, Default)]
pub struct Showings {
    items: Vec<Item>,
    users: Vec<User>,
    item_features: HashMap<usize, ItemFeatures>,
    words: Words,
    all: Rate,
    by_channel: HashMap<usize, Rate>,
    by_author: HashMap<usize, Rate>,
    by_word: HashMap<u32, Rate>,
    /// How often a channel is in anybody's past.
    past_of_channel: HashMap<usize, f64>,
    pasts: f64,
    /// How often two items were chosen by one reader, the smaller number first.
    co_reads: HashMap<(u32, u32), f32>,
}

fn log(x: f64) -> f64 {
    (1.0 + x.max(0.0)).ln()
}

impl Showings {
    pub fn new(item_features: HashMap<usize, ItemFeatures>, mut words: Words) -> Self {
        words.weigh();
        Self { item_features, words, ..Self::default() }
    }

    /// Learns what somebody chose before, as far as it is not known yet.
    pub fn meet(&mut self, user: usize, history: &[usize]) {
        self.users.resize_with(self.users.len().max(user + 1), User::default);
        let new: Vec<usize> =
            history.iter().copied().filter(|item| !self.users[user].known.contains(item)).collect();
        for item in new {
            self.choose(user, item);
        }
    }

    /// Takes in what was shown and chosen.
    pub fn observe(&mut self, user: usize, now: f64, shown: &[usize], chosen: &[bool]) {
        for (&item, &chosen) in shown.iter().zip(chosen) {
            let facts = self.features_of(item);
            let rates = [
                Some(&mut self.all),
                facts.channel.map(|channel| self.by_channel.entry(channel).or_default()),
                facts.author.map(|author| self.by_author.entry(author).or_default()),
                facts.channel.map(|channel| self.users[user].channels.entry(channel).or_default()),
            ];
            rates.into_iter().flatten().for_each(|rate| rate.add(chosen));
            for (word, _) in self.words.of(item) {
                self.by_word.entry(*word).or_default().add(chosen);
            }
            let kept = self.item_mut(item);
            let one = f64::from(u8::from(chosen));
            for n in 0..HALF_LIVES.len() {
                let (shown, chosen) = kept.fading(n, now);
                kept.fading[n] = (shown + 1.0, chosen + one);
            }
            kept.first.get_or_insert(now);
            kept.last = now;
            kept.shown += 1.0;
            kept.chosen += one;
            if !chosen {
                *self.users[user].passed.entry(item).or_default() += 1.0;
            }
        }
        for (&item, _) in shown.iter().zip(chosen).filter(|(_, chosen)| **chosen) {
            if !self.users[user].known.contains(&item) {
                // With all of the past: what is new is near to what is old only through this.
                let past: Vec<usize> =
                    self.users[user].past.iter().rev().take(PAST).skip(TOGETHER).copied().collect();
                for other in past {
                    *self.co_reads.entry(pair(other, item)).or_default() += 1.0;
                }
                self.choose(user, item);
            }
        }
    }

    fn choose(&mut self, user: usize, item: usize) {
        let person = &mut self.users[user];
        person.known.insert(item);
        for &other in person.past.iter().rev().take(TOGETHER) {
            *self.co_reads.entry(pair(other, item)).or_default() += 1.0;
        }
        person.past.push(item);
        self.item_mut(item).readers += 1.0;
        if let Some(channel) = self.features_of(item).channel {
            *self.past_of_channel.entry(channel).or_default() += 1.0;
            self.pasts += 1.0;
        }
    }

    /// The features of what is shown to a user (whom [`Showings::meet`] has met), in the order given.
    pub fn features(&self, user: usize, now: f64, shown: &[usize]) -> Vec<Features> {
        let person = &self.users[user];
        let past: Vec<usize> = person.past.iter().rev().take(PAST).copied().collect();
        let (liking, channels, lately) = self.likings(&past);
        let last: HashMap<u32, f32> =
            past.first().map_or_else(HashMap::new, |&item| self.words.of(item).iter().copied().collect());
        let usual = self.usual();
        let alike = |item: usize, other: &HashMap<u32, f32>| -> f64 {
            self.words
                .of(item)
                .iter()
                .filter_map(|(word, weight)| Some(f64::from(weight * other.get(word)?)))
                .sum()
        };
        let one = |(n, &candidate): (usize, &usize)| {
            let mut features = [0.0; FEATURES];
            let mut set = |of: Of, value: f64| features[of as usize] = value;
            let nothing = Item::default();
            let item = self.items.get(candidate).unwrap_or(&nothing);
            let facts = self.features_of(candidate);
            let rate = self.rate(candidate);
            set(Of::Rate, rate);
            set(Of::RateOfNew, if past.is_empty() { rate } else { 0.0 });
            let fading: [(f64, f64); HALF_LIVES.len()] = std::array::from_fn(|n| item.fading(n, now));
            for (of, (shown, chosen)) in [Of::Rate2h, Of::Rate12h, Of::Rate3d].into_iter().zip(fading) {
                set(of, Rate { shown, chosen }.log(usual, SHOWN));
            }
            set(Of::Chosen, log(item.chosen));
            set(Of::Chosen2h, log(fading[0].1));
            set(Of::Chosen12h, log(fading[1].1));
            set(Of::ShownBefore, log(item.shown));
            set(Of::Shown2h, log(fading[0].0));
            set(Of::NeverShown, f64::from(u8::from(item.shown == 0.0)));
            let age = (now - self.came_out(candidate, now)).max(0.0) / HOUR;
            set(Of::Age, log(age));
            set(Of::JustOut, (-age / 3.0).exp());
            set(Of::Today, (-age / 24.0).exp());
            set(Of::Past, log(item.readers));
            set(Of::Known, f64::from(u8::from(person.known.contains(&candidate))));
            let passed = person.passed.get(&candidate).copied().unwrap_or_default();
            set(Of::Passed, log(passed));
            set(Of::PassedAny, f64::from(u8::from(passed > 0.0)));
            let near = self.near(candidate, &past);
            set(Of::Near, log(10.0 * near));
            set(Of::AnyNear, f64::from(u8::from(near > 0.0)));
            set(Of::NearLast, log(10.0 * self.near(candidate, &past[..past.len().min(1)])));
            if !self.words.is_empty() {
                set(Of::Alike, alike(candidate, &liking));
                set(Of::AlikeLast, alike(candidate, &last));
                let (mut rates, mut weights) = (0.0, 1e-6);
                for (word, weight) in self.words.of(candidate) {
                    let rate = self.by_word.get(word).copied().unwrap_or_default();
                    rates += f64::from(*weight) * rate.log(usual, 5.0 * SHOWN);
                    weights += f64::from(*weight);
                }
                set(Of::WordRate, rates / weights);
            }
            if let Some(channel) = facts.channel {
                // A channel's share of a past, against its share of all.
                let share = (self.past_of_channel.get(&channel).copied().unwrap_or_default() + 1.0)
                    / (self.pasts + 20.0);
                let more = |had: &HashMap<usize, f64>, all: f64, known: f64| {
                    let had = had.get(&channel).copied().unwrap_or_default();
                    ((had + known * share) / (all + known) / share).ln()
                };
                set(Of::Channel, more(&channels, past.len() as f64, 5.0));
                set(Of::ChannelNow, more(&lately, lately.values().sum(), 2.0));
                let of_all = self.by_channel.get(&channel).copied().unwrap_or_default();
                set(Of::ChannelRate, of_all.log(usual, 5.0 * SHOWN));
                let yours = person.channels.get(&channel).copied().unwrap_or_default();
                set(Of::YourChannelRate, yours.log(usual, SHOWN));
            }
            if let Some(author) = facts.author {
                let had = past.iter().filter(|&&item| self.features_of(item).author == Some(author)).count();
                set(Of::Author, log(had as f64));
                set(
                    Of::AuthorRate,
                    self.by_author.get(&author).copied().unwrap_or_default().log(usual, SHOWN),
                );
            }
            set(Of::Place, log(n as f64));
            set(Of::FirstPlace, f64::from(u8::from(n == 0)));
            features
        };
        let mut found: Vec<Features> = shown.iter().enumerate().map(one).collect();
        for (of, by) in [(Of::BestRate, Of::Rate12h), (Of::Newest, Of::JustOut)] {
            let mut order: Vec<usize> = (0..found.len()).collect();
            order.sort_by(|&a, &b| found[b][by as usize].total_cmp(&found[a][by as usize]));
            let mut place = 0;
            for (at, &n) in order.iter().enumerate() {
                // Those that are alike share a place: else the order they were given in would be told.
                if at > 0 && found[n][by as usize] < found[order[at - 1]][by as usize] {
                    place = at;
                }
                found[n][of as usize] = log(place as f64);
            }
        }
        found
    }

    /// Words, channels, and channels of late, of a past with the latest first.
    fn likings(&self, past: &[usize]) -> (HashMap<u32, f32>, HashMap<usize, f64>, HashMap<usize, f64>) {
        let mut liking: HashMap<u32, f32> = HashMap::new();
        let (mut channels, mut lately) = (HashMap::new(), HashMap::new());
        let mut counts = 1.0;
        for (n, &item) in past.iter().enumerate() {
            for (word, weight) in self.words.of(item) {
                *liking.entry(*word).or_default() += counts as f32 * weight;
            }
            counts *= FADES;
            if let Some(channel) = self.features_of(item).channel {
                *channels.entry(channel).or_default() += 1.0;
                if n < TOGETHER {
                    *lately.entry(channel).or_default() += 1.0;
                }
            }
        }
        let length = liking.values().map(|weight| weight * weight).sum::<f32>().sqrt().max(1e-6);
        for weight in liking.values_mut() {
            *weight /= length;
        }
        (liking, channels, lately)
    }

    /// How often anything shown is chosen.
    fn usual(&self) -> f64 {
        (self.all.chosen + 1.0) / (self.all.shown + 20.0)
    }

    /// How many times as often as usual an item was chosen where it was shown, as a logarithm; near none while little is known.
    pub fn rate(&self, item: usize) -> f64 {
        let of = self
            .items
            .get(item)
            .map_or(Rate::default(), |item| Rate { shown: item.shown, chosen: item.chosen });
        of.log(self.usual(), SHOWN)
    }

    /// How often an item was chosen: ever, and with a half-life of 2 and of 12 hours.
    pub fn chosen(&self, item: usize, now: f64) -> [f64; 3] {
        let of = |item: &Item| [item.chosen, item.fading(0, now).1, item.fading(1, now).1];
        self.items.get(item).map_or([0.0; 3], of)
    }

    /// When an item came out, as far as that is known; what was never shown comes out now.
    pub fn came_out(&self, item: usize, now: f64) -> f64 {
        let first = self.items.get(item).and_then(|item| item.first);
        self.features_of(item).published.or(first).unwrap_or(now)
    }

    /// How often an item was chosen together with those of a past, by cosine (Sarwar, Karypis, Konstan, Riedl: "Item-based
    /// collaborative filtering", 2001).
    pub fn near(&self, item: usize, past: &[usize]) -> f64 {
        let readers = |item: usize| self.items.get(item).map_or(0.0, |item| item.readers);
        let here = readers(item);
        if here == 0.0 {
            return 0.0;
        }
        let one = |&other: &usize| {
            let times = f64::from(*self.co_reads.get(&pair(item, other))?);
            Some(times / (here * readers(other)).sqrt())
        };
        past.iter().filter_map(one).sum()
    }

    /// What somebody chose, the latest first.
    pub fn past(&self, user: usize) -> Vec<usize> {
        self.users[user].past.iter().rev().take(PAST).copied().collect()
    }

    fn features_of(&self, item: usize) -> ItemFeatures {
        self.item_features.get(&item).copied().unwrap_or_default()
    }

    fn item_mut(&mut self, item: usize) -> &mut Item {
        self.items.resize_with(self.items.len().max(item + 1), Item::default);
        &mut self.items[item]
    }
}

fn pair(a: usize, b: usize) -> (u32, u32) {
    (a.min(b) as u32, a.max(b) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(features: &Features, of: Of) -> f64 {
        features[of as usize]
    }

    #[test]
    fn what_is_chosen_more_often_is_told_from_what_is_shown_more_often() {
        let mut showings = Showings::default();
        for n in 0..40 {
            showings.meet(n, &[]);
            // The second is shown to all and chosen by half of those who see the first.
            let (shown, chosen) = if n % 4 == 0 {
                (vec![1, 2], vec![true, false])
            } else {
                (vec![2, 3], vec![n % 2 == 1, false])
            };
            showings.observe(n, n as f64 * 60.0, &shown, &chosen);
        }
        let now = 2_400.0;
        showings.meet(99, &[]);
        let found = showings.features(99, now, &[1, 2, 3, 4]);
        assert!(of(&found[1], Of::Chosen) > of(&found[0], Of::Chosen));
        assert!(of(&found[0], Of::Rate) > of(&found[2], Of::Rate) && of(&found[3], Of::Rate).abs() < 1e-9);
        assert_eq!((of(&found[3], Of::NeverShown), of(&found[3], Of::Age)), (1.0, 0.0));
        assert!(found.iter().flatten().all(|value| value.is_finite()));
    }

    #[test]
    fn a_past_tells_what_somebody_likes() {
        let facts = (0..10)
            .map(|n| (n, ItemFeatures { channel: Some(n % 2), author: Some(n % 3), published: None }))
            .collect();
        let mut words = Words::default();
        for n in 0..10 {
            words.add(n, ["tide tables of the harbour", "bread and the baker"][n % 2], "");
        }
        let mut showings = Showings::new(facts, words);
        showings.meet(1, &[0, 2, 4]);
        showings.meet(2, &[0, 2, 1]);
        showings.meet(2, &[0, 2, 1, 8]);
        showings.meet(3, &[0]);
        let found = showings.features(3, 0.0, &[8, 9, 2, 0]);
        assert!(of(&found[0], Of::Channel) > of(&found[1], Of::Channel));
        assert!(of(&found[0], Of::Alike) > of(&found[1], Of::Alike) + 0.5);
        assert!(of(&found[2], Of::Near) > of(&found[0], Of::Near) && of(&found[0], Of::Near) > 0.0);
        assert!(of(&found[3], Of::Known) > 0.5 && of(&found[1], Of::Known) < 0.5);
        showings.observe(3, 0.0, &[8, 9], &[false, true]);
        let found = showings.features(3, 60.0, &[8, 9]);
        assert!(of(&found[0], Of::PassedAny) > 0.5 && of(&found[1], Of::PassedAny) < 0.5);
        assert_eq!(showings.past(3), [9, 0]);
    }
}
