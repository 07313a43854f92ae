//! How well the next read is foreseen, on recorded acts.
//!
//! The acts pass in the order of time. Those of the last part are tested one by one: all items that somebody touched within a while and
//! this user has not read are ranked by each method, each knowing only what came before. Then the act is taken in, and learned from.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use recommend::rank::{DAY, FEATURES, Ranker, describe, features};
use serde::Serialize;

use crate::files::EvaluationError;
use crate::metrics::{RankMetrics, RankSums};
use crate::protocol::{LOOKS_ON, OURS, TRAINED, chance};
use crate::records::{self, Item, Names};
use crate::signals::{Act, Signals};

/// What nobody touched for so long is no candidate.
const WINDOW: f64 = 60.0 * DAY;
const SHOWN: usize = 10;

/// What was found.
#[derive(Debug, Serialize)]
pub struct Report {
    pub events: usize,
    pub users: usize,
    pub items: usize,
    /// Acts of the last part that were ranked.
    pub tested: usize,
    /// Acts of the last part that were not: the user had read the item before; nobody had touched it before, or not for long.
    pub read_before: usize,
    pub unseen: usize,
    /// Ours first.
    pub methods: Vec<Method>,
    /// The best of the others by nDCG@10, and how many times its figure ours is.
    pub best_baseline: &'static str,
    pub gain: f64,
    /// What the model has learned, the weightiest first.
    pub weights: Vec<(&'static str, f64)>,
}

#[derive(Debug, Serialize)]
pub struct Method {
    pub name: &'static str,
    #[serde(flatten)]
    pub ranks: RankMetrics,
    /// Of all items that were candidates, the share that came among the first ten at least once.
    pub coverage: f64,
    /// The share of the first ten places that the hundredth part of the authors with the most had; where authors are known.
    pub top_authors: Option<f64>,
    /// The share of the first ten places whose items had been touched first within a day.
    pub under_a_day: f64,
}

/// The other methods: simple ones, all of which know the same.
const BASELINES: &[(&str, Score)] = &[
    ("popularity, all time", |s, c| s.signals.readers(c).0),
    ("popularity, 7 days", |s, c| s.signals.readers(c).1),
    ("popularity, half-life 6 h", |s, c| s.signals.heat(c, 1, s.now)),
    ("popularity, half-life 1 d", |s, c| s.signals.heat(c, 2, s.now)),
    ("popularity, half-life 4 d", |s, c| s.signals.heat(c, 3, s.now)),
    ("freshness", |s, c| s.signals.first(c)),
    ("item-kNN", |s, c| s.near.get(&c).copied().unwrap_or_default()),
    ("item-kNN, recent first", |s, c| s.near_fading.get(&c).copied().unwrap_or_default()),
];

type Score = fn(&Situation<'_>, usize) -> f64;

struct Situation<'a> {
    signals: &'a Signals,
    now: f64,
    near: HashMap<usize, f64>,
    near_fading: HashMap<usize, f64>,
}

/// Reads the file and tests. `items` tells of what is read.
pub fn evaluate(events: &Path, items: &[Item]) -> Result<Report, EvaluationError> {
    let events = records::events(events)?;
    let mut authors = HashMap::new();
    let mut names = Names::default();
    for item in items {
        if let (Some(author), Some(item)) = (&item.author, events.items.find(&item.id)) {
            authors.insert(item, names.number(author));
        }
    }
    let mut test = Test::new(authors);
    let count = events.list.len();
    let share = |part: f64| (count as f64 * part) as usize;
    for (n, &act) in events.list.iter().enumerate() {
        let tested = n >= share(TRAINED);
        if tested && test.signals.has_read(act.user, act.item) {
            test.read_before += 1;
        } else if n >= share(LOOKS_ON) && !test.rank(act, tested) && tested {
            test.unseen += 1;
        }
        test.signals.observe(act);
    }
    Ok(test.report(count, events.users.len(), events.items.len()))
}

struct Test {
    signals: Signals,
    ranker: Ranker<FEATURES>,
    authors: HashMap<usize, usize>,
    tallies: Vec<Tally>,
    candidates: HashSet<usize>,
    read_before: usize,
    unseen: usize,
}

impl Test {
    fn new(authors: HashMap<usize, usize>) -> Self {
        Self {
            signals: Signals::new(authors.clone()),
            ranker: Ranker::default(),
            authors,
            tallies: vec![Tally::default(); BASELINES.len() + 1],
            candidates: HashSet::new(),
            read_before: 0,
            unseen: 0,
        }
    }

    /// Ranks the candidates before an act; every method is judged if it is `tested`. False where the item is no candidate.
    fn rank(&mut self, act: Act, tested: bool) -> bool {
        let (signals, now) = (&self.signals, act.time);
        let candidates = signals.candidates(act.user, now - WINDOW);
        let Some(chosen) = candidates.iter().position(|&item| item == act.item) else { return false };
        let (person, known) = signals.situation(act.user, now, &candidates);
        let features = features(&person, &known, now);
        if tested {
            self.candidates.extend(&candidates);
            let ours: Vec<f64> = features.iter().map(|features| self.ranker.score(features)).collect();
            self.tallies[0].add(signals, &candidates, &ours, chosen, now);
            let near = signals.neighbours(act.user, false);
            let near_fading = signals.neighbours(act.user, true);
            let situation = Situation { signals, now, near, near_fading };
            for ((_, score), tally) in BASELINES.iter().zip(&mut self.tallies[1..]) {
                let scores: Vec<f64> = candidates.iter().map(|&item| score(&situation, item)).collect();
                tally.add(signals, &candidates, &scores, chosen, now);
            }
        }
        self.ranker.learn(&features, chosen);
        true
    }

