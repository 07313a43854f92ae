//! Which candidates make a list that is worth reading as a whole.

use std::collections::HashMap;

use kernel::{AuthorId, Slug};
use search::Sketch;

use crate::pipeline::{Candidate, Question, Select};
use crate::sources::{UNPROVEN, UNPROVEN_SOURCE};

/// Whether two texts tell the same, so that one of them is enough.
pub fn is_copy(one: &Sketch, other: &Sketch) -> bool {
    one.is_copy(other)
}

/// At most this many of one author in a list.
const PER_AUTHOR: usize = 2;
/// Each one of the same author, channel or subject among the last few takes this much from a candidate's score.
const AUTHOR: f64 = 0.8;
const CHANNEL: f64 = 0.35;
const SUBJECT: f64 = 0.3;
const LAST: usize = 6;
/// The first place, of every so many, that is kept for what nobody has found out about yet.
const UNPROVEN_AT: usize = 4;
const UNPROVEN_EVERY: usize = 8;

/// Greedy, by score less what the list has already (maximal marginal relevance; Carbonell and Goldstein 1998). Some places are kept for
/// what is new and unproven, so that it is seen at all.
pub struct Varied;

impl Select for Varied {
    fn name(&self) -> &'static str {
        "varied"
    }

    fn pick(&self, question: &Question, ranked: Vec<Candidate>) -> Vec<Candidate> {
        let mut rest = ranked;
        let mut chosen: Vec<Candidate> = Vec::with_capacity(question.limit);
        let mut authors: HashMap<AuthorId, usize> = HashMap::new();
        while chosen.len() < question.limit {
            let kept = chosen.len() % UNPROVEN_EVERY == UNPROVEN_AT;
            let allowed = |candidate: &Candidate| {
                let author = candidate.card.as_ref().map(|card| card.author);
                author.is_some_and(|author| authors.get(&author).is_none_or(|&count| count < PER_AUTHOR))
            };
            let unproven = |candidate: &Candidate| {
                candidate.source == UNPROVEN_SOURCE && candidate.activity.readers < UNPROVEN
            };
            let best = |wanted: &dyn Fn(&Candidate) -> bool| {
                let places =
                    rest.iter().enumerate().filter(|(_, candidate)| allowed(candidate) && wanted(candidate));
                let weighed =
                    places.map(|(n, candidate)| (n, candidate.score - sameness(candidate, &chosen)));
                weighed.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0))).map(|(n, _)| n)
            };
            let place = kept.then(|| best(&unproven)).flatten().or_else(|| best(&|_| true));
            let Some(place) = place else { break };
            let candidate = rest.remove(place);
            if let Some(card) = &candidate.card {
                *authors.entry(card.author).or_default() += 1;
            }
            if let Some(sketch) = &candidate.sketch {
                rest.retain(|other| !other.sketch.as_ref().is_some_and(|other| is_copy(sketch, other)));
            }
            chosen.push(candidate);
        }
        chosen
    }
}

/// How much of a candidate the end of the list has already.
fn sameness(candidate: &Candidate, chosen: &[Candidate]) -> f64 {
    let Some(card) = &candidate.card else { return 0.0 };
    let one = |other: &Candidate| {
        let Some(there) = &other.card else { return 0.0 };
        let same = |is: bool, worth: f64| if is { worth } else { 0.0 };
        let subject = candidate.tags.iter().any(|tag| other.tags.contains(tag));
        same(there.author == card.author, AUTHOR)
            + same(there.channel == card.channel, CHANNEL)
            + same(subject, SUBJECT)
    };
    chosen.iter().rev().take(LAST).map(one).sum()
}

/// How many authors and channels there are among the first ten.
pub fn variety(list: &[(AuthorId, Slug)]) -> (usize, usize) {
    let first = &list[..list.len().min(10)];
    let mut authors: Vec<AuthorId> = first.iter().map(|(author, _)| *author).collect();
    let mut channels: Vec<&Slug> = first.iter().map(|(_, channel)| channel).collect();
    authors.sort_unstable();
    authors.dedup();
    channels.sort_unstable();
    channels.dedup();
    (authors.len(), channels.len())
}
