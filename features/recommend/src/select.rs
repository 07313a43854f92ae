//! Which candidates make a list that is worth reading as a whole.

use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::{BuildHasherDefault, Hasher};

use kernel::{AuthorId, Slug};
use search::Sketch;

use crate::article_facts::ArticleFacts;
use crate::pipeline::{Candidate, Question, Select};

/// At most this many of one author in a list.
const PER_AUTHOR: usize = 2;
/// Each one of the same author, channel or subject among the last few takes this much from a candidate's score.
const AUTHOR: f64 = 0.8;
const CHANNEL: f64 = 0.35;
const SUBJECT: f64 = 0.3;
const LAST: usize = 6;
/// Readers that an article may have had and still be unproven.
pub const UNPROVEN: f64 = 20.0;
/// The source whose candidates are promised places in a list.
pub const UNPROVEN_SOURCE: &str = "new";
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
        let mut rest: Vec<Left> = ranked
            .iter()
            .zip(Names::of(&ranked))
            .enumerate()
            .map(|(place, of)| Left::new(place, of))
            .collect();
        // What is looked at over and over is small; the candidates themselves move once.
        let mut ranked: Vec<Option<Candidate>> = ranked.into_iter().map(Some).collect();
        let mut chosen: Vec<Candidate> = Vec::with_capacity(question.limit);
        let mut last: VecDeque<Traits> = VecDeque::with_capacity(LAST + 1);
        let mut authors: HashMap<u32, usize> = HashMap::new();
        let mut covered = CoveredFeatures::of_list(question.limit);
        while chosen.len() < question.limit {
            let kept = chosen.len() % UNPROVEN_EVERY == UNPROVEN_AT;
            let best = |wanted: &dyn Fn(&Left) -> bool| {
                let weighed = rest
                    .iter()
                    .enumerate()
                    .filter(|(_, left)| wanted(left))
                    .map(|(n, left)| (n, left.weight()));
                weighed.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0))).map(|(n, _)| n)
            };
            let found = kept.then(|| best(&|left| left.unproven)).flatten().or_else(|| best(&|_| true));
            let Some(found) = found else { break };
            let Left { place, traits, .. } = rest.remove(found);
            let Some(candidate) = ranked[place].take() else { continue };
            if candidate.facts.as_ref().is_some_and(|facts| !covered.is_new(facts, &chosen)) {
                continue;
            }
            let of_author = authors.entry(traits.author).or_default();
            *of_author += 1;
            if *of_author == PER_AUTHOR {
                rest.retain(|left| left.traits.author != traits.author);
            }
            let gone = if last.len() == LAST { last.pop_front() } else { None };
            for left in &mut rest {
                left.has += left.traits.sameness(&traits);
                left.has -= gone.as_ref().map_or(0.0, |gone| left.traits.sameness(gone));
            }
            last.push_back(traits);
            chosen.push(candidate);
        }
        chosen
    }
}

/// A candidate that is still to be had, and how much of it the end of the list has already.
struct Left {
    /// Where it stands among all.
    place: usize,
    score: f64,
    unproven: bool,
    traits: Traits,
    has: f64,
}

impl Left {
    fn new(place: usize, (candidate, traits): (&Candidate, Traits)) -> Self {
        let unproven = candidate.source == UNPROVEN_SOURCE && candidate.activity.readers < UNPROVEN;
        Self { place, score: candidate.score, unproven, traits, has: 0.0 }
    }

    fn weight(&self) -> f64 {
        self.score - self.has
    }
}

/// What a list tells already: all that its texts' sketches are made of. Most texts have nothing in common with any of a list, and to see
/// that takes less than to compare them one by one.
pub struct CoveredFeatures(HashSet<u64, BuildHasherDefault<Hashed>>);

/// For what are hashes already.
#[derive(Default)]
struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |hash, &byte| hash.rotate_left(8) ^ u64::from(byte));
    }
    fn write_u64(&mut self, n: u64) {
        // The table looks at the highest bits, too.
        self.0 = n.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

impl CoveredFeatures {
    /// With room for a list of so many texts: a table that grows on the way hashes all it has again each time.
    pub fn of_list(limit: usize) -> Self {
        Self(HashSet::with_capacity_and_hasher(limit * Sketch::LONGEST, BuildHasherDefault::default()))
    }

    /// Whether a text is a copy of none that is chosen; if so, it is covered from now on.
    pub fn is_new(&mut self, facts: &ArticleFacts, chosen: &[Candidate]) -> bool {
        let Some(sketch) = &facts.sketch else { return true };
        let mut others = chosen.iter().filter_map(|other| other.facts.as_ref()?.sketch.as_ref());
        if sketch.words().any(|word| self.0.contains(&word)) && others.any(|other| other.is_copy(sketch)) {
            return false;
        }
        self.0.extend(sketch.words());
        true
    }
}

/// What makes two articles alike, as numbers that are quick to compare.
struct Traits {
    author: u32,
    channel: u32,
    tags: Vec<u32>,
}

impl Traits {
    /// How much of one the other has already.
    fn sameness(&self, there: &Self) -> f64 {
        let same = |is: bool, worth: f64| if is { worth } else { 0.0 };
        same(self.author == there.author, AUTHOR)
            + same(self.channel == there.channel, CHANNEL)
            + same(self.tags.iter().any(|tag| there.tags.contains(tag)), SUBJECT)
    }
}

/// Numbers for names, in the order in which they come.
#[derive(Default)]
struct Names<'a> {
    authors: HashMap<AuthorId, u32>,
    texts: HashMap<&'a str, u32>,
}

impl<'a> Names<'a> {
    fn of(candidates: &'a [Candidate]) -> Vec<Traits> {
        let mut names = Self::default();
        let one = |candidate: &'a Candidate| {
            let tags = candidate.tags.iter().map(|tag| names.text(tag.as_str())).collect();
            // What nothing is known of has no facts in common with anything: it got no further than here.
            let Some(facts) = &candidate.facts else {
                return Traits { author: u32::MAX, channel: u32::MAX, tags };
            };
            let new = names.authors.len() as u32;
            let author = *names.authors.entry(facts.author).or_insert(new);
            Traits { author, channel: names.text(facts.channel.as_str()), tags }
        };
        candidates.iter().map(one).collect()
    }

    fn text(&mut self, text: &'a str) -> u32 {
        let new = self.texts.len() as u32;
        *self.texts.entry(text).or_insert(new)
    }
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
