//! How hot an article is, and why: what is believed of its reads, set against how often it was shown (docs/adr/0015).

use std::collections::HashMap;
use std::time::Duration;

use kernel::{AuthorId, Slug, Time};
use reads::{ACTIVE_ELSEWHERE, Counts};
use serde::{Deserialize, Serialize};

use crate::attention::{Attention, weight};
use crate::why::Why;

/// Over what time attention counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Span {
    /// What was read this morning gives way by the evening.
    #[default]
    Now,
    Day,
    Week,
}

impl Span {
    pub const ALL: [Self; 3] = [Self::Now, Self::Day, Self::Week];

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|span| span.name() == name)
    }

    /// As addresses have it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Now => "now",
            Self::Day => "day",
            Self::Week => "week",
        }
    }
}

/// Attention counts half after these times: a jump shows in the first, the others are those of [`Span::ALL`].
pub const HALF_LIVES: [Duration; 4] =
    [Duration::from_hours(1), Duration::from_hours(8), Duration::from_hours(24), Duration::from_hours(96)];
const JUMP: usize = 0;
const NOW: usize = 1;
/// What is older has no say.
pub const MEMORY: Duration = Duration::from_hours(7 * 24);
/// Accounts younger than this may have been made for the purpose.
pub const KNOWN: Duration = Duration::from_hours(24);

/// What a comment, a like and passing on say, in reads; and coming to the end, beyond the read.
const COMMENT: f64 = 3.0;
const LIKE: f64 = 2.0;
const SHARE: f64 = 2.0;
const FINISH: f64 = 0.5;
/// In the list of now, readers of the last hour count so many times more: sixty at once are hotter than sixty since the morning.
const RISE: f64 = 4.0;
/// A new article starts as if this many had read it, so that it is seen where little else happens and found out about.
const NEW: f64 = 4.0;
/// What accounts of today say counts up to this share of what else is known.
const UNKNOWN: f64 = 0.5;

/// As if so many readers had been observed to be [`ACTIVE_ELSEWHERE`] by that share.
const OBSERVED: f64 = 200.0;
/// No article has more say in it than so many readers: a farm must not make itself the usual case.
const SAY: f64 = 50.0;
/// Beyond these, the share says more about who observes than about readers.
const SHARES: (f64, f64) = (0.02, 0.5);

/// An article is taken for a usual one until it was shown as often as this.
const SHOWN: f64 = 50.0;
/// How often shown articles are chosen where nothing is known.
const RATE: f64 = 0.05;
/// Reads from lists count this many times as much or as little at most, for how seldom or often they were shown.
const LIFT: f64 = 4.0;

/// Comments and likes as sums that fade, in people.
#[derive(Clone, Copy, Debug, Default)]
pub struct Talk {
    pub comments: f64,
    pub likes: f64,
    /// Those of accounts of today.
    pub new_comments: f64,
    pub new_likes: f64,
}

impl Talk {
    /// Takes in what was counted, which weighs so much.
    pub fn add(&mut self, counted: &Self, weight: f64) {
        self.comments += weight * counted.comments;
        self.likes += weight * counted.likes;
        self.new_comments += weight * counted.new_comments;
        self.new_likes += weight * counted.new_likes;
    }

    fn scaled(&self, by: f64) -> Self {
        Self {
            comments: by * self.comments,
            likes: by * self.likes,
            new_comments: by * self.new_comments,
            new_likes: by * self.new_likes,
        }
    }
}

/// One article's heat: sums for each of [`HALF_LIVES`], in the measure of [`weight`].
pub struct Heat {
    pub author: AuthorId,
    pub channel: Slug,
    pub published_at: Time,
    pub read: [Attention; HALF_LIVES.len()],
    pub talk: [Talk; HALF_LIVES.len()],
}

/// What is usual on the site, as of now.
pub struct Usual {
    /// The share of readers who do something else.
    pub borne: f64,
    /// The share of readers who come to the end, of those whose reading was timed.
    finished: f64,
    /// How often articles that were shown at all were shown.
    shown: f64,
    /// How many read and say something of an article that anybody read, for each of [`Span::ALL`].
    people: [People; Span::ALL.len()],
    rate: f64,
    by_channel: HashMap<Slug, f64>,
    by_author: HashMap<AuthorId, f64>,
}

