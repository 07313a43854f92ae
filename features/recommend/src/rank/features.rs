//! What is said of a candidate for a reader at a moment, in numbers of about one.

use super::times::{HALF_LIVES, HOUR, SESSION};

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
    Newer: "how many candidates are newer (log)",
    Touched: "how many were touched later (log)",
    Hotter: "how many are hotter (log)",
    HotterSquared: "the same, squared",
    Age: "hours since it was first touched (log)",
    Rest: "hours since it was last touched (log)",
    Heat1h: "attention of the last hours (log)",
    Heat6h: "attention of the last day (log)",
    Heat1d: "attention of the last days (log)",
    Heat4d: "attention of the last weeks (log)",
    Heat14d: "attention of the last months (log)",
    Readers: "readers so far (log)",
    First: "hardly anybody has read it",
    Second: "few have read it",
    Rising: "more attention in the last hours than days",
    JustOut: "came out within the hour",
    Today: "came out today",
    JustTouched: "somebody reads it now",
    CoReads: "read by those who read what you read (log)",
    AnyTogether: "read by anybody who read what you read",
    AfterLast: "read by those who read what you read last (log)",
    AfterLastNow: "the same, while you are here",
    Source: "how often you read from this source (log)",
    SourceShare: "how much of what you read is from this source",
    Channel: "how often you read in this channel (log)",
    ChannelShare: "how much of what you read is in this channel",
    About: "how often you read about its subjects (log)",
    Close: "how close its text is to something you read",
    Followed: "you follow its author",
    Picked: "an editor put it forward",
    SinceHere: "came out since your last read",
    SinceBefore: "came out since your last visit",
    NewerThanLast: "places newer than what you read last (log)",
    OlderThanLast: "places older than what you read last (log)",
    NewerThanLastNow: "the first of these, while you are here",
    OlderThanLastNow: "the second, while you are here",
    NextToLastNow: "right beside what you read last, while you are here",
    NewerHabit: "how new it is, for those who read what is new",
    HotterHabit: "how hot it is, for those who read what is new",
}

pub type Features = [f64; FEATURES];

/// What the feature at a place says.
pub fn describe(place: usize) -> &'static str {
    NAMES[place]
}

/// The place of the feature that is described so.
pub fn place_of(words: &str) -> Option<usize> {
    NAMES.iter().position(|name| *name == words)
}

/// Weights to begin with, before anything is learned: what is new, hot and near to the reader comes first. The sizes are set by hand:
/// one point makes a candidate about three times as likely to be chosen.
pub fn beginning() -> Features {
    let mut weights = [0.0; FEATURES];
    for (of, weight) in [
        (Of::Newer, -0.25),
        (Of::Hotter, -0.25),
        (Of::Age, -0.3),
        (Of::Today, 0.3),
        (Of::Heat6h, 0.15),
        (Of::Heat1d, 0.1),
        (Of::CoReads, 0.9),
        (Of::AnyTogether, 0.3),
        (Of::AfterLast, 0.3),
        (Of::Source, 0.3),
        (Of::SourceShare, 1.0),
        (Of::Channel, 0.2),
        (Of::ChannelShare, 1.5),
        (Of::About, 0.5),
        (Of::Close, 0.8),
        (Of::Followed, 1.2),
        (Of::Picked, 0.5),
    ] {
        weights[of as usize] = weight;
    }
    weights
}

/// Somebody who read something is here still, less and less likely.
const HERE: f64 = 15.0 * 60.0;
/// How new most read, in logarithms of the number of newer items.
pub const USUAL: f64 = 2.0;

fn log(x: f64) -> f64 {
    (1.0 + x.max(0.0)).ln()
}

/// What is known of a candidate, for one reader at a moment. Times are in seconds.
#[derive(Clone, Debug, Default)]
pub struct Candidate {
    /// Its place in the order in which all came out.
    pub number: i64,
    /// When it came out, and when anybody read it last.
    pub first: f64,
    pub last: f64,
    pub readers: f64,
    /// Attention now, for each of [`HALF_LIVES`].
    pub heat: [f64; HALF_LIVES.len()],
    /// How near it is to what the reader read, and to what they read last, by what others read together.
    pub co_reads: f64,
    pub after_last: f64,
    /// How often the reader read from its source.
    pub from_source: f64,
    /// How often they read from its channel, and about its subjects.
    pub from_channel: f64,
    pub about: f64,
    /// How close its text is to something they read: 0 to 1.
    pub close: f64,
    pub followed: bool,
    /// An editor put it forward.
    pub picked: bool,
}

/// What is known of a reader.
#[derive(Clone, Debug, Default)]
pub struct Person {
    /// Reads that are known of.
    pub reads: f64,
    /// How new what they read is, in logarithms of the number of newer items; drawn to [`USUAL`] while little is known.
    pub habit: f64,
    /// What they read last: its place in the order of coming out, and when they read it.
    pub last: Option<(i64, f64)>,
    /// The last act, and the last of the visit before.
    pub here: Option<f64>,
    pub before: Option<f64>,
}

