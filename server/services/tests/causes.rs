//! Each event says who did it, and why: what a consumer such as notifications is told of the verbs of a site.

use std::time::Duration;

use accounts::{Role, User, Viewer};
use articles::events::{Approved, Changed, Gone, Live, Returned, Submitted};
use articles::{Article, Channel, Draft, Imported, State, Verdict};
use authors::{Author, Profile};
use comments::ImportedComment;
use comments::events::{Changed as CommentChanged, Posted};
use db::{Conn, Db, db_test};
use events::{Actor, Entry};
use follows::events::{ArticleKept, ArticleLiked, FollowChanged};
use kernel::time::ManualClock;
use kernel::{ArticleId, Env, Slug, Time};
use services::{Options, SCHEMA, Services};

struct Site {
    services: Services,
    clock: std::sync::Arc<ManualClock>,
    /// Owns the author, whom the site does not trust.
    ann: User,
    bob: User,
    rev: User,
    boss: User,
    author: Author,
    /// What was told of already.
    seen: usize,
    _folder: tempfile::TempDir,
}

fn slug(name: &str) -> Slug {
    Slug::new(name).unwrap()
}

fn channel(name: &str) -> Channel {
    Channel { slug: slug(name), zh: name.into(), en: name.into(), colour: "#000000".into(), position: 1 }
}

fn draft(title: &str) -> Draft {
    Draft { title: title.into(), body: "Water.".into(), channel: Some(slug("city")), ..Draft::default() }
}

impl Site {
    async fn open(db: Db) -> Self {
        let (env, clock) = Env::manual(Time::parse("2024-06-05T10:00:00Z").unwrap());
        let folder = tempfile::tempdir().unwrap();
        let options = Options { review: true, ..Options::default() };
        let services = Services::new(db, env, blob::Store::open(folder.path()).unwrap(), &options);
        let person = async |handle: &str, role: Option<Role>| {
            let user = services.accounts.ensure(handle, handle, None, None).await.unwrap();
            if let Some(role) = role {
                services.accounts.grant(user.id, role).await.unwrap();
            }
            services.accounts.find(user.id).await.unwrap().unwrap()
        };
        let (ann, bob) = (person("ann", None).await, person("bob", None).await);
        let (rev, boss) =
            (person("rev", Some(Role::Editor)).await, person("boss", Some(Role::Operator)).await);
        services.accounts.grant(rev.id, Role::Reviewer).await.unwrap();
        let rev = services.accounts.find(rev.id).await.unwrap().unwrap();
        services.articles.ensure_channel(&channel("city")).await.unwrap();
        let profile = Profile { handle: "tides".into(), name: "Tides".into(), ..Profile::default() };
        let author = services.authors.create(profile, &[ann.id]).await.unwrap();
        let mut site = Self { services, clock, ann, bob, rev, boss, author, seen: 0, _folder: folder };
        site.told().await;
        site
    }

    /// What was told since the last look, in words.
    async fn told(&mut self) -> Vec<String> {
        let told = events::testing::all(&self.services.journal).await;
        let new = told[self.seen..].iter().filter_map(|entry| self.words(entry)).collect();
        self.seen = told.len();
        new
    }

    fn words(&self, entry: &Entry) -> Option<String> {
        let named = |id| {
            let people = [&self.ann, &self.bob, &self.rev, &self.boss];
            people.into_iter().find(|user| user.id == id).map_or("somebody", |user| user.handle.as_str())
        };
        let writer = |id: Option<_>| id.map_or("nobody", named);
        let what = if let Some(e) = entry.read::<Live>() {
            format!("live: {:?}", e.cause)
        } else if let Some(e) = entry.read::<Changed>() {
            format!("changed: {:?}", e.cause)
        } else if let Some(e) = entry.read::<Gone>() {
            format!("gone: {}", e.reason.unwrap_or_default())
        } else if let Some(e) = entry.read::<Submitted>() {
            format!("submitted {}{}", e.revision, if e.review { " for review" } else { "" })
        } else if let Some(e) = entry.read::<Approved>() {
            format!("approved {}", e.revision)
        } else if let Some(e) = entry.read::<Returned>() {
            format!("returned {}: {}", e.revision, e.reason)
        } else if let Some(e) = entry.read::<Posted>() {
            format!("comment of {}: {:?}", writer(e.writer), e.cause)
        } else if let Some(e) = entry.read::<CommentChanged>() {
            let reason = e.reason.map_or(String::new(), |code| format!(" for {code}"));
            format!("comment of {}: {:?}{reason}", writer(e.writer), e.cause)
        } else if let Some(e) = entry.read::<FollowChanged>() {
            format!("follow of {}: {}", named(e.user), e.on)
        } else if entry.read::<ArticleLiked>().is_some() || entry.read::<ArticleKept>().is_some() {
            "liked or kept".to_owned()
        } else if entry.kind == "channels.changed" {
            "channels".to_owned()
        } else {
            return None;
        };
        let by = match entry.actor {
            Actor::User(id) => named(id).to_owned(),
            part => format!("{part:?}"),
        };
        Some(format!("{what}, by {by}"))
    }