impl Usual {
    /// `at`: what attention of this moment weighs, for each of [`HALF_LIVES`].
    pub fn of<'a>(heats: impl Iterator<Item = &'a Heat> + Clone, at: &[f64; HALF_LIVES.len()]) -> Self {
        let now = at[NOW];
        let (mut readers, mut borne) = (OBSERVED, OBSERVED * ACTIVE_ELSEWHERE);
        let (mut timed, mut finished) = (SHOWN, SHOWN * 0.5);
        let (mut all, mut listed) = (Rate::default(), 0.0);
        let mut people = [People::default(); Span::ALL.len()];
        let mut touched = [0.0_f64; Span::ALL.len()];
        let mut channels: HashMap<&Slug, Rate> = HashMap::new();
        let mut authors: HashMap<AuthorId, (&Slug, Rate)> = HashMap::new();
        for heat in heats {
            let read = heat.read[NOW].scaled(1.0 / now);
            if read.reads > 0.0 {
                let say = read.reads.min(SAY);
                readers += say;
                borne += say * (1.0 - read.alone / read.reads).clamp(0.0, 1.0);
            }
            (timed, finished) = (timed + read.timed, finished + read.finished);
            for (span, (people, touched)) in people.iter_mut().zip(&mut touched).enumerate() {
                let (read, talk) = (
                    heat.read[span + NOW].scaled(1.0 / at[span + NOW]),
                    heat.talk[span + NOW].scaled(1.0 / at[span + NOW]),
                );
                if read.weight > 0.0 || talk.comments + talk.likes > 0.0 {
                    *touched += 1.0;
                    people.readers += read.weight;
                    people.comments += talk.comments;
                    people.likes += talk.likes;
                }
            }
            if read.shown > 0.0 {
                listed += 1.0;
                all.add(&read);
                channels.entry(&heat.channel).or_default().add(&read);
                authors.entry(heat.author).or_insert((&heat.channel, Rate::default())).1.add(&read);
            }
        }
        let rate = all.given(RATE);
        let by_channel: HashMap<Slug, f64> =
            channels.into_iter().map(|(slug, of)| (slug.clone(), of.given(rate))).collect();
        let by_author =
            authors.into_iter().map(|(id, (slug, of))| (id, of.given(by_channel[slug]))).collect();
        Self {
            borne: (borne / readers).clamp(SHARES.0, SHARES.1),
            finished: finished / timed,
            shown: if listed > 0.0 { all.shown / listed } else { 0.0 },
            people: std::array::from_fn(|span| people[span].scaled(1.0 / touched[span].max(1.0))),
            rate,
            by_channel,
            by_author,
        }
    }

    /// How often an article is chosen where it is shown, before anybody has seen it: as others of its author, or else of its channel.
    fn rate_of(&self, heat: &Heat) -> f64 {
        let known = self.by_author.get(&heat.author).or_else(|| self.by_channel.get(&heat.channel));
        known.copied().unwrap_or(self.rate)
    }
}

/// People, as sums that fade.
#[derive(Clone, Copy, Debug, Default)]
struct People {
    readers: f64,
    comments: f64,
    likes: f64,
}

impl People {
    fn scaled(self, by: f64) -> Self {
        Self { readers: by * self.readers, comments: by * self.comments, likes: by * self.likes }
    }
}

#[derive(Clone, Copy, Default)]
struct Rate {
    shown: f64,
    opened: f64,
}

impl Rate {
    fn add(&mut self, read: &Attention) {
        self.shown += read.shown;
        self.opened += read.opened.min(read.reads);
    }

    /// Drawn to `prior` while little is known.
    fn given(&self, prior: f64) -> f64 {
        (self.opened + SHOWN * prior) / (self.shown + SHOWN)
    }
}

/// How many of an article's readers are believed to be what they seem.
///
/// Of usual readers a share `usual` does something else too: reads another article, comes to the end, likes, comments. So those who
/// do bear out so many times as many. Where that falls short by more than chance (two standard deviations), the rest is doubted,
/// the more the shorter; what is borne out stays.
pub fn credited(read: &Attention, people: f64, usual: f64) -> f64 {
    if read.reads <= 0.0 {
        return 0.0;
    }
    let borne = (read.reads - read.alone).max(0.0) + people;
    let explained = (borne + 2.0 * (borne + 1.0).sqrt()) / usual / read.reads;
    let doubted = ((explained - 0.1) / 0.9).clamp(0.0, 1.0).powi(2);
    let borne_weight = (read.weight - read.alone_weight).max(0.0) + people;
    (borne_weight / usual).max(read.weight * doubted).min(read.weight)
}

/// The parts of an article's heat, in reads of now.
#[derive(Debug, Default)]
struct Parts {
    reads: f64,
    finishes: f64,
    comments: f64,
    likes: f64,
    new: f64,
}

impl Parts {
    fn sum(&self) -> f64 {
        self.reads + self.finishes + self.comments + self.likes + self.new
    }
}

impl Heat {
    pub fn new(author: AuthorId, channel: Slug, published_at: Time) -> Self {
        Self { author, channel, published_at, read: Default::default(), talk: Default::default() }
    }

    /// Takes in what was counted at a time.
    pub fn count(&mut self, counts: &Counts, at: Time, landmark: Time) {
        for (sum, half_life) in self.read.iter_mut().zip(HALF_LIVES) {
            sum.add(counts, weight(at, landmark, half_life));
        }
    }

