//! Each event says who did it, and why: what a consumer such as notifications is told of the verbs of a site.

use std::ops::Deref;
use std::time::Duration;

use accounts::{Role, User, Viewer};
use articles::events::{Approved, Changed, Gone, Live, Returned, Submitted};
use articles::{Imported, State, Verdict};
use authors::{Author, Profile};
use comments::ImportedComment;
use comments::events::{Changed as CommentChanged, Posted};
use db::{Conn, Db, db_test};
use events::{Actor, Entry};
use follows::events::{ArticleKept, ArticleLiked, FollowChanged};
use kernel::{ArticleId, Time};
use testing::{SCHEMA, TestSite, channel, draft};

/// A site with reviews, whose events are told in words. The `reviewer` is an editor too.
struct Stage {
    site: TestSite,
    /// Owns the author, whom the site does not trust.
    ann: User,
    bob: User,
    reviewer: User,
    operator: User,
    /// What was told of already.
    seen: usize,
}

impl Deref for Stage {
    type Target = TestSite;

    fn deref(&self) -> &TestSite {
        &self.site
    }
}

impl Stage {
    async fn open(db: &Db) -> Self {
        let tides = Profile { handle: "tides".into(), name: "Tides".into(), ..Profile::default() };
        let site = TestSite::builder().review(true).author(tides, "ann").open_on(db).await;
        let (bob, operator) = (site.user("bob").await, site.user("operator").await);
        site.accounts.grant(None, site.user("reviewer").await.id, Role::Editor).await.unwrap();
        let reviewer = site.user("reviewer").await;
        let mut site = Self { ann: site.writer.clone(), site, bob, reviewer, operator, seen: 0 };
        site.new_entries().await;
        site
    }

    /// What was told since the last look, in words.
    async fn new_entries(&mut self) -> Vec<String> {
        let entries = self.entries().await;
        let new = entries[self.seen..].iter().filter_map(|entry| self.words(entry)).collect();
        self.seen = entries.len();
        new
    }

