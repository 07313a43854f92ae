//! What browsers tell.

use super::*;
use crate::slots::Slot;
use crate::{Counts, InList, Reading, Seen};

const SECOND: Duration = Duration::from_secs(1);

async fn counted(reads: &Reads, id: ArticleId) -> Counts {
    reads.flush().await.unwrap();
    let rows = reads.since(Time::from_millis(0), &[id]).await.unwrap();
    rows.iter().map(|row| row.counts).fold(Counts::default(), |mut sum, row| {
        sum += row;
        sum
    })
}

#[db_test]
async fn a_browser_tells_once_and_only_what_can_be(db: Db) {
    let (reads, _, clock) = counting(db);
    let (one, other, ann) = (ArticleId::new(1), ArticleId::new(2), reader(1));
    let tell = |article, seconds: u32, finished| {
        let reading = Reading { article, time: seconds * SECOND, finished, shared: false };
        reads.tell(ann, &Seen { reading: Some(reading), ..Seen::default() })
    };
    assert!(tell(one, 30, true).is_none(), "who did not ask for it does not read it");
    reads.record(one, ann);
    assert!(
        tell(one, 600, true).is_some_and(|r| r.time <= 5 * SECOND && !r.finished),
        "it came a moment ago"
    );
    assert_eq!(counted(&reads, one).await.alone, 1);
    clock.advance(40 * SECOND);
    assert!(tell(one, 30, true).is_some_and(|r| r.finished));
    assert!(tell(one, 30, true).is_some());
    let sum = counted(&reads, one).await;
    assert_eq!((sum.reads, sum.timed, sum.finished, sum.alone, sum.alone_weight), (1, 1, 1, 0, 0));
    assert_eq!(counted(&reads, other).await, Counts::default());
    assert_eq!(reads.total(one).await.unwrap(), 1);
    clock.advance(Duration::from_mins(31));
    assert!(tell(one, 30, true).is_none(), "too late");
}

#[db_test]
async fn showings_are_counted_by_article_and_by_place(db: Db) {
    let (reads, env, clock) = counting(db);
    let (one, other) = (ArticleId::new(1), ArticleId::new(2));
    let listed = |article, place| InList { article, list: "hot", place };
    let seen = Seen {
        shown: vec![listed(one, 1), listed(other, 2), listed(one, 1)],
        opened: vec![listed(other, 2)],
        reading: None,
    };
    for number in [1, 1, 2] {
        reads.tell(reader(number), &seen);
    }
    let (a, b) = (counted(&reads, one).await, counted(&reads, other).await);
    assert_eq!((a.shown, a.opened, b.shown, b.opened), (2, 0, 2, 2));
    let places = reads.lists(env.now()).await.unwrap();
    let places: Vec<_> = places.iter().map(|p| (p.list.as_str(), p.place, p.shown, p.opened)).collect();
    assert_eq!(places, [("hot", 1, 2, 0), ("hot", 2, 2, 2)]);
    assert_eq!(reads.total(one).await.unwrap(), 0, "to be shown is not to be read");
    clock.advance(Duration::from_mins(30));
    reads.tell(reader(1), &seen);
    assert_eq!(counted(&reads, one).await.shown, 3);
    assert_eq!(Slot::of(env.now()).begins(), env.now());
}
