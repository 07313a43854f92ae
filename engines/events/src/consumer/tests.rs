use std::sync::atomic::{AtomicBool, Ordering};

use db::{Db, db_test};
use kernel::time::ManualClock;
use kernel::{Env, Time};
use serde::{Deserialize, Serialize};

use super::*;
use crate::{ConsumerState, ConsumerStatus, Event};

#[derive(Serialize, Deserialize)]
struct Happened {
    n: i64,
}
impl Event for Happened {
    const KIND: &'static str = "test.happened";
}

/// Adds up what it meets; fails at 13 while `cursed`, and panics at 14.
#[derive(Clone)]
struct Sum {
    cursed: Arc<AtomicBool>,
}

#[async_trait]
impl Consumer for Sum {
    fn name(&self) -> &'static str {
        "sum"
    }

    async fn consume(&self, tx: &Tx, batch: &[Entry]) -> Result<()> {
        for happened in batch.iter().filter_map(Entry::read::<Happened>) {
            let cursed = self.cursed.load(Ordering::Relaxed);
            tx.exec("INSERT INTO met (n) VALUES ($1)", args![happened.n]).await?;
            if cursed && happened.n == 13 {
                return Err(Error::internal("thirteen"));
            }
            assert!(!(cursed && happened.n == 14), "fourteen");
        }
        Ok(())
    }

    async fn rebuild(&self, tx: &Tx) -> Result<()> {
        tx.exec("DELETE FROM met", vec![]).await?;
        tx.exec("INSERT INTO met (n) VALUES (-1)", vec![]).await.map(drop)
    }
}

struct Desk {
    db: Db,
    journal: Journal,
    clock: Arc<ManualClock>,
    sum: Sum,
}

impl Desk {
    async fn open(db: Db) -> Self {
        let (env, clock) = Env::manual(Time::from_millis(1_000_000_000_000));
        let tx = db.write().await.unwrap();
        tx.exec("CREATE TABLE met (n BIGINT NOT NULL)", vec![]).await.unwrap();
        tx.commit().await.unwrap();
        let sum = Sum { cursed: Arc::new(AtomicBool::new(true)) };
        Self { journal: Journal::new(db.clone(), env), db, clock, sum }
    }

    async fn happen(&self, numbers: std::ops::Range<i64>) {
        let tx = self.db.write().await.unwrap();
        let events: Vec<Happened> = numbers.map(|n| Happened { n }).collect();
        self.journal.append_all(&tx, &events).await.unwrap();
        tx.commit().await.unwrap();
        crate::testing::all(&self.journal).await;
    }

    async fn met(&self) -> Vec<i64> {
        self.db.column("SELECT n FROM met ORDER BY n", vec![]).await.unwrap()
    }

    async fn status(&self) -> ConsumerStatus {
        self.journal.consumers().await.unwrap().remove(0)
    }

    fn begin(&self) -> (CancellationToken, tokio::task::JoinHandle<()>) {
        let stop = CancellationToken::new();
        (stop.clone(), tokio::spawn(consume(self.journal.clone(), self.sum.clone(), stop)))
    }