    async fn create(&self, title: &str) -> ArticleId {
        self.services.articles.create(self.author.id, self.ann.id, draft(title)).await.unwrap().id
    }

    async fn submit(&self, id: ArticleId, at: Option<Time>) -> Article {
        self.services.articles.by(self.ann.id).submit(id, at).await.unwrap()
    }

    async fn approve(&self, id: ArticleId) {
        let articles = &self.services.articles;
        let read = articles.revision(&articles.get(id).await.unwrap()).await.unwrap().read();
        self.decide(id, Verdict::Approve(read)).await;
    }

    async fn decide(&self, id: ArticleId, verdict: Verdict) {
        let reviewer = Viewer::from(self.rev.clone());
        self.services.moderation.decide(&reviewer, id, verdict).await.unwrap();
    }
}

#[db_test]
async fn what_becomes_of_an_article(db: Db) {
    let mut site = Site::open(db).await;
    let id = site.create("Low water").await;
    site.submit(id, None).await;
    site.decide(id, Verdict::Return { read: None, code: "facts".into(), note: "Which day?".into() }).await;
    site.services.articles.edit(id, site.ann.id, draft("Low water on Monday"), 1).await.unwrap();
    site.submit(id, None).await;
    site.approve(id).await;
    let first = [
        "submitted 1 for review, by ann",
        "returned 1: facts, by rev",
        "submitted 2 for review, by ann",
        "approved 2, by rev",
        "live: Published, by rev",
    ];
    assert_eq!(site.told().await, first);

    site.services.articles.edit(id, site.ann.id, draft("Low water on Tuesday"), 2).await.unwrap();
    site.submit(id, None).await;
    site.approve(id).await;
    let again = ["submitted 3 for review, by ann", "approved 3, by rev", "changed: Revised, by rev"];
    assert_eq!(site.told().await, again);

    site.decide(id, Verdict::Retract { code: "law".into() }).await;
    site.decide(id, Verdict::Restore).await;
    site.services.articles.by(site.ann.id).retract(id).await.unwrap();
    let back = ["gone: law, by rev", "live: Restored, by rev", "gone: author, by ann"];
    assert_eq!(site.told().await, back);
}

#[db_test]
async fn what_no_reviewer_lets_through(db: Db) {
    let mut site = Site::open(db).await;
    let later = site.create("High water").await;
    site.submit(later, Some(site.services.env.now().plus(Duration::from_hours(1)))).await;
    site.approve(later).await;
    assert_eq!(site.told().await, ["submitted 1 for review, by ann", "approved 1, by rev"]);
    site.clock.advance(Duration::from_hours(2));
    site.services.articles.publish_due().await.unwrap();
    assert_eq!(site.told().await, ["live: Published, by Schedule"]);

    let trusted = |now: Author| Profile { trusted: true, ..now.into() };
    site.services.authors.by(site.boss.id).amend(site.author.id, trusted).await.unwrap();
    let id = site.create("Neap").await;
    site.submit(id, None).await;
    site.services.articles.edit(id, site.ann.id, draft("Neap tide"), 1).await.unwrap();
    site.submit(id, None).await;
    let direct =
        ["submitted 1, by ann", "live: Published, by ann", "submitted 2, by ann", "changed: Revised, by ann"];
    assert_eq!(site.told().await, direct);

    site.services.articles.by(site.boss.id).rename_channel(&slug("city"), channel("town")).await.unwrap();
    let moved = site.told().await;
    assert_eq!(
        moved.iter().filter(|words| *words == "changed: ChannelMoved, by boss").count(),
        4,
        "{moved:?}"
    );
    assert!(moved.iter().all(|words| words.ends_with(", by boss")), "{moved:?}");
}

