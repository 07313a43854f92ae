//! From the journal to a reader's question, on both databases.

use std::time::Duration;

use articles::{Articles, Channel, Draft, Policy};
use authors::{Authors, Profile};
use db::{Db, db_test};
use events::Journal;
use index::Index;
use kernel::{ArticleId, AuthorId, Env, Slug, UserId};
use media::Media;
use tokio_util::sync::CancellationToken;

use crate::{Query, Search};

struct Desk {
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
    Desk { articles, authors, journal, env, author, user, folder }
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
        got = search.query(&query).await.unwrap().hits.iter().map(|hit| hit.card.id).collect();
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
        assert!(search.query(&query).await.unwrap().hits.iter().all(|hit| hit.card.id != before));
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
