//! Reads that were counted elsewhere: brought in as sums by the hour, and as what was read together. Whose they were is not kept.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use kernel::{ArticleId, Result, Time};

use crate::counts::Counts;
use crate::fraud::ACTIVE_ELSEWHERE;
use crate::service::Reads;
use crate::sessions::ReadSessions;
use crate::slots::hour;
use crate::{co_reads, store};

/// Reads on their way in. Of each session they come in the order of time.
#[derive(Default)]
pub struct Past {
    hours: BTreeMap<(ArticleId, i64), Counts>,
    sessions: ReadSessions,
    last: Time,
    len: usize,
}

impl Past {
    /// So many reads of an article, of whose readers nothing is known.
    pub fn add(&mut self, article: ArticleId, at: Time, n: i64) {
        self.hours.entry((article, hour(at))).or_default().reads += n;
        self.last = self.last.max(at);
        self.len += 1;
    }

    /// Somebody reads an article.
    pub fn read(&mut self, reader: &str, article: ArticleId, at: Time) {
        let mut hasher = DefaultHasher::new();
        reader.hash(&mut hasher);
        self.sessions.read(hasher.finish(), article, at, 1.0);
        self.add(article, at, 1);
    }

    /// They came to the end of it.
    pub fn finished(&mut self, article: ArticleId, at: Time) {
        let counts = self.hours.entry((article, hour(at))).or_default();
        (counts.timed, counts.finished) = (counts.timed + 1, counts.finished + 1);
        self.len += 1;
    }

    /// How much waits to be written.
    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
}

impl Reads {
    /// Writes what came, in one transaction, and with it how far the file is read: `lines` of the one with this `digest`.
    pub async fn take_in(&self, past: &mut Past, digest: &str, lines: u64) -> Result<()> {
        // Nothing is known of these readers: they are taken for usual ones. What rounding leaves goes to the next hour of the article.
        let mut owed = 0.0;
        let hours = past.hours.iter().map(|(&of, &counts)| {
            owed += counts.reads as f64 * (1.0 - ACTIVE_ELSEWHERE);
            let alone = (owed.round() as i64).clamp(0, counts.reads);
            owed -= alone as f64;
            (of, Counts { alone, alone_weight: 1_000 * alone, ..counts })
        });
        let tx = self.db().write().await?;
        store::add(&tx, &hours.collect::<Vec<_>>()).await?;
        co_reads::add(&tx, &past.sessions.pairs, past.last).await?;
        store::imports::note(&tx, digest, lines, self.now()).await?;
        tx.commit().await?;
        past.hours.clear();
        past.sessions.pairs.clear();
        past.len = 0;
        Ok(())
    }

    /// How many lines of a file are in already.
    pub async fn taken_in(&self, digest: &str) -> Result<u64> {
        store::imports::lines(self.db(), digest).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use db::{Db, db_test};
    use kernel::Env;
    use std::time::Duration;

    #[db_test]
    async fn what_was_read_elsewhere_counts_by_its_time(db: Db) {
        let (env, clock) = Env::manual(Time::from_millis(1_700_000_000_000));
        let reads = Reads::new(db, env.clone());
        let [one, other, third] = [1, 2, 3].map(ArticleId::new);
        let long_ago = env.now().minus(Duration::from_hours(14 * 24));
        let mut past = Past::default();
        for reader in ["ann", "bob"] {
            past.read(reader, one, long_ago);
            past.read(reader, other, long_ago);
            past.finished(other, long_ago);
        }
        // Another session: not together with what was read before.
        past.read("ann", third, long_ago.plus(Duration::from_hours(7)));
        assert_eq!(past.len(), 7);
        reads.take_in(&mut past, "abc", 9).await.unwrap();
        assert!(past.is_empty());
        assert_eq!((reads.taken_in("abc").await.unwrap(), reads.taken_in("xyz").await.unwrap()), (9, 0));

        assert_eq!(
            reads.totals(&[one, other, third]).await.unwrap().into_iter().collect::<BTreeMap<_, _>>(),
            [(one, 2), (other, 2), (third, 1)].into()
        );
        let near = reads.co_reads().near(&[one, third]).await.unwrap();
        let [(id, weight)] = near[&one][..] else { panic!("{near:?}") };
        assert!(id == other && (0.9..1.1).contains(&weight), "two, a half-life ago: {near:?}");
        assert!(!near.contains_key(&third));

        // More of the same file, and of live reads.
        clock.advance(Duration::from_hours(1));
        past.add(one, env.now(), 5);
        reads.take_in(&mut past, "abc", 10).await.unwrap();
        assert_eq!(reads.total(one).await.unwrap(), 7);
        assert_eq!(reads.taken_in("abc").await.unwrap(), 10);
    }
}
