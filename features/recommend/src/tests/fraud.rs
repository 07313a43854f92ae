//! Who can bring an article onto the hot list, and who cannot: a site on a usual day, and crowds that come to one article.
//! (docs/adr/0015 tells why each is judged so.)

use std::sync::Arc;

use kernel::time::ManualClock;
use reads::{Reading, Seen};

use super::*;
use crate::Span;

const AUTHORS: u64 = 60;
const SECOND: Duration = Duration::from_secs(1);

struct Day {
    desk: Desk,
    clock: Arc<ManualClock>,
    reads: Reads,
    hot: Hot,
    articles: Vec<ArticleId>,
    /// Published a while ago, hardly read.
    quiet: ArticleId,
}

impl Day {
    /// Sixty authors with an article each; 600 readers of whom a third reads more than one.
    async fn usual(db: &Db) -> Self {
        let (env, clock) = Env::manual(Time::parse("2024-06-05T10:00:00Z").unwrap());
        let desk = desk(db, env.clone()).await;
        let reads = desk.reads.clone();
        let quiet = desk.publish("quiet", "city", "Quiet", "Quiet").await;
        clock.advance(Duration::from_hours(30));
        let mut articles = Vec::new();
        for n in 0..AUTHORS {
            let channel = ["city", "tech"][n as usize % 2];
            articles
                .push(desk.publish(&format!("author{n}"), channel, &format!("Article {n}"), "Text").await);
            clock.advance(Duration::from_mins(5));
        }
        let hot = desk.hot();
        hot.load().await.unwrap();
        let day = Self { desk, clock, reads, hot, articles, quiet };
        for n in 0..600 {
            for step in 0..=u64::from(n % 3 == 0) {
                // The first of the list are read most.
                let which = ((n * 7 + step * 13) % AUTHORS) * ((n + step) % AUTHORS) / AUTHORS;
                day.reads.record(day.articles[which as usize], reader(10_000 + n));
            }
            day.clock.advance(20 * SECOND);
        }
        day.hot.settle().await;
        assert!(day.rank().await.is_none(), "it is quiet");
        day
    }

    /// The place of the quiet article among the first twenty, from 0.
    async fn rank(&self) -> Option<usize> {
        hottest(&self.hot, 20).await.iter().position(|&id| id == self.quiet)
    }

    async fn is_not_moved(&self, by: &str) {
        self.hot.settle().await;
        assert_eq!(self.rank().await, None, "{by}");
        // Nor is it after a restart.
        let again = self.desk.hot();
        again.load().await.unwrap();
        assert!(!hottest(&again, 20).await.contains(&self.quiet), "{by}, from the tables");
        for span in Span::ALL {
            let over = again.over(span, 20).await.unwrap();
            assert!(over.iter().all(|picked| picked.card.id != self.quiet), "{by}, over {span:?}");
        }
        let reads = self.reads.total(self.quiet).await.unwrap();
        assert!(reads >= 1_000, "each was counted: {reads}");
    }
}

/// From anywhere, repeatable.
fn anywhere(n: u64) -> std::net::IpAddr {
    let mixed = n.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (n << 7);
    let [first, rest @ ..] = ((mixed >> 32) as u32).to_be_bytes();
    std::net::IpAddr::from([first % 223 + 1, rest[0], rest[1], rest[2]])
}

fn browser(n: u64) -> String {
    format!("Mozilla/5.0 (X11; Linux x86_64; rv:{n}.0) Gecko/20100101 Firefox/{n}.0")
}

#[db_test]
async fn a_thousand_browsers_of_one_network_do_not(db: Db) {
    let day = Day::usual(&db).await;
    for n in 0..1_000 {
        day.reads.record(day.quiet, visitor([203, 0, 113, n as u8].into(), &browser(n)));
    }
    day.is_not_moved("a farm in one house").await;
}

#[db_test]
async fn a_thousand_addresses_within_a_minute_do_not(db: Db) {
    let day = Day::usual(&db).await;
    for n in 0..1_000 {
        day.reads.record(day.quiet, visitor(anywhere(n), &browser(n)));
        day.clock.advance(SECOND / 17);
        if n % 10 == 0 {
            day.hot.settle().await;
            assert_eq!(day.rank().await, None, "at no moment: {n}");
        }
    }
    day.is_not_moved("a farm from everywhere").await;
}