/// The features of candidates, which stand in the order in which they came out.
pub fn features(person: &Person, candidates: &[Candidate], now: f64) -> Vec<Features> {
    let here = person.last.map_or(0.0, |(_, then)| (-(now - then) / HERE).exp());
    let last_place = person
        .last
        .map(|(number, _)| candidates.partition_point(|candidate| candidate.number < number) as f64);
    let visit_ended = person.here.is_some_and(|here| now - here > SESSION);
    let visit_before = if visit_ended { person.here } else { person.before };
    let touched = ranks(candidates, |candidate| candidate.last);
    let hotter = ranks(candidates, |candidate| candidate.heat[1]);

    let one = |(n, candidate): (usize, &Candidate)| {
        let mut features = [0.0; FEATURES];
        let mut set = |of: Of, value: f64| features[of as usize] = value;
        let newer = log((candidates.len() - 1 - n) as f64);
        let hot = log(hotter[n]);
        set(Of::Newer, newer);
        set(Of::Touched, log(touched[n]));
        set(Of::Hotter, hot);
        set(Of::HotterSquared, hot * hot);
        let (age, rest) = ((now - candidate.first) / HOUR, (now - candidate.last) / HOUR);
        set(Of::Age, log(age));
        set(Of::Rest, log(10.0 * rest));
        let heats = [Of::Heat1h, Of::Heat6h, Of::Heat1d, Of::Heat4d, Of::Heat14d];
        let heat = candidate.heat.map(log);
        for (of, heat) in heats.into_iter().zip(heat) {
            set(of, heat);
        }
        set(Of::Rising, heat[0] - heat[2]);
        set(Of::Readers, log(candidate.readers));
        set(Of::First, flag(candidate.readers < 1.5));
        set(Of::Second, flag(candidate.readers < 2.5));
        set(Of::JustOut, (-age.max(0.0) / 0.5).exp());
        set(Of::Today, (-age.max(0.0) / 24.0).exp());
        set(Of::JustTouched, (-rest.max(0.0) / 0.5).exp());

        set(Of::CoReads, log(10.0 * candidate.co_reads));
        set(Of::AnyTogether, flag(candidate.co_reads > 0.0));
        let after = log(10.0 * candidate.after_last);
        set(Of::AfterLast, after);
        set(Of::AfterLastNow, after * here);
        set(Of::Source, log(candidate.from_source));
        set(Of::SourceShare, candidate.from_source / (person.reads + 1.0));
        set(Of::Channel, log(candidate.from_channel));
        set(Of::ChannelShare, candidate.from_channel / (person.reads + 1.0));
        set(Of::About, log(candidate.about));
        set(Of::Close, candidate.close);
        set(Of::Followed, flag(candidate.followed));
        set(Of::Picked, flag(candidate.picked));
        if person.reads > 0.0 {
            let since = |then: Option<f64>| flag(then.is_none_or(|then| candidate.first > then));
            set(Of::SinceHere, since(person.here));
            set(Of::SinceBefore, since(visit_before));
        }
        if let Some(place) = last_place {
            let newer_than = log(n as f64 - place);
            let older_than = log(place - n as f64);
            set(Of::NewerThanLast, newer_than);
            set(Of::OlderThanLast, older_than);
            set(Of::NewerThanLastNow, newer_than * here);
            set(Of::OlderThanLastNow, older_than * here);
            set(Of::NextToLastNow, if (n as f64 - place).abs() < 2.0 { here } else { 0.0 });
        }
        set(Of::NewerHabit, newer * person.habit);
        set(Of::HotterHabit, hot * person.habit);
        features
    };
    candidates.iter().enumerate().map(one).collect()
}

fn flag(is: bool) -> f64 {
    f64::from(u8::from(is))
}

/// For each candidate how many have more.
fn ranks(candidates: &[Candidate], of: impl Fn(&Candidate) -> f64) -> Vec<f64> {
    let values: Vec<f64> = candidates.iter().map(of).collect();
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[b].total_cmp(&values[a]));
    let mut places = vec![0.0; values.len()];
    for (place, n) in order.into_iter().enumerate() {
        places[n] = place as f64;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_is_new_hot_and_near() {
        // Two have read the older one, together with what the reader read; somebody else has just read the newer one.
        let (older, newer) = (
            Candidate {
                number: 1,
                first: 60.0,
                last: 180.0,
                readers: 2.0,
                heat: [2.0; HALF_LIVES.len()],
                co_reads: 0.8,
                ..Candidate::default()
            },
            Candidate {
                number: 2,
                first: 300.0,
                last: 300.0,
                readers: 1.0,
                heat: [1.0; HALF_LIVES.len()],
                ..Candidate::default()
            },
        );
        let candidates = [older, newer];
        let person =
            Person { reads: 1.0, habit: USUAL, last: Some((0, 240.0)), here: Some(240.0), before: None };
        let found = features(&person, &candidates, 360.0);
        let of = |n: usize, of: Of| found[n][of as usize];
        assert!(of(0, Of::Newer) > of(1, Of::Newer) && of(1, Of::Newer) == 0.0);
        assert!(of(0, Of::Hotter) < of(1, Of::Hotter), "two have read it");
        assert!(of(0, Of::CoReads) > 0.0 && of(1, Of::CoReads) == 0.0);
        assert_eq!((of(0, Of::SinceHere), of(1, Of::SinceHere)), (0.0, 1.0));
        assert!(found.iter().flatten().all(|value| value.is_finite()));
        // Of a reader whom nobody knows, nothing is said of reads.
        let found = features(&Person::default(), &candidates, 360.0);
        assert!(found.iter().all(|features| features[Of::SinceHere as usize] == 0.0));
    }
}
