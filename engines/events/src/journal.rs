//! Appending and reading events.

use db::{Conn, Db, FromQueryResult, Tx, Value, args, placeholders};
use kernel::{Env, Error, Result, Time};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Actor;
use crate::followers::Followers;
use crate::position::Position;

/// Something that happened. `KIND` is stable: it is stored.
pub trait Event: Serialize + DeserializeOwned + Send + Sync {
    const KIND: &'static str;
}

/// One event as it stands in the journal.
#[derive(Clone, Debug)]
pub struct Entry {
    pub position: Position,
    pub kind: String,
    pub at: Time,
    pub actor: Actor,
    pub(crate) payload: String,
}

impl Entry {
    /// The event, if it is an `E`. Fails when the stored text no longer fits the type.
    pub fn read<E: Event>(&self) -> Option<E> {
        if self.kind != E::KIND {
            return None;
        }
        serde_json::from_str(&self.payload)
            .inspect_err(
                |error| tracing::error!(kind = E::KIND, seq = self.position.seq, %error, "unreadable event"),
            )
            .ok()
    }
}

#[derive(FromQueryResult)]
struct Row {
    seq: i64,
    tx: i64,
    kind: String,
    payload: String,
    at: Time,
    actor: Option<String>,
}

impl From<Row> for Entry {
    fn from(row: Row) -> Self {
        let Row { seq, tx, kind, payload, at, actor } = row;
        let actor = Actor::read(actor.as_deref());
        Self { position: Position { tx, seq }, kind, at, actor, payload }
    }
}

/// The journal of one database, in the hands of an actor: what is appended is told of as theirs.
#[derive(Clone)]
pub struct Journal {
    pub(crate) db: Db,
    pub(crate) env: Env,
    pub(crate) followers: Followers,
    actor: Actor,
}

impl Journal {
    pub fn new(db: Db, env: Env) -> Self {
        Self { db, env, followers: Followers::default(), actor: Actor::Anonymous }
    }

    /// The same journal, in which `actor` writes.
    #[must_use]
    pub fn by(&self, actor: impl Into<Actor>) -> Self {
        Self { actor: actor.into(), ..self.clone() }
    }

    /// The same, where nobody was named yet.
    #[must_use]
    pub fn or_by(&self, actor: impl Into<Actor>) -> Self {
        if self.actor == Actor::Anonymous { self.by(actor) } else { self.clone() }
    }

    /// Whose what is appended is.
    pub const fn actor(&self) -> Actor {
        self.actor
    }

    pub fn now(&self) -> Time {
        self.env.now()
    }

    /// Writes down `event` as part of `tx`.
    pub async fn append<E: Event>(&self, tx: &Tx, event: &E) -> Result<()> {
        self.append_all(tx, std::slice::from_ref(event)).await
    }

    /// Writes down several events, in their order, in few statements.
    pub async fn append_all<E: Event>(&self, tx: &Tx, events: &[E]) -> Result<()> {
        let tx_number = if tx.is_postgres() { "pg_current_xact_id()::text::bigint" } else { "0" };
        let now = self.env.now();
        if !events.is_empty() {
            tx.wake_others();
        }
        for part in events.chunks(500) {
            let row = |n: usize| format!("({tx_number}, {})", placeholders(4 * n + 1, 4));
            let rows = (0..part.len()).map(row).collect::<Vec<_>>().join(",");
            let mut values = Vec::with_capacity(4 * part.len());
            for event in part {
                let payload = serde_json::to_string(event).map_err(Error::internal)?;
                values.extend(args![E::KIND, payload, now, self.actor]);
            }
            tx.exec(&format!("INSERT INTO journal (tx, kind, payload, at, actor) VALUES {rows}"), values)
                .await?;
        }
        Ok(())
    }

    /// Up to `limit` events after `position`, oldest first.
    pub async fn after(&self, position: Position, limit: usize) -> Result<Vec<Entry>> {
        let (after, order) = if self.db.is_postgres() {
            ("(tx, seq) > ($1, $2) AND tx < $4", "tx, seq")
        } else {
            // All are of transaction 0. The plus keeps it out of the choice of an index, which would be walked from its beginning.
            ("+tx >= $1 AND seq > $2 AND +tx < $4", "seq")
        };
        let sql = format!(
            "SELECT seq, tx, kind, payload, at, actor FROM journal WHERE {after} ORDER BY {order} LIMIT $3"
        );
        // Before the events are read: what has ended by then is seen.
        let settled = self.db.settled().await?;
        let rows: Vec<Row> =
            self.db.all(&sql, args![position.tx, position.seq, limit as i64, settled]).await?;
        Ok(rows.into_iter().map(Entry::from).collect())
    }

    /// The event that a query finds.
    pub(crate) async fn entry(&self, sql: &str, values: Vec<Value>) -> Result<Option<Entry>> {
        Ok(self.db.opt::<Row>(sql, values).await?.map(Entry::from))
    }

    /// One statement in a transaction of its own; how many rows it changed.
    pub(crate) async fn write(&self, sql: &str, values: Vec<Value>) -> Result<u64> {
        let tx = self.db.write().await?;
        tx.wake_others();
        let changed = tx.exec(sql, values).await?;
        tx.commit().await?;
        Ok(changed)
    }

    /// The place after every settled event. A follower that rebuilds from the tables takes the head first, then reads the tables:
    /// what happens in between it meets twice, never not at all.
    ///
    /// It is the place of an event, not the number of a transaction: after a crash PostgreSQL gives the last numbers out again, those of
    /// transactions whose rows it does not have to keep, and a place beyond the events would be before new ones.
    pub async fn head(&self) -> Result<Position> {
        let settled = self.db.settled().await?;
        self.last(settled).await
    }

