use std::sync::Arc;
use std::time::Duration;

use accounts::Accounts;
use articles::{Channel, Draft, Imported, Policy, State};
use db::db_test;
use events::Entry;
use kernel::time::ManualClock;
use kernel::{Slug, Time};
use media::Media;

use super::*;

struct Site {
    follows: Follows,
    clock: Arc<ManualClock>,
    ann: UserId,
    bob: UserId,
    author: AuthorId,
    live: Vec<ArticleId>,
    draft: ArticleId,
    _folder: tempfile::TempDir,
}

async fn site(db: &Db) -> Site {
    let (env, clock) = Env::manual(Time::parse("2024-06-04T12:00:00Z").unwrap());
    let journal = Journal::new(db.clone(), env.clone());
    let accounts = Accounts::new(db.clone(), journal.clone(), env.clone());
    let ann = accounts.ensure("ann", "安", None, None).await.unwrap().id;
    let bob = accounts.ensure("bob", "波", None, None).await.unwrap().id;
    let authors = Authors::new(db.clone(), journal.clone(), env.clone());
    let author = authors.ensure("nanpo", "南坡观察").await.unwrap().id;
    let folder = tempfile::tempdir().unwrap();
    let media =
        Media::new(db.clone(), journal.clone(), env.clone(), blob::Store::open(folder.path()).unwrap());
    let articles = Articles::new(
        db.clone(),
        journal.clone(),
        env.clone(),
        authors.clone(),
        media,
        Policy { review: false },
    );
    let slug = Slug::new("city").unwrap();
    let channel = Channel {
        slug: slug.clone(),
        zh: "城市".into(),
        en: "City".into(),
        colour: "#000000".into(),
        position: 1,
    };
    articles.ensure_channel(&channel).await.unwrap();
    let item = |external: &str, state| Imported {
        external_id: external.into(),
        author,
        place: None,
        draft: Draft {
            title: external.into(),
            body: "文".into(),
            channel: Some(slug.clone()),
            ..Draft::default()
        },
        state,
        published_at: env.now(),
        edited_at: None,
    };
    let batch = vec![item("a", State::Live), item("b", State::Live), item("c", State::Draft)];
    let ids: Vec<ArticleId> = articles.import(batch).await.unwrap().into_iter().map(|(_, id)| id).collect();
    let follows = Follows::new(db.clone(), journal, env, authors, articles);
    Site { follows, clock, ann, bob, author, live: ids[..2].to_vec(), draft: ids[2], _folder: folder }
}

#[db_test]
async fn following_twice_is_following(db: Db) {
    let Site { follows, ann, bob, author, .. } = site(&db).await;
    for _ in 0..2 {
        follows.follow(ann, author).await.unwrap();
    }
    follows.follow(bob, author).await.unwrap();
    assert!(follows.is_following(ann, author).await.unwrap());
    assert_eq!(follows.following(ann).await.unwrap(), [author]);
    let nobody = AuthorId::new(1);
    let counts = follows.follower_counts(&[author, nobody]).await.unwrap();
    assert_eq!((counts.get(&author), counts.get(&nobody)), (Some(&2), None));
    assert!(matches!(follows.follow(ann, nobody).await, Err(Error::NotFound)));
    for _ in 0..2 {
        follows.unfollow(ann, author).await.unwrap();
    }
    assert!(!follows.is_following(ann, author).await.unwrap());

    let told = events::testing::all(&follows.journal).await;
    let told: Vec<_> = told.iter().filter_map(Entry::read::<FollowChanged>).map(|e| (e.user, e.on)).collect();
    assert_eq!(told, [(ann, true), (bob, true), (ann, false)]);
}

#[db_test]
async fn likes_are_counted_once_a_reader(db: Db) {
    let Site { follows, ann, bob, live, draft, author, .. } = site(&db).await;
    for user in [ann, ann, bob] {
        follows.like(user, live[0]).await.unwrap();
    }
    follows.unlike(bob, live[1]).await.unwrap();
    let counts = follows.like_counts(&live).await.unwrap();
    assert_eq!((counts.get(&live[0]), counts.get(&live[1])), (Some(&2), None));
    assert!(matches!(follows.like(ann, draft).await, Err(Error::NotFound)));
    assert!(matches!(follows.favourite(ann, draft).await, Err(Error::NotFound)));

    follows.follow(ann, author).await.unwrap();
    let marks = follows.state(ann, live[0], author).await.unwrap();
    assert_eq!(marks, ReaderState { liked: true, favourite: false, following: true });
    follows.unlike(ann, live[0]).await.unwrap();
    follows.favourite(ann, live[0]).await.unwrap();
    let marks = follows.state(ann, live[0], author).await.unwrap();
    assert_eq!(marks, ReaderState { liked: false, favourite: true, following: true });
    assert_eq!(follows.state(bob, live[1], author).await.unwrap(), ReaderState::default());

    let told = events::testing::all(&follows.journal).await;
    let on: Vec<_> = told.iter().filter_map(Entry::read::<ArticleLiked>).map(|e| e.on).collect();
    assert_eq!(on, [true, true, false]);
}

#[db_test]
async fn favourites_page_from_the_latest(db: Db) {
    let Site { follows, clock, ann, live, .. } = site(&db).await;
    for &id in &live {
        follows.favourite(ann, id).await.unwrap();
        clock.advance(Duration::from_secs(1));
    }
    follows.favourite(ann, live[0]).await.unwrap(); // again: keeps its place
    let first = follows.favourites(ann, Cursor::START, 1).await.unwrap();
    assert_eq!(first.items[0].article, live[1]);
    let second = follows.favourites(ann, first.next.unwrap(), 1).await.unwrap();
    assert_eq!((second.items[0].article, second.next), (live[0], None));
    follows.unfavourite(ann, live[1]).await.unwrap();
    assert_eq!(follows.favourites(ann, Cursor::START, 10).await.unwrap().items, second.items);
}

#[db_test]
async fn approval_is_counted_by_the_hour_and_each_reader_once(db: Db) {
    let Site { follows, clock, ann, bob, live, _folder, .. } = site(&db).await;
    let since = follows.env.now();
    follows.like(ann, live[0]).await.unwrap();
    follows.favourite(ann, live[0]).await.unwrap();
    follows.favourite(bob, live[0]).await.unwrap();
    clock.advance(Duration::from_hours(1));
    follows.like(bob, live[0]).await.unwrap();
    follows.like(bob, live[1]).await.unwrap();
    let ask = async |since, among: Option<&[ArticleId]>| {
        let mut found = follows.approval(since, ann.max(bob), among).await.unwrap();
        found.sort_by_key(|a| (a.article, a.hour));
        found.into_iter().map(|a| (a.article, a.readers, a.known)).collect::<Vec<_>>()
    };
    let known = |user: UserId| i64::from(user < ann.max(bob));
    assert_eq!(ask(since, Some(&[live[0]])).await, [(live[0], 1, known(ann)), (live[0], 1, known(bob))]);
    assert_eq!(ask(since, None).await.len(), 3);
    assert_eq!(ask(follows.env.now(), None).await.len(), 2);
    assert!(ask(since, Some(&[])).await.is_empty());
}
