//! What becomes of reports, comments and applications.

use articles::State;
use authors::NewApplication;
use comments::{Comment, State as CommentState};
use db::{Db, db_test};
use kernel::{ArticleId, CommentId, Handle};
use moderation::{NewReport, Reason};
use testing::TestSite;

use super::open;

async fn report(site: &TestSite, article: ArticleId, comment: Option<CommentId>, reason: Reason) -> String {
    let report = NewReport {
        article,
        comment,
        reason: Some(reason),
        text: "Look <here>".into(),
        contact: Some("ann@example.org".into()),
        by: None,
    };
    site.moderation.report(report, "network").await.unwrap().to_string()
}

async fn comment(site: &TestSite, article: ArticleId, text: &str) -> Comment {
    site.comments.post(&site.writer, article, None, text).await.unwrap()
}

async fn comment_state(site: &TestSite, id: CommentId) -> CommentState {
    site.comments.find(id).await.unwrap().unwrap().state
}

#[db_test]
async fn a_report_takes_away_what_it_names_or_nothing(db: Db) {
    let site = open(&db).await;
    let (tides, ferries) =
        (site.article("Tides", State::Live).await, site.article("Ferries", State::Live).await);
    let rude = comment(&site, tides, "You <fool>").await;
    let on_comment = report(&site, tides, Some(rude.id), Reason::Abuse).await;
    let on_article = report(&site, ferries, None, Reason::False).await;
    let unfounded = report(&site, tides, None, Reason::False).await;

    let list = site.get("reviewer", "/admin/reports").await;
    assert!(list.has("You &lt;fool&gt;") && list.has("Look &lt;here&gt;") && list.has("ann@example.org"));
    assert!(list.has("False information") && list.has(">Ferries<"));
    assert!(!list.has("value=\"upheld\""), "what takes something away is asked about first");

    let close = async |id: &str, fields: &[(&str, &str)]| {
        site.post("reviewer", &format!("/admin/reports/{id}"), fields).await
    };
    let asked = site.get("reviewer", &format!("/admin/reports/{on_comment}")).await;
    assert!(asked.has("Readers no longer see the words.") && asked.has("You &lt;fool&gt;"));
    assert!(asked.has("value=\"abuse\" checked"), "the reason that fits is chosen: {}", asked.text);
    assert_eq!(close(&on_comment, &[]).await.status, 422);
    let reasonless = close(&on_comment, &[("outcome", "upheld")]).await;
    assert!(reasonless.status == 422 && reasonless.has("id=\"code-error\""));
    assert_eq!(comment_state(&site, rude.id).await, CommentState::Live);
    let answer = close(&on_comment, &[("outcome", "upheld"), ("code", "abuse")]).await;
    assert_eq!((answer.status, answer.location()), (303, "/admin/reports?done=report-upheld"));
    assert_eq!(comment_state(&site, rude.id).await, CommentState::Removed);
    let late = close(&on_comment, &[("outcome", "rejected")]).await;
    assert!(late.status == 409 && late.has("This report was already decided."), "it is closed");

    assert_eq!(close(&unfounded, &[("outcome", "rejected")]).await.status, 303);
    assert_eq!(site.state(tides).await, State::Live);
    let asked = site.get("reviewer", &format!("/admin/reports/{on_article}")).await;
    assert!(asked.has("its address says the reason") && asked.has("value=\"wrong\" checked"));
    assert_eq!(close(&on_article, &[("outcome", "upheld"), ("code", "wrong")]).await.status, 303);
    let gone = site.articles.get(ferries).await.unwrap();
    assert_eq!((gone.state, gone.retract_code.as_deref()), (State::Retracted, Some("wrong")));

    assert!(site.get("reviewer", "/admin/reports").await.has("No report is open"));
    let closed = site.get("reviewer", "/admin/reports?state=closed").await;
    assert!(closed.has("Dismissed") && closed.has("Taken away") && closed.has("@reviewer"));
    assert!(closed.has("The article got important facts wrong.") && closed.has("private matters of others."));
    assert!(!closed.has("name=\"outcome\""));
    let log = site.get("editor", "/admin/decisions").await;
    assert!(log.has("Comment removed") && log.has("Taken down") && log.has("@reviewer"), "{}", log.text);
    assert!(log.has("The article got important facts wrong.") && log.has(">Ferries<"));
}

