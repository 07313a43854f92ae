//! Requests as browsers make them, against real services: what each decision does.

mod audit;
mod consumers;
mod editors;
mod jobs;
mod mail;
mod people;
mod permissions;
mod queues;
mod review;
mod settings;

use ::mail::Transport;
use articles::State;
use db::{Db, db_test};
use kernel::ArticleId;
use testing::{Answer, TestSite};

use crate::{Admin, Services, SetupKey};

/// A site with reviews that answers below `/admin`.
pub async fn open(db: &Db) -> TestSite {
    let site = TestSite::builder().review(true).open_on(db).await;
    let (s, lists) = (&site.services, site.lists());
    let admin = Admin::new(Services {
        db: s.db.clone(),
        frame: site.frame(),
        accounts: s.accounts.clone(),
        authors: s.authors.clone(),
        articles: s.articles.clone(),
        media: s.media.clone(),
        comments: s.comments.clone(),
        moderation: s.moderation.clone(),
        reads: lists.reads.clone(),
        learning: lists.learning.clone(),
        personal: lists.personal.clone(),
        editorial: s.editorial.clone(),
        erasure: s.erasure.clone(),
        search: site.search().clone(),
        settings: s.settings.clone(),
        journal: s.journal.clone(),
        jobs: s.jobs.clone(),
        outbox: s.outbox.clone(),
        transport: Transport::folder(site.folder().join("mail")).unwrap(),
        audit: s.audit.clone(),
        setup_key: SetupKey::new("secret".into()),
        uploads: site.uploads(),
    });
    site.serve(crate::routes(admin));
    site
}

/// The fields by which a decision says what was read, as they stand on the page now.
async fn read_now(site: &TestSite, article: ArticleId) -> [(&'static str, String); 2] {
    let page = site.get("reviewer", &format!("/admin/review/{article}")).await;
    ["version", "digest"].map(|name| (name, page.value(name)))
}

/// Sends a form that says what was read.
async fn post_read(
    site: &TestSite,
    who: &str,
    path: &str,
    read: &[(&'static str, String); 2],
    fields: &[(&str, &str)],
) -> Answer {
    let read: Vec<(&str, &str)> = read.iter().map(|(name, value)| (*name, value.as_str())).collect();
    site.post(who, path, &[&read[..], fields].concat()).await
}

/// Who may ask for what, `server/src/app/tests/permissions.rs` walks. Whoever may decide says which revision was read.
#[db_test]
async fn what_was_not_read_is_not_decided(db: Db) {
    let site = open(&db).await;
    let article = site.article("Tides", State::Submitted).await;
    for verdict in ["approve", "return", "retract", "restore"] {
        let answer = site.post("operator", &format!("/admin/review/{article}/{verdict}"), "").await;
        assert!(matches!(answer.status, 409 | 422), "{verdict}: {}", answer.status);
    }
    assert_eq!(site.state(article).await, State::Submitted);
}

#[db_test]
async fn the_front_counts_what_waits_and_the_rail_is_ones_own(db: Db) {
    let site = open(&db).await;
    assert!(site.get("reviewer", "/admin").await.has("Nothing is waiting"));
    site.article("Tides", State::Submitted).await;
    site.article("Ferries", State::Submitted).await;
    let front = site.get("reviewer", "/admin").await;
    assert!(front.has(r#"<span class="figure">2</span> Review"#), "{}", front.text);
    assert!(front.has(r#"<meta name="robots" content="noindex">"#));
    for (who, reports, users) in
        [("reviewer", true, false), ("editor", false, false), ("operator", true, true)]
    {
        let page = site.get(who, "/admin/review").await;
        assert_eq!(page.has("href=\"/admin/reports\""), reports, "{who}");
        assert_eq!(page.has("href=\"/admin/users\""), users, "{who}");
    }
}
