//! What becomes of articles.

use articles::{Declaration, Draft, Format, State};
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

    let read = desk.read(&first).await;
    let unread = desk.post("reviewer", &format!("{path}/approve"), &[("version", "1")]).await;
    assert!(unread.status == 409 && unread.has("changed elsewhere"), "a number alone says nothing was read");
    let answer = desk.post_read("reviewer", &format!("{path}/approve"), &read, &[]).await;
    assert_eq!((answer.status, answer.location.as_str()), (303, "/admin/review?done=approved"));
    assert_eq!((desk.state(&first).await, desk.state(&second).await), (State::Live, State::Submitted));
    assert!(desk.get("reviewer", &answer.location).await.has("Approved."));

    // A colleague who comes late is told, and nothing is decided twice.
    let late = desk.post_read("reviewer", &format!("{path}/approve"), &read, &[]).await;
    assert!(late.status == 409 && late.has("not in a state that allows this"));
    assert_eq!(desk.admin.moderation.decisions(first.id).await.unwrap().len(), 1);
}

#[db_test]
async fn nothing_goes_live_that_was_not_read(db: Db) {
    let desk = Desk::open(&db).await;
    let article = desk.submitted("Tides").await;
    let path = format!("/admin/review/{}", article.id);
    let read = desk.read(&article).await;
    // While the reviewer reads, the author takes it back, writes something else and sends that in.
    let articles = &desk.admin.articles;
    articles.withdraw(article.id).await.unwrap();
    assert_eq!(desk.get("reviewer", &path).await.status, 404, "a draft is its author's own");
    let gone = desk.post_read("reviewer", &format!("{path}/approve"), &read, &[]).await;
    assert_eq!((gone.status, desk.state(&article).await), (409, State::Draft));

    articles.edit(article.id, desk.writer.id, draft("Advertising"), 1).await.unwrap();
    articles.submit(article.id, None).await.unwrap();
    let stale = desk.post_read("reviewer", &format!("{path}/approve"), &read, &[]).await;
    assert!(stale.status == 409 && stale.has("About <strong>Advertising</strong>"), "{}", stale.text);
    assert!(stale.has("changed elsewhere") && stale.has("Changed since you read it: title, text"));
    assert_eq!(desk.state(&article).await, State::Submitted);
}

#[db_test]
async fn an_article_goes_back_with_a_reason(db: Db) {
    let desk = Desk::open(&db).await;
    let article = desk.submitted("Tides").await;
    let path = format!("/admin/review/{}/return", article.id);
    let read = desk.read(&article).await;
    let typed = [("note", "Which tide <table>?")];
    let refused = desk.post_read("reviewer", &path, &read, &typed).await;
    assert!(refused.status == 422 && refused.has("id=\"code-error\""));
    assert!(refused.has("Which tide &lt;table&gt;?</textarea>"), "what was typed stays");
    let unknown = desk.post_read("reviewer", &path, &read, &[&typed[..], &[("code", "mood")]].concat()).await;
    assert_eq!((unknown.status, desk.state(&article).await), (422, State::Submitted));

    let answer =
        desk.post_read("reviewer", &path, &read, &[&typed[..], &[("code", "source")]].concat()).await;
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

    assert!(page.has("They change: title, text"));
    let read = desk.read(&article).await;
    // The author goes on writing: what was not read stays out.
    articles.edit(article.id, desk.writer.id, draft("Neap tides"), 2).await.unwrap();
    assert_eq!(desk.post_read("reviewer", &format!("{path}/approve"), &read, &[]).await.status, 409);
    assert_eq!(articles.get(article.id).await.unwrap().draft.title, "Tides");
    assert_eq!(
        desk.post_read("reviewer", &format!("{path}/approve"), &desk.read(&article).await, &[]).await.status,
        303
    );
    assert_eq!(articles.get(article.id).await.unwrap().draft.title, "Neap tides");
}

