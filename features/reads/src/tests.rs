//! Counting, on both databases.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use db::{Conn, Db, db_test};
use kernel::time::ManualClock;
use kernel::{ArticleId, Env, Time};

use crate::{Past, Reads, Visitor};

mod seen;

/// Somebody from a network of their own.
fn reader(number: u64) -> Visitor {
    let [.., a, b] = number.to_be_bytes();
    Visitor { number, network: [20 + a, b, 1, 1].into() }
}

/// On a day in June.
fn counting(db: Db) -> (Reads, Env, Arc<ManualClock>) {
    let (env, clock) = Env::manual(Time::parse("2024-06-05T10:00:00Z").unwrap());
    (Reads::new(db, env.clone()), env, clock)
}

#[db_test]
async fn a_visitor_counts_once_and_sums_are_kept(db: Db) {
    let (reads, env, clock) = counting(db);
    let (one, other) = (ArticleId::new(1), ArticleId::new(2));
    for visitor in [1, 1, 2] {
        reads.record(one, reader(visitor));
    }
    reads.record(other, reader(1));
    reads.flush().await.unwrap();
    reads.record(one, reader(2));
    reads.flush().await.unwrap();
    assert_eq!(reads.total(one).await.unwrap(), 2);
    clock.advance(Duration::from_mins(29));
    reads.record(one, reader(2)); // still reading
    reads.record_if(one, reader(3), || false);
    reads.record_if(one, reader(2), || unreachable!("was just here"));
    clock.advance(Duration::from_hours(2));
    reads.record(one, reader(1));
    clock.advance(Duration::from_hours(2));
    reads.record(one, reader(1));
    reads.flush().await.unwrap();
    let mut past = Past::default();
    past.add(one, env.now(), 5);
    past.add(one, env.now(), 5);
    reads.take_in(&mut past, "elsewhere", 2).await.unwrap();
    assert_eq!(reads.totals(&[one, other]).await.unwrap(), HashMap::from([(one, 14), (other, 1)]));
    assert_eq!(reads.since(env.now().minus(Duration::from_hours(3)), &[one]).await.unwrap().len(), 2);
    assert_eq!(reads.busiest(env.now().minus(Duration::from_hours(9)), 1).await.unwrap(), [one]);
}

#[db_test]
async fn nodes_hear_of_each_others_reads(db: Db) {
    let (here, env, _) = counting(db.clone());
    let there = Reads::new(db.clone(), env);
    let (one, other) = (ArticleId::new(1), ArticleId::new(2));
    let mut deltas = there.subscribe();
    here.record(one, reader(1));
    here.flush().await.unwrap();
    there.hear().await.unwrap();
    assert!(deltas.try_recv().is_err(), "what was counted before it listened is in the sums");
    for visitor in 2..5 {
        here.record(one, reader(visitor));
    }
    here.record(other, reader(2));
    here.flush().await.unwrap();
    there.record(other, reader(9));
    there.flush().await.unwrap();
    let mut heard = HashMap::new();
    for _ in 0..2 {
        there.hear().await.unwrap();
        while let Ok(delta) = deltas.try_recv() {
            *heard.entry(delta.article).or_default() += delta.counts.reads;
        }
    }
    // On SQLite there is one process, and its own reads only.
    let want = if db.is_postgres() { [(one, 3), (other, 2)].into() } else { HashMap::from([(other, 1)]) };
    assert_eq!(heard, want, "the others' once, and its own");
    assert_eq!(there.total(other).await.unwrap(), 2);
}
