//! Follows, favourites and likes on a whole site.

mod subjects;

use std::time::Duration;

use articles::State;
use db::{Db, db_test};
use follows::ReaderState;
use follows::events::{ArticleLiked, FollowChanged};
use kernel::{ArticleId, AuthorId, Cursor, Error, UserId};
use testing::{SCHEMA, TestSite};

/// Two who read, two live articles and a draft.
struct Readers {
    ann: UserId,
    bob: UserId,
    author: AuthorId,
    live: [ArticleId; 2],
    draft: ArticleId,
}

async fn open(db: &Db) -> (TestSite, Readers) {
    let site = TestSite::new(db).await;
    let (ann, bob) = (site.user("ann").await.id, site.user("bob").await.id);
    let live = [site.article("A", State::Live).await, site.article("B", State::Live).await];
    let draft = site.article("C", State::Draft).await;
    let author = site.author.id;
    (site, Readers { ann, bob, author, live, draft })
}

#[db_test]
async fn following_twice_is_following(db: Db) {
    let (site, Readers { ann, bob, author, .. }) = open(&db).await;
    let follows = &site.follows;
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

    let events: Vec<_> = site.events::<FollowChanged>().await.iter().map(|e| (e.user, e.on)).collect();
    assert_eq!(events, [(ann, true), (bob, true), (ann, false)]);
}

#[db_test]
async fn likes_are_counted_once_a_reader(db: Db) {
    let (site, Readers { ann, bob, live, draft, author, .. }) = open(&db).await;
    let follows = &site.follows;
    for user in [ann, ann, bob] {
        follows.like(user, live[0]).await.unwrap();
    }
    follows.unlike(bob, live[1]).await.unwrap();
    let counts = follows.like_counts(&live).await.unwrap();
    assert_eq!((counts.get(&live[0]), counts.get(&live[1])), (Some(&2), None));
    assert!(matches!(follows.like(ann, draft).await, Err(Error::NotFound)));
    assert!(matches!(follows.favourite(ann, draft).await, Err(Error::NotFound)));

    follows.follow(ann, author).await.unwrap();
    let state = follows.state(ann, live[0], author).await.unwrap();
    assert_eq!(state, ReaderState { liked: true, favourite: false, following: true });
    follows.unlike(ann, live[0]).await.unwrap();
    follows.favourite(ann, live[0]).await.unwrap();
    let state = follows.state(ann, live[0], author).await.unwrap();
    assert_eq!(state, ReaderState { liked: false, favourite: true, following: true });
    assert_eq!(follows.state(bob, live[1], author).await.unwrap(), ReaderState::default());

    let on: Vec<_> = site.events::<ArticleLiked>().await.iter().map(|e| e.on).collect();
    assert_eq!(on, [true, true, false]);
}

#[db_test]
async fn favourites_page_from_the_latest(db: Db) {
    let (site, Readers { ann, live, .. }) = open(&db).await;
    let follows = &site.follows;
    for &id in &live {
        follows.favourite(ann, id).await.unwrap();
        site.advance(Duration::from_secs(1));
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
    let (site, Readers { ann, bob, live, .. }) = open(&db).await;
    let follows = &site.follows;
    let since = site.env.now();
    follows.like(ann, live[0]).await.unwrap();
    follows.favourite(ann, live[0]).await.unwrap();
    follows.favourite(bob, live[0]).await.unwrap();
    site.advance(Duration::from_hours(1));
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
    assert_eq!(ask(site.env.now(), None).await.len(), 2);
    assert!(ask(since, Some(&[])).await.is_empty());
}
