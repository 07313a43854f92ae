//! What a reader likes, from what they read and what they said: pure rules.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use blocks::Hidden;
use follows::FollowedSubject;
use kernel::{ArticleId, AuthorId, Slug, Tag, Time, UserId};

use crate::article_facts::{ArticleFacts, Known};
use crate::rank::{Person, USUAL};
use crate::store::personal::{PastRead, WishRow};

/// Interest counts half after a day, for what somebody is at now, and after a month, for what they always come back to.
const SHORT: f64 = 86_400.0;
const LONG: f64 = 30.0 * 86_400.0;
/// Who leaves so soon did not find what they hoped for; who stays so long did.
const GLANCE: i64 = 8;
const STAYED: i64 = 40;
/// A pause that ends a visit.
const SESSION: f64 = 30.0 * 60.0;

/// What can be wanted or muted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    Author,
    Channel,
    Tag,
    /// A single article: not interested.
    Article,
}

impl Subject {
    pub fn name(self) -> &'static str {
        match self {
            Self::Author => "author",
            Self::Channel => "channel",
            Self::Tag => "tag",
            Self::Article => "article",
        }
    }

    pub fn of(name: &str) -> Option<Self> {
        [Self::Author, Self::Channel, Self::Tag, Self::Article].into_iter().find(|kind| kind.name() == name)
    }
}

/// What somebody said: more of it, or none. Names are ids, slugs and folded tags as text.
#[derive(Clone, Debug, Default)]
pub struct Wishes {
    pub wanted: HashMap<Subject, HashSet<String>>,
    pub muted: HashMap<Subject, HashSet<String>>,
}

impl Wishes {
    pub fn of(rows: &[WishRow]) -> Self {
        let mut wishes = Self::default();
        for row in rows {
            if let Some(subject) = Subject::of(&row.kind) {
                let side = if row.wanted { &mut wishes.wanted } else { &mut wishes.muted };
                side.entry(subject).or_default().insert(row.name.clone());
            }
        }
        wishes
    }

    fn has(side: &HashMap<Subject, HashSet<String>>, subject: Subject, name: &str) -> bool {
        side.get(&subject).is_some_and(|names| names.contains(name))
    }

    /// Whether the reader wants nothing of this.
    pub fn mutes(&self, id: ArticleId, facts: &ArticleFacts, tags: &[Tag]) -> bool {
        if self.muted.is_empty() {
            return false;
        }
        let has = |subject, name: &str| Self::has(&self.muted, subject, name);
        has(Subject::Article, &id.to_string())
            || has(Subject::Author, &facts.author.to_string())
            || has(Subject::Channel, facts.channel.as_str())
            || tags.iter().any(|tag| has(Subject::Tag, &tag.folded()))
    }

    pub fn wants(&self, subject: Subject, name: &str) -> bool {
        Self::has(&self.wanted, subject, name)
    }
}

/// A reader who lets the site learn.
#[derive(Clone, Debug)]
pub struct Reader {
    pub id: UserId,
    /// Latest first.
    pub past: Vec<PastRead>,
    pub titles: HashMap<ArticleId, String>,
    pub follows: HashSet<AuthorId>,
    /// Channels and tags (by folded name) that they follow.
    pub followed_channels: HashSet<Slug>,
    pub followed_tags: HashSet<String>,
    /// Authors who are the reader themselves.
    pub own: HashSet<AuthorId>,
    /// Whom they muted and blocked.
    pub hidden: Arc<Hidden>,
    pub wishes: Wishes,
    /// Interest, in reads of now.
    pub authors: HashMap<AuthorId, f64>,
    pub channels: HashMap<Slug, f64>,
    /// By folded name, with the tag as it is written.
    pub tags: HashMap<String, (Tag, f64)>,
    pub reads: f64,
}

/// What a read says of interest: nothing of one that was broken off at once, more of one that was finished.
fn worth(read: &PastRead) -> f64 {
    if read.finished {
        1.5
    } else if read.seconds > 0 && read.seconds < GLANCE {
        0.2
    } else if read.seconds >= STAYED {
        1.2
    } else {
        1.0
    }
}

/// What somebody asked for counts as so many reads.
const ASKED_FOR: f64 = 6.0;
/// So does what somebody follows, which has a list of its own.
const FOLLOWED: f64 = 3.0;

