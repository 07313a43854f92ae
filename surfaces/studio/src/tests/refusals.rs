//! What is not taken, and that nothing typed is lost by it.

use super::*;

const TRICKY: &str = "\n\"A\" & <b>b</b> </textarea> 潮汐\n\n- c";

#[tokio::test]
async fn a_bad_form_keeps_all_that_was_typed() {
    let site = open(true).await;
    let long = "x".repeat(201);
    let fields = [
        ("title", long.as_str()),
        ("subtitle", "\"sub\" <i>"),
        ("format", "html"),
        ("body", TRICKY),
        ("picture_alt", "what it shows"),
        ("channel", "city"),
        ("tags", "fine, not/fine"),
        ("declared", "ai"),
        ("source_url", "javascript:alert(1)"),
        ("publish_at", "soon"),
    ];
    let page = site.post("lin", "/studio/new", Multipart::of(&fields)).await;
    assert_eq!(
        (page.status, page.error("tags")),
        (422, "A tag has up to 40 characters, without commas and slashes.")
    );
    let good: Vec<_> = fields.into_iter().map(|f| if f.0 == "tags" { ("tags", "fine") } else { f }).collect();
    let page = site.post("lin", "/studio/new", Multipart::of(&good)).await;
    assert_eq!((page.status, page.error("title")), (422, "At most 200 characters."));
    assert_eq!(page.error("source_url"), "An address begins with http:// or https://.");
    for (field, typed) in good.iter().filter(|(name, _)| !matches!(*name, "format" | "channel" | "declared"))
    {
        assert_eq!(page.value(field), *typed);
    }
    assert!(page.has("value=\"html\" checked") && page.has("value=\"city\" selected"));
    assert!(page.has("value=\"ai\" checked") && page.has("data-unsaved"));
    assert!(site.get("lin", "/studio").await.has("What you write will be listed here."), "nothing was saved");
}

#[tokio::test]
async fn an_incomplete_article_is_kept_as_a_draft() {
    let site = open(true).await;
    let sent = [("title", ""), ("body", TRICKY), ("declared", "reprint"), ("do", "submit")];
    let page = site.post("lin", "/studio/new", Multipart::of(&sent)).await;
    assert_eq!(
        (page.status, page.error("title"), page.error("channel")),
        (422, "Write a title.", "Choose a channel.")
    );
    assert_eq!(page.error("source_name"), "Name where the reprint is from.");
    assert!(page.has("Saved as a draft."));
    assert_eq!(page.value("body"), TRICKY);
    // The form goes on with that draft: sent again, it makes no second one.
    let action = page.text.split("action=\"/studio/article/").nth(1).unwrap().split('"').next().unwrap();
    let id: ArticleId = action.parse().unwrap();
    assert_eq!((site.state(id).await, page.value("version").as_str()), (State::Draft, "1"));

    let past = Multipart::of(&WHOLE)
        .text("version", "1")
        .text("do", "submit")
        .text("publish_at", "2024-06-05T17:59");
    let page = site.post("lin", &format!("/studio/article/{id}"), past).await;
    assert_eq!(
        (page.error("publish_at"), page.value("publish_at").as_str()),
        ("This time is past.", "2024-06-05T17:59")
    );
    assert_eq!(site.state(id).await, State::Draft);
    let page = site.post("lin", &format!("/studio/article/{id}/submit"), "publish_at=1999-01-01T00:00").await;
    assert_eq!((page.status, page.value("title").as_str()), (422, "Tide tables"));
}

#[tokio::test]
async fn two_who_write_at_once_both_keep_their_text() {
    let site = open(true).await;
    let id = write(&site, &WHOLE).await;
    let path = format!("/studio/article/{id}");
    let version = |n: &str, body: &str| Multipart::of(&[("title", "T"), ("body", body), ("version", n)]);
    assert_eq!(site.post("lin", &path, version("1", "Theirs.")).await.status, 303);
    let page = site.post("lin", &path, version("1", TRICKY)).await;
    assert_eq!(
        (page.status, page.value("body").as_str(), page.value("theirs").as_str()),
        (409, TRICKY, "Theirs.")
    );
    assert_eq!(page.value("version"), "2", "sent again, it stands");
    assert_eq!(site.articles.get(id).await.unwrap().draft.body, "Theirs.");

    // Sent in from another window meanwhile.
    site.post("lin", &path, Multipart::of(&WHOLE).text("version", "2").text("do", "submit")).await;
    let page = site.post("lin", &path, version("3", TRICKY)).await;
    assert_eq!((page.status, page.value("body").as_str()), (409, TRICKY));
    assert!(page.has("Withdraw the article first"));
}

/// Each file is a file on the disk and then a process of its own.
#[tokio::test]
async fn a_form_holds_so_many_files_and_parts_and_no_text_is_lost_by_more() {
    let site = open(true).await;
    let files = |form: Multipart, name: &str, count: u8| {
        (0..count).fold(form, |form, n| form.file(name, &png(12, 8, n)))
    };
    let many = files(Multipart::of(&WHOLE[..2]), "picture", 13).text("body", TRICKY);
    let page = site.post("lin", "/studio/new", many).await;
    let said = "Up to 12 files at a time. Please send them in several turns.";
    assert_eq!((page.status, page.error("picture")), (422, said));
    assert_eq!((page.value("title").as_str(), page.value("body").as_str()), ("Tide tables", TRICKY));
    assert!(!site.get("lin", "/studio/pictures").await.has("/media/"), "none of them was taken");
    // File fields that no form has are not looked at, nor are those that were left alone.
    let others = files(Multipart::of(&[("title", "T")]), "attachment", 20);
    let others = (0..20).fold(others, |form, _| form.file("picture", b"")).text("body", "text");
    assert_eq!(site.post("lin", "/studio/new", others).await.status, 303);
    assert!(!site.get("lin", "/studio/pictures").await.has("/media/"));

    let typed = Multipart::of(&WHOLE).text("subtitle", "kept");
    let endless = (0..100).fold(typed, |form, n| form.text(&format!("x{n}"), "1"));
    let page = site.post("lin", "/studio/new", endless).await;
    assert!(page.status == 422 && page.has("This form has more than 100 parts"), "{}", page.status);
    assert_eq!((page.value("title").as_str(), page.value("subtitle").as_str()), ("Tide tables", "kept"));
}