    /// Readers that are believed, without those of a jump that nothing bears out.
    fn readers(&self, n: usize, at: &[f64; HALF_LIVES.len()], usual: &Usual) -> f64 {
        let of = |n: usize| {
            let (read, talk) = (self.read[n].scaled(1.0 / at[n]), self.talk[n].scaled(1.0 / at[n]));
            (credited(&read, talk.comments + talk.likes, usual.borne), read.weight)
        };
        let (all, jump) = (of(n), of(JUMP));
        all.0.min(all.1 - (jump.1 - jump.0)).max(0.0)
    }

    fn parts(&self, span: Span, now: Time, at: &[f64; HALF_LIVES.len()], usual: &Usual) -> Parts {
        let n = span as usize + NOW;
        let (read, talk) = (self.read[n].scaled(1.0 / at[n]), self.talk[n].scaled(1.0 / at[n]));
        let readers = self.readers(n, at, usual);
        let prior = usual.rate_of(self);
        // What was chosen in lists counts as if it had been shown there as often as others.
        let listed = read.opened.min(readers);
        let lift = if listed > 0.0 {
            let rate = Rate { shown: read.shown, opened: listed }.given(prior);
            (rate * (read.shown * usual.shown.max(1.0)).sqrt() / listed).clamp(1.0 / LIFT, LIFT)
        } else {
            1.0
        };
        let reads = readers - listed + listed * lift;
        let rise = match span {
            Span::Now if readers > 0.0 => RISE * self.readers(JUMP, at, usual) * reads / readers,
            _ => 0.0,
        };
        let finishes = FINISH * read.finished.min(readers) + SHARE * read.shared.min(readers);
        let (comments, likes) = (COMMENT * talk.comments, LIKE * talk.likes);
        let (new_comments, new_likes) = (COMMENT * talk.new_comments, LIKE * talk.new_likes);
        let fades = weight(self.published_at.min(now), now, HALF_LIVES[n]);
        let new = NEW * fades * (prior / usual.rate).clamp(0.5, 2.0);
        // Accounts of today may be anybody's: they add to what is there, they do not stand for it.
        let unknown = new_comments + new_likes;
        let taken = if unknown > 0.0 {
            unknown.min(UNKNOWN * (reads + finishes + comments + likes + new)) / unknown
        } else {
            0.0
        };
        Parts {
            reads: reads + rise,
            finishes,
            comments: comments + taken * new_comments,
            likes: likes + taken * new_likes,
            new,
        }
    }

    /// Heat in reads of now. `at`: what attention of this moment weighs, for each of [`HALF_LIVES`].
    pub fn value(&self, span: Span, now: Time, at: &[f64; HALF_LIVES.len()], usual: &Usual) -> f64 {
        self.parts(span, now, at, usual).sum()
    }

    /// What most of the heat comes from, as far as the figures bear it: a reason is a statement about people, and where there are few of them,
    /// or no more than usual on this site, it is not made.
    pub fn why(&self, span: Span, now: Time, at: &[f64; HALF_LIVES.len()], usual: &Usual) -> Why {
        /// People of whom one may say that they are many: readers, and those who comment or like.
        const MANY: f64 = 10.0;
        const SEVERAL: f64 = 5.0;
        /// So many times as many as others have.
        const CLEARLY: f64 = 1.5;
        /// Twice as fast as before is worth a word, and so is that a third fewer than usual leave before the end.
        const FASTER: f64 = 2.0;
        const LEAVE: f64 = 0.67;
        /// What is left of one reader after two half-lives.
        const ONE: f64 = 0.25;
        let n = span as usize + NOW;
        let parts = self.parts(span, now, at, usual);
        let (read, talk) = (self.read[n].scaled(1.0 / at[n]), self.talk[n].scaled(1.0 / at[n]));
        let heat = parts.sum();
        let readers = self.readers(n, at, usual);
        let others = usual.people[span as usize];
        let many = |people: f64, enough: f64, usual: f64| people >= enough && people >= CLEARLY * usual;
        // A steady stream adds up to the same pace over any half-life.
        let pace = |n: usize| self.readers(n, at, usual) / HALF_LIVES[n].as_secs_f64();
        if parts.comments > 0.4 * heat && many(talk.comments, SEVERAL, others.comments) {
            Why::Talked
        } else if self.readers(JUMP, at, usual) >= MANY && pace(JUMP) > FASTER * pace(NOW + 1) {
            Why::Rising
        } else if parts.likes > 0.35 * heat && many(talk.likes, SEVERAL, others.likes) {
            Why::Liked
        } else if read.timed >= MANY
            && read.finished > 0.5 * read.timed
            && read.timed - read.finished < LEAVE * (1.0 - usual.finished) * read.timed
        {
            Why::Finished
        } else if many(readers, MANY, others.readers) {
            Why::Hot
        } else {
            match Why::of_new(self.published_at, now) {
                Why::New => Why::New,
                _ if readers >= ONE => Why::Read,
                old => old,
            }
        }
    }
}

#[cfg(test)]
mod tests;
