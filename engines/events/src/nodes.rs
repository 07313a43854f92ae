//! The processes that serve the site, and how far behind each of their followers is.

use std::collections::BTreeMap;
use std::time::Duration;

use db::{Conn, FromQueryResult, args};
use kernel::{Error, Result, Time};

use crate::{Journal, Position};

/// A node says so often that it is there.
pub const BEAT: Duration = Duration::from_secs(5);
/// One that said nothing for so long is gone, or cannot reach the database.
const SILENT: Duration = Duration::from_secs(20);
/// And after so long it is forgotten.
const FORGOTTEN: Duration = Duration::from_hours(24);

/// What a process says of itself.
#[derive(Clone, Debug)]
pub struct Node {
    /// Of this process alone.
    pub id: String,
    /// The machine's.
    pub name: String,
    pub version: String,
    pub started_at: Time,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeStatus {
    pub id: String,
    pub name: String,
    pub version: String,
    pub started_at: Time,
    pub seen_at: Time,
    /// For how many milliseconds the first event that it has still to apply waits, by follower.
    pub lags: BTreeMap<String, i64>,
}

impl NodeStatus {
    pub fn is_silent(&self, now: Time) -> bool {
        now.since(self.seen_at) > SILENT
    }

    /// The follower that is furthest behind, in milliseconds.
    pub fn lag(&self) -> i64 {
        self.lags.values().copied().max().unwrap_or_default()
    }
}

#[derive(FromQueryResult)]
struct Row {
    id: String,
    name: String,
    version: String,
    started_at: Time,
    seen_at: Time,
    lags: String,
}

impl From<Row> for NodeStatus {
    fn from(row: Row) -> Self {
        let Row { id, name, version, started_at, seen_at, lags } = row;
        let lags = serde_json::from_str(&lags).unwrap_or_default();
        Self { id, name, version, started_at, seen_at, lags }
    }
}

impl Journal {
    /// For how many milliseconds the first event that each follower of this process has still to apply waits; 0 where there is none.
    pub async fn follower_lags(&self) -> Result<BTreeMap<String, i64>> {
        let now = self.env.now();
        let mut known: BTreeMap<Position, i64> = BTreeMap::new();
        let mut lags = BTreeMap::new();
        for follower in self.followers() {
            let lag = match known.get(&follower.position) {
                Some(lag) => *lag,
                None => self
                    .waiting_since(follower.position)
                    .await?
                    .map_or(0, |at| now.since(at).as_millis() as i64),
            };
            known.insert(follower.position, lag);
            lags.insert(follower.name.to_owned(), lag);
        }
        Ok(lags)
    }

    async fn waiting_since(&self, position: Position) -> Result<Option<Time>> {
        let sql = if self.db.is_postgres() {
            "SELECT at FROM journal WHERE (tx, seq) > ($1, $2) ORDER BY tx, seq LIMIT 1"
        } else {
            "SELECT at FROM journal WHERE +tx >= $1 AND seq > $2 ORDER BY seq LIMIT 1"
        };
        Ok(self.db.scalar::<i64>(sql, args![position.tx, position.seq]).await?.map(Time::from_millis))
    }

    /// Says that `node` is there, and how its followers stand; gives that back.
    pub async fn beat(&self, node: &Node) -> Result<BTreeMap<String, i64>> {
        let (now, lags) = (self.env.now(), self.follower_lags().await?);
        let text = serde_json::to_string(&lags).map_err(Error::internal)?;
        let tx = self.db.write().await?;
        let sql =
            "INSERT INTO nodes (id, name, version, started_at, seen_at, lags) VALUES ($1, $2, $3, $4, $5, $6)
                   ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at, lags = excluded.lags";
        let values =
            args![node.id.as_str(), node.name.as_str(), node.version.as_str(), node.started_at, now, text];
        tx.exec(sql, values).await?;
        tx.exec("DELETE FROM nodes WHERE seen_at < $1", args![now.minus(FORGOTTEN)]).await?;
        tx.commit().await?;
        Ok(lags)
    }

    /// Says that `node` ends.
    pub async fn leave(&self, node: &Node) -> Result<()> {
        let tx = self.db.write().await?;
        tx.exec("DELETE FROM nodes WHERE id = $1", args![node.id.as_str()]).await?;
        tx.commit().await
    }

    /// Those that were there within a day, by name.
    pub async fn nodes(&self) -> Result<Vec<NodeStatus>> {
        let sql =
            "SELECT id, name, version, started_at, seen_at, lags FROM nodes ORDER BY name, started_at, id";
        Ok(self.db.all::<Row>(sql, args![]).await?.into_iter().map(NodeStatus::from).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use db::{Db, db_test};
    use kernel::Env;

    #[db_test]
    async fn nodes_say_that_they_are_there_until_they_end(db: Db) {
        let (env, clock) = Env::manual(Time::from_millis(1_000_000));
        let journal = Journal::new(db, env.clone());
        let node = |id: &str| Node {
            id: id.into(),
            name: "harbour".into(),
            version: "0.1.0".into(),
            started_at: env.now(),
        };
        let (one, other) = (node("a"), node("b"));
        journal.beat(&one).await.unwrap();
        clock.advance(SILENT);
        journal.beat(&other).await.unwrap();
        clock.advance(Duration::from_secs(1));
        let silent: Vec<_> = journal
            .nodes()
            .await
            .unwrap()
            .into_iter()
            .map(|n| (n.id.clone(), n.is_silent(env.now())))
            .collect();
        assert_eq!(silent, [("a".to_owned(), true), ("b".to_owned(), false)]);
        journal.leave(&other).await.unwrap();
        assert_eq!(journal.nodes().await.unwrap().len(), 1);
        clock.advance(FORGOTTEN);
        journal.beat(&other).await.unwrap();
        assert_eq!(journal.nodes().await.unwrap().len(), 1, "the first is forgotten");
    }
}
