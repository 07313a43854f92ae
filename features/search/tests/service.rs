//! From the journal to a reader's question, on both databases.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use articles::State;
use authors::Profile;
use db::{Db, db_test};
use events::Position;
use index::Document;
use kernel::{ArticleId, Env};
use search::{Index, Permit, Query, Search, Suggestions, reindex};
use testing::{SCHEMA, TestSite};
use tokio_util::sync::CancellationToken;

async fn open(db: &Db) -> TestSite {
    let author = Profile { handle: "harbour".into(), name: "潮汐观察".into(), ..Profile::default() };
    TestSite::builder().env(Env::system()).author(author, "mara").open_on(db).await
}

/// Search on the index of a folder that one at a time can hold.
fn opened(site: &TestSite) -> Search {
    site.services.search(index(site))
}

fn folder(site: &TestSite) -> PathBuf {
    site.folder().join("index")
}

fn index(site: &TestSite) -> Index {
    Index::open(&folder(site)).unwrap()
}

async fn permit(search: &Search) -> Permit {
    search.admit(IpAddr::from([203, 0, 113, 7])).await.unwrap()
}

async fn publish(site: &TestSite, title: &str) -> ArticleId {
    let draft = articles::Draft { body: format!("{title}。"), ..testing::draft(title) };
    site.article_of(site.author.id, draft, State::Live).await
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
    let site = open(&db).await;
    let before = publish(&site, "风暴潮与水位").await;
    let search = opened(&site);
    following(&search, async {
        check(&search, "风暴潮", &[before]).await; // from the tables
        let after = publish(&site, "风暴过后").await; // from the journal
        check(&search, "风暴过后", &[after]).await;
        check(&search, "harbour", &[after, before]).await;

        site.articles.retract(before).await.unwrap();
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

        let renamed = Profile { name: "灯塔笔记".into(), ..site.author.clone().into() };
        site.authors.update(site.author.id, renamed).await.unwrap();
        check(&search, "灯塔笔记", &[after]).await;
        check(&search, "潮汐观察", &[]).await;
    })
    .await;
}

#[db_test]
async fn it_goes_on_where_it_stopped(db: Db) {
    let site = open(&db).await;
    let first = publish(&site, "第一盏灯").await;
    let search = opened(&site);
    following(&search, check(&search, "灯", &[first])).await;
    drop(search);
    let second = publish(&site, "第二盏灯").await;
    site.articles.retract(first).await.unwrap();
    let search = opened(&site);
    assert_eq!(search.len(), 1, "kept from before");
    following(&search, check(&search, "灯", &[second])).await;
    assert_eq!(search.len(), 1);

    // An index that is ahead of its journal is of another database.
    drop(search);
    let ahead = serde_json::to_string(&Position { tx: i64::MAX, seq: i64::MAX }).unwrap();
    let index = index(&site);
    index.delete(&[second]);
    index.commit(Some(&ahead)).unwrap();
    drop(index);
    let search = opened(&site);
    assert_eq!(search.len(), 0);
    following(&search, check(&search, "灯", &[second])).await;
}

