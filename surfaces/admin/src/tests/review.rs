//! What becomes of articles.

use articles::{Declaration, Draft, Format, State};
use db::{Db, db_test};
use kernel::Error;
use testing::draft;

use super::{open, post_read, read_now};

#[db_test]
async fn an_article_is_read_and_approved(db: Db) {
    let site = open(&db).await;
    let (first, second) =
        (site.article("Tides", State::Submitted).await, site.article("Ferries", State::Submitted).await);
    site.article("Not sent in", State::Draft).await;
    let queue = site.get("reviewer", "/admin/review").await;
    let (a, b) = (queue.text.find(">Tides<").unwrap(), queue.text.find(">Ferries<").unwrap());
    assert!(a < b && !queue.has("Not sent in"), "who waits longest is first");

    let path = format!("/admin/review/{first}");
    let page = site.get("reviewer", &path).await;
    assert!(page.has("About <strong>Tides</strong>.") && page.has(r#"name="version" value="1""#));
    let editors = site.get("editor", &path).await;
    assert!(editors.has("About <strong>Tides") && !editors.has(&format!("{path}/approve")));

    let read = read_now(&site, first).await;
    let unread = site.post("reviewer", &format!("{path}/approve"), &[("version", "1")]).await;
    assert!(unread.status == 409 && unread.has("changed elsewhere"), "a number alone says nothing was read");
    let answer = post_read(&site, "reviewer", &format!("{path}/approve"), &read, &[]).await;
    assert_eq!((answer.status, answer.location()), (303, "/admin/review?done=approved"));
    assert_eq!((site.state(first).await, site.state(second).await), (State::Live, State::Submitted));
    assert!(site.get("reviewer", &answer.location()).await.has("Approved."));

    // A colleague who comes late is told, and nothing is decided twice.
    let late = post_read(&site, "reviewer", &format!("{path}/approve"), &read, &[]).await;
    assert!(late.status == 409 && late.has("not in a state that allows this"));
    assert_eq!(site.moderation.decisions(first).await.unwrap().len(), 1);
}

#[db_test]
async fn nothing_goes_live_that_was_not_read(db: Db) {
    let site = open(&db).await;
    let article = site.article("Tides", State::Submitted).await;
    let path = format!("/admin/review/{article}");
    let read = read_now(&site, article).await;
    // While the reviewer reads, the author takes it back, writes something else and sends that in.
    let articles = &site.articles;
    articles.withdraw(article).await.unwrap();
    assert_eq!(site.get("reviewer", &path).await.status, 404, "a draft is its author's own");
    let gone = post_read(&site, "reviewer", &format!("{path}/approve"), &read, &[]).await;
    assert_eq!((gone.status, site.state(article).await), (409, State::Draft));

    articles.edit(article, site.writer.id, draft("Advertising"), 1).await.unwrap();
    articles.submit(article, None).await.unwrap();
    let stale = post_read(&site, "reviewer", &format!("{path}/approve"), &read, &[]).await;
    assert!(stale.status == 409 && stale.has("About <strong>Advertising</strong>"), "{}", stale.text);
    assert!(stale.has("changed elsewhere") && stale.has("Changed since you read it: title, text"));
    assert_eq!(site.state(article).await, State::Submitted);
}

#[db_test]
async fn an_article_goes_back_with_a_reason(db: Db) {
    let site = open(&db).await;
    let article = site.article("Tides", State::Submitted).await;
    let path = format!("/admin/review/{article}/return");
    let read = read_now(&site, article).await;
    let typed = [("note", "Which tide <table>?")];
    let refused = post_read(&site, "reviewer", &path, &read, &typed).await;
    assert!(refused.status == 422 && refused.has("id=\"code-error\""));
    assert!(refused.has("Which tide &lt;table&gt;?</textarea>"), "what was typed stays");
    let unknown =
        post_read(&site, "reviewer", &path, &read, &[&typed[..], &[("code", "mood")]].concat()).await;
    assert_eq!((unknown.status, site.state(article).await), (422, State::Submitted));

    let answer =
        post_read(&site, "reviewer", &path, &read, &[&typed[..], &[("code", "source")]].concat()).await;
    assert_eq!((answer.status, answer.location()), (303, "/admin/review?done=returned"));
    let back = site.articles.get(article).await.unwrap();
    assert_eq!((back.state, back.return_code.as_deref()), (State::Returned, Some("source")));
    assert_eq!(back.return_note.as_deref(), Some("Which tide <table>?"));
    let page = site.get("reviewer", &format!("/admin/review/{article}")).await;
    assert!(page.has("Name your sources.") && page.has("@reviewer"), "decisions stand below");
    assert!(site.get("reviewer", "/admin/review?state=returned").await.has(">Tides<"));
    assert!(!site.get("reviewer", "/admin/review").await.has(">Tides<"));
}

#[db_test]
async fn an_article_is_taken_down_by_reviewers_and_put_back_by_editors(db: Db) {
    let site = open(&db).await;
    let article = site.article("Tides", State::Live).await;
    let path = format!("/admin/review/{article}");
    let refused = site.post("reviewer", &format!("{path}/retract"), "").await;
    assert!(
        refused.status == 422 && refused.has("id=\"retract-error\"") && !refused.has("id=\"code-error\"")
    );
    assert_eq!(site.state(article).await, State::Live);

    let answer = site.post("reviewer", &format!("{path}/retract"), &[("retract", "law")]).await;
    assert_eq!((answer.status, answer.location()), (303, &*format!("{path}?done=retracted")));
    let seen = site.articles.get_visible(article).await;
    assert!(matches!(seen, Err(Error::Gone(code)) if code == "law"));
    assert!(!site.get("reviewer", &path).await.has("/restore"));
    assert!(site.get("editor", "/admin/review?state=retracted").await.has(">Tides<"));
    assert!(site.get("editor", &path).await.has("/restore"));
    assert_eq!(site.post("editor", &format!("{path}/restore"), "").await.status, 303);
    assert_eq!(site.state(article).await, State::Live);
}

#[db_test]
async fn changes_to_a_live_article_are_shown_as_they_will_be(db: Db) {
    let site = open(&db).await;
    let article = site.article("Tides", State::Live).await;
    let articles = &site.articles;
    articles.edit(article, site.writer.id, draft("Spring tides"), 1).await.unwrap();
    let path = format!("/admin/review/{article}");
    assert!(site.get("reviewer", &path).await.has("About <strong>Tides</strong>"), "not sent in yet");
    articles.submit(article, None).await.unwrap();
    let page = site.get("reviewer", &path).await;
    assert!(
        page.has("About <strong>Spring tides</strong>")
            && page.has(&format!("href=\"/article/{}\"", article))
    );
    assert!(page.has(&format!("{path}/retract")), "the live version can be taken down");

    assert!(page.has("They change: title, text"));
    let read = read_now(&site, article).await;
    // The author goes on writing: what was not read stays out.
    articles.edit(article, site.writer.id, draft("Neap tides"), 2).await.unwrap();
    assert_eq!(post_read(&site, "reviewer", &format!("{path}/approve"), &read, &[]).await.status, 409);
    assert_eq!(articles.get(article).await.unwrap().draft.title, "Tides");
    assert_eq!(
        post_read(&site, "reviewer", &format!("{path}/approve"), &read_now(&site, article).await, &[])
            .await
            .status,
        303
    );
    assert_eq!(articles.get(article).await.unwrap().draft.title, "Neap tides");
}

#[db_test]
async fn all_that_an_approval_makes_public_stands_on_the_page(db: Db) {
    let site = open(&db).await;
    let covers = [
        site.picture(site.writer.id, 1).await,
        site.picture(site.writer.id, 2).await,
        site.picture(site.writer.id, 3).await,
    ];
    let (inside, poster, set) = (
        site.picture(site.writer.id, 4).await,
        site.picture(site.writer.id, 5).await,
        site.picture(site.writer.id, 6).await,
    );
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
    let articles = &site.articles;
    let article = site.article_of(site.author.id, full.clone(), State::Submitted).await;
    let page = site.get("reviewer", &format!("/admin/review/{article}")).await;
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
    let read = read_now(&site, article).await;
    articles.withdraw(article).await.unwrap();
    let other = Draft { covers: vec![site.picture(site.writer.id, 7).await], ..full };
    articles.edit(article, site.writer.id, other, 1).await.unwrap();
    articles.submit(article, None).await.unwrap();
    let path = format!("/admin/review/{article}/approve");
    let stale = post_read(&site, "reviewer", &path, &read, &[]).await;
    assert!(stale.status == 409 && stale.has("Changed since you read it: covers<"), "{}", stale.text);
    assert_eq!(site.state(article).await, State::Submitted);
    let read = read_now(&site, article).await;
    assert_eq!(post_read(&site, "reviewer", &path, &read, &[]).await.status, 303);
}

#[db_test]
async fn what_is_ones_own_is_for_others_to_decide(db: Db) {
    let site = open(&db).await;
    let (waiting, live) =
        (site.article("Tides", State::Submitted).await, site.article("Ferries", State::Live).await);
    let read = read_now(&site, waiting).await;
    let reviewer = site.user("reviewer").await.id;
    site.authors.add_owner(site.author.id, reviewer).await.unwrap();
    let yours = "This is yours: another person must decide.";
    assert!(site.get("reviewer", "/admin/review").await.has(yours));
    assert!(!site.get("operator", "/admin/review").await.has(yours));
    for (article, act) in [(&waiting, "approve"), (&waiting, "return"), (&live, "retract")] {
        let path = format!("/admin/review/{article}");
        let page = site.get("reviewer", &path).await;
        assert!(page.has(yours) && !page.has(&format!("{path}/{act}")), "{act}");
        let fields = [("code", "facts"), ("retract", "law")];
        let refused = post_read(&site, "reviewer", &format!("{path}/{act}"), &read, &fields).await;
        assert!(refused.status == 409 && refused.has(yours), "{act}: {}", refused.status);
    }
    assert_eq!((site.state(waiting).await, site.state(live).await), (State::Submitted, State::Live));
}

#[db_test]
async fn what_is_not_there_to_be_seen_is_not_approved(db: Db) {
    let site = open(&db).await;
    let cover = site.picture(site.writer.id, 1).await;
    let full = Draft { covers: vec![cover.clone()], ..draft("Tides") };
    let article = site.article_of(site.author.id, full, State::Submitted).await;
    site.media.delete(site.writer.id, &cover, false).await.unwrap();
    let path = format!("/admin/review/{article}");
    let page = site.get("reviewer", &path).await;
    assert!(page.has("not on this site any more") && !page.has(&format!("{path}/approve")), "{}", page.text);
    let read = read_now(&site, article).await;
    let refused = post_read(&site, "reviewer", &format!("{path}/approve"), &read, &[]).await;
    assert!(refused.status == 409 && refused.has("not on this site any more"));
    assert_eq!(site.picture(site.writer.id, 1).await, cover);
    let unseen = post_read(&site, "reviewer", &format!("{path}/approve"), &read, &[]).await;
    assert!(
        unseen.status == 409 && unseen.has("changed elsewhere"),
        "it was brought again, and nobody saw it"
    );
    assert_eq!(site.state(article).await, State::Submitted);
    let read = read_now(&site, article).await;
    let approved = post_read(&site, "reviewer", &format!("{path}/approve"), &read, &[]).await;
    assert_eq!((approved.status, site.state(article).await), (303, State::Live));
}
