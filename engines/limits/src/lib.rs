//! How often somebody may do something, on all nodes together.
//!
//! One process (SQLite) counts in memory, with [`kernel::Throttle`]. On PostgreSQL a row says until when a key has taken its turns, by the
//! same rule (the generic cell rate algorithm, ITU-T I.371) and by the database's clock, as those of nodes differ. Keys are hashed, so
//! that a row does not say whom it is about; who has the table can still try networks and handles out. Rows go when they say nothing more.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use db::{Conn, Db, args};
use kernel::{Env, Error, Result, Throttle};
use sha2::{Digest, Sha256};
use tokio::time::Instant;

pub static SCHEMA: db::Schema = db::schema!("limits", needs: [], migrations: [("0001_limits")]);

/// The database's clock is asked for anew this often.
const CLOCK: Duration = Duration::from_mins(1);
/// Rows that say nothing any more are deleted this often.
const SWEEP: Duration = Duration::from_mins(5);

/// One limit, of all keys.
pub struct Limit {
    db: Db,
    env: Env,
    name: &'static str,
    /// What one turn costs, and how far ahead of now a key's debt may reach (milliseconds).
    step: i64,
    ahead: i64,
    here: Throttle<String>,
    clock: Mutex<Option<Reading>>,
    swept: Mutex<Option<Instant>>,
}

/// What the database's clock said, and when: by the clock that only runs, whatever is done to a node's time of day.
#[derive(Clone, Copy)]
struct Reading {
    millis: i64,
    at: std::time::Instant,
    asked: Instant,
}

impl Limit {
    /// Lets each key pass `times` at once, and after that once every `per / times`.
    pub fn new(db: Db, env: Env, name: &'static str, times: u32, per: Duration) -> Self {
        let (step, here) = (per / times, Throttle::new(times, per));
        let ahead = per.saturating_sub(step).as_millis() as i64;
        let (clock, swept) = (Mutex::default(), Mutex::default());
        Self { db, env, name, step: step.as_millis() as i64, ahead, here, clock, swept }
    }

    /// Takes one turn, or says with [`Error::TooMany`] how long until there is one.
    pub async fn check(&self, key: &str) -> Result<()> {
        if !self.db.is_postgres() {
            return self.here.check(key.to_owned(), self.env.instant());
        }
        let (now, key) = (self.now().await?, self.hashed(key));
        self.sweep(now).await;
        let sql = "INSERT INTO rate_limits (key, due) VALUES ($1, $2::bigint + $3::bigint) ON CONFLICT (key)
                   DO UPDATE SET due = GREATEST(rate_limits.due, $2) + $3 WHERE rate_limits.due - $2 <= $4 RETURNING due";
        let taken: Option<i64> = self.db.scalar(sql, args![key.as_str(), now, self.step, self.ahead]).await?;
        if taken.is_some() {
            return Ok(());
        }
        let due: Option<i64> =
            self.db.scalar("SELECT due FROM rate_limits WHERE key = $1", args![key]).await?;
        let wait = due.map_or(0, |due| due - now - self.ahead).max(1);
        Err(Error::TooMany(Duration::from_millis(wait as u64)))
    }

    /// Returns a turn that turned out not to count.
    pub async fn refund(&self, key: &str) -> Result<()> {
        if !self.db.is_postgres() {
            self.here.refund(&key.to_owned());
            return Ok(());
        }
        let sql = "UPDATE rate_limits SET due = due - $2 WHERE key = $1";
        self.db.exec(sql, args![self.hashed(key), self.step]).await.map(drop)
    }

    fn hashed(&self, key: &str) -> String {
        let digest = Sha256::digest(format!("{}\0{key}", self.name));
        digest[..16].iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The time by the database's clock.
    async fn now(&self) -> Result<i64> {
        let last = *lock(&self.clock);
        let reading = if let Some(last) = last.filter(|last| last.asked.elapsed() < CLOCK) {
            last
        } else {
            let (at, asked) = (self.env.instant(), Instant::now());
            let millis = self.db.clock().await?.unwrap_or_else(|| self.env.now()).millis();
            *lock(&self.clock).insert(Reading { millis, at, asked })
        };
        Ok(reading.millis + self.env.instant().duration_since(reading.at).as_millis() as i64)
    }

    async fn sweep(&self, now: i64) {
        {
            let mut swept = lock(&self.swept);
            if swept.is_some_and(|at| at.elapsed() < SWEEP) {
                return;
            }
            *swept = Some(Instant::now());
        }
        // What another node is at, it deletes.
        let sql = "DELETE FROM rate_limits WHERE key IN (SELECT key FROM rate_limits WHERE due < $1 FOR UPDATE SKIP LOCKED)";
        if let Err(error) = self.db.exec(sql, args![now]).await {
            tracing::warn!(%error, "cannot delete limits that are over; later");
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use db::db_test;
    use kernel::Time;

    fn wait(result: Result<()>) -> Option<u64> {
        match result {
            Ok(()) => None,
            Err(Error::TooMany(wait)) => Some(wait.as_secs_f64().round() as u64),
            Err(error) => panic!("{error}"),
        }
    }

    #[db_test]
    async fn each_key_has_its_turns_and_gets_them_back_by_and_by(db: Db) {
        let (env, clock) = Env::manual(Time::parse("2024-06-05T10:00:00Z").unwrap());
        let limit = Limit::new(db, env, "tries", 3, Duration::from_secs(30));
        for _ in 0..3 {
            assert_eq!(wait(limit.check("ann").await), None);
        }
        assert!(wait(limit.check("ann").await).is_some_and(|wait| (9..=10).contains(&wait)));
        assert_eq!(wait(limit.check("bob").await), None, "others have their own");
        clock.advance(Duration::from_secs(10));
        assert_eq!(wait(limit.check("ann").await), None);
        assert!(wait(limit.check("ann").await).is_some());
        limit.refund("ann").await.unwrap();
        assert_eq!(wait(limit.check("ann").await), None);
    }

    #[db_test]
    async fn nodes_count_together_whatever_their_clocks_say(db: Db) {
        if !db.is_postgres() {
            return; // one process has the file
        }
        let at = |text: &str| Env::manual(Time::parse(text).unwrap()).0;
        let limit = |env| Limit::new(db.clone(), env, "tries", 4, Duration::from_mins(1));
        let here = limit(at("2024-06-05T10:00:00Z"));
        let there = limit(at("2024-06-05T10:10:00Z"));
        for node in [&here, &there, &here, &there] {
            assert_eq!(wait(node.check("ann").await), None);
        }
        for node in [&here, &there] {
            assert!(wait(node.check("ann").await).is_some_and(|wait| (14..=15).contains(&wait)));
        }
        let other = Limit::new(db.clone(), Env::system(), "reports", 4, Duration::from_mins(1));
        assert_eq!(wait(other.check("ann").await), None, "another limit is another");
        let rows: Vec<String> = db.column("SELECT key FROM rate_limits", args![]).await.unwrap();
        assert!(
            rows.len() == 2 && rows.iter().all(|key| key.len() == 32 && !key.contains("ann")),
            "{rows:?}"
        );
    }
}