#[tokio::test]
async fn a_session_that_ends_takes_no_text_with_it() {
    let site = open(true).await;
    let sent = Multipart::of(&[("title", "T"), ("body", TRICKY), ("tags", "a, \"b\"")])
        .file("picture", &png(12, 8, 1));
    for path in ["/studio/new", "/studio/article/3fQk2"] {
        let page = site.post(VISITOR, path, sent.clone()).await;
        assert_eq!((page.status, page.value("body").as_str()), (401, TRICKY));
        assert_eq!((page.value("title").as_str(), page.value("tags").as_str()), ("T", "a, \"b\""));
        assert!(page.has(&format!("action=\"{path}\"")) && page.has("/login"));
    }
}

#[tokio::test]
async fn nobody_reaches_what_others_write() {
    let site = open(true).await;
    let id = write(&site, &WHOLE).await;
    let path = format!("/studio/article/{id}");
    for who in ["mo", "an"] {
        for page in [path.clone(), format!("{path}/preview")] {
            let answer = site.get(who, &page).await;
            assert_eq!(answer.status, 404, "{who} {page}");
            assert!(!answer.has("every morning"));
        }
        // Who writes for nobody is told so before anything is looked for.
        let refused = if who == "an" { 403 } else { 404 };
        assert_eq!(site.post(who, &path, Multipart::of(&WHOLE).text("version", "1")).await.status, refused);
        for step in ["submit", "withdraw", "retract"] {
            assert_eq!(site.post(who, &format!("{path}/{step}"), "").await.status, refused, "{who} {step}");
        }
        let as_lin = Multipart::of(&WHOLE).text("author", "nanpo");
        assert_eq!(site.post(who, "/studio/new", as_lin).await.status, 403, "{who}");
        assert_eq!(
            site.post(who, "/studio/profile", Multipart::of(&[("author", "nanpo")])).await.status,
            403
        );
    }
    assert_eq!(site.get("mo", "/studio?author=nanpo").await.status, 403);
    assert_eq!((site.articles.get(id).await.unwrap().latest, site.state(id).await), (1, State::Draft));
    for page in ["/studio", "/studio/new", &path, "/studio/pictures", "/studio/profile"] {
        let answer = site.get(VISITOR, page).await;
        assert!(answer.status == 303 && answer.location().starts_with("/login?return=/studio"), "{page}");
    }
}

/// The same as at `/admin/review/{id}`.
#[tokio::test]
async fn a_reviewer_previews_what_was_sent_in() {
    let site = open(true).await;
    let an = site.user("an").await.id;
    site.accounts.grant(None, an, accounts::Role::Reviewer).await.unwrap();
    let id = write(&site, &WHOLE).await;
    let path = format!("/studio/article/{id}/preview");
    let seen = async || site.get("an", &path).await;
    assert_eq!(seen().await.status, 404, "a draft is its author's own");
    site.articles.submit(id, None).await.unwrap();
    assert!(seen().await.has("every morning"));
    site.approve(id).await;
    let mut draft = site.articles.newest(id).await.unwrap().unwrap();
    draft.body = "At six, I think.".into();
    site.articles.edit(id, site.writer.id, draft, 1).await.unwrap();
    let before = seen().await;
    assert!(before.has("every morning") && !before.has("I think"), "not sent in yet");
    assert!(site.get("lin", &path).await.has("I think"));
    site.articles.submit(id, None).await.unwrap();
    assert!(seen().await.has("I think"));
}

#[tokio::test]
async fn who_owns_no_author_is_led_to_the_application() {
    let site = open(true).await;
    for page in ["/studio", "/studio/pictures"] {
        let answer = site.get("an", page).await;
        assert!(answer.status == 200 && answer.has("class=\"button primary\" href=\"/apply\""), "{page}");
    }
    for page in ["/studio/new", "/studio/profile"] {
        assert_eq!(site.get("an", page).await.location(), "/studio", "{page}");
    }
}

#[tokio::test]
async fn two_new_articles_have_two_copies_in_the_browser() {
    let site = open(true).await;
    let name =
        |page: &Answer| page.text.split("data-desk=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let (one, two) = (site.get("lin", "/studio/new").await, site.get("lin", "/studio/new").await);
    assert_ne!(name(&one), name(&two));
    // A form that comes back goes on with the copy that it had; what is no name of ours is not written back.
    for (sent, kept) in [(one.value("copy"), true), ("\"><b>".to_owned(), false)] {
        let form = Multipart::of(&[("body", "x"), ("tags", "not/fine"), ("copy", sent.as_str())]);
        let page = site.post("lin", "/studio/new", form).await;
        assert_eq!(page.status, 422);
        assert_eq!(name(&page).ends_with(&format!(":new:{sent}")), kept, "{}", name(&page));
    }
    let id = write(&site, &WHOLE).await;
    let page = site.get("lin", &format!("/studio/article/{id}")).await;
    assert!(name(&page).ends_with(&format!(":{id}")) && !page.has("name=\"copy\""));
}
