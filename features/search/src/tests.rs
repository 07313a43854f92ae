//! From the journal to a reader's question, on both databases.

use std::net::IpAddr;
use std::time::Duration;

use articles::{Articles, Channel, Draft, Policy};
use authors::{Authors, Profile};
use db::{Db, db_test};
use events::Journal;
use index::Index;
use kernel::{ArticleId, AuthorId, Env, Slug, UserId};
use media::Media;
use tokio_util::sync::CancellationToken;

use crate::{Permit, Popular, Query, Search, reindex};

struct Desk {
    db: Db,
    articles: Articles,
    authors: Authors,
    journal: Journal,
    env: Env,
    author: AuthorId,
    user: UserId,
    folder: tempfile::TempDir,
}

async fn desk(db: &Db) -> Desk {
    let env = Env::system();
    let journal = Journal::new(db.clone(), env.clone());
    let accounts = accounts::Accounts::new(db.clone(), journal.clone(), env.clone());
    let user = accounts.ensure("mara", "Mara", None, None).await.unwrap().id;
    let authors = Authors::new(db.clone(), journal.clone(), env.clone());
    let author = authors.create(profile("潮汐观察"), &[user]).await.unwrap().id;
    let folder = tempfile::tempdir().unwrap();
    let blobs = blob::Store::open(folder.path()).unwrap();
    let media = Media::new(db.clone(), journal.clone(), env.clone(), blobs);
    let articles = Articles::new(
        db.clone(),
        journal.clone(),
        env.clone(),
        authors.clone(),
        media,
        Policy { review: false },
    );
    let channel =
        Channel {
            slug: slug(), zh: "城市".into(), en: "City".into(), colour: "#000000".into(), position: 1
        };
    articles.ensure_channel(&channel).await.unwrap();
    Desk { db: db.clone(), articles, authors, journal, env, author, user, folder }
}

async fn permit(search: &Search) -> Permit {
    search.admit(IpAddr::from([203, 0, 113, 7])).await.unwrap()
}

fn slug() -> Slug {
    Slug::new("city").unwrap()
}

fn profile(name: &str) -> Profile {
    Profile { handle: "harbour".into(), name: name.into(), ..Profile::default() }
}

impl Desk {
    fn search(&self) -> Search {
        let index = Index::open(&self.folder.path().join("index")).unwrap();
        Search::new(
            index,
            self.db.clone(),
            self.articles.clone(),
            self.authors.clone(),
            self.journal.clone(),
            self.env.clone(),
        )
    }

    async fn publish(&self, title: &str) -> ArticleId {
        let draft = Draft {
            title: title.into(),
            body: format!("{title}。"),
            channel: Some(slug()),
            ..Draft::default()
        };
        let id = self.articles.create(self.author, self.user, draft).await.unwrap().id;
        self.articles.submit(id, None).await.unwrap();
        id
    }
}