#[db_test]
async fn a_report_is_decided_by_somebody_whom_it_is_not_about(db: Db) {
    let site = open(&db).await;
    let article = site.article("Tides", State::Live).await;
    let by = site.user("reviewer").await;
    let comment = site.comments.post(&by, article, None, "Mine").await.unwrap();
    let about = report(&site, article, Some(comment.id), Reason::Abuse).await;
    let report = NewReport {
        article: article,
        comment: None,
        reason: Some(Reason::False),
        text: String::new(),
        contact: None,
        by: Some(by.id),
    };
    let made = site.moderation.report(report, "network").await.unwrap().to_string();
    let yours = "This is yours: another person must decide.";
    let list = site.get("reviewer", "/admin/reports").await;
    assert!(list.text.matches(yours).count() == 2 && !list.has("name=\"outcome\""));
    for id in [about, made] {
        let path = format!("/admin/reports/{id}");
        let page = site.get("reviewer", &path).await;
        assert!(page.has(yours) && !page.has("name=\"outcome\""));
        for outcome in ["upheld", "rejected"] {
            let refused = site.post("reviewer", &path, &[("outcome", outcome), ("code", "wrong")]).await;
            assert!(refused.status == 409 && refused.has(yours), "{}", refused.status);
        }
        assert_eq!(site.post("operator", &path, &[("outcome", "rejected")]).await.status, 303);
    }
    let path = format!("/admin/comments/{}", comment.id);
    assert!(site.get("reviewer", &path).await.has(yours));
    let refused = site.post("reviewer", &format!("{path}/remove"), &[("code", "abuse")]).await;
    assert!(refused.status == 409 && refused.has(yours));
}

#[db_test]
async fn held_comments_are_published_or_removed(db: Db) {
    let site = open(&db).await;
    let article = site.article("Tides", State::Live).await;
    let links = "https://a.example https://b.example https://c.example";
    let (good, bad) = (comment(&site, article, links).await, comment(&site, article, links).await);
    comment(&site, article, "A plain one").await;
    let list = site.get("reviewer", "/admin/comments").await;
    assert!(list.has("https://a.example") && list.has(">Tides<") && !list.has("A plain one"));

    let path = format!("/admin/comments/{}", good.id);
    let answer = site.post("reviewer", &format!("{path}/release"), "").await;
    assert_eq!((answer.status, answer.location()), (303, &*format!("{path}?done=released")));
    let remove = format!("/admin/comments/{}/remove", bad.id);
    let reasonless = site.post("reviewer", &remove, &[("note", "Look <b>")]).await;
    assert!(reasonless.status == 422 && reasonless.has("id=\"code-error\""));
    assert!(reasonless.has("Look &lt;b&gt;</textarea>"), "what was typed stays");
    assert_eq!(comment_state(&site, bad.id).await, CommentState::Held);
    assert_eq!(site.post("reviewer", &remove, &[("code", "spam")]).await.status, 303);
    assert_eq!(comment_state(&site, good.id).await, CommentState::Live);
    assert_eq!(comment_state(&site, bad.id).await, CommentState::Removed);
    assert!(site.get("reviewer", "/admin/comments").await.has("No comment is held"));
}

#[db_test]
async fn any_comment_is_found_removed_and_put_back(db: Db) {
    let site = open(&db).await;
    let article = site.article("Tides", State::Live).await;
    let said = comment(&site, article, "A plain one").await;
    let path = format!("/admin/comments/{}", said.id);
    let find = async |address: &str| {
        site.get("reviewer", &format!("/admin/comments?q={}", web::percent(address))).await
    };
    let found = find(&format!("https://news.example/article/{}#comment-{}", article, said.id)).await;
    assert_eq!((found.status, found.location()), (303, path.as_str()));
    let all = find(&format!("https://news.example/article/{article}")).await;
    assert!(all.has("A plain one") && all.has(&format!("href=\"{path}\"")), "{}", all.text);
    assert!(find("nothing of the kind").await.has("There is no comment at this address."));

    let fields = [("code", "abuse"), ("note", "Names people.")];
    assert_eq!(site.post("reviewer", &format!("{path}/remove"), &fields).await.status, 303);
    let page = site.get("reviewer", &path).await;
    assert!(page.has("Names people.") && page.has("@reviewer") && page.has("private matters of others."));
    let log = site.get("reviewer", "/admin/decisions").await;
    assert!(log.has("Comment removed") && log.has("Names people.") && log.has("A plain one"));
    assert_eq!(site.post("reviewer", &format!("{path}/release"), "").await.status, 303);
    assert_eq!(comment_state(&site, said.id).await, CommentState::Live);
    assert!(site.get("reviewer", "/admin/decisions").await.has("Comment published"));
}