    async fn until(&self, what: &str, mut done: impl AsyncFnMut() -> bool) {
        for _ in 0..400 {
            if done().await {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("{what}: {:?}, {:?}", self.met().await, self.journal.consumers().await);
    }
}

#[db_test]
async fn what_happened_before_is_rebuilt_and_what_comes_is_applied_once(db: Db) {
    let desk = Desk::open(db).await;
    desk.happen(1..4).await;
    let (stop, one) = desk.begin();
    let (_, two) =
        (stop.clone(), tokio::spawn(consume(desk.journal.clone(), desk.sum.clone(), stop.clone())));
    desk.until("rebuilt", async || desk.met().await == [-1]).await;
    for n in 20..40 {
        desk.happen(n..n + 1).await;
    }
    let all: Vec<i64> = std::iter::once(-1).chain(20..40).collect();
    desk.until("applied", async || desk.met().await == all && desk.status().await.behind == 0).await;
    stop.cancel();
    one.await.unwrap();
    two.await.unwrap();
    assert_eq!(desk.status().await.leased_until.millis(), 0, "given back");
    assert_eq!(desk.met().await, all);
}

#[db_test]
async fn what_cannot_be_applied_is_parked_and_tried_again_when_asked(db: Db) {
    let desk = Desk::open(db).await;
    let (stop, running) = desk.begin();
    desk.until("rebuilt", async || desk.met().await == [-1]).await;
    desk.happen(10..17).await;
    desk.until("the others applied", async || desk.met().await == [-1, 10, 11, 12, 15, 16]).await;
    desk.until("both parked", async || desk.status().await.parked == 2).await;
    let parked = desk.journal.parked(Some("sum"), 10).await.unwrap();
    let says = |word: &str| parked.iter().any(|event| event.error.contains(word));
    assert!(says("thirteen") && says("panicked"), "{parked:?}");
    assert!(desk.journal.parked(Some("other"), 10).await.unwrap().is_empty());
    assert!(parked.iter().all(|event| event.tries == 2 * TRIES), "{parked:?}");
    assert_eq!(desk.journal.count_parked().await.unwrap(), 2);

    // What is rolled back never happened.
    let tx = desk.journal.db.write().await.unwrap();
    desk.journal.drop_parked_in(&tx, "sum", parked[0].seq).await.unwrap();
    assert_eq!(desk.journal.retry_parked_in(&tx, "sum", None).await.unwrap(), 1);
    drop(tx);
    assert_eq!(desk.status().await.parked, 2);

    // Still cursed: it stays, and says so.
    assert_eq!(desk.journal.retry_parked("sum", Some(parked[0].seq)).await.unwrap(), 1);
    let waits = async || desk.journal.parked(None, 10).await.unwrap().iter().any(|event| event.again);
    desk.until("tried", async || !waits().await).await;
    assert_eq!(desk.status().await.parked, 2);
    let again = desk.journal.parked(None, 10).await.unwrap();
    let again = again.iter().find(|event| event.seq == parked[0].seq).unwrap();
    assert_eq!(again.tries, 2 * TRIES + 1);

    desk.sum.cursed.store(false, Ordering::Relaxed);
    assert_eq!(desk.journal.retry_parked("sum", None).await.unwrap(), 2);
    desk.until("applied", async || desk.met().await == [-1, 10, 11, 12, 13, 14, 15, 16]).await;
    assert_eq!(desk.status().await.parked, 0);
    let tx = desk.journal.db.write().await.unwrap();
    let dropped = desk.journal.drop_parked_in(&tx, "sum", parked[0].seq).await;
    assert!(matches!(dropped, Err(Error::NotFound)));
    drop(tx);
    stop.cancel();
    running.await.unwrap();
}

#[db_test]
async fn a_lease_ends_by_itself_and_keeps_others_away_before(db: Db) {
    let desk = Desk::open(db).await;
    let (stop, running) = desk.begin();
    desk.until("rebuilt", async || desk.met().await == [-1]).await;
    // As if it had been killed.
    running.abort();
    let _ = running.await;
    desk.happen(1..3).await;
    let (_, running) =
        (stop.clone(), tokio::spawn(consume(desk.journal.clone(), desk.sum.clone(), stop.clone())));
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(desk.met().await, [-1], "the turn of another");
    desk.clock.advance(LEASE + Duration::from_secs(1));
    desk.until("applied", async || desk.met().await == [-1, 1, 2]).await;
    stop.cancel();
    running.await.unwrap();
}

#[db_test]
async fn what_is_behind_is_counted_up_to_a_bound(db: Db) {
    let desk = Desk::open(db).await;
    let (stop, running) = desk.begin();
    desk.until("rebuilt", async || desk.met().await == [-1]).await;
    stop.cancel();
    running.await.unwrap();
    assert_eq!(desk.status().await.behind, 0);
    let last = 20 + ConsumerStatus::COUNTED;
    desk.happen(21..last).await;
    assert_eq!(desk.status().await.behind, ConsumerStatus::COUNTED - 1);
    desk.happen(last..last + 2).await;
    assert_eq!(desk.status().await.behind, ConsumerStatus::COUNTED);
}

#[db_test]
async fn the_journal_is_pruned_behind_the_slowest(db: Db) {
    let desk = Desk::open(db).await;
    let (month, day) = (Duration::from_hours(30 * 24), Duration::from_hours(24));
    let (stop, running) = desk.begin();
    desk.until("rebuilt", async || desk.met().await == [-1]).await;
    desk.happen(1..3).await;
    desk.until("applied", async || desk.met().await == [-1, 1, 2]).await;
    let state = async || desk.status().await.state(desk.journal.env.now());
    assert_eq!(state().await, ConsumerState::Running);
    stop.cancel();
    running.await.unwrap();
    desk.happen(3..4).await;
    assert_eq!(state().await, ConsumerState::Stopped);
    let (start, before) = (Position::START, desk.journal.head().await.unwrap());
    assert_eq!(desk.journal.prune(month).await.unwrap(), 0, "too young");
    desk.clock.advance(month + day);
    let status = desk.status().await;
    let seconds = (month + day).as_secs() as i64;
    assert_eq!((status.behind, status.lag_seconds(desk.journal.env.now())), (1, seconds));
    assert_eq!(desk.journal.prune(month).await.unwrap(), 2, "behind the consumer");
    assert!(desk.journal.is_pruned(start).await.unwrap());
    assert!(!desk.journal.is_pruned(before).await.unwrap());
    assert_eq!(crate::testing::all(&desk.journal).await.len(), 1);

    // A consumer that comes back behind the end builds anew.
    let tx = desk.db.write().await.unwrap();
    tx.exec("UPDATE consumers SET tx = 0, seq = 0", vec![]).await.unwrap();
    tx.commit().await.unwrap();
    let (stop, running) = desk.begin();
    desk.until("rebuilt", async || desk.met().await == [-1]).await;
    assert_eq!(desk.journal.prune(month).await.unwrap(), 1, "nobody needs it");
    assert!(desk.journal.head().await.unwrap() >= before, "the head does not fall back");
    desk.happen(9..10).await;
    desk.until("applied", async || desk.met().await == [-1, 9]).await;
    desk.journal.rebuild("sum").await.unwrap();
    desk.happen(10..11).await;
    desk.until("rebuilt on demand", async || desk.met().await == [-1]).await;
    stop.cancel();
    running.await.unwrap();
}
