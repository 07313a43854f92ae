use std::collections::HashSet;

use articles::Draft;
use db::{Conn, args};
use editorial::TopicText;
use follows::events::SubjectsChanged;
use follows::{Because, FollowedArticle, Subject, SubjectKind, Which};
use kernel::{Slug, Tag, TopicId};
use testing::channel;

use super::*;

const MINUTE: Duration = Duration::from_mins(1);

fn slug(name: &str) -> Slug {
    Slug::new(name).unwrap()
}

fn in_channel(name: &str) -> Subject {
    Subject::Channel(slug(name))
}

fn tagged(tag: &str) -> Subject {
    Subject::Tag(Tag::new(tag).unwrap())
}

/// A live article, a minute after the last.
async fn write(site: &TestSite, author: AuthorId, channel: &str, title: &str, tags: &[&str]) -> ArticleId {
    site.advance(MINUTE);
    let draft = Draft {
        channel: Some(slug(channel)),
        tags: tags.iter().map(|tag| Tag::new(tag).unwrap()).collect(),
        ..testing::draft(title)
    };
    site.article_of(author, draft, State::Live).await
}

/// A live topic with these articles.
async fn topic(site: &TestSite, slug: &str, articles: &[ArticleId]) -> TopicId {
    let editor = site.viewer("editor").await;
    let text = TopicText { en: slug.into(), ..TopicText::default() };
    let id = site.editorial.create_topic(&editor, slug, text).await.unwrap();
    for &article in articles {
        site.editorial.add_to_topic(&editor, id, article, "").await.unwrap();
    }
    site.editorial.publish_topic(&editor, id).await.unwrap();
    id
}

fn words(items: &[FollowedArticle]) -> Vec<String> {
    let word = |one: &FollowedArticle| {
        let because = match &one.because {
            Because::Author => "author".to_owned(),
            Because::Topic(topic) => format!("topic {}", topic.slug),
            Because::Tag(tag) => format!("tag {tag}"),
            Because::Channel => "channel".to_owned(),
        };
        format!("{}: {because}", one.card.title)
    };
    items.iter().map(word).collect()
}

/// All pages, each of two.
async fn all(site: &TestSite, user: UserId, which: Which, without: &HashSet<AuthorId>) -> Vec<String> {
    let (mut from, mut found) = (Cursor::START, Vec::new());
    for _ in 0..100 {
        let page = site.follows.feed(user, which, without, from, 2).await.unwrap();
        assert!(page.items.len() <= 2);
        found.extend(words(&page.items));
        match page.next {
            Some(next) => from = next,
            None => return found,
        }
    }
    panic!("a list without end: {found:?}");
}

#[db_test]
async fn a_subject_is_followed_once_while_it_is_there(db: Db) {
    let site = TestSite::new(&db).await;
    let (ann, follows) = (site.user("ann").await.id, site.follows.clone());
    let article = write(&site, site.author.id, "city", "A", &["Lamps"]).await;
    let tides = topic(&site, "tides", &[article]).await;
    let three = [in_channel("city"), tagged("lamps"), Subject::Topic(tides)];
    for subject in three.iter().chain(&three) {
        follows.follow_subject(ann, subject).await.unwrap();
    }
    follows.follow_subject(ann, &tagged("LAMPS")).await.unwrap();
    let followed: Vec<Subject> =
        follows.subjects(ann).await.unwrap().into_iter().map(|one| one.subject).collect();
    assert_eq!(followed.len(), 3);
    assert!(three.iter().all(|subject| followed.contains(subject)), "{followed:?}");
    assert!(follows.follows_subject(ann, &tagged("LaMpS")).await.unwrap());
    assert_eq!(follows.subject_followers(&three[1], UserId::new(0), 9).await.unwrap(), [ann]);
    assert!(follows.subject_followers(&three[1], ann, 9).await.unwrap().is_empty());
    for nothing in [in_channel("nowhere"), tagged("nothing"), Subject::Topic(TopicId::new(7))] {
        let refused = follows.follow_subject(ann, &nothing).await;
        assert!(matches!(refused, Err(Error::NotFound)), "{nothing:?}");
    }
    let editor = site.viewer("editor").await;
    site.editorial.withdraw_topic(&editor, tides).await.unwrap();
    let bob = site.user("bob").await.id;
    assert!(matches!(follows.follow_subject(bob, &three[2]).await, Err(Error::NotFound)));
    // What is gone can still be left.
    for subject in three.iter().chain(&three) {
        follows.unfollow_subject(ann, subject).await.unwrap();
    }
    assert!(follows.subjects(ann).await.unwrap().is_empty());
    let events = site.events::<SubjectsChanged>().await;
    assert_eq!((events.len(), events[0].user), (6, ann), "only what changed anything");
}

#[db_test]
async fn nobody_follows_without_end(db: Db) {
    let (site, Readers { ann, author, .. }) = open(&db).await;
    write(&site, author, "city", "C", &["lamps"]).await;
    let tx = db.write().await.unwrap();
    for n in 0..SubjectKind::Tag.most() {
        let sql = "INSERT INTO subject_follows (user_id, kind, name, label, created_at) VALUES ($1, 'tag', $2, $2, 0)";
        tx.exec(sql, args![ann, format!("tag {n}")]).await.unwrap();
    }
    tx.commit().await.unwrap();
    let many = site.follows.follow_subject(ann, &tagged("lamps")).await;
    assert!(matches!(many, Err(Error::Conflict("follows-many"))));
    site.follows.follow_subject(ann, &in_channel("city")).await.unwrap();
    site.follows.unfollow_subject(ann, &tagged("tag 7")).await.unwrap();
    site.follows.follow_subject(ann, &tagged("lamps")).await.unwrap();
    // More scans than one statement has.
    assert_eq!(all(&site, ann, Which::Tags, &HashSet::new()).await, ["C: tag lamps"]);
}