async fn imported(site: &Site, external: &str, state: State) -> ArticleId {
    let item = Imported {
        external_id: external.into(),
        author: site.author.id,
        place: None,
        draft: draft(external),
        state,
        published_at: site.services.env.now(),
        edited_at: None,
    };
    site.services.articles.import(vec![item]).await.unwrap()[0].1
}

#[db_test]
async fn what_people_say_and_mark(db: Db) {
    let mut site = Site::open(db).await;
    imported(&site, "unfinished", State::Draft).await;
    let id = imported(&site, "old", State::Live).await;
    let s = site.services.clone();
    let elsewhere =
        ImportedComment { external: "1".into(), text: "Then.".into(), ..ImportedComment::default() };
    s.comments.import(id, vec![elsewhere]).await.unwrap();
    assert_eq!(site.told().await, ["live: Imported, by Import", "comment of nobody: Imported, by Import"]);

    let (rev, bob) = (Viewer::from(site.rev.clone()), site.bob.clone());
    let said = s.comments.post(&bob, id, None, "Now.").await.unwrap().id;
    let links = "http://a.example http://b.example http://c.example";
    let held = s.comments.post(&bob, id, None, links).await.unwrap().id;
    s.moderation.release_comment(&rev, held).await.unwrap();
    s.moderation.remove_comment(&rev, said, "abuse", "").await.unwrap();
    s.comments.like(site.ann.id, held).await.unwrap();
    let talk = [
        "comment of bob: Written, by bob",
        "comment of bob: Released, by rev",
        "comment of bob: Removed for abuse, by rev",
        "comment of bob: Liked, by Anonymous",
    ];
    assert_eq!(site.told().await, talk);

    s.follows.follow(bob.id, site.author.id).await.unwrap();
    s.follows.like(bob.id, id).await.unwrap();
    s.follows.favourite(bob.id, id).await.unwrap();
    let marks = ["follow of bob: true, by bob", "liked or kept, by Anonymous", "liked or kept, by Anonymous"];
    assert_eq!(site.told().await, marks);

    s.erasure.delete(Some(&site.boss), bob.id, "deleted").await.unwrap();
    let erased = site.told().await;
    assert!(erased.contains(&"comment of nobody: Erased, by boss".to_owned()), "{erased:?}");
    assert!(erased.contains(&"follow of bob: false, by boss".to_owned()), "{erased:?}");
    let kept = erased.iter().filter(|words| *words == "liked or kept, by Anonymous").count();
    assert_eq!((kept, erased.len()), (2, 4), "{erased:?}");
}

#[db_test]
async fn events_of_before_are_read_as_they_were(db: Db) {
    let mut site = Site::open(db.clone()).await;
    let tx = db.write().await.unwrap();
    for (kind, payload) in [
        ("article.live", r#"{"id":"3fQk2","author":"3fQk2","channel":"city"}"#),
        ("article.changed", r#"{"id":"3fQk2","author":"3fQk2","channel":null}"#),
        ("article.gone", r#"{"id":"3fQk2","author":"3fQk2","channel":"city"}"#),
        ("comment.posted", r#"{"id":"3fQk2","article":"3fQk2"}"#),
        ("comment.changed", r#"{"id":"3fQk2","article":"3fQk2"}"#),
        // What a newer program gives as a reason is no reason to stop.
        ("article.live", r#"{"id":"3fQk2","author":"3fQk2","channel":null,"cause":"dreamt-of"}"#),
    ] {
        let sql = "INSERT INTO journal (tx, kind, payload, at) VALUES (0, $1, $2, 0)";
        tx.exec(sql, db::args![kind, payload]).await.unwrap();
    }
    tx.commit().await.unwrap();
    let told = events::testing::all(&site.services.journal).await;
    let mut old: Vec<_> = told.iter().filter(|e| e.at == Time::from_millis(0)).collect();
    old.sort_by_key(|e| e.position.seq);
    let old: Vec<String> = old.into_iter().filter_map(|e| site.words(e)).collect();
    let nobody = [
        "live: Unknown, by Anonymous",
        "changed: Unknown, by Anonymous",
        "gone: , by Anonymous",
        "comment of nobody: Unknown, by Anonymous",
        "comment of nobody: Unknown, by Anonymous",
        "live: Unknown, by Anonymous",
    ];
    assert_eq!(old, nobody);
    site.told().await;
}