#[db_test]
async fn an_application_is_answered(db: Db) {
    let site = open(&db).await;
    let authors = &site.authors;
    let ask = async |handle: &str| {
        let new = NewApplication {
            handle: handle.into(),
            name: "Tide <Desk>".into(),
            reason: "See https://example.org".into(),
            ..NewApplication::default()
        };
        authors.apply(site.writer.id, new).await.unwrap().id
    };
    let id = ask("tide-site").await;
    assert!(site.get("reviewer", "/admin/applications").await.has("Tide &lt;Desk&gt;"));
    let path = format!("/admin/applications/{id}");
    assert!(site.get("reviewer", &path).await.has("See https://example.org"));

    let refused = site.post("reviewer", &format!("{path}/reject"), &[("note", "More, please")]).await;
    assert!(
        refused.status == 422 && refused.has("id=\"code-error\"") && refused.has("More, please</textarea>")
    );
    let fields = [("code", "documents"), ("note", "More, please")];
    let answer = site.post("reviewer", &format!("{path}/reject"), &fields).await;
    assert_eq!((answer.status, answer.location()), (303, "/admin/applications?done=application-rejected"));
    let decided = authors.application(id).await.unwrap().unwrap();
    assert_eq!((decided.code.as_deref(), decided.note.as_deref()), (Some("documents"), Some("More, please")));
    assert!(site.get("reviewer", "/admin/applications?state=rejected").await.has("Tide &lt;Desk&gt;"));
    assert!(site.get("reviewer", "/admin/applications").await.has("No application is open"));

    // Somebody else takes the handle meanwhile: that is said, and the application stays open.
    let id = ask("second").await;
    authors.ensure("second", "Somebody").await.unwrap();
    let taken = site.post("reviewer", &format!("/admin/applications/{id}/approve"), "").await;
    assert!(taken.status == 422 && taken.has("This name is taken."));
    let fields = [("code", "name")];
    site.post("reviewer", &format!("/admin/applications/{id}/reject"), &fields).await;

    let id = ask("third").await;
    let answer = site.post("reviewer", &format!("/admin/applications/{id}/approve"), "").await;
    assert_eq!((answer.status, answer.location()), (303, "/admin/applications?done=application-approved"));
    let made = authors.find_by_handle(&Handle::new("third").unwrap()).await.unwrap().unwrap();
    assert!(authors.owns(site.writer.id, made.id).await.unwrap() && !made.trusted && !made.verified);
    assert_eq!(site.post("reviewer", &format!("/admin/applications/{id}/approve"), "").await.status, 409);
}

#[db_test]
async fn reviewers_look_through_all_that_was_sent_in(db: Db) {
    let site = open(&db).await;
    site.article("Tides at noon", State::Live).await;
    site.article("Tides at night", State::Submitted).await;
    site.article("Tides nobody sent in", State::Draft).await;
    site.article("Ferries", State::Submitted).await;
    let path = "/admin/review?q=TIDES%20at";
    let found = site.get("reviewer", path).await;
    assert!(found.has("Tides at noon") && found.has("Tides at night"), "{}", found.text);
    assert!(!found.has("nobody sent in") && !found.has("Ferries"), "drafts are their authors' own business");
    assert!(found.has("value=\"TIDES at\""), "what was typed stays");
    assert!(
        site.get("reviewer", "/admin/review?q=%25").await.has("No article has these words."),
        "no pattern"
    );
    for who in ["reader", "visitor"] {
        let refused = site.get(who, path).await;
        assert!(refused.status != 200 && !refused.has("Tides"), "{who}: {}", refused.status);
    }
}

#[db_test]
async fn nobody_answers_their_own_application(db: Db) {
    let site = open(&db).await;
    let new = NewApplication { handle: "mine".into(), name: "Mine".into(), ..NewApplication::default() };
    let by = site.user("reviewer").await.id;
    let id = site.authors.apply(by, new).await.unwrap().id;
    let (path, yours) = (format!("/admin/applications/{id}"), "This is yours: another person must decide.");
    assert!(site.get("reviewer", "/admin/applications").await.has(yours));
    let page = site.get("reviewer", &path).await;
    assert!(page.has(yours) && !page.has(&format!("{path}/approve")));
    for act in ["approve", "reject"] {
        let refused = site.post("reviewer", &format!("{path}/{act}"), &[("code", "other")]).await;
        assert_eq!(refused.status, 409, "{act}");
    }
    assert!(site.authors.owned_by(by).await.unwrap().is_empty());
    assert!(!site.get("operator", "/admin/applications").await.has(yours));
    assert_eq!(site.post("operator", &format!("{path}/approve"), "").await.status, 303);
}
