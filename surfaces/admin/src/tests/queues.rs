//! What becomes of reports, comments and applications.

use articles::State;
use authors::NewApplication;
use comments::{Comment, State as CommentState};
use db::{Db, db_test};
use kernel::{ArticleId, CommentId, Handle};
use moderation::{NewReport, Reason};

use super::Desk;

impl Desk {
    async fn report(&self, article: ArticleId, comment: Option<CommentId>, reason: Reason) -> String {
        let report = NewReport {
            article,
            comment,
            reason: Some(reason),
            text: "Look <here>".into(),
            contact: Some("ann@example.org".into()),
            by: None,
        };
        self.admin.moderation.report(report, "network").await.unwrap().to_string()
    }

    async fn comment(&self, article: ArticleId, text: &str) -> Comment {
        self.admin.comments.post(&self.writer, article, None, text).await.unwrap()
    }

    async fn comment_state(&self, id: CommentId) -> CommentState {
        self.admin.comments.find(id).await.unwrap().unwrap().state
    }
}

#[db_test]
async fn a_report_takes_away_what_it_names_or_nothing(db: Db) {
    let desk = Desk::open(&db).await;
    let (tides, ferries) = (desk.live("Tides").await, desk.live("Ferries").await);
    let rude = desk.comment(tides.id, "You <fool>").await;
    let on_comment = desk.report(tides.id, Some(rude.id), Reason::Abuse).await;
    let on_article = desk.report(ferries.id, None, Reason::Copyright).await;
    let unfounded = desk.report(tides.id, None, Reason::False).await;

    let list = desk.get("reviewer", "/admin/reports").await;
    assert!(list.has("You &lt;fool&gt;") && list.has("Look &lt;here&gt;") && list.has("ann@example.org"));
    assert!(list.has("Infringes copyright") && list.has(">Ferries<"));

    let close = async |id: &str, outcome: &str| {
        desk.post("reviewer", &format!("/admin/reports/{id}"), &[("outcome", outcome)]).await
    };
    assert_eq!(close(&on_comment, "").await.status, 422);
    let answer = close(&on_comment, "upheld").await;
    assert_eq!((answer.status, answer.location.as_str()), (303, "/admin/reports?done=report-upheld"));
    assert_eq!(desk.comment_state(rude.id).await, CommentState::Removed);
    assert_eq!(close(&on_comment, "rejected").await.status, 409, "it is closed");

    assert_eq!(close(&unfounded, "rejected").await.status, 303);
    assert_eq!(desk.state(&tides).await, State::Live);
    assert_eq!(close(&on_article, "upheld").await.status, 303);
    let gone = desk.admin.articles.get(ferries.id).await.unwrap();
    assert_eq!((gone.state, gone.retract_code.as_deref()), (State::Retracted, Some("copyright")));

    assert!(desk.get("reviewer", "/admin/reports").await.has("No report is open"));
    let closed = desk.get("reviewer", "/admin/reports?state=closed").await;
    assert!(closed.has("Dismissed") && closed.has("Taken away") && closed.has("@reviewer"));
    assert!(!closed.has("name=\"outcome\""));
}

#[db_test]
async fn held_comments_are_published_or_removed(db: Db) {
    let desk = Desk::open(&db).await;
    let article = desk.live("Tides").await;
    let links = "https://a.example https://b.example https://c.example";
    let (good, bad) = (desk.comment(article.id, links).await, desk.comment(article.id, links).await);
    desk.comment(article.id, "A plain one").await;
    let list = desk.get("reviewer", "/admin/comments").await;
    assert!(list.has("https://a.example") && list.has(">Tides<") && !list.has("A plain one"));

    let answer = desk.post("reviewer", &format!("/admin/comments/{}/release", good.id), &[]).await;
    assert_eq!((answer.status, answer.location.as_str()), (303, "/admin/comments?done=released"));
    assert_eq!(desk.post("reviewer", &format!("/admin/comments/{}/remove", bad.id), &[]).await.status, 303);
    assert_eq!(desk.comment_state(good.id).await, CommentState::Live);
    assert_eq!(desk.comment_state(bad.id).await, CommentState::Removed);
    assert!(desk.get("reviewer", "/admin/comments").await.has("No comment is held"));
}

