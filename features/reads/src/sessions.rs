//! What one visitor reads within a session is read together: pairs, until somebody writes them.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::time::Duration;

use kernel::{ArticleId, Time};

/// What a visitor read within this time is read together.
const SESSION: Duration = Duration::from_hours(6);
/// Articles of a session that a new one is paired with: the last so many.
pub const PAIRED: usize = 8;
/// A visitor pairs no more than this within a session: nobody reads a hundred articles, programs do.
pub const MOST: usize = 40;
/// Sessions that are remembered (some 150 bytes each). Beyond them the idle ones are forgotten, and if that is not enough, all.
const MAX_SESSIONS: usize = 100_000;

/// How often each two were read together, both ways.
pub type Pairs = BTreeMap<(ArticleId, ArticleId), f64>;

#[derive(Default)]
pub struct ReadSessions {
    sessions: HashMap<u64, Session>,
    pub pairs: Pairs,
}

struct Session {
    read: VecDeque<ArticleId>,
    count: usize,
    last: Time,
}

impl ReadSessions {
    /// A visitor reads an article; `weight` is what this read weighs, 1 or less where many came from one network. The same article again
    /// counts once in a session.
    pub fn read(&mut self, visitor: u64, article: ArticleId, at: Time, weight: f64) {
        let idle = |session: &Session| at.since(session.last) > SESSION;
        if self.sessions.len() >= MAX_SESSIONS && !self.sessions.contains_key(&visitor) {
            self.sessions.retain(|_, session| !idle(session));
            if self.sessions.len() >= MAX_SESSIONS {
                self.sessions.clear();
            }
        }
        let new = || Session { read: VecDeque::new(), count: 0, last: at };
        let session = self.sessions.entry(visitor).or_insert_with(new);
        if idle(session) {
            *session = new();
        }
        session.last = at;
        if session.read.contains(&article) || session.count >= MOST {
            return;
        }
        for &other in &session.read {
            *self.pairs.entry((article, other)).or_default() += weight;
            *self.pairs.entry((other, article)).or_default() += weight;
        }
        session.count += 1;
        session.read.push_back(article);
        if session.read.len() > PAIRED {
            session.read.pop_front();
        }
    }
}
