//! A picture is public only while something public shows it.

use db::{Conn, db_test};
use kernel::Env;
use testing::png;

use super::*;

impl House {
    async fn brought(&self, by: UserId, shade: u8) -> String {
        // The tests' own program is no worker.
        let media = self.media.trusting();
        media.upload(Some(by), png(40, 30, shade).into()).await.unwrap().hash
    }

    /// A draft with a picture in its text and one on its cover.
    async fn illustrated(&self, inside: &str, cover: &str) -> ArticleId {
        let draft = Draft {
            title: "Illustrated".into(),
            body: format!("Look: ![a lamp](/media/{inside}/full.jpg)"),
            channel: Some(Slug::new("city").unwrap()),
            covers: vec![cover.to_owned()],
            ..Draft::default()
        };
        self.articles.create(self.author.id, self.writer.id, draft).await.unwrap().id
    }

    /// What somebody with that cookie gets.
    async fn see(&self, cookie: Option<&str>, hash: &str) -> Answer {
        let request = get(&format!("/media/{hash}/w40.webp"));
        self.send(match cookie {
            Some(cookie) => request.header("cookie", cookie),
            None => request,
        })
        .await
    }

    async fn status(&self, cookie: Option<&str>, hash: &str) -> u16 {
        self.see(cookie, hash).await.status
    }

