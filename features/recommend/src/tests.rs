//! Hot, related and readers' own lists on both databases.

use std::collections::HashMap;
use std::time::Duration;

use accounts::Accounts;
use articles::{Articles, Channel, Draft};
use authors::Authors;
use blocks::Blocks;
use comments::Comments;
use db::{Db, db_test};
use editorial::Editorial;
use events::Journal;
use follows::Follows;
use jobs::Jobs;
use kernel::{ArticleId, Env, Slug, Time, UserId};
use media::Media;
use reads::{Reads, Visitor, visitor};
use search::{Index, Search};
use settings::{Fixed, Settings};
use tokio_util::sync::CancellationToken;

use crate::{ActivityTracker, ArticleFactsCache, ChannelFreshness, Hot, Related};

mod for_you;
mod fraud;

/// Somebody from a network of their own.
fn reader(number: u64) -> Visitor {
    let [.., a, b] = number.to_be_bytes();
    visitor([20 + a, b, 1, 1].into(), "a browser")
}

/// What lists are made from. `mara` writes everything.
struct Desk {
    db: Db,
    env: Env,
    journal: Journal,
    accounts: Accounts,
    authors: Authors,
    articles: Articles,
    blocks: Blocks,
    comments: Comments,
    follows: Follows,
    reads: Reads,
    user: UserId,
    folder: tempfile::TempDir,
}

/// What is made for one list and goes into another.
struct Parts {
    related: Related,
    activity: ActivityTracker,
    facts: ArticleFactsCache,
}

async fn desk(db: &Db, env: Env) -> Desk {
    let journal = Journal::new(db.clone(), env.clone());
    let accounts = Accounts::new(db.clone(), journal.clone(), env.clone());
    let user = accounts.ensure("mara", "Mara", None, None).await.unwrap().id;
    let authors = Authors::new(db.clone(), journal.clone(), env.clone());
    let folder = tempfile::tempdir().unwrap();
    let blobs = blob::Store::open(folder.path()).unwrap();
    let media = Media::new(db.clone(), journal.clone(), env.clone(), blobs);
    let fixed = Fixed::from([("articles.review", "off".to_owned())]);
    let settings = Settings::new(db.clone(), journal.clone(), env.clone(), [], fixed);
    let jobs = Jobs::new(db.clone(), env.clone());
    let articles = Articles::new(
        db.clone(),
        journal.clone(),
        jobs,
        env.clone(),
        authors.clone(),
        media,
        settings.clone(),
    );
    let blocks = Blocks::new(db.clone(), journal.clone(), env.clone(), accounts.clone(), authors.clone());
    let comments =
        Comments::new(db.clone(), journal.clone(), env.clone(), articles.clone(), blocks.clone(), settings);
    let editorial = Editorial::new(db.clone(), journal.clone(), env.clone(), articles.clone());
    let follows =
        Follows::new(db.clone(), journal.clone(), env.clone(), authors.clone(), articles.clone(), editorial);
    let reads = Reads::new(db.clone(), env.clone());
    for slug in ["city", "tech"] {
        let slug = Slug::new(slug).unwrap();
        let channel =
            Channel {
                slug, zh: "频道".into(), en: "Channel".into(), colour: "#000000".into(), position: 1
            };
        articles.ensure_channel(&channel).await.unwrap();
    }
    let db = db.clone();
    Desk { db, env, journal, accounts, authors, articles, blocks, comments, follows, reads, user, folder }
}

impl Desk {
    async fn publish(&self, author: &str, channel: &str, title: &str, body: &str) -> ArticleId {
        let author = self.authors.ensure(author, author).await.unwrap().id;
        let draft = Draft {
            title: title.into(),
            body: body.into(),
            channel: Some(Slug::new(channel).unwrap()),
            ..Draft::default()
        };
        let id = self.articles.create(author, self.user, draft).await.unwrap().id;
        self.articles.submit(id, None).await.unwrap();
        id
    }

    fn search(&self) -> Search {
        let index = Index::open(&self.folder.path().join("index")).unwrap();
        let (articles, authors) = (self.articles.clone(), self.authors.clone());
        Search::new(index, self.db.clone(), articles, authors, self.journal.clone(), self.env.clone())
    }

    fn parts(&self, search: Search) -> Parts {
        let (articles, env) = (&self.articles, &self.env);
        let activity = ActivityTracker::new(self.reads.clone(), env.clone());
        let freshness = ChannelFreshness::new(articles.clone(), activity.clone(), env.clone());
        let facts = ArticleFactsCache::new(articles.clone(), search.clone());
        let co_reads = self.reads.co_reads().clone();
        let related = Related::new(search, articles.clone(), facts.clone(), co_reads, freshness, env.clone());
        Parts { related, activity, facts }
    }