#[db_test]
async fn a_thousand_addresses_over_an_hour_do_not(db: Db) {
    let day = Day::usual(&db).await;
    for n in 0..1_000 {
        day.reads.record(day.quiet, visitor(anywhere(n), &browser(n)));
        day.clock.advance(SECOND * 18 / 5);
    }
    day.is_not_moved("a slow farm").await;
}

#[db_test]
async fn likes_of_accounts_made_for_it_do_not(db: Db) {
    let day = Day::usual(&db).await;
    for n in 0..1_000 {
        day.reads.record(day.quiet, visitor(anywhere(n), &browser(n)));
        if n % 10 == 0 {
            let user = day.desk.accounts.ensure(&format!("fan{n}"), "Fan", None, None).await.unwrap();
            day.desk.follows.like(user.id, day.quiet).await.unwrap();
            day.desk.follows.favourite(user.id, day.quiet).await.unwrap();
            day.desk.comments.post(&user, day.quiet, None, "Great!").await.unwrap();
        }
    }
    day.is_not_moved("a farm with accounts").await;
}

/// A farm must not take an article down, either.
#[db_test]
async fn a_farm_does_not_harm_what_is_read(db: Db) {
    let day = Day::usual(&db).await;
    let first = hottest(&day.hot, 1).await[0];
    for n in 0..1_000 {
        day.reads.record(first, visitor(anywhere(n), &browser(n)));
    }
    day.hot.settle().await;
    let place = hottest(&day.hot, 20).await.iter().position(|&id| id == first);
    assert!(place.is_some_and(|place| place < 5), "{place:?}");
}

/// Eighty readers within a minute, a third of whom read something else too; nobody's browser tells anything.
#[db_test]
async fn a_burst_of_interest_does_within_a_minute(db: Db) {
    let day = Day::usual(&db).await;
    for n in 0..80 {
        let who = visitor(anywhere(50_000 + n), &browser(n));
        if n % 6 == 0 {
            day.reads.record(day.articles[n as usize % 9], who);
        }
        day.reads.record(day.quiet, who);
        if n % 6 == 3 {
            day.reads.record(day.articles[n as usize % 7], who);
        }
        day.clock.advance(SECOND / 2);
    }
    day.hot.settle().await;
    let place = day.rank().await;
    assert!(place.is_some(), "it is not there");
    let top = day.hot.top(20).await.unwrap();
    assert_eq!(top[place.unwrap()].why.code(), "rising");
    let again = day.desk.hot();
    again.load().await.unwrap();
    assert!(hottest(&again, 20).await.contains(&day.quiet), "from the tables");
}

/// The same where nobody reads anything else, but many come to the end.
#[db_test]
async fn readers_who_come_to_the_end_bear_an_article_out(db: Db) {
    let day = Day::usual(&db).await;
    let readers: Vec<Visitor> = (0..80).map(|n| visitor(anywhere(n), &browser(n))).collect();
    for &who in &readers {
        day.reads.record(day.quiet, who);
    }
    day.hot.settle().await;
    assert_eq!(day.rank().await, None, "nothing speaks for it yet");
    day.clock.advance(40 * SECOND);
    for &who in readers.iter().step_by(2) {
        let reading = Reading { article: day.quiet, time: 35 * SECOND, finished: true, shared: false };
        day.reads.tell(who, &Seen { reading: Some(reading), ..Seen::default() });
    }
    day.hot.settle().await;
    assert!(day.rank().await.is_some());
}

#[db_test]
async fn one_author_does_not_fill_the_list(db: Db) {
    let day = Day::usual(&db).await;
    let mut flood = Vec::new();
    for n in 0..30 {
        flood.push(day.desk.publish("flood", "city", &format!("Flood {n}"), "Text").await);
    }
    day.hot.load().await.unwrap();
    for (n, &id) in flood.iter().enumerate() {
        for reader_number in 0..40 {
            let who = reader(20_000 + 41 * n as u64 + reader_number);
            day.reads.record(id, who);
            day.reads.record(day.articles[0], who);
        }
    }
    day.hot.settle().await;
    let list = hottest(&day.hot, 20).await;
    assert_eq!(list.iter().filter(|id| flood.contains(id)).count(), 2, "{list:?}");
    assert_eq!(list.len(), 20);
}
