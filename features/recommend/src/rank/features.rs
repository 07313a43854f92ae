//! What is said of a candidate for a reader at a moment, in numbers of about one.

use std::collections::HashMap;

use super::signals::{HALF_LIVES, HOUR, Signals};

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
    Together: "read by those who read what you read (log)",
    AnyTogether: "read by anybody who read what you read",
    AfterLast: "read by those who read what you read last (log)",
    AfterLastNow: "the same, while you are here",
    Source: "how often you read from this source (log)",
    SourceShare: "how much of what you read is from this source",
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

/// Somebody who read something is here still, less and less likely.
const HERE: f64 = 15.0 * 60.0;
/// How new most read, in logarithms of the number of newer items.
const USUAL: f64 = 2.0;

fn log(x: f64) -> f64 {
    (1.0 + x.max(0.0)).ln()
}

impl Signals {
    /// The features of candidates (in the order of [`Signals::candidates`]) for a user.
    pub fn features(&self, user: usize, now: f64, candidates: &[usize]) -> Vec<Features> {
        let person = self.user(user);
        let near = self.neighbours(user, true);
        let last = person.and_then(|person| person.past.back()).copied();
        let mut after_last = HashMap::new();
        if let Some((item, _)) = last {
            self.beside(item, 1.0, &mut after_last);
        }
        let here = last.map_or(0.0, |(_, then)| (-(now - then) / HERE).exp());
        let last_place = last.map(|(item, _)| {
            let number = self.item(item).number;
            candidates.partition_point(|&candidate| self.item(candidate).number < number) as f64
        });
        let habit = person.map_or(USUAL, |person| person.behind(USUAL));
        let reads: f64 = person.map_or(0.0, |person| person.sources.values().sum());
        let touched = places(candidates, |item| self.item(item).last);
        let hotter = places(candidates, |item| self.item(item).heat(1, now));

        let one = |(n, &candidate): (usize, &usize)| {
            let mut features = [0.0; FEATURES];
            let mut set = |of: Of, value: f64| features[of as usize] = value;
            let item = self.item(candidate);
            let newer = log((candidates.len() - 1 - n) as f64);
            let hot = log(hotter[n]);
            set(Of::Newer, newer);
            set(Of::Touched, log(touched[n]));
            set(Of::Hotter, hot);
            set(Of::HotterSquared, hot * hot);
            let (age, rest) = ((now - item.first) / HOUR, (now - item.last) / HOUR);
            set(Of::Age, log(age));
            set(Of::Rest, log(10.0 * rest));
            let heats = [Of::Heat1h, Of::Heat6h, Of::Heat1d, Of::Heat4d, Of::Heat14d];
            let heat: [f64; HALF_LIVES.len()] = std::array::from_fn(|n| log(item.heat(n, now)));
            for (of, heat) in heats.into_iter().zip(heat) {
                set(of, heat);
            }
            set(Of::Rising, heat[0] - heat[2]);
            set(Of::Readers, log(item.readers));
            set(Of::First, f64::from(u8::from(item.readers < 1.5)));
            set(Of::Second, f64::from(u8::from(item.readers < 2.5)));
            set(Of::JustOut, (-age / 0.5).exp());
            set(Of::Today, (-age / 24.0).exp());
            set(Of::JustTouched, (-rest / 0.5).exp());

            let together = near.get(&candidate).copied().unwrap_or_default();
            set(Of::Together, log(10.0 * together));
            set(Of::AnyTogether, f64::from(u8::from(together > 0.0)));
            let after = log(10.0 * after_last.get(&candidate).copied().unwrap_or_default());
            set(Of::AfterLast, after);
            set(Of::AfterLastNow, after * here);
            if let Some(person) = person {
                let from = person.sources.get(&item.source).copied().unwrap_or_default();
                set(Of::Source, log(from));
                set(Of::SourceShare, from / (reads + 1.0));
                let since =
                    |then: Option<f64>| f64::from(u8::from(then.is_none_or(|then| item.first > then)));
                set(Of::SinceHere, since(person.here));
                let visit_ended = person.here.is_some_and(|here| now - here > super::signals::VISIT);
                set(Of::SinceBefore, since(if visit_ended { person.here } else { person.before }));
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
            set(Of::NewerHabit, newer * habit);
            set(Of::HotterHabit, hot * habit);
            features
        };
        candidates.iter().enumerate().map(one).collect()
    }
}

/// For each candidate how many have more.
fn places(candidates: &[usize], of: impl Fn(usize) -> f64) -> Vec<f64> {
    let values: Vec<f64> = candidates.iter().map(|&candidate| of(candidate)).collect();
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
    use super::super::signals::Act;
    use super::*;

    #[test]
    fn says_what_is_new_hot_and_near() {
        let mut signals = Signals::default();
        for (time, user, item) in
            [(0.0, 1, 10), (60.0, 1, 11), (120.0, 2, 10), (180.0, 2, 11), (240.0, 3, 10), (300.0, 9, 12)]
        {
            signals.observe(Act { time, user, item });
        }
        let now = 360.0;
        let candidates = signals.candidates(3, 0.0);
        assert_eq!(candidates, [11, 12]);
        let found = signals.features(3, now, &candidates);
        let of = |n: usize, of: Of| found[n][of as usize];
        assert!(of(0, Of::Newer) > of(1, Of::Newer) && of(1, Of::Newer) == 0.0);
        assert!(of(0, Of::Hotter) < of(1, Of::Hotter), "two have read it");
        assert!(of(0, Of::Together) > 0.0 && of(1, Of::Together) == 0.0);
        assert_eq!((of(0, Of::SinceHere), of(1, Of::SinceHere)), (0.0, 1.0));
        assert!(found.iter().flatten().all(|value| value.is_finite()));
        // Nobody knows a new reader: what is said is said of the items alone.
        let found = signals.features(77, now, &candidates);
        assert!(found.iter().all(|features| features[Of::Together as usize] == 0.0));
    }
}