    fn hot(&self) -> Hot {
        let (articles, comments, follows) =
            (self.articles.clone(), self.comments.clone(), self.follows.clone());
        Hot::new(articles, comments, follows, self.reads.clone(), self.journal.clone(), self.env.clone())
    }
}

/// Asks until the answer is right; fails if that takes longer than readers wait.
async fn check<F: Future<Output = Vec<ArticleId>>>(what: &str, want: &[ArticleId], ask: impl Fn() -> F) {
    let mut got = Vec::new();
    for _ in 0..200 {
        got = ask().await;
        if got == want {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("{what}: {got:?}, not {want:?}");
}

async fn hottest(hot: &Hot, n: usize) -> Vec<ArticleId> {
    hot.top(n).await.unwrap().into_iter().map(|picked| picked.card.id).collect()
}

#[db_test]
async fn what_is_read_rises_and_what_is_gone_leaves(db: Db) {
    let (env, clock) = Env::manual(Time::parse("2024-06-05T10:00:00Z").unwrap());
    let desk = desk(&db, env).await;
    let reads = desk.reads.clone();
    let old = desk.publish("anna", "city", "Old", "Old").await;
    clock.advance(Duration::from_hours(2));
    let hot = desk.hot();
    hot.load().await.unwrap();
    let stop = CancellationToken::new();
    let running = [
        tokio::spawn(hot.clone().run(stop.clone())),
        tokio::spawn(reads.clone().run(stop.clone())), //
    ];
    let new = desk.publish("bert", "tech", "New", "New").await;
    check("a new one comes first", &[new, old], || hottest(&hot, 5)).await;
    for visitor in 0..9 {
        reads.record(old, reader(visitor));
    }
    check("then what is read", &[old, new], || hottest(&hot, 5)).await;
    let third = desk.publish("cleo", "city", "Third", "Third").await;
    check("that is still read more", &[old, third, new], || hottest(&hot, 5)).await;
    let of_city = || async {
        let picked = hot.by_channel(&Slug::new("city").unwrap(), 5).await.unwrap();
        picked.into_iter().map(|picked| picked.card.id).collect()
    };
    check("of the channel only", &[old, third], of_city).await;

    let again = desk.hot();
    again.load().await.unwrap();
    assert_eq!(hottest(&again, 5).await, [old, third, new], "the same from the tables");

    desk.articles.retract(old).await.unwrap();
    assert_eq!(hottest(&hot, 5).await, [third, new], "at once");
    clock.advance(Duration::from_hours(24));
    for visitor in 0..2 {
        reads.record(new, reader(visitor));
    }
    check("what was new is not for ever", &[new, third], || hottest(&hot, 5)).await;
    stop.cancel();
    for task in running {
        task.await.unwrap();
    }
}

#[db_test]
async fn what_is_talked_about_rises(db: Db) {
    let (env, clock) = Env::manual(Time::parse("2024-06-05T10:00:00Z").unwrap());
    let desk = desk(&db, env).await;
    let quiet = desk.publish("anna", "city", "Quiet", "Quiet").await;
    clock.advance(Duration::from_mins(1));
    let newer = desk.publish("bert", "tech", "Newer", "Newer").await;
    let hot = desk.hot();
    hot.load().await.unwrap();
    assert_eq!(hottest(&hot, 5).await, [newer, quiet]);
    let comment = comments::ImportedComment {
        external: "1".into(),
        parent_external: None,
        by: None,
        likes: 0,
        name: "Reader".into(),
        text: "Well.".into(),
        at: desk.env.now(),
    };
    desk.comments.import(quiet, vec![comment]).await.unwrap();
    hot.load().await.unwrap();
    assert_eq!(hottest(&hot, 5).await, [quiet, newer]);
}

#[db_test]
async fn related_is_close_and_never_twice_the_same(db: Db) {
    let desk = desk(&db, Env::system()).await;
    let tide = "潮汐表先量一年的水位，再把月亮和太阳的周期从里面找出来。港口的潮位站每六分钟记一次水位，风暴来了也不停。";
    let this = desk.publish("anna", "city", "潮汐表是怎样做出来的", tide).await;
    let copy = desk.publish("bert", "city", "潮汐表是怎么做出来的", &format!("{tide}（转载）")).await;
    let near =
        desk.publish("cleo", "tech", "潮位站在看什么", "潮位站的水位比潮汐表高出一米，港口报警响了。").await;
    let mut fraud = Vec::new();
    for n in 0..4 {
        let body =
            ["雾里的潮位站只听见铃", "大浪打湿了水位记录", "灯塔看着港口的潮位站", "渡船停了，水位还在涨"][n];
        fraud.push(desk.publish("dora", "tech", &format!("潮位站{n}"), body).await);
    }
    let bread = desk.publish("emil", "city", "酵母与面团", "面包师的一天从凌晨两点开始。").await;
    let english = desk.publish("fred", "city", "Bread remembers", "A starter is a schedule.").await;

    let search = desk.search();
    let stop = CancellationToken::new();
    search.rebuild(&stop, |_| {}).await.unwrap();
    let running = tokio::spawn(search.clone().run(stop.clone()));
    let related = desk.parts(search).related;
    let ids = || async {
        let picked = related.of(this, 10).await.unwrap();
        picked.into_iter().map(|picked| picked.card.id).collect::<Vec<_>>()
    };
    let list = ids().await;
    assert!(list.contains(&near) && !list.contains(&this) && !list.contains(&copy), "{list:?}");
    assert_eq!(list.iter().filter(|id| fraud.contains(id)).count(), 2, "two of an author");
    let why = related.of(this, 10).await.unwrap();
    let why: Vec<_> = why.iter().map(|p| (p.card.title.as_str(), &p.why)).collect();
    assert_eq!(list.last(), Some(&bread), "what the text does not give, the channel does: {why:?}");
    assert!(!list.contains(&english), "in the article's language");

    desk.articles.retract(near).await.unwrap();
    assert!(!ids().await.contains(&near), "at once, although the list is kept");
    let late =
        desk.publish("gina", "tech", "潮汐表与水位", "新的潮汐表：月亮、太阳的周期和港口的水位。").await;
    for n in 0.. {
        if ids().await.contains(&late) {
            break;
        }
        assert!(n < 200, "a new one is not related");
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    stop.cancel();
    running.await.unwrap();
}

/// A story of `count` sentences that depends on `seed` alone; all are in the same words.
fn story(seed: u64, count: u64) -> Vec<String> {
    use std::hash::{DefaultHasher, Hash, Hasher};
    const WORDS: [&str; 20] = [
        "港口", "水位", "潮汐", "渡轮", "面包", "酵母", "灯塔", "公园", "合唱", "雨燕", "桥梁", "地图",
        "修复", "老人", "早市", "电车", "花园", "天文", "城墙", "河道",
    ];
    let pick = |n: u64| {
        let mut hasher = DefaultHasher::new();
        (seed, n).hash(&mut hasher);
        WORDS[(hasher.finish() % 20) as usize]
    };
    (0..count).map(|n| (0..7).map(|k| pick(n * 7 + k)).collect::<String>() + "。").collect()
}

#[db_test]
async fn no_list_holds_two_that_tell_the_same(db: Db) {
    let desk = desk(&db, Env::system()).await;
    let whole = story(1, 30);
    let this = desk.publish("anna", "city", "港口的早晨", &whole.concat()).await;
    // More copies than there are candidates: what helps out must not bring them in either.
    let mut copies = vec![this];
    for n in 0..70_usize {
        let body = match n % 4 {
            0 => whole.concat(),
            1 => format!("本报讯，{}{}", story(100 + n as u64, 3).concat(), whole.concat()),
            2 => whole[..18].concat(),
            _ => format!("{}{}", whole.concat(), story(200 + n as u64, 40).concat()),
        };
        let title = format!("{}{n}", story(300 + n as u64, 1)[0].chars().take(6).collect::<String>());
        copies.push(desk.publish(&format!("copier{n}"), "city", &title, &body).await);
    }
    let mut others = Vec::new();
    for n in 0..4_u64 {
        let text = story(1_000 + n, 25);
        let one = desk.publish(&format!("one{n}"), "city", &format!("另一件事{n}"), &text.concat()).await;
        let again =
            desk.publish(&format!("again{n}"), "city", &format!("换个题目{n}"), &text[..20].concat()).await;
        others.push([one, again]);
    }
    // Short ones, by their titles.
    let short = desk.publish("short", "city", "潮汐表是怎样做出来的", "这里说的是港口的潮位。").await;
    let short_copy =
        desk.publish("shorter", "city", "潮汐表是怎么做出来的（组图）", "这里说的是港口的潮位。").await;

    let search = desk.search();
    search.rebuild(&CancellationToken::new(), |_| {}).await.unwrap();
    let related = desk.parts(search).related;
    let list = async |id| {
        let picked = related.of(id, 20).await.unwrap();
        picked.into_iter().map(|picked| picked.card.id).collect::<Vec<_>>()
    };
    let near = list(this).await;
    assert!(copies.iter().all(|copy| !near.contains(copy)), "{near:?}");
    for pair in &others {
        assert!(pair.iter().filter(|id| near.contains(id)).count() == 1, "one of each: {near:?}");
        let own = list(pair[0]).await;
        assert!(
            !own.contains(&pair[1]) && copies.iter().filter(|copy| own.contains(copy)).count() <= 1,
            "{own:?}"
        );
    }
    assert!(!list(short).await.contains(&short_copy) && !list(short_copy).await.contains(&short));
}