impl Reader {
    pub fn new(
        id: UserId,
        past: Vec<PastRead>,
        known: &HashMap<ArticleId, Arc<Known>>,
        wishes: Wishes,
        now: Time,
    ) -> Self {
        let mut reader = Self {
            id,
            titles: known.iter().map(|(&id, known)| (id, known.title.clone())).collect(),
            follows: HashSet::new(),
            followed_channels: HashSet::new(),
            followed_tags: HashSet::new(),
            own: HashSet::new(),
            hidden: Arc::default(),
            authors: HashMap::new(),
            channels: HashMap::new(),
            tags: HashMap::new(),
            reads: 0.0,
            wishes,
            past,
        };
        for read in &reader.past {
            let Some(Known { facts, tags, .. }) = known.get(&read.article_id).map(Arc::as_ref) else {
                continue;
            };
            let age = now.since(read.read_at).as_secs_f64();
            let fresh = 0.5 * (-age / SHORT).exp2() + 0.5 * (-age / LONG).exp2();
            let interest = worth(read) * fresh;
            reader.reads += interest;
            *reader.authors.entry(facts.author).or_default() += interest;
            *reader.channels.entry(facts.channel.clone()).or_default() += interest;
            for tag in tags.iter() {
                reader.tags.entry(tag.folded()).or_insert_with(|| (tag.clone(), 0.0)).1 += interest;
            }
        }
        for name in reader.wishes.wanted.get(&Subject::Channel).into_iter().flatten() {
            if let Ok(slug) = Slug::new(name) {
                *reader.channels.entry(slug).or_default() += ASKED_FOR;
            }
        }
        for name in reader.wishes.wanted.get(&Subject::Tag).into_iter().flatten() {
            if let Ok(tag) = Tag::new(name) {
                reader.tags.entry(tag.folded()).or_insert_with(|| (tag, 0.0)).1 += ASKED_FOR;
            }
        }
        for name in reader.wishes.wanted.get(&Subject::Author).into_iter().flatten() {
            if let Ok(author) = name.parse() {
                *reader.authors.entry(author).or_default() += ASKED_FOR;
            }
        }
        reader
    }

    /// Channels and tags that they follow are a wish for more, said more softly.
    pub fn follow(&mut self, subjects: Vec<FollowedSubject>) {
        for FollowedSubject { subject, .. } in subjects {
            match subject {
                follows::Subject::Channel(slug) => {
                    *self.channels.entry(slug.clone()).or_default() += FOLLOWED;
                    self.followed_channels.insert(slug);
                }
                follows::Subject::Tag(tag) => {
                    let folded = tag.folded();
                    self.tags.entry(folded.clone()).or_insert_with(|| (tag, 0.0)).1 += FOLLOWED;
                    self.followed_tags.insert(folded);
                }
                // What editors put together is no subject of an article that one could find more of.
                follows::Subject::Topic(_) => {}
            }
        }
    }

    /// Whether they want nothing of an author.
    pub fn hides(&self, author: AuthorId) -> bool {
        self.hidden.authors.contains_key(&author)
    }

    pub fn has_read(&self, article: ArticleId) -> bool {
        self.past.iter().any(|read| read.article_id == article)
    }

    /// The reader as the ranking sees them. `number` tells the place of an article in the order of coming out.
    pub fn person(&self, number: impl Fn(ArticleId) -> i64) -> Person {
        let at = |read: &PastRead| read.read_at.millis() as f64 / 1_000.0;
        let last = self.past.first();
        let mut before = None;
        for pair in self.past.windows(2) {
            if at(&pair[0]) - at(&pair[1]) > SESSION {
                before = Some(at(&pair[1]));
                break;
            }
        }
        Person {
            reads: self.reads,
            habit: USUAL,
            last: last.map(|read| (number(read.article_id), at(read))),
            here: last.map(at),
            before,
        }
    }

    /// The heaviest of what the reader likes, at most `n`.
    pub fn top_authors(&self, n: usize) -> Vec<AuthorId> {
        top(self.authors.iter().map(|(&author, &weight)| (author, weight)), n)
    }

    pub fn top_channels(&self, n: usize) -> Vec<Slug> {
        top(self.channels.iter().map(|(slug, &weight)| (slug.clone(), weight)), n)
    }

    pub fn top_tags(&self, n: usize) -> Vec<Tag> {
        top(self.tags.values().map(|(tag, weight)| (tag.clone(), *weight)), n)
    }
}

fn top<T: Ord>(weighed: impl Iterator<Item = (T, f64)>, n: usize) -> Vec<T> {
    let mut all: Vec<(T, f64)> = weighed.collect();
    all.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    all.into_iter().take(n).map(|(thing, _)| thing).collect()
}