    /// Asks as a visitor until it is so.
    async fn becomes(&self, hash: &str, status: u16) {
        let began = tokio::time::Instant::now();
        while self.status(None, hash).await != status {
            assert!(began.elapsed() < PATIENCE, "not {status}: {}", self.status(None, hash).await);
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

#[db_test]
async fn a_picture_is_public_while_something_public_shows_it(db: Db) {
    let house = House::new(db, Env::system()).await;
    let s = &house.services;
    let (inside, cover) = (house.brought(house.writer.id, 1).await, house.brought(house.writer.id, 2).await);
    let id = house.illustrated(&inside, &cover).await;
    let (owner, stranger, reviewer) =
        (house.cookie("mara").await, house.cookie("reader").await, house.cookie("reviewer").await);
    // Somebody who writes for the same author.
    let other = s.accounts.ensure("otto", "Otto", None, None).await.unwrap().id;
    s.authors.add_owner(house.author.id, other).await.unwrap();
    let co_owner = house.cookie("otto").await;
    let hidden = async |what: &str| {
        for hash in [&inside, &cover] {
            assert_eq!(house.status(None, hash).await, 404, "{what}");
            assert_eq!(house.status(Some(&stranger), hash).await, 404, "{what}");
            for cookie in [&owner, &co_owner, &reviewer] {
                let seen = house.see(Some(cookie), hash).await;
                assert_eq!((seen.status, seen.header("cache-control")), (200, "private, no-store"), "{what}");
            }
        }
    };
    hidden("a draft").await;
    s.articles.submit(id, None).await.unwrap();
    hidden("submitted").await;
    house.approve(id).await;
    for hash in [&inside, &cover] {
        house.becomes(hash, 200).await;
        let seen = house.see(None, hash).await;
        let header = seen.header("cache-control");
        assert!(header.contains("must-revalidate") && header.contains("s-maxage=0"), "{header}");
        assert!(!header.contains("immutable"), "{header}");
    }

    // What a change brings is not shown before it is approved; what it takes away is gone then.
    let new = house.brought(house.writer.id, 3).await;
    let mut draft = s.articles.newest(id).await.unwrap().unwrap();
    draft.body = format!("![another lamp](/media/{new}/full.jpg)");
    s.articles.edit(id, house.writer.id, draft, 1).await.unwrap();
    s.articles.submit(id, None).await.unwrap();
    assert_eq!(house.status(None, &new).await, 404);
    assert_eq!(house.status(Some(&reviewer), &new).await, 200);
    assert_eq!(house.status(None, &inside).await, 200);
    house.approve(id).await;
    house.becomes(&new, 200).await;
    house.becomes(&inside, 410).await;

    // Taken down: gone for the public, also for who has it and asks whether it still stands.
    house.decide(id, Verdict::Retract { code: "law".into() }).await;
    for hash in [&new, &cover] {
        house.becomes(hash, 410).await;
        assert_eq!(house.status(Some(&stranger), hash).await, 410);
        assert_eq!(house.status(Some(&owner), hash).await, 200);
        let asks =
            get(&format!("/media/{hash}/w40.webp")).header("if-none-match", format!("\"{hash}-w40.webp\""));
        assert_eq!(house.send(asks).await.status, 410);
    }
    house.stop.cancel();
}

#[db_test]
async fn a_part_of_a_picture_is_sent_where_a_part_is_asked_for(db: Db) {
    let house = House::new(db, Env::system()).await;
    let hash = house.brought(house.writer.id, 1).await;
    let cookie = house.cookie("mara").await;
    let part = async |range: Option<&str>| {
        let mut request = get(&format!("/media/{hash}/w40.webp")).header("cookie", &cookie);
        if let Some(range) = range {
            request = request.header("range", range);
        }
        let answer = house.send(request).await;
        let says = answer.headers.get("content-range").map(|v| v.to_str().unwrap().to_owned());
        (answer.status, says, answer.body)
    };
    let (status, says, whole) = part(None).await;
    assert_eq!((status, says), (200, None));
    let len = whole.len();
    assert_eq!(part(Some("bytes=2-5")).await, (206, Some(format!("bytes 2-5/{len}")), whole.slice(2..6)));
    let (status, says, _) = part(Some("bytes=99999-")).await;
    assert_eq!((status, says), (416, Some(format!("bytes */{len}"))));
    // Another unit is none that we know: as if it were not asked.
    assert_eq!(part(Some("lines=2-5")).await, (200, None, whole));
    house.stop.cancel();
}

#[db_test]
async fn avatars_are_public_and_imports_are_their_authors(db: Db) {
    let house = House::new(db, Env::system()).await;
    let s = &house.services;
    let (first, second) = (house.brought(house.writer.id, 4).await, house.brought(house.writer.id, 5).await);
    assert_eq!(house.status(None, &first).await, 404);
    let wear = async |hash: &str| {
        let author = s.authors.find(house.author.id).await.unwrap().unwrap();
        let profile = Profile { avatar: Some(hash.to_owned()), ..author.into() };
        s.authors.update(house.author.id, profile).await.unwrap();
    };
    wear(&first).await;
    house.becomes(&first, 200).await;
    wear(&second).await;
    house.becomes(&second, 200).await;
    house.becomes(&first, 404).await;

    // A picture that nobody uploaded stands in a draft of the author.
    let imported = s.media.trusting().upload(None, png(40, 30, 6).into()).await.unwrap().hash;
    house.illustrated(&imported, &second).await;
    let (owner, stranger) = (house.cookie("mara").await, house.cookie("reader").await);
    assert_eq!(house.status(Some(&owner), &imported).await, 200);
    assert_eq!(house.status(Some(&stranger), &imported).await, 404);
    house.stop.cancel();
}

#[db_test]
async fn what_is_deleted_is_gone_until_it_is_brought_again(db: Db) {
    let house = House::new(db, Env::system()).await;
    let s = &house.services;
    let hash = house.brought(house.writer.id, 7).await;
    let other = s.accounts.ensure("otto", "Otto", None, None).await.unwrap().id;
    assert_eq!(house.brought(other, 7).await, hash);
    let owner = house.cookie("mara").await;
    assert!(!s.media.delete(house.writer.id, &hash, false).await.unwrap(), "another has it too");
    assert_eq!(house.status(Some(&owner), &hash).await, 404);
    assert_eq!(house.status(Some(&house.cookie("otto").await), &hash).await, 200);
    assert!(s.media.delete(other, &hash, false).await.unwrap());
    house.becomes(&hash, 410).await;
    assert_eq!(house.status(Some(&house.cookie("reviewer").await), &hash).await, 410, "for everybody");
    assert!(s.media.find(&hash).await.unwrap().is_none());
    let id = house.illustrated(&house.brought(house.writer.id, 7).await, &hash).await;
    s.articles.submit(id, None).await.unwrap();
    house.approve(id).await;
    house.becomes(&hash, 200).await;
    house.stop.cancel();
}

#[db_test]
async fn what_was_brought_for_an_author_is_seen_by_whoever_stays(db: Db) {
    let house = House::new(db, Env::system()).await;
    let s = &house.services;
    let otto = s.accounts.ensure("otto", "Otto", None, None).await.unwrap().id;
    s.authors.add_owner(house.author.id, otto).await.unwrap();
    let (inside, cover) = (house.brought(otto, 21).await, house.brought(otto, 22).await);
    let private = house.brought(otto, 23).await;
    house.illustrated(&inside, &cover).await;
    let owner = house.cookie("mara").await;
    s.authors.remove_owner(house.author.id, otto).await.unwrap();
    for hash in [&inside, &cover] {
        assert_eq!(house.status(Some(&owner), hash).await, 200, "it stands in the author's draft");
    }
    assert_eq!(house.status(Some(&owner), &private).await, 404);
    // Whoever learned its name and writes it down has not got it by that.
    house.illustrated(&private, &private).await;
    assert_eq!(house.status(Some(&owner), &private).await, 404);

    s.erasure.delete(None, otto, "x").await.unwrap();
    for hash in [&inside, &cover] {
        assert_eq!(house.status(Some(&owner), hash).await, 200, "and goes on standing there");
    }
    house.becomes(&private, 410).await;
    house.stop.cancel();
}

/// A site that is older than the record of its pictures goes on showing them.
#[db_test]
async fn older_articles_keep_their_pictures(db: Db) {
    let house = House::new(db.clone(), Env::system()).await;
    let s = &house.services;
    let (inside, cover) = (house.brought(house.writer.id, 8).await, house.brought(house.writer.id, 9).await);
    let id = house.illustrated(&inside, &cover).await;
    let gone = house.brought(house.writer.id, 10).await;
    let taken = house.illustrated(&gone, &gone).await;
    for id in [id, taken] {
        s.articles.submit(id, None).await.unwrap();
        house.approve(id).await;
    }
    s.articles.retract(taken).await.unwrap();
    let tx = db.write().await.unwrap();
    tx.exec("DELETE FROM article_pictures", vec![]).await.unwrap();
    tx.exec("INSERT INTO article_pictures_due SELECT id FROM articles", vec![]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(s.articles.record_pictures().await.unwrap(), 2);
    assert_eq!(s.articles.record_pictures().await.unwrap(), 0);
    for hash in [&inside, &cover] {
        house.becomes(hash, 200).await;
    }
    house.becomes(&gone, 410).await;
    house.stop.cancel();
}

/// No answer to a visitor names or holds a picture that only drafts have.
#[db_test]
async fn hidden_pictures_are_named_nowhere(db: Db) {
    let house = House::new(db, Env::system()).await;
    let s = &house.services;
    let hash = house.brought(house.writer.id, 11).await;
    let shown = house.brought(house.writer.id, 12).await;
    let live = house.illustrated(&shown, &shown).await;
    s.articles.submit(live, None).await.unwrap();
    house.approve(live).await;
    house.illustrated(&hash, &hash).await;
    let mut draft = s.articles.newest(live).await.unwrap().unwrap();
    draft.covers = vec![hash.clone()];
    s.articles.edit(live, house.writer.id, draft, 1).await.unwrap();
    house.wait("/latest", &live.to_string(), true).await;
    for path in [
        "/",
        "/latest",
        "/channel/city",
        "/@harbour",
        "/feed.xml",
        "/feed.json",
        "/rss.xml",
        "/hot",
        "/api/v1/articles",
        "/sitemap.xml",
        &format!("/article/{live}"),
        &format!("/api/v1/articles/{live}"),
        &format!("/oembed?url=http://127.0.0.1:8080/article/{live}"),
    ] {
        let Answer { status, text, .. } = house.get_anonymous(path).await;
        assert_eq!(status, 200, "{path}");
        assert!(!text.contains(&hash), "{path}");
    }
    for variant in ["w40.webp", "full.jpg", "full.gif", "motion.webp", "w320.webp", "../x"] {
        let request = get(&format!("/media/{hash}/{variant}")).body(Body::empty()).unwrap();
        let answer = house.answer(request).await;
        assert_eq!(answer.status, 404, "{variant}");
        let body = answer.body;
        assert!(!body.starts_with(b"RIFF") && !body.starts_with(&[0xff, 0xd8]));
    }
    house.stop.cancel();
}

/// A page that is kept shows its pictures, also to readers who are signed in and whom nobody can ask for.
#[db_test]
async fn a_picture_that_is_known_is_seen_while_the_database_is_gone(db: Db) {
    let (env, clock) = Env::manual(kernel::Time::parse("2024-06-05T10:00:00Z").unwrap());
    let house = House::new(db.clone(), env).await;
    let [inside, cover] = [house.brought(house.writer.id, 1).await, house.brought(house.writer.id, 2).await];
    let id = house.illustrated(&inside, &cover).await;
    let s = &house.services;
    s.articles.submit(id, None).await.unwrap();
    house.approve(id).await;
    let hidden = house.brought(house.writer.id, 3).await;
    // What the journal tells of it has been heard, and it is known again.
    house.becomes(&inside, 200).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    house.becomes(&inside, 200).await;
    house.becomes(&hidden, 404).await;
    let cookie = house.cookie("reader").await;
    db.close().await.unwrap();
    for _ in 0..2 {
        for cookie in [None, Some(cookie.as_str())] {
            assert_eq!(house.status(cookie, &inside).await, 200, "{cookie:?}");
        }
        assert_eq!(house.status(None, &hidden).await, 404);
        assert_eq!(house.status(Some(&cookie), &hidden).await, 503, "whose it is cannot be known now");
        assert_eq!(house.status(None, &cover).await, 503, "what was never asked for");
        clock.advance(Duration::from_hours(1));
    }
    house.stop.cancel();
}
