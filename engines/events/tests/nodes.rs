//! Several processes on one PostgreSQL: whose open transactions keep events back, and how soon others hear of a commit.

use std::sync::Arc;
use std::time::Duration;

use db::testing::{ForeignWrite, run_at};
use db::{Conn, DatabaseUrl, Db, args};
use events::{Entry, Event, Follower, Journal, Position, SCHEMA, follow};
use kernel::{Env, Result};
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

#[derive(Serialize, Deserialize)]
struct Happened {
    n: i64,
}
impl Event for Happened {
    const KIND: &'static str = "test.happened";
}

async fn happen(db: &Db, n: i64) {
    let journal = Journal::new(db.clone(), Env::system());
    let tx = db.write().await.unwrap();
    journal.append(&tx, &Happened { n }).await.unwrap();
    tx.commit().await.unwrap();
}

async fn read(db: &Db) -> Vec<i64> {
    let journal = Journal::new(db.clone(), Env::system());
    let entries = journal.after(Position::START, 100).await.unwrap();
    entries.iter().filter_map(Entry::read::<Happened>).map(|event| event.n).collect()
}

#[test]
fn only_writes_of_the_site_keep_events_back() {
    run_at(&SCHEMA, |db: Db, at: DatabaseUrl| async move {
        let Some(_foreign) = ForeignWrite::begin(&at).await else { return };
        happen(&db, 1).await;
        assert_eq!(read(&db).await, [1], "while somebody else's transaction is open");
        // A write of another node, which began before the next event and has told of nothing yet.
        let other_node = Db::open(&at).await.unwrap();
        let open = other_node.write().await.unwrap();
        let sql = "INSERT INTO migrations (owner, step, run_at) VALUES ('t', 'open', 0)";
        open.exec(sql, args![]).await.unwrap();
        happen(&db, 3).await;
        assert_eq!(read(&db).await, [1], "an event could still appear before it");
        let journal = Journal::new(other_node.clone(), Env::system());
        journal.append(&open, &Happened { n: 2 }).await.unwrap();
        open.commit().await.unwrap();
        assert_eq!(read(&db).await, [1, 2, 3]);
        assert_eq!(read(&other_node).await, [1, 2, 3]);
        // One that reads only, or has begun and written nothing, keeps nothing back.
        let idle = other_node.write().await.unwrap();
        assert!(idle.scalar::<i64>("SELECT COUNT(*) FROM journal", args![]).await.unwrap() >= Some(3));
        happen(&db, 4).await;
        assert_eq!(read(&db).await, [1, 2, 3, 4]);
    });
}

#[test]
fn a_commit_wakes_other_processes() {
    run_at(&SCHEMA, |db: Db, at: DatabaseUrl| async move {
        if !db.is_postgres() {
            return; // one process has the file
        }
        let other_node = Db::open(&at).await.unwrap();
        let mut woken = other_node.committed();
        // It listens a moment after it was opened, and looks once by itself then.
        let mut heard = 0;
        for n in 0..100 {
            woken.borrow_and_update();
            happen(&db, n).await;
            heard +=
                i32::from(tokio::time::timeout(Duration::from_millis(100), woken.changed()).await.is_ok());
            if heard == 3 {
                return;
            }
        }
        panic!("heard of {heard} commits of 100");
    });
}

/// Remembers nothing, and waits until it may go on.
struct Slow(Arc<Notify>);

#[async_trait::async_trait]
impl Follower for Slow {
    fn name(&self) -> &'static str {
        "slow"
    }

    fn is_awaited(&self) -> bool {
        true
    }

    async fn apply(&mut self, _: &[Entry]) -> Result<()> {
        self.0.notified().await;
        Ok(())
    }
}

#[test]
fn who_wrote_can_wait_for_a_node_to_have_heard_of_it() {
    run_at(&SCHEMA, |db: Db, at: DatabaseUrl| async move {
        let _foreign = ForeignWrite::begin(&at).await;
        // One process has the file of SQLite: there, the node is the same.
        let node = if db.is_postgres() { Db::open(&at).await.unwrap() } else { db.clone() };
        let (here, there) = (Journal::new(db.clone(), Env::system()), Journal::new(node, Env::system()));
        let stop = CancellationToken::new();
        let may = Arc::new(Notify::new());
        let following = tokio::spawn(follow(there.clone(), Slow(may.clone()), Position::START, stop.clone()));
        while there.followers().is_empty() {
            tokio::task::yield_now().await;
        }
        happen(&db, 1).await;
        let written = here.written().await.unwrap();
        assert!(!there.caught_up(written, Duration::from_millis(50)).await, "it has not met it");
        may.notify_one();
        assert!(there.caught_up(written, Duration::from_secs(5)).await);
        assert!(there.followers()[0].position >= written, "{:?}", there.followers());
        // What does not come is not waited for.
        let never = Position { tx: i64::MAX, seq: 0 };
        assert!(!there.caught_up(never, Duration::from_millis(50)).await);
        stop.cancel();
        following.await.unwrap();
        assert!(there.caught_up(never, Duration::from_millis(50)).await, "nobody follows any more");
        assert_eq!(written.to_string().parse::<Position>().unwrap(), written);
    });
}