    fn words(&self, entry: &Entry) -> Option<String> {
        let named = |id| {
            let people = [&self.ann, &self.bob, &self.reviewer, &self.operator];
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

    /// Its owner sends it in.
    async fn submit(&self, id: ArticleId) {
        self.articles.by(self.ann.id).submit(id, None).await.unwrap();
    }
}

#[db_test]
async fn what_becomes_of_an_article(db: Db) {
    let mut site = Stage::open(&db).await;
    let id = site.article("Low water", State::Returned).await;
    site.articles.edit(id, site.ann.id, draft("Low water on Monday"), 1).await.unwrap();
    site.submit(id).await;
    site.approve(id).await;
    let first = [
        "submitted 1 for review, by ann",
        "returned 1: facts, by reviewer",
        "submitted 2 for review, by ann",
        "approved 2, by reviewer",
        "live: Published, by reviewer",
    ];
    assert_eq!(site.new_entries().await, first);

    site.articles.edit(id, site.ann.id, draft("Low water on Tuesday"), 2).await.unwrap();
    site.submit(id).await;
    site.approve(id).await;
    let again =
        ["submitted 3 for review, by ann", "approved 3, by reviewer", "changed: Revised, by reviewer"];
    assert_eq!(site.new_entries().await, again);

    site.decide(id, Verdict::Retract { code: "law".into() }).await;
    site.decide(id, Verdict::Restore).await;
    site.articles.by(site.ann.id).retract(id).await.unwrap();
    let back = ["gone: law, by reviewer", "live: Restored, by reviewer", "gone: author, by ann"];
    assert_eq!(site.new_entries().await, back);
}

#[db_test]
async fn what_no_reviewer_lets_through(db: Db) {
    let mut site = Stage::open(&db).await;
    let id = site.article("High water", State::Scheduled).await;
    assert_eq!(site.new_entries().await, ["submitted 1 for review, by ann", "approved 1, by reviewer"]);
    site.advance(Duration::from_hours(2));
    site.articles.publish_scheduled(id).await.unwrap();
    assert_eq!(site.new_entries().await, ["live: Published, by Schedule"]);

    let trusted = |now: Author| Profile { trusted: true, ..now.into() };
    site.authors.by(site.operator.id).amend(site.author.id, trusted).await.unwrap();
    let id = site.article("Neap", State::Live).await;
    site.articles.edit(id, site.ann.id, draft("Neap tide"), 1).await.unwrap();
    site.submit(id).await;
    let direct =
        ["submitted 1, by ann", "live: Published, by ann", "submitted 2, by ann", "changed: Revised, by ann"];
    assert_eq!(site.new_entries().await, direct);

    site.articles.by(site.operator.id).rename_channel(&channel("city").slug, channel("town")).await.unwrap();
    let moved = site.new_entries().await;
    assert_eq!(
        moved.iter().filter(|words| *words == "changed: ChannelMoved, by operator").count(),
        4,
        "{moved:?}"
    );
    assert!(moved.iter().all(|words| words.ends_with(", by operator")), "{moved:?}");
}

async fn imported(site: &Stage, external: &str, state: State) -> ArticleId {
    let item = Imported {
        external_id: external.into(),
        author: site.author.id,
        place: None,
        draft: draft(external),
        state,
        published_at: site.env.now(),
        edited_at: None,
    };
    site.articles.import(vec![item]).await.unwrap()[0].1
}

#[db_test]
async fn what_people_say_and_mark(db: Db) {
    let mut site = Stage::open(&db).await;
    imported(&site, "unfinished", State::Draft).await;
    let id = imported(&site, "old", State::Live).await;
    let s = site.services.clone();
    let elsewhere =
        ImportedComment { external: "1".into(), text: "Then.".into(), ..ImportedComment::default() };
    s.comments.import(id, vec![elsewhere]).await.unwrap();
    assert_eq!(
        site.new_entries().await,
        ["live: Imported, by Import", "comment of nobody: Imported, by Import"]
    );

    let (reviewer, bob) = (Viewer::from(site.reviewer.clone()), site.bob.clone());
    let said = s.comments.post(&bob, id, None, "Now.").await.unwrap().id;
    let links = "http://a.example http://b.example http://c.example";
    let held = s.comments.post(&bob, id, None, links).await.unwrap().id;
    s.moderation.release_comment(&reviewer, held).await.unwrap();
    s.moderation.remove_comment(&reviewer, said, "abuse", "").await.unwrap();
    s.comments.like(site.ann.id, held).await.unwrap();
    let talk = [
        "comment of bob: Written, by bob",
        "comment of bob: Released, by reviewer",
        "comment of bob: Removed for abuse, by reviewer",
        "comment of bob: Liked, by Anonymous",
    ];
    assert_eq!(site.new_entries().await, talk);

    s.follows.follow(bob.id, site.author.id).await.unwrap();
    s.follows.like(bob.id, id).await.unwrap();
    s.follows.favourite(bob.id, id).await.unwrap();
    let entries =
        ["follow of bob: true, by bob", "liked or kept, by Anonymous", "liked or kept, by Anonymous"];
    assert_eq!(site.new_entries().await, entries);

    s.erasure.delete(Some(&site.operator), bob.id, "deleted").await.unwrap();
    let erased = site.new_entries().await;
    assert!(erased.contains(&"comment of nobody: Erased, by operator".to_owned()), "{erased:?}");
    assert!(erased.contains(&"follow of bob: false, by operator".to_owned()), "{erased:?}");
    let kept = erased.iter().filter(|words| *words == "liked or kept, by Anonymous").count();
    assert_eq!((kept, erased.len()), (2, 4), "{erased:?}");
}

#[db_test]
async fn events_of_before_are_read_as_they_were(db: Db) {
    let mut site = Stage::open(&db).await;
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
    let entries = site.entries().await;
    let mut old: Vec<_> = entries.iter().filter(|e| e.at == Time::from_millis(0)).collect();
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
    site.new_entries().await;
}
