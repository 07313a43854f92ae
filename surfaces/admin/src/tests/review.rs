//! What becomes of articles.

use articles::State;
use db::{Db, db_test};
use kernel::Error;

use super::{Desk, draft};

#[db_test]
async fn an_article_is_read_and_approved(db: Db) {
    let desk = Desk::open(&db).await;
    let (first, second) = (desk.submitted("Tides").await, desk.submitted("Ferries").await);
    desk.write("Not sent in").await;
    let queue = desk.get("reviewer", "/admin/review").await;
    let (a, b) = (queue.text.find(">Tides<").unwrap(), queue.text.find(">Ferries<").unwrap());
    assert!(a < b && !queue.has("Not sent in"), "who waits longest is first");

    let path = format!("/admin/review/{}", first.id);
    let page = desk.get("reviewer", &path).await;
    assert!(page.has("About <strong>Tides</strong>.") && page.has(r#"name="version" value="1""#));
    let editors = desk.get("editor", &path).await;
    assert!(editors.has("About <strong>Tides") && !editors.has(&format!("{path}/approve")));

    let answer = desk.post("reviewer", &format!("{path}/approve"), &[("version", "1")]).await;
    assert_eq!((answer.status, answer.location.as_str()), (303, "/admin/review?done=approved"));
    assert_eq!((desk.state(&first).await, desk.state(&second).await), (State::Live, State::Submitted));
    assert!(desk.get("reviewer", &answer.location).await.has("Approved."));

    // A colleague who comes late is told, and nothing is decided twice.
    let late = desk.post("reviewer", &format!("{path}/approve"), &[("version", "1")]).await;
    assert!(late.status == 409 && late.has("not in a state that allows this"));
    assert_eq!(desk.admin.moderation.decisions(first.id).await.unwrap().len(), 1);
}

#[db_test]
async fn nothing_goes_live_that_was_not_read(db: Db) {
    let desk = Desk::open(&db).await;
    let article = desk.submitted("Tides").await;
    let path = format!("/admin/review/{}", article.id);
    // While the reviewer reads, the author takes it back, writes something else and sends that in.
    let articles = &desk.admin.articles;
    articles.withdraw(article.id).await.unwrap();
    assert_eq!(desk.get("reviewer", &path).await.status, 404, "a draft is its author's own");
    let gone = desk.post("reviewer", &format!("{path}/approve"), &[("version", "1")]).await;
    assert_eq!((gone.status, desk.state(&article).await), (409, State::Draft));

    articles.edit(article.id, desk.writer.id, draft("Advertising"), 1).await.unwrap();
    articles.submit(article.id, None).await.unwrap();
    let stale = desk.post("reviewer", &format!("{path}/approve"), &[("version", "1")]).await;
    assert!(stale.status == 409 && stale.has("About <strong>Advertising</strong>"), "{}", stale.text);
    assert!(stale.has("changed elsewhere"));
    assert_eq!(desk.state(&article).await, State::Submitted);
}

#[db_test]
async fn an_article_goes_back_with_a_reason(db: Db) {
    let desk = Desk::open(&db).await;
    let article = desk.submitted("Tides").await;
    let path = format!("/admin/review/{}/return", article.id);
    let typed = [("version", "1"), ("note", "Which tide <table>?")];
    let refused = desk.post("reviewer", &path, &typed).await;
    assert!(refused.status == 422 && refused.has("id=\"code-error\""));
    assert!(refused.has("Which tide &lt;table&gt;?</textarea>"), "what was typed stays");
    let unknown = desk.post("reviewer", &path, &[&typed[..], &[("code", "mood")]].concat()).await;
    assert_eq!((unknown.status, desk.state(&article).await), (422, State::Submitted));

    let answer = desk.post("reviewer", &path, &[&typed[..], &[("code", "source")]].concat()).await;
    assert_eq!((answer.status, answer.location.as_str()), (303, "/admin/review?done=returned"));
    let back = desk.admin.articles.get(article.id).await.unwrap();
    assert_eq!((back.state, back.return_code.as_deref()), (State::Returned, Some("source")));
    assert_eq!(back.return_note.as_deref(), Some("Which tide <table>?"));
    let page = desk.get("reviewer", &format!("/admin/review/{}", article.id)).await;
    assert!(page.has("Name your sources.") && page.has("@reviewer"), "decisions stand below");
    assert!(desk.get("reviewer", "/admin/review?state=returned").await.has(">Tides<"));
    assert!(!desk.get("reviewer", "/admin/review").await.has(">Tides<"));
}

#[db_test]
async fn an_article_is_taken_down_by_reviewers_and_put_back_by_editors(db: Db) {
    let desk = Desk::open(&db).await;
    let article = desk.live("Tides").await;
    let path = format!("/admin/review/{}", article.id);
    let refused = desk.post("reviewer", &format!("{path}/retract"), &[]).await;
    assert!(
        refused.status == 422 && refused.has("id=\"retract-error\"") && !refused.has("id=\"code-error\"")
    );
    assert_eq!(desk.state(&article).await, State::Live);

    let answer = desk.post("reviewer", &format!("{path}/retract"), &[("retract", "law")]).await;
    assert_eq!((answer.status, answer.location), (303, format!("{path}?done=retracted")));
    let seen = desk.admin.articles.get_visible(article.id).await;
    assert!(matches!(seen, Err(Error::Gone(code)) if code == "law"));
    assert!(!desk.get("reviewer", &path).await.has("/restore"));
    assert!(desk.get("editor", "/admin/review?state=retracted").await.has(">Tides<"));
    assert!(desk.get("editor", &path).await.has("/restore"));
    assert_eq!(desk.post("editor", &format!("{path}/restore"), &[]).await.status, 303);
    assert_eq!(desk.state(&article).await, State::Live);
}

#[db_test]
async fn changes_to_a_live_article_are_shown_as_they_will_be(db: Db) {
    let desk = Desk::open(&db).await;
    let article = desk.live("Tides").await;
    let articles = &desk.admin.articles;
    articles.edit(article.id, desk.writer.id, draft("Spring tides"), 1).await.unwrap();
    let path = format!("/admin/review/{}", article.id);
    assert!(desk.get("reviewer", &path).await.has("About <strong>Tides</strong>"), "not sent in yet");
    articles.submit(article.id, None).await.unwrap();
    let page = desk.get("reviewer", &path).await;
    assert!(
        page.has("About <strong>Spring tides</strong>")
            && page.has(&format!("href=\"/article/{}\"", article.id))
    );
    assert!(page.has(&format!("{path}/retract")), "the live version can be taken down");

    // The author goes on writing: what was not read stays out.
    articles.edit(article.id, desk.writer.id, draft("Neap tides"), 2).await.unwrap();
    assert_eq!(desk.post("reviewer", &format!("{path}/approve"), &[("version", "2")]).await.status, 409);
    assert_eq!(articles.get(article.id).await.unwrap().draft.title, "Tides");
    assert_eq!(desk.post("reviewer", &format!("{path}/approve"), &[("version", "3")]).await.status, 303);
    assert_eq!(articles.get(article.id).await.unwrap().draft.title, "Neap tides");
}