    /// The last event of transactions before `tx`; where there is none, the last that was pruned.
    pub(crate) async fn last(&self, tx: i64) -> Result<Position> {
        let sql = if self.db.is_postgres() {
            "SELECT tx, seq FROM journal WHERE tx < $1 ORDER BY tx DESC, seq DESC LIMIT 1"
        } else {
            // All are of transaction 0.
            "SELECT tx, seq FROM journal WHERE +tx < $1 ORDER BY seq DESC LIMIT 1"
        };
        if let Some(last) = self.db.opt(sql, args![tx]).await? {
            return Ok(last);
        }
        let pruned = self.db.opt("SELECT tx, seq FROM journal_pruned", vec![]).await?;
        Ok(pruned.unwrap_or(Position::START))
    }

    pub(crate) fn committed(&self) -> tokio::sync::watch::Receiver<u64> {
        self.db.committed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use db::db_test;
    use serde::Deserialize;

    #[derive(Debug, Serialize, Deserialize, PartialEq)]
    struct Happened {
        n: i64,
    }
    impl Event for Happened {
        const KIND: &'static str = "test.happened";
    }

    fn journal(db: &Db) -> Journal {
        Journal::new(db.clone(), Env::system())
    }

    /// Waits for the other tests: their open transactions keep this one's events back.
    async fn settle(journal: &Journal) {
        crate::testing::all(journal).await;
    }

    async fn numbers(journal: &Journal, from: &mut Position) -> Vec<i64> {
        let entries = journal.after(*from, 100).await.unwrap();
        *from = entries.last().map_or(*from, |e| e.position);
        entries.iter().filter_map(Entry::read::<Happened>).map(|e| e.n).collect()
    }

    #[db_test]
    async fn what_is_rolled_back_never_happened(db: Db) {
        let journal = journal(&db);
        let tx = db.write().await.unwrap();
        journal.append(&tx, &Happened { n: 1 }).await.unwrap();
        tx.rollback().await.unwrap();
        let tx = db.write().await.unwrap();
        journal.append(&tx, &Happened { n: 2 }).await.unwrap();
        tx.commit().await.unwrap();
        settle(&journal).await;
        assert_eq!(numbers(&journal, &mut Position::START.clone()).await, [2]);
    }

    #[db_test]
    async fn each_event_says_who_did_it(db: Db) {
        let journal = journal(&db);
        let ann = kernel::UserId::new(7);
        let tx = db.write().await.unwrap();
        journal.append(&tx, &Happened { n: 1 }).await.unwrap();
        journal.by(ann).append_all(&tx, &[Happened { n: 2 }, Happened { n: 3 }]).await.unwrap();
        journal.by(ann).or_by(Actor::Import).append(&tx, &Happened { n: 4 }).await.unwrap();
        journal.or_by(Actor::Import).append(&tx, &Happened { n: 5 }).await.unwrap();
        // As it stands in journals of before.
        let old = "INSERT INTO journal (tx, kind, payload, at) SELECT tx, kind, payload, at FROM journal WHERE actor = 'import'";
        tx.exec(old, vec![]).await.unwrap();
        tx.commit().await.unwrap();
        settle(&journal).await;
        let events: Vec<_> = journal.after(Position::START, 100).await.unwrap();
        let events: Vec<_> = events.iter().map(|e| (e.read::<Happened>().unwrap().n, e.actor)).collect();
        let user = Actor::User(ann);
        let nobody = Actor::Anonymous;
        assert_eq!(events, [(1, nobody), (2, user), (3, user), (4, user), (5, Actor::Import), (5, nobody)]);
    }

    #[db_test]
    async fn a_late_commit_is_not_skipped(db: Db) {
        if !db.is_postgres() {
            return; // one writer: transactions do not interleave
        }
        let journal = journal(&db);
        let mut seen = Position::START;
        // Each order in which two open transactions can number and commit their events.
        for round in 0..2 {
            let (early, late) = (db.write().await.unwrap(), db.write().await.unwrap());
            let first = if round == 0 { &late } else { &early };
            // The late one may even take its transaction number first.
            first
                .exec(
                    "INSERT INTO migrations (owner, step, run_at) VALUES ('t', $1, 0)",
                    args![round.to_string()],
                )
                .await
                .unwrap();
            journal.append(&late, &Happened { n: 1 }).await.unwrap();
            journal.append(&early, &Happened { n: 2 }).await.unwrap();
            early.commit().await.unwrap();
            let mut got = numbers(&journal, &mut seen).await;
            late.commit().await.unwrap();
            settle(&journal).await;
            got.extend(numbers(&journal, &mut seen).await);
            got.sort_unstable();
            assert_eq!(got, [1, 2], "round {round}");
        }
    }

    #[db_test]
    async fn the_head_is_behind_nothing_settled(db: Db) {
        let journal = journal(&db);
        let tx = db.write().await.unwrap();
        journal.append(&tx, &Happened { n: 1 }).await.unwrap();
        tx.commit().await.unwrap();
        settle(&journal).await;
        let mut head = journal.head().await.unwrap();
        assert_eq!(numbers(&journal, &mut head).await, [0i64; 0]);
        let tx = db.write().await.unwrap();
        journal.append(&tx, &Happened { n: 2 }).await.unwrap();
        tx.commit().await.unwrap();
        settle(&journal).await;
        assert_eq!(numbers(&journal, &mut head).await, [2]);
    }
}