#[db_test]
async fn an_application_is_answered(db: Db) {
    let desk = Desk::open(&db).await;
    let authors = &desk.admin.authors;
    let ask = async |handle: &str| {
        let new = NewApplication {
            handle: handle.into(),
            name: "Tide <Desk>".into(),
            reason: "See https://example.org".into(),
            ..NewApplication::default()
        };
        authors.apply(desk.writer.id, new).await.unwrap().id
    };
    let id = ask("tide-desk").await;
    assert!(desk.get("reviewer", "/admin/applications").await.has("Tide &lt;Desk&gt;"));
    let path = format!("/admin/applications/{id}");
    assert!(desk.get("reviewer", &path).await.has("See https://example.org"));

    let refused = desk.post("reviewer", &format!("{path}/reject"), &[("note", "More, please")]).await;
    assert!(
        refused.status == 422 && refused.has("id=\"code-error\"") && refused.has("More, please</textarea>")
    );
    let fields = [("code", "documents"), ("note", "More, please")];
    let answer = desk.post("reviewer", &format!("{path}/reject"), &fields).await;
    assert_eq!(
        (answer.status, answer.location.as_str()),
        (303, "/admin/applications?done=application-rejected")
    );
    let told = authors.application(id).await.unwrap().unwrap();
    assert_eq!((told.code.as_deref(), told.note.as_deref()), (Some("documents"), Some("More, please")));
    assert!(desk.get("reviewer", "/admin/applications?state=rejected").await.has("Tide &lt;Desk&gt;"));
    assert!(desk.get("reviewer", "/admin/applications").await.has("No application is open"));

    // Somebody else takes the handle meanwhile: that is said, and the application stays open.
    let id = ask("second").await;
    authors.ensure("second", "Somebody").await.unwrap();
    let taken = desk.post("reviewer", &format!("/admin/applications/{id}/approve"), &[]).await;
    assert!(taken.status == 422 && taken.has("This name is taken."));
    let fields = [("code", "name")];
    desk.post("reviewer", &format!("/admin/applications/{id}/reject"), &fields).await;

    let id = ask("third").await;
    let answer = desk.post("reviewer", &format!("/admin/applications/{id}/approve"), &[]).await;
    assert_eq!(
        (answer.status, answer.location.as_str()),
        (303, "/admin/applications?done=application-approved")
    );
    let made = authors.find_by_handle(&Handle::new("third").unwrap()).await.unwrap().unwrap();
    assert!(authors.owns(desk.writer.id, made.id).await.unwrap() && !made.trusted && !made.verified);
    assert_eq!(desk.post("reviewer", &format!("/admin/applications/{id}/approve"), &[]).await.status, 409);
}

#[db_test]
async fn reviewers_look_through_all_that_was_sent_in(db: Db) {
    let desk = Desk::open(&db).await;
    desk.live("Tides at noon").await;
    desk.submitted("Tides at night").await;
    desk.write("Tides nobody sent in").await;
    desk.submitted("Ferries").await;
    let path = "/admin/review?q=TIDES%20at";
    let found = desk.get("reviewer", path).await;
    assert!(found.has("Tides at noon") && found.has("Tides at night"), "{}", found.text);
    assert!(!found.has("nobody sent in") && !found.has("Ferries"), "drafts are their authors' own business");
    assert!(found.has("value=\"TIDES at\""), "what was typed stays");
    assert!(
        desk.get("reviewer", "/admin/review?q=%25").await.has("No article has these words."),
        "no pattern"
    );
    for who in ["reader", "nobody"] {
        let refused = desk.get(who, path).await;
        assert!(refused.status != 200 && !refused.has("Tides"), "{who}: {}", refused.status);
    }
}