/// Waits until a server has built what it was asked for.
async fn rebuilt(folder: &Path) {
    for _ in 0..400 {
        if reindex::progress(folder).unwrap().is_none() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("{:?}", reindex::progress(folder));
}

#[db_test]
async fn a_new_index_is_built_beside_the_one_that_answers(db: Db) {
    let site = open(&db).await;
    let first = publish(&site, "第一盏灯").await;
    let search = opened(&site);
    following(&search, check(&search, "灯", &[first])).await;
    drop(search);
    // Something that only the old index has: it is gone when the new one has taken over.
    {
        let stray = Document {
            id: ArticleId::new(1),
            author: site.author.id,
            author_name: String::new(),
            handle: String::new(),
            channel: testing::channel("city").slug,
            title: "不在表里".into(),
            text: String::new(),
            tags: Vec::new(),
            kinds: Vec::new(),
            published_at: site.env.now(),
        };
        let index = index(&site);
        index.put(&[stray]).unwrap();
        index.commit(Some(&index.commit_payload().unwrap().unwrap())).unwrap();
    }
    let (search, folder) = (opened(&site), folder(&site));
    following(&search, async {
        check(&search, "灯", &[first]).await;
        assert_eq!(search.len(), 2);
        let generation = search.generation();
        reindex::ask(&folder).unwrap();
        let second = publish(&site, "第二盏灯").await;
        while reindex::progress(&folder).unwrap().is_some() {
            // At no moment is there nothing.
            let query = Query { text: "灯".into(), ..Query::default() };
            assert!(search.query(&query, &permit(&search).await).await.unwrap().total > 0);
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        check(&search, "灯", &[second, first]).await;
        assert!(search.len() == 2 && search.generation() > generation);
        // The journal is followed on.
        site.articles.retract(first).await.unwrap();
        let third = publish(&site, "第三盏灯").await;
        check(&search, "灯", &[third, second]).await;
        assert_eq!(search.len(), 2);
    })
    .await;
    let journal = site.journal.head().await.unwrap();
    drop(search);
    let place: Position = serde_json::from_str(&index(&site).commit_payload().unwrap().unwrap()).unwrap();
    assert!(place <= journal, "it goes on from where the new one is");
}

/// Somewhere else, somebody asks all nodes: what only this one's index has goes away.
#[db_test]
async fn a_node_is_asked_by_an_event(db: Db) {
    let site = open(&db).await;
    let first = publish(&site, "第一盏灯").await;
    let search = opened(&site);
    following(&search, async {
        check(&search, "灯", &[first]).await;
        let generation = search.generation();
        reindex::ask_all(&site.db, &site.journal).await.unwrap();
        for _ in 0..400 {
            if search.generation() > generation && reindex::progress(&folder(&site)).unwrap().is_none() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        assert!(search.generation() > generation);
        check(&search, "灯", &[first]).await;
    })
    .await;
    // Once: not again by whoever starts on this index.
    let generation = search.generation();
    drop(search);
    let search = opened(&site);
    following(&search, async {
        let second = publish(&site, "第二盏灯").await;
        check(&search, "灯", &[second, first]).await;
    })
    .await;
    assert!(reindex::progress(&folder(&site)).unwrap().is_none() && generation > 0);
}

#[db_test]
async fn a_request_outlives_the_server(db: Db) {
    let site = open(&db).await;
    let first = publish(&site, "第一盏灯").await;
    let search = opened(&site);
    following(&search, check(&search, "灯", &[first])).await;
    // Asked, and killed in the middle of it: what was built so far lies there.
    let folder = folder(&site);
    reindex::ask(&folder).unwrap();
    drop(search);
    let (old, half) = {
        let old = index(&site);
        let half = old.shadow().unwrap();
        (old, half)
    };
    half.commit(None).unwrap();
    drop((half, old));
    let search = opened(&site);
    assert_eq!(search.len(), 1, "the old one is whole");
    following(&search, async {
        rebuilt(&folder).await;
        check(&search, "灯", &[first]).await;
    })
    .await;
    // Where no server runs, whoever has the index builds it.
    let done = std::cell::Cell::new(0);
    search.reindex(&CancellationToken::new(), |n| done.set(done.get() + n)).await.unwrap();
    assert_eq!((done.get(), search.len()), (1, 1));
    let failed = reindex::Progress { failed: Some("no room".into()), ..reindex::Progress::default() };
    std::fs::write(folder.join("reindex"), serde_json::to_vec(&failed).unwrap()).unwrap();
    assert_eq!(reindex::progress(&folder).unwrap(), Some(failed));
}

/// Somebody cleans up too much. What is written afterwards must be found all the same, and be there after a restart.
#[db_test]
async fn a_folder_that_disappears_is_made_anew(db: Db) {
    let site = open(&db).await;
    let before = publish(&site, "潮汐表").await;
    let search = opened(&site);
    assert!(!search.is_ready(), "nothing is in it yet");
    let folder = folder(&site);
    following(&search, async {
        check(&search, "潮汐表", &[before]).await;
        // What the tables had can be found before what came meanwhile is in.
        for _ in 0..200 {
            if search.is_ready() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        assert!(search.is_ready());
        // A merge may be writing into it.
        while let Err(error) = std::fs::remove_dir_all(&folder) {
            assert_eq!(error.kind(), std::io::ErrorKind::DirectoryNotEmpty);
        }
        let after = publish(&site, "渡轮时刻").await;
        check(&search, "渡轮时刻", &[after]).await;
        check(&search, "潮汐表", &[before]).await;
        assert!(folder.join("version").exists());
    })
    .await;
    let held = Index::open(&folder);
    assert!(matches!(held, Err(kernel::Error::Unavailable(_))), "it holds the new folder's lock");
    drop(search);
    assert_eq!(opened(&site).len(), 2);
}

#[db_test]
async fn fields_are_understood_and_suggestions_are_visible_articles(db: Db) {
    let site = open(&db).await;
    let tide = publish(&site, "潮汐表与水位").await;
    let other = publish(&site, "潮汐是怎样来的").await;
    let search = opened(&site);
    following(&search, async {
        check(&search, "频道：城市 潮汐", &[tide, other]).await;
        check(&search, "channel:City 水位", &[tide]).await;
        check(&search, "频道:没有的 水位", &[tide]).await; // no channel, so words, of which some are there
        check(&search, "作者:潮汐观察 水位", &[tide]).await;
        check(&search, "chaoxibiao", &[tide]).await;
        let suggested = search.suggest("chaox", &permit(&search).await).await.unwrap();
        assert_eq!(suggested.authors, [("潮汐观察".to_owned(), "harbour".to_owned())]);
        let titles = |found: Suggestions| found.titles.into_iter().map(|(id, _)| id).collect::<Vec<_>>();
        assert_eq!(titles(search.suggest("潮汐", &permit(&search).await).await.unwrap()), [other, tide]);
        site.articles.retract(other).await.unwrap();
        assert_eq!(titles(search.suggest("潮汐", &permit(&search).await).await.unwrap()), [tide], "at once");
    })
    .await;
}

#[db_test]
async fn it_is_noted_whose_words_are_gone(db: Db) {
    let site = open(&db).await;
    let search = opened(&site);
    let id = publish(&site, "潮汐表").await;
    following(&search, async {
        check(&search, "潮汐表", &[id]).await;
        testing::until("it follows", async || search.has_followed(Position::START)).await;
        let beyond = Position { tx: i64::MAX, seq: i64::MAX };
        assert!(!search.has_followed(beyond));
    })
    .await;
    assert_eq!(search.expunged().millis(), 0, "nobody knows");
    let then = site.env.now();
    search.expunge(then).await.unwrap();
    assert_eq!(search.expunged(), then);
    check(&search, "潮汐表", &[id]).await;
}