#[db_test]
async fn all_that_an_approval_makes_public_stands_on_the_page(db: Db) {
    let desk = Desk::open(&db).await;
    let covers = [desk.picture(1).await, desk.picture(2).await, desk.picture(3).await];
    let (inside, poster, set) = (desk.picture(4).await, desk.picture(5).await, desk.picture(6).await);
    let body = format!(
        "<p>Text <img src=\"/media/{inside}/full.jpg\"></p><video src=\"https://video.example/v.mp4\" poster=\"/media/{poster}/full.jpg\"></video>\
         <picture><source srcset=\"/media/{set}/w8.webp\"><img src=\"/media/{inside}/full.jpg\"></picture>"
    );
    let full = Draft {
        subtitle: Some("A line below".into()),
        format: Format::Html,
        body,
        tags: vec![kernel::Tag::new("Sluices").unwrap()],
        covers: covers.to_vec(),
        declarations: vec![Declaration::Reprint, Declaration::Ai],
        source_name: Some("The Gazette".into()),
        source_url: Some("https://gazette.example/1".into()),
        canonical_url: Some("https://first.example/1".into()),
        language: Some("de".into()),
        ..draft("Tides")
    };
    let articles = &desk.admin.articles;
    let article = articles.create(desk.author.id, desk.writer.id, full.clone()).await.unwrap();
    articles.submit(article.id, None).await.unwrap();
    let page = desk.get("reviewer", &format!("/admin/review/{}", article.id)).await;
    for hash in covers.iter().chain([&inside, &poster, &set]) {
        assert!(page.has(&format!("<img class=\"")) && page.has(&format!("src=\"/media/{hash}/")), "{hash}");
    }
    for cover in &covers {
        // As the lead, a tile, a story and a small one.
        assert_eq!(page.text.matches(&format!("src=\"/media/{cover}/")).count(), 4);
    }
    for text in [
        "A line below",
        "Sluices",
        "The Gazette",
        "gazette.example",
        "first.example",
        "https://video.example/v.mp4",
        ">de<",
        "City",
        "AI",
    ] {
        assert!(page.has(text), "{text}");
    }

    // Only the covers change while the page is open.
    let read = desk.read(&article).await;
    articles.withdraw(article.id).await.unwrap();
    let other = Draft { covers: vec![desk.picture(7).await], ..full };
    articles.edit(article.id, desk.writer.id, other, 1).await.unwrap();
    articles.submit(article.id, None).await.unwrap();
    let path = format!("/admin/review/{}/approve", article.id);
    let stale = desk.post_read("reviewer", &path, &read, &[]).await;
    assert!(stale.status == 409 && stale.has("Changed since you read it: covers<"), "{}", stale.text);
    assert_eq!(desk.state(&article).await, State::Submitted);
    let read = desk.read(&article).await;
    assert_eq!(desk.post_read("reviewer", &path, &read, &[]).await.status, 303);
}

#[db_test]
async fn what_is_ones_own_is_for_others_to_decide(db: Db) {
    let desk = Desk::open(&db).await;
    let (waiting, live) = (desk.submitted("Tides").await, desk.live("Ferries").await);
    let read = desk.read(&waiting).await;
    let reviewer = desk.reviewer.user().unwrap().id;
    desk.admin.authors.add_owner(desk.author.id, reviewer).await.unwrap();
    let yours = "This is yours: another person must decide.";
    assert!(desk.get("reviewer", "/admin/review").await.has(yours));
    assert!(!desk.get("operator", "/admin/review").await.has(yours));
    for (article, act) in [(&waiting, "approve"), (&waiting, "return"), (&live, "retract")] {
        let path = format!("/admin/review/{}", article.id);
        let page = desk.get("reviewer", &path).await;
        assert!(page.has(yours) && !page.has(&format!("{path}/{act}")), "{act}");
        let fields = [("code", "facts"), ("retract", "law")];
        let refused = desk.post_read("reviewer", &format!("{path}/{act}"), &read, &fields).await;
        assert!(refused.status == 409 && refused.has(yours), "{act}: {}", refused.status);
    }
    assert_eq!((desk.state(&waiting).await, desk.state(&live).await), (State::Submitted, State::Live));
}

#[db_test]
async fn what_is_not_there_to_be_seen_is_not_approved(db: Db) {
    let desk = Desk::open(&db).await;
    let cover = desk.picture(1).await;
    let full = Draft { covers: vec![cover.clone()], ..draft("Tides") };
    let article = desk.admin.articles.create(desk.author.id, desk.writer.id, full).await.unwrap();
    desk.admin.articles.submit(article.id, None).await.unwrap();
    desk.admin.media.delete(desk.writer.id, &cover, false).await.unwrap();
    let path = format!("/admin/review/{}", article.id);
    let page = desk.get("reviewer", &path).await;
    assert!(page.has("not on this site any more") && !page.has(&format!("{path}/approve")), "{}", page.text);
    let read = desk.read(&article).await;
    let refused = desk.post_read("reviewer", &format!("{path}/approve"), &read, &[]).await;
    assert!(refused.status == 409 && refused.has("not on this site any more"));
    assert_eq!(desk.picture(1).await, cover);
    let unseen = desk.post_read("reviewer", &format!("{path}/approve"), &read, &[]).await;
    assert!(
        unseen.status == 409 && unseen.has("changed elsewhere"),
        "it was brought again, and nobody saw it"
    );
    assert_eq!(desk.state(&article).await, State::Submitted);
    let read = desk.read(&article).await;
    let approved = desk.post_read("reviewer", &format!("{path}/approve"), &read, &[]).await;
    assert_eq!((approved.status, desk.state(&article).await), (303, State::Live));
}
