//! What somebody takes along of a whole site.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::Arc;

use articles::{Draft, State};
use authors::Profile;
use bytes::Bytes;
use db::{Conn, Db, args, db_test};
use export::jobs::MakeExport;
use export::{Maker, State as Stands};
use flate2::read::DeflateDecoder;
use futures::TryStreamExt;
use jobs::Workers;
use kernel::{Error, Locale};
use serde_json::Value;
use testing::{PASSWORD, SCHEMA, TestSite, until};
use tokio_util::sync::CancellationToken;

/// Files by name, read by the list at the end.
fn unpacked(zip: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let word = |at: usize| u32::from_le_bytes(zip[at..at + 4].try_into().unwrap()) as usize;
    let half = |at: usize| usize::from(u16::from_le_bytes(zip[at..at + 2].try_into().unwrap()));
    let end = zip.len() - 22;
    assert_eq!(&zip[end..end + 4], b"PK\x05\x06");
    let (count, mut at) = (half(end + 10), word(end + 16));
    let mut files = BTreeMap::new();
    for _ in 0..count {
        assert_eq!(&zip[at..at + 4], b"PK\x01\x02");
        let (packed, size, name, extra, begins) =
            (word(at + 20), word(at + 24), half(at + 28), half(at + 30), word(at + 42));
        let called = String::from_utf8(zip[at + 46..at + 46 + name].to_vec()).unwrap();
        let from = begins + 30 + half(begins + 26) + half(begins + 28);
        let mut bytes = Vec::new();
        DeflateDecoder::new(&zip[from..from + packed]).read_to_end(&mut bytes).unwrap();
        assert_eq!(bytes.len(), size, "{called}");
        assert!(files.insert(called, bytes).is_none());
        at += 46 + name + extra;
    }
    files
}

/// Carries jobs out until it is dropped.
struct Working(CancellationToken);