    fn report(self, events: usize, users: usize, items: usize) -> Report {
        let names = std::iter::once(OURS).chain(BASELINES.iter().map(|&(name, _)| name));
        let all = self.candidates.len().max(1) as f64;
        let methods: Vec<Method> = names
            .zip(&self.tallies)
            .map(|(name, tally)| Method {
                name,
                ranks: tally.ranks.figures(),
                coverage: tally.shown.len() as f64 / all,
                top_authors: tally.top_authors(&self.authors),
                under_a_day: tally.fresh / tally.slots.max(1.0),
            })
            .collect();
        let best = methods[1..].iter().max_by(|a, b| a.ranks.ndcg_10.total_cmp(&b.ranks.ndcg_10));
        let (best_baseline, best) = best.map_or(("", 0.0), |best| (best.name, best.ranks.ndcg_10));
        let mut weights: Vec<(&'static str, f64)> =
            (0..FEATURES).map(|place| (describe(place), self.ranker.weights()[place])).collect();
        weights.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
        Report {
            events,
            users,
            items,
            tested: self.tallies[0].ranks.tested(),
            read_before: self.read_before,
            unseen: self.unseen,
            gain: if best > 0.0 { methods[0].ranks.ndcg_10 / best } else { 0.0 },
            best_baseline,
            methods,
            weights,
        }
    }
}

/// What one method did.
#[derive(Clone, Debug, Default)]
struct Tally {
    ranks: RankSums,
    /// Items among the first ten, and how often.
    shown: BTreeMap<usize, f64>,
    slots: f64,
    fresh: f64,
}

impl Tally {
    fn add(&mut self, signals: &Signals, candidates: &[usize], scores: &[f64], chosen: usize, now: f64) {
        let before = |&a: &usize, &b: &usize| {
            scores[b].total_cmp(&scores[a]).then_with(|| chance(candidates[a]).cmp(&chance(candidates[b])))
        };
        let mut order: Vec<usize> = (0..candidates.len()).collect();
        self.ranks.add(order.iter().filter(|n| before(n, &chosen).is_lt()).count());
        if order.len() > SHOWN {
            order.select_nth_unstable_by(SHOWN, before);
            order.truncate(SHOWN);
        }
        for n in order {
            let item = candidates[n];
            *self.shown.entry(item).or_default() += 1.0;
            self.slots += 1.0;
            if now - signals.first(item) < DAY {
                self.fresh += 1.0;
            }
        }
    }

    fn top_authors(&self, authors: &HashMap<usize, usize>) -> Option<f64> {
        if authors.is_empty() || self.slots == 0.0 {
            return None;
        }
        let mut had: HashMap<usize, f64> = authors.values().map(|&author| (author, 0.0)).collect();
        for (item, slots) in &self.shown {
            if let Some(had) = authors.get(item).and_then(|author| had.get_mut(author)) {
                *had += slots;
            }
        }
        let mut had: Vec<f64> = had.into_values().collect();
        had.sort_by(|a, b| b.total_cmp(a));
        let top = had.len().div_ceil(100);
        Some(had[..top].iter().sum::<f64>() / self.slots)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// A site on which everybody reads what is new, and half of the readers only every other thing.
    fn events() -> String {
        let mut text = "time,user,item,action\n".to_owned();
        for item in 0..400 {
            let out = item * 3_600;
            text.push_str(&format!("{out},editor,item-{item},read\n"));
            for reader in 0..6 {
                if reader % 2 == 0 || item % 2 == 0 {
                    text.push_str(&format!("{},reader-{reader},item-{item},read\n", out + 60 * (reader + 1)));
                }
            }
        }
        text
    }

    #[test]
    fn learns_what_people_read_next() {
        let folder = tempfile::tempdir().unwrap();
        let (a, b) = (folder.path().join("events.csv"), folder.path().join("items.jsonl"));
        fs::write(&a, events()).unwrap();
        let items: Vec<String> =
            (0..400).map(|n| format!("{{\"id\":\"item-{n}\",\"author\":\"author-{}\"}}\n", n % 2)).collect();
        fs::write(&b, items.concat()).unwrap();
        let report = crate::recommend(Some(&a), None, Some(&b)).unwrap().next_read.unwrap();
        assert_eq!((report.events, report.users, report.items), (2_200, 7, 400));
        // Each item is new when the editor touches it; whatever the readers do can be foreseen.
        assert_eq!((report.tested, report.unseen, report.read_before), (360, 80, 0));
        let ours = &report.methods[0];
        assert!(ours.ranks.ndcg_10 > 0.9, "{ours:?}");
        assert!(report.gain >= 1.0, "{report:?}");
        let all_time = report.methods.iter().find(|method| method.name == "popularity, all time").unwrap();
        assert!(all_time.ranks.ndcg_10 < ours.ranks.ndcg_10 - 0.1, "{all_time:?}");
        assert!(ours.top_authors.is_some_and(|share| share > 0.3 && share <= 1.0), "one of two authors");
        assert!(ours.coverage > 0.1 && ours.under_a_day > 0.5, "{ours:?}");
        assert!(evaluate(&a, &[]).unwrap().methods[0].top_authors.is_none());
    }
}