/// Waits until a question has this answer; fails if that takes longer than readers wait.
async fn check(search: &Search, text: &str, want: &[ArticleId]) {
    let query = Query { text: text.into(), ..Query::default() };
    let mut got = Vec::new();
    for _ in 0..200 {
        got = search
            .query(&query, &permit(search).await)
            .await
            .unwrap()
            .hits
            .iter()
            .map(|hit| hit.card.id)
            .collect();
        if got == want {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("{text}: {got:?}, not {want:?}");
}

/// Runs the follower while `during` does.
async fn following(search: &Search, during: impl Future<Output = ()>) {
    let stop = CancellationToken::new();
    let running = tokio::spawn(search.clone().run(stop.clone()));
    during.await;
    stop.cancel();
    running.await.unwrap();
}

#[db_test]
async fn what_is_visible_is_found_and_nothing_else(db: Db) {
    let desk = desk(&db).await;
    let before = desk.publish("风暴潮与水位").await;
    let search = desk.search();
    following(&search, async {
        check(&search, "风暴潮", &[before]).await; // from the tables
        let after = desk.publish("风暴过后").await; // from the journal
        check(&search, "风暴过后", &[after]).await;
        check(&search, "harbour", &[after, before]).await;

        desk.articles.retract(before).await.unwrap();
        // The index need not know yet: the answer is right at once.
        let query = Query { text: "风暴潮".into(), ..Query::default() };
        assert!(
            search
                .query(&query, &permit(&search).await)
                .await
                .unwrap()
                .hits
                .iter()
                .all(|hit| hit.card.id != before)
        );
        check(&search, "水位", &[]).await;

        desk.authors.update(desk.author, profile("灯塔笔记")).await.unwrap();
        check(&search, "灯塔笔记", &[after]).await;
        check(&search, "潮汐观察", &[]).await;
    })
    .await;
}

#[db_test]
async fn it_goes_on_where_it_stopped(db: Db) {
    let desk = desk(&db).await;
    let first = desk.publish("第一盏灯").await;
    let search = desk.search();
    following(&search, check(&search, "灯", &[first])).await;
    drop(search);
    let second = desk.publish("第二盏灯").await;
    desk.articles.retract(first).await.unwrap();
    let search = desk.search();
    assert_eq!(search.len(), 1, "kept from before");
    following(&search, check(&search, "灯", &[second])).await;
    assert_eq!(search.len(), 1);

    // An index that is ahead of its journal is of another database.
    search.commit(events::Position { tx: i64::MAX, seq: i64::MAX }).await.unwrap();
    search.index.delete(&[second]);
    search.commit(events::Position { tx: i64::MAX, seq: i64::MAX }).await.unwrap();
    following(&search, check(&search, "灯", &[second])).await;
}

/// Waits until a server has built what it was asked for.
async fn rebuilt(search: &Search) {
    for _ in 0..400 {
        if reindex::progress(search.index.dir()).unwrap().is_none() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("{:?}", reindex::progress(search.index.dir()));
}

#[db_test]
async fn a_new_index_is_built_beside_the_one_that_answers(db: Db) {
    let desk = desk(&db).await;
    let first = desk.publish("第一盏灯").await;
    let search = desk.search();
    following(&search, async {
        check(&search, "灯", &[first]).await;
        // Something that only the old index has: it is gone when the new one has taken over.
        let stray = index::Document {
            id: ArticleId::new(1),
            author: desk.author,
            author_name: String::new(),
            handle: String::new(),
            channel: slug(),
            title: "不在表里".into(),
            text: String::new(),
            tags: Vec::new(),
            kinds: Vec::new(),
            published_at: desk.env.now(),
        };
        search.index.put(&[stray]).unwrap();
        search.index.commit(Some(&search.index.place().unwrap().unwrap())).unwrap();
        assert_eq!(search.len(), 2);
        let generation = search.generation();
        reindex::ask(search.index.dir()).unwrap();
        let second = desk.publish("第二盏灯").await;
        while reindex::progress(search.index.dir()).unwrap().is_some() {
            // At no moment is there nothing.
            let query = Query { text: "灯".into(), ..Query::default() };
            assert!(search.query(&query, &permit(&search).await).await.unwrap().total > 0);
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        check(&search, "灯", &[second, first]).await;
        assert!(search.len() == 2 && search.generation() > generation);
        // The journal is followed on.
        desk.articles.retract(first).await.unwrap();
        let third = desk.publish("第三盏灯").await;
        check(&search, "灯", &[third, second]).await;
        assert_eq!(search.len(), 2);
    })
    .await;
    let journal = desk.journal.head().await.unwrap();
    drop(search);
    let place: events::Position =
        serde_json::from_str(&desk.search().index.place().unwrap().unwrap()).unwrap();
    assert!(place <= journal, "it goes on from where the new one is");
}

#[db_test]
async fn a_request_outlives_the_server(db: Db) {
    let desk = desk(&db).await;
    let first = desk.publish("第一盏灯").await;
    let search = desk.search();
    following(&search, check(&search, "灯", &[first])).await;
    // Asked, and killed in the middle of it: what was built so far lies there.
    reindex::ask(search.index.dir()).unwrap();
    let half = search.index.shadow().unwrap();
    half.commit(None).unwrap();
    drop((half, search));
    let search = desk.search();
    assert_eq!(search.len(), 1, "the old one is whole");
    following(&search, async {
        rebuilt(&search).await;
        check(&search, "灯", &[first]).await;
    })
    .await;
    // Where no server runs, whoever has the index builds it.
    let done = std::cell::Cell::new(0);
    search.reindex(&CancellationToken::new(), |n| done.set(done.get() + n)).await.unwrap();
    assert_eq!((done.get(), search.len()), (1, 1));
    let failed = reindex::Progress { failed: Some("no room".into()), ..reindex::Progress::default() };
    std::fs::write(search.index.dir().join("reindex"), serde_json::to_vec(&failed).unwrap()).unwrap();
    assert_eq!(reindex::progress(search.index.dir()).unwrap(), Some(failed));
}

/// Somebody cleans up too much. What is written afterwards must be found all the same, and be there after a restart.
#[db_test]
async fn a_folder_that_disappears_is_made_anew(db: Db) {
    let desk = desk(&db).await;
    let before = desk.publish("潮汐表").await;
    let search = desk.search();
    assert!(!search.is_ready(), "nothing is in it yet");
    let folder = desk.folder.path().join("index");
    following(&search, async {
        check(&search, "潮汐表", &[before]).await;
        assert!(search.is_ready());
        // A merge may be writing into it.
        while let Err(error) = std::fs::remove_dir_all(&folder) {
            assert_eq!(error.kind(), std::io::ErrorKind::DirectoryNotEmpty);
        }
        let after = desk.publish("渡轮时刻").await;
        check(&search, "渡轮时刻", &[after]).await;
        check(&search, "潮汐表", &[before]).await;
        assert!(folder.join("version").exists());
    })
    .await;
    let held = Index::open(&folder);
    assert!(matches!(held, Err(kernel::Error::Unavailable(_))), "it holds the new folder's lock");
    drop(search);
    assert_eq!(desk.search().len(), 2);
}

#[db_test]
async fn fields_are_understood_and_suggestions_are_visible_articles(db: Db) {
    let desk = desk(&db).await;
    let tide = desk.publish("潮汐表与水位").await;
    let other = desk.publish("潮汐是怎样来的").await;
    let search = desk.search();
    following(&search, async {
        check(&search, "频道：城市 潮汐", &[tide, other]).await;
        check(&search, "channel:City 水位", &[tide]).await;
        check(&search, "频道:没有的 水位", &[tide]).await; // no channel, so words, of which some are there
        check(&search, "作者:潮汐观察 水位", &[tide]).await;
        check(&search, "chaoxibiao", &[tide]).await;
        let suggested = search.suggest("chaox", &permit(&search).await).await.unwrap();
        assert_eq!(suggested.authors, [("潮汐观察".to_owned(), "harbour".to_owned())]);
        let titles =
            |found: crate::Suggestions| found.titles.into_iter().map(|(id, _)| id).collect::<Vec<_>>();
        assert_eq!(titles(search.suggest("潮汐", &permit(&search).await).await.unwrap()), [other, tide]);
        desk.articles.retract(other).await.unwrap();
        assert_eq!(titles(search.suggest("潮汐", &permit(&search).await).await.unwrap()), [tide], "at once");
    })
    .await;
}

#[db_test]
async fn what_many_ask_for_is_popular_and_nobody_is_known(db: Db) {
    let (env, clock) = Env::manual(kernel::Time::parse("2024-06-05T10:10:00Z").unwrap());
    let popular = Popular::new(db.clone(), env.clone());
    let from = |n: u8| std::net::IpAddr::from([10, 0, 0, n]);
    let list = async || {
        popular.write().await.unwrap();
        popular.read().await.unwrap();
        popular.list().to_vec()
    };
    for n in 1..=3 {
        popular.record("  潮汐  Tide ", from(n), "a");
        popular.record("一个人的名字和电话", from(1), &format!("browser {n}"));
        popular.record("someone@example.org", from(n), "a");
        popular.record(&"长".repeat(31), from(n), "a");
    }
    popular.record("水位", from(1), "a");
    popular.record("水位", from(2), "a");
    assert_eq!(list().await, ["潮汐 tide"], "one network is not many");
    assert_eq!(popular.beginning("潮汐 T", 5), ["潮汐 tide"]);
    assert!(popular.beginning("水", 5).is_empty());
    // Again within the hour it is the same visitor; later it counts, but the network is the same on that day.
    popular.record("水位", from(2), "a");
    clock.advance(Duration::from_hours(1));
    popular.record("水位", from(2), "a");
    assert_eq!(list().await, ["潮汐 tide"]);
    popular.record("水位", from(3), "a");
    popular.record("水位", from(4), "a");
    assert_eq!(list().await, ["水位", "潮汐 tide"], "the one asked for most first");
    clock.advance(Duration::from_hours(24 * 32));
    assert!(list().await.is_empty(), "what was asked for long ago is forgotten");
}