impl Drop for Working {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

fn work(site: &TestSite) -> Working {
    let maker = Maker::new(site.export.clone(), Arc::new(site.frame()));
    let stop = CancellationToken::new();
    let workers = Workers::new(site.jobs.clone(), || jiff::tz::TimeZone::UTC).on::<MakeExport>(maker);
    tokio::spawn(workers.run(stop.clone()));
    Working(stop)
}

#[db_test]
async fn all_that_is_theirs_and_nothing_of_others(db: Db) {
    let site = TestSite::new(&db).await;
    let ann = site.accounts.ensure("ann", "安 <b>", None, Some(PASSWORD)).await.unwrap();
    let bob = site.user("bob").await;
    let theirs = site.article("Tides of others", State::Live).await;
    let profile = Profile { handle: "anns".into(), name: "Ann's".into(), ..Profile::default() };
    let own = site.authors.create(profile, &[ann.id]).await.unwrap().id;
    let hash = site.picture(ann.id, 1).await;
    let body = format!("Low water.\n\n![A harbour](/media/{hash}/full.jpg)");
    let draft = Draft { body, covers: vec![hash.clone()], ..testing::draft("Mine") };
    let article = site.articles.create(own, ann.id, draft).await.unwrap();
    site.comments.post(&ann, theirs, None, "said & done").await.unwrap();
    site.comments.post(&bob, theirs, None, "of bob").await.unwrap();
    site.follows.favourite(ann.id, theirs).await.unwrap();
    site.follows.like(ann.id, theirs).await.unwrap();
    site.follows.follow(ann.id, site.author.id).await.unwrap();
    site.accounts.create_token(ann.id, "a script").await.unwrap();
    let arrival = accounts::Arrival {
        provider: "club".into(),
        issuer: "https://club.example".into(),
        subject: "77".into(),
        username: Some("annie".into()),
        ..accounts::Arrival::default()
    };
    site.accounts.link(&ann, &arrival).await.unwrap();
    let report = moderation::NewProfileReport {
        about: bob.id,
        reason: Some(moderation::Reason::Spam),
        text: "All of it is for sale".into(),
        contact: None,
        by: Some(ann.id),
    };
    site.moderation.report_profile(report, "n").await.unwrap();

    let _working = work(&site);
    site.export.ask(&ann, Locale::ZhCn).await.unwrap();
    assert!(matches!(
        site.export.ask(&ann, Locale::En).await,
        Err(Error::Conflict("export-running" | "export-often"))
    ));
    let ready =
        async || site.export.standing(ann.id).await.unwrap().is_some_and(|one| one.state == Stands::Ready);
    until("it is made", ready).await;
    let archive = site.export.own(ann.id).await.unwrap();
    let bytes: Vec<Bytes> = archive.read(0..archive.len).await.unwrap().try_collect().await.unwrap();
    let files = unpacked(&bytes.concat());

    let read =
        |name: &str| -> Value { serde_json::from_slice(&files[&format!("data/{name}.json")]).unwrap() };
    let account = read("account");
    assert_eq!((account["handle"].as_str(), account["name"].as_str()), (Some("ann"), Some("安 <b>")));
    assert_eq!(account.get("password"), None);
    let comments = read("comments");
    assert_eq!((comments.as_array().unwrap().len(), comments[0]["text"].as_str()), (1, Some("said & done")));
    assert_eq!(read("favourites")[0]["title"].as_str(), Some("Tides of others"));
    assert_eq!(read("follows")[0]["handle"].as_str(), Some("harbour"));
    assert_eq!(read("tokens")[0]["name"].as_str(), Some("a script"));
    assert_eq!(read("blocks"), Value::Array(vec![]));
    let elsewhere = read("identities");
    assert_eq!(
        (elsewhere[0]["name"].as_str(), elsewhere[0]["subject"].as_str()),
        (Some("annie"), Some("77"))
    );
    let reported = read("profile-reports");
    assert_eq!(reported[0]["text"].as_str(), Some("All of it is for sale"));
    assert!(reported[0]["address"].as_str().unwrap().ends_with("/user/bob"), "{reported}");
    let articles = read("articles");
    assert_eq!(articles[0]["id"].as_str(), Some(article.id.to_string().as_str()));
    assert!(articles[0]["source"].as_str().unwrap().contains("Low water"));
    assert_eq!(read("revisions").as_array().unwrap().len(), 1);
    for part in export::Part::ALL {
        assert!(files.contains_key(&format!("data/{}.json", part.name())), "{}", part.name());
    }
    let said: Vec<&String> = files
        .iter()
        .filter(|(_, bytes)| bytes.windows(6).any(|part| part == b"of bob"))
        .map(|(name, _)| name)
        .collect();
    assert!(said.is_empty(), "{said:?}");

    let page = |name: &str| String::from_utf8(files[name].clone()).unwrap();
    let index = page("index.html");
    assert!(
        index.contains("lang=\"zh-CN\"")
            && index.contains("安 &lt;b&gt;")
            && index.contains("pages/comments.html")
    );
    assert!(!index.contains("pages/blocks.html"), "there is no page of what there is none of");
    assert!(page("pages/comments.html").contains("said &amp; done"));
    let mine = page("pages/articles.html");
    assert!(mine.contains("Low water") && !mine.contains("\"/media/"), "{mine}");
    let picture = files.keys().filter(|name| name.starts_with(&format!("media/{hash}/"))).count();
    assert!(picture >= 1);
}

#[db_test]
async fn an_archive_of_many_comments_has_many_pages(db: Db) {
    let site = TestSite::new(&db).await;
    let ann = site.user("ann").await;
    let article = site.article("Tides", State::Live).await;
    let first = site.comments.post(&ann, article, None, "the first").await.unwrap().id;
    let tx = db.write().await.unwrap();
    let sql = "INSERT INTO comments (id, article_id, user_id, name, text, state, likes, heat, created_at, floor)
               SELECT c.id + n.value, c.article_id, c.user_id, c.name, c.text, c.state, 0, 0, c.created_at, 1
               FROM comments c, (WITH RECURSIVE n (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 449) SELECT value FROM n) n
               WHERE c.id = $1";
    tx.exec(sql, args![first]).await.unwrap();
    tx.commit().await.unwrap();
    let _working = work(&site);
    site.export.ask(&ann, Locale::En).await.unwrap();
    until("it is made", async || site.export.own(ann.id).await.is_ok()).await;
    let archive = site.export.own(ann.id).await.unwrap();
    let bytes: Vec<Bytes> = archive.read(0..archive.len).await.unwrap().try_collect().await.unwrap();
    let files = unpacked(&bytes.concat());
    let all: Value = serde_json::from_slice(&files["data/comments.json"]).unwrap();
    assert_eq!(all.as_array().unwrap().len(), 450);
    let page = |name: &str| String::from_utf8(files[name].clone()).unwrap();
    assert!(page("pages/comments.html").contains("href=\"comments-2.html\""));
    assert!(page("pages/comments-3.html").contains("href=\"comments-2.html\""));
    assert!(!files.contains_key("pages/comments-4.html"));
}

#[db_test]
async fn an_archive_is_gone_after_a_week_and_with_its_user(db: Db) {
    let site = TestSite::new(&db).await;
    let ann = site.user("ann").await;
    {
        let _working = work(&site);
        site.export.ask(&ann, Locale::En).await.unwrap();
        until("it is made", async || site.export.own(ann.id).await.is_ok()).await;
    }
    let archive = site.export.own(ann.id).await.unwrap();
    assert!(matches!(site.export.ask(&ann, Locale::En).await, Err(Error::Conflict("export-often"))));
    assert!(matches!(site.export.by_token("nobody has this").await, Err(Error::NotFound)));
    assert_eq!(site.export.sweep().await.unwrap(), 0);
    site.advance(export::KEPT);
    assert!(matches!(site.export.own(ann.id).await, Err(Error::NotFound)));
    assert_eq!(site.export.sweep().await.unwrap(), 1);
    assert!(matches!(archive.read(0..1).await, Err(Error::NotFound)), "its pieces are gone, too");

    {
        let _working = work(&site);
        site.export.ask(&ann, Locale::En).await.unwrap();
        until("it is made", async || site.export.own(ann.id).await.is_ok()).await;
    }
    let archive = site.export.own(ann.id).await.unwrap();
    site.erasure.delete(None, ann.id, "x").await.unwrap();
    assert!(matches!(archive.read(0..1).await, Err(Error::NotFound)));
    assert_eq!(db.scalar("SELECT COUNT(*) FROM exports", args![]).await.unwrap(), Some(0i64));
}

#[db_test]
async fn an_archive_that_nobody_makes_any_more_keeps_nobody_from_the_next(db: Db) {
    let site = TestSite::new(&db).await;
    let ann = site.user("ann").await;
    site.export.ask(&ann, Locale::En).await.unwrap();
    assert!(matches!(site.export.ask(&ann, Locale::En).await, Err(Error::Conflict("export-running"))));
    let tx = db.write().await.unwrap();
    tx.exec("DELETE FROM jobs", args![]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(site.export.standing(ann.id).await.unwrap().map(|one| one.state), Some(Stands::Failed));
    site.export.ask(&ann, Locale::En).await.unwrap();
    assert_eq!(site.export.standing(ann.id).await.unwrap().map(|one| one.state), Some(Stands::Waiting));
    // What failed is over after a day; what waits only where nobody makes it.
    site.advance(std::time::Duration::from_hours(25));
    assert_eq!(site.export.sweep().await.unwrap(), 1);
    let tx = db.write().await.unwrap();
    tx.exec("DELETE FROM jobs", args![]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(site.export.sweep().await.unwrap(), 1);
    assert_eq!(db.scalar("SELECT COUNT(*) FROM exports", args![]).await.unwrap(), Some(0i64));
}
