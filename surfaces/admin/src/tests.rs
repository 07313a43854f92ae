//! Requests as browsers make them, against real services: who may ask, and what each decision does.

mod consumers;
mod editors;
mod jobs;
mod people;
mod queues;
mod review;
mod settings;

use articles::State;
use db::{Db, db_test};
use editorial::{Slot, SlotItem, Terms, TopicText};
use kernel::ArticleId;
use testing::{Answer, TestSite, VISITOR};

use crate::{Admin, SetupKey};

/// A site with reviews that answers below `/admin`.
pub async fn open(db: &Db) -> TestSite {
    let site = TestSite::builder().review(true).open_on(db).await;
    let (s, lists) = (&site.services, site.lists());
    let admin = Admin {
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
        setup_key: SetupKey::new("secret".into()),
    };
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

/// Who may: an operator may do what the others may.
const R: &str = "reviewer operator";
const RE: &str = "reviewer editor operator";
const E: &str = "editor operator";
const O: &str = "operator";

const WHO: [(&str, &str, &str); 76] = [
    ("GET", "/admin", RE),
    ("GET", "/admin/review", RE),
    ("GET", "/admin/review/{article}", RE),
    ("POST", "/admin/review/{article}/approve", R),
    ("POST", "/admin/review/{article}/return", R),
    ("POST", "/admin/review/{article}/retract", R),
    ("POST", "/admin/review/{article}/restore", E),
    ("GET", "/admin/reports", R),
    ("GET", "/admin/reports/{nothing}", R),
    ("POST", "/admin/reports/{nothing}", R),
    ("GET", "/admin/comments", R),
    ("GET", "/admin/comments/{nothing}", R),
    ("GET", "/admin/audit", RE),
    ("POST", "/admin/comments/{nothing}/release", R),
    ("POST", "/admin/comments/{nothing}/remove", R),
    ("GET", "/admin/applications", R),
    ("GET", "/admin/applications/profile/{nothing}", R),
    ("POST", "/admin/applications/profile/{nothing}/approve", R),
    ("POST", "/admin/applications/profile/{nothing}/return", R),
    ("GET", "/admin/applications/{nothing}", R),
    ("POST", "/admin/applications/{nothing}/approve", R),
    ("POST", "/admin/applications/{nothing}/reject", R),
    ("GET", "/admin/headlines", E),
    ("GET", "/admin/headlines/log", E),
    ("GET", "/admin/headlines/home", E),
    ("POST", "/admin/headlines/home", E),
    ("GET", "/admin/headlines/home/{placed}", E),
    ("POST", "/admin/headlines/home/{placed}", E),
    ("POST", "/admin/headlines/home/{placed}/move", E),
    ("POST", "/admin/headlines/home/{nothing}/remove", E),
    ("GET", "/admin/topics", E),
    ("POST", "/admin/topics", E),
    ("GET", "/admin/topics/{topic}", E),
    ("POST", "/admin/topics/{topic}", E),
    ("POST", "/admin/topics/{topic}/publish", E),
    ("POST", "/admin/topics/{topic}/withdraw", E),
    ("POST", "/admin/topics/{topic}/articles", E),
    ("POST", "/admin/topics/{topic}/articles/{nothing}/move", E),
    ("POST", "/admin/topics/{topic}/articles/{nothing}/section", E),
    ("POST", "/admin/topics/{topic}/articles/{nothing}/remove", E),
    ("GET", "/admin/authors", O),
    ("GET", "/admin/authors/{author}", O),
    ("POST", "/admin/authors/{author}", O),
    ("POST", "/admin/authors/{author}/owners", O),
    ("POST", "/admin/authors/{author}/owners/{nothing}/remove", O),
    ("GET", "/admin/users", O),
    ("GET", "/admin/users/{user}", O),
    ("POST", "/admin/users/{user}", O),
    ("POST", "/admin/users/{nothing}/suspend", O),
    ("POST", "/admin/users/{nothing}/restore", O),
    ("POST", "/admin/users/{nothing}/sign-out", O),
    ("POST", "/admin/users/{nothing}/sessions/{nothing}/end", O),
    ("POST", "/admin/users/{nothing}/tokens/{nothing}/revoke", O),
    ("GET", "/admin/users/{user}/delete", O),
    ("POST", "/admin/users/{nothing}/delete", O),
    ("GET", "/admin/events", O),
    ("POST", "/admin/events/{nothing}/retry", O),
    ("GET", "/admin/events/{nothing}/rebuild", O),
    ("POST", "/admin/events/{nothing}/rebuild", O),
    ("POST", "/admin/events/{nothing}/{nothing}/retry", O),
    ("POST", "/admin/events/{nothing}/{nothing}/drop", O),
    ("GET", "/admin/settings", O),
    ("POST", "/admin/settings", O),
    ("GET", "/admin/jobs", O),
    ("POST", "/admin/jobs/{nothing}/retry", O),
    ("POST", "/admin/jobs/{nothing}/drop", O),
    ("POST", "/admin/jobs/kinds/{nothing}/retry", O),
    ("GET", "/admin/nodes", O),
    ("GET", "/admin/insights", E),
    ("POST", "/admin/insights/models/2/withdraw", O),
    ("GET", "/admin/channels", O),
    ("POST", "/admin/channels", O),
    ("GET", "/admin/channels/city", O),
    ("POST", "/admin/channels/city", O),
    ("POST", "/admin/channels/city/merge", O),
    ("POST", "/admin/channels/city/remove", O),
];

#[db_test]
async fn every_page_asks_who_is_there(db: Db) {
    let site = open(&db).await;
    let article = site.article("Tides", State::Submitted).await;
    let (author, user) = (site.author.id.to_string(), site.writer.id.to_string());
    let (editorial, editor) = (&site.editorial, &site.viewer("editor").await);
    let placed = SlotItem::Article(site.article("Ferries", State::Live).await);
    let placed = editorial.place(editor, Slot::Home, placed, Terms::default()).await.unwrap().to_string();
    let text = TopicText { en: "Tides".into(), ..TopicText::default() };
    let topic = editorial.create_topic(editor, "tides", text).await.unwrap().to_string();
    for (method, path, allowed) in WHO {
        let path = path
            .replace("{article}", &article.to_string())
            .replace("{author}", &author)
            .replace("{user}", &user)
            .replace("{placed}", &placed)
            .replace("{topic}", &topic)
            .replace("{nothing}", "2");
        for who in [VISITOR, "reader", "reviewer", "editor", "operator"] {
            let answer = match method {
                "GET" => site.get(who, &path).await,
                _ => site.post(who, &path, "").await,
            };
            let said = format!("{method} {path} {who}: {}", answer.status);
            if who == VISITOR {
                assert!(answer.status == 303 && answer.location().starts_with("/login?return="), "{said}");
            } else if !allowed.split(' ').any(|role| role == who) {
                assert_eq!(answer.status, 403, "{said}");
            } else if method == "GET" {
                let nothing = path.split('/').any(|part| part == "2");
                assert_eq!(answer.status, if nothing { 404 } else { 200 }, "{said}");
            } else {
                // Let in, and then told what is missing.
                assert!(matches!(answer.status, 303 | 404 | 409 | 422), "{said}");
            }
        }
    }
    // A decision says which revision was read: none of these did.
    assert_eq!(site.state(article).await, State::Submitted);
}

/// Reading and sending the set-up, whose key is asked for in `setup.rs`.
const SETUP: usize = 2;

/// A page that is added says above who may see it.
#[test]
fn every_address_is_in_the_table() {
    let source = include_str!("lib.rs");
    assert_eq!(source.matches("get(").count() + source.matches("post(").count(), WHO.len() + SETUP);
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