#[db_test]
async fn a_channel_is_followed_under_each_of_its_names(db: Db) {
    let site = TestSite::new(&db).await;
    let (ann, bob, follows) = (site.user("ann").await.id, site.user("bob").await.id, site.follows.clone());
    site.articles.ensure_channel(&channel("harbour")).await.unwrap();
    write(&site, site.author.id, "harbour", "A", &[]).await;
    follows.follow_subject(ann, &in_channel("harbour")).await.unwrap();
    follows.follow_subject(ann, &in_channel("city")).await.unwrap();
    site.articles.merge_channel(&slug("harbour"), &slug("city")).await.unwrap();
    let followed: Vec<Subject> =
        follows.subjects(ann).await.unwrap().into_iter().map(|one| one.subject).collect();
    assert_eq!(followed, [in_channel("city")]);
    // By its old address, too.
    follows.follow_subject(bob, &in_channel("harbour")).await.unwrap();
    let mut both = vec![ann, bob];
    both.sort_unstable();
    let followers = follows.subject_followers(&in_channel("city"), UserId::new(0), 9).await.unwrap();
    assert_eq!(followers, both, "each once");
    assert_eq!(all(&site, ann, Which::Channels, &HashSet::new()).await, ["A: channel"]);
    follows.unfollow_subject(ann, &in_channel("city")).await.unwrap();
    assert!(follows.subjects(ann).await.unwrap().is_empty());
}

#[db_test]
async fn all_that_is_followed_is_one_list(db: Db) {
    let site = TestSite::new(&db).await;
    let (ann, follows) = (site.user("ann").await.id, site.follows.clone());
    site.articles.ensure_channel(&channel("tech")).await.unwrap();
    let other = site.create_author("tides", &[]).await.id;
    let harbour = site.author.id;
    let in_topic = write(&site, other, "tech", "1", &[]).await;
    write(&site, other, "tech", "2", &["lamps", "rope"]).await;
    write(&site, other, "city", "3", &["rope"]).await;
    write(&site, harbour, "city", "4", &["lamps"]).await;
    write(&site, other, "tech", "5", &["moss"]).await;
    let gone = write(&site, harbour, "city", "6", &["lamps"]).await;
    write(&site, other, "city", "7", &["lamps"]).await;
    let tides = topic(&site, "tides", &[in_topic]).await;
    site.decide(gone, moderation::Verdict::Retract { code: "wrong".into() }).await;
    let nobody = HashSet::new();
    assert!(all(&site, ann, Which::All, &nobody).await.is_empty());

    follows.follow(ann, harbour).await.unwrap();
    for subject in [in_channel("city"), tagged("lamps"), tagged("Rope"), Subject::Topic(tides)] {
        follows.follow_subject(ann, &subject).await.unwrap();
    }
    // Newest first, each once, with the reason that is most one's own.
    let everything = ["7: tag lamps", "4: author", "3: tag Rope", "2: tag Rope", "1: topic tides"];
    let found = all(&site, ann, Which::All, &nobody).await;
    // Of two tags, either.
    let plain = |list: &[String]| {
        list.iter().map(|one| one.replace("2: tag lamps", "2: tag Rope")).collect::<Vec<_>>()
    };
    assert_eq!(plain(&found), everything);
    assert_eq!(all(&site, ann, Which::Authors, &nobody).await, ["4: author"]);
    assert_eq!(all(&site, ann, Which::Channels, &nobody).await, ["7: channel", "4: channel", "3: channel"]);
    let tags = all(&site, ann, Which::Tags, &nobody).await;
    assert_eq!(plain(&tags), ["7: tag lamps", "4: tag lamps", "3: tag Rope", "2: tag Rope"]);
    assert_eq!(all(&site, ann, Which::Topics, &nobody).await, ["1: topic tides"]);
    // Who is muted is in none of it, also where others wrote little between.
    let without = HashSet::from([other]);
    assert_eq!(all(&site, ann, Which::All, &without).await, ["4: author"]);
    assert!(all(&site, ann, Which::All, &HashSet::from([other, harbour])).await.is_empty());

    let marks = follows.marks(ann).await.unwrap();
    assert_eq!((marks.authors.len(), marks.subjects.len()), (1, 4));
    assert_eq!((marks.authors[0].author, marks.favourites.len(), marks.likes.len()), (harbour, 0, 0));
    let tx = db.write().await.unwrap();
    follows.erase(&tx, ann).await.unwrap();
    tx.commit().await.unwrap();
    assert!(all(&site, ann, Which::All, &nobody).await.is_empty());
    assert_eq!(follows.marks(ann).await.unwrap(), follows::Marks::default());
}

/// Nearly everything is by somebody muted: pages lead on until there is nothing more, and lose nothing.
#[db_test]
async fn what_is_unwanted_hides_nothing_behind_it(db: Db) {
    let site = TestSite::new(&db).await;
    let ann = site.user("ann").await.id;
    let loud = site.create_author("loud", &[]).await.id;
    write(&site, site.author.id, "city", "first", &[]).await;
    for n in 0..20 {
        write(&site, loud, "city", &format!("noise {n}"), &[]).await;
    }
    write(&site, site.author.id, "city", "last", &[]).await;
    site.follows.follow_subject(ann, &in_channel("city")).await.unwrap();
    let found = all(&site, ann, Which::All, &HashSet::from([loud])).await;
    assert_eq!(found, ["last: channel", "first: channel"]);
}
