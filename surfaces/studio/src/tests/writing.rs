//! From the first line to the last: writing, sending in, scheduling, taking back.

use std::time::Duration;

use articles::{Format, Verdict};
use kernel::Time;

use super::*;

#[tokio::test]
async fn an_article_goes_its_way() {
    let site = open(true).await;
    let id = write(&site, &WHOLE).await;
    let article = site.articles.get(id).await.unwrap();
    assert_eq!((article.state, article.draft.title.as_str()), (State::Draft, "Tide tables"));
    assert_eq!((article.draft.format, article.draft.tags.len()), (Format::Markdown, 2));
    let path = format!("/studio/article/{id}");

    // What was saved is on the desk; the language was guessed, and will be again.
    let page = site.get("lin", &format!("{path}?done=saved")).await;
    assert_eq!(
        (page.status, page.value("title").as_str(), page.value("version").as_str()),
        (200, "Tide tables", "1")
    );
    assert!(
        page.has("Saved.") && page.has("value=\"city\" selected") && page.has("value=\"original\" checked")
    );
    assert!(page.has("<option value=\"\">Detect") && !page.has("lang=\"en\" selected"));

    let more = Multipart::of(&WHOLE).text("version", "1").text("subtitle", "Three centuries");
    let saved = site.post("lin", &path, more).await;
    assert_eq!((saved.status, saved.location()), (303, format!("{path}?done=saved").as_str()));
    assert_eq!(site.articles.get(id).await.unwrap().draft.subtitle.as_deref(), Some("Three centuries"));

    let sent = site.post("lin", &path, Multipart::of(&WHOLE).text("version", "2").text("do", "submit")).await;
    assert_eq!(sent.location(), format!("{path}?done=submitted"));
    let waiting = site.get("lin", &path).await;
    assert!(
        waiting.has("waits for review") && waiting.has("<strong>every morning</strong>"),
        "{}",
        waiting.text
    );
    assert!(!waiting.has("<textarea"), "what waits is not written on");

    let withdrawn = site.post("lin", &format!("{path}/withdraw"), "").await;
    assert_eq!(withdrawn.location(), format!("{path}?done=withdrawn"));
    assert_eq!(site.state(id).await, State::Draft);

    site.post("lin", &format!("{path}/submit"), "").await;
    site.approve(id).await;
    let live = site.get("lin", &path).await;
    assert!(live.has(&format!("href=\"/article/{id}\"")) && live.has("Send changes for review"));

    let retracted = site.post("lin", &format!("{path}/retract"), "").await;
    assert_eq!(retracted.location(), format!("{path}?done=retracted"));
    assert_eq!(site.state(id).await, State::Retracted);
    let gone = site.get("lin", &path).await;
    assert!(gone.has("The author took this article back.") && !gone.has("value=\"submit\""));
}

#[tokio::test]
async fn a_returned_article_says_why_and_is_sent_in_again() {
    let site = open(true).await;
    let id = write(&site, &[&WHOLE[..], &[("do", "submit")]].concat()).await;
    let verdict = Verdict::Return {
        read: None,
        code: "source".into(),
        note: "Where is the <b>figure</b> from?".into(),
    };
    site.decide(id, verdict).await;
    let path = format!("/studio/article/{id}");
    let page = site.get("lin", &path).await;
    assert!(page.has("Name your sources.") && page.has("Where is the &lt;b&gt;figure&lt;/b&gt; from?"));
    assert!(site.get("lin", "/studio").await.has("Name your sources."));
    site.post("lin", &path, Multipart::of(&WHOLE).text("version", "1").text("do", "submit")).await;
    assert_eq!(site.state(id).await, State::Submitted);
}

#[tokio::test]
async fn changes_to_a_live_article_are_sent_in_apart() {
    let site = open(false).await;
    let id = write(&site, &[&WHOLE[..], &[("do", "submit")]].concat()).await;
    assert_eq!(site.state(id).await, State::Live);
    let path = format!("/studio/article/{id}");
    let change =
        Multipart::of(&[("title", "Tides"), ("body", "New."), ("channel", "city"), ("version", "1")]);
    site.post("lin", &path, change.clone()).await;
    assert_eq!(
        site.articles.get(id).await.unwrap().draft.title,
        "Tide tables",
        "readers see what was sent in"
    );
    let page = site.get("lin", &path).await;
    assert_eq!(page.value("title"), "Tides");
    assert!(page.has("saved changes that you have not sent in") && page.has(">Publish changes</button>"));
    let sent = site.post("lin", &format!("{path}/submit"), "").await;
    assert_eq!(sent.location(), format!("{path}?done=published"));
    assert_eq!(site.articles.get(id).await.unwrap().draft.title, "Tides");
}

#[tokio::test]
async fn an_article_waits_for_its_time_in_the_zone_of_the_site() {
    let site = open(false).await;
    // 10:00 UTC is 18:00 in Shanghai.
    let id =
        write(&site, &[&WHOLE[..], &[("do", "submit"), ("publish_at", "2024-06-05T19:00")]].concat()).await;
    assert_eq!(site.state(id).await, State::Scheduled);
    let page = site.get("lin", &format!("/studio/article/{id}")).await;
    assert!(page.has("5 June 2024 19:00") && page.has("will be published when its time comes"));
    site.advance(Duration::from_secs(3_601));
    site.articles.publish_scheduled(id).await.unwrap();
    assert_eq!(site.state(id).await, State::Live);
}

#[tokio::test]
async fn the_list_shows_ones_own_by_state_with_figures() {
    let site = open(false).await;
    let live = write(&site, &[&WHOLE[..], &[("do", "submit")]].concat()).await;
    for n in 0..31 {
        site.advance(Duration::from_secs(1));
        write(&site, &[("title", format!("Draft {n}.").as_str())]).await;
    }
    let mut past = reads::Past::default();
    past.add(live, Time::parse("2024-06-05T09:00:00Z").unwrap(), 4_321);
    site.lists().reads.take_in(&mut past, "elsewhere", 1).await.unwrap();
    let reader = site.user("mo").await;
    site.comments.post(&reader, live, None, "Well written.").await.unwrap();

    let all = site.get("lin", "/studio").await;
    assert!(all.has("Draft 30.") && !all.has("Draft 0.") && !all.has("Tide tables"));
    assert!(all.has("All <span class=\"n\">32</span>") && all.has("Published <span class=\"n\">1</span>"));
    let next = all.text.split("rel=\"next\" href=\"").nth(1).unwrap().split('"').next().unwrap();
    let rest = site.get("lin", &next.replace("&amp;", "&")).await;
    assert!(rest.has("Draft 0.") && rest.has("Tide tables") && !rest.has("Draft 30."));

    let published = site.get("lin", "/studio?state=live").await;
    assert!(published.has("Tide tables") && !published.has("Draft 3"));
    assert!(published.has("<td class=\"num\">4,321</td>") && published.has("<td class=\"num\">1</td>"));
    assert!(!site.get("mo", "/studio").await.has("Tide tables"));
}

#[tokio::test]
async fn a_preview_is_what_readers_would_see() {
    let site = open(true).await;
    let typed = "format=markdown&body=%E6%BD%AE%E6%B1%90+**b**+%3Cscript%3Ealert(1)%3C/script%3E";
    let shown = site.post("lin", "/studio/preview", typed).await;
    assert_eq!((shown.status, shown.headers[header::CONTENT_LANGUAGE].as_bytes()), (200, &b"zh"[..]));
    assert!(shown.has("<strong>b</strong>") && !shown.has("<script"), "{}", shown.text);
    assert_ne!(site.post(VISITOR, "/studio/preview", typed).await.status, 200);

    let id = write(&site, &WHOLE).await;
    let page = site.get("lin", &format!("/studio/article/{id}/preview")).await;
    assert!(page.has("<strong>every morning</strong>") && page.has("noindex") && page.has("Original"));
}

#[tokio::test]
async fn a_text_that_cannot_be_laid_out_is_refused_in_words_and_kept() {
    let site = open(true).await;
    let form: &'static str = Box::leak(format!("format=html&body={}", "%3Cdiv%3E".repeat(5_000)).into());
    let shown = site.post("lin", "/studio/preview", form).await;
    assert_eq!(shown.status, 422);
    assert!(shown.headers[header::CONTENT_TYPE].as_bytes().starts_with(b"text/plain"));
    assert!(shown.has("more than 200 deep"), "{}", shown.text);

    let nested = "<div>".repeat(5_000);
    let fields = [("author", "nanpo"), ("title", "Deep"), ("format", "html"), ("body", nested.as_str())];
    let page = site.post("lin", "/studio/new", Multipart::of(&fields)).await;
    assert_eq!((page.status, page.value("title").as_str()), (422, "Deep"));
    assert!(page.error("body").contains("more than 200 deep"), "{}", page.error("body"));
    assert!(page.value("body").contains("<div><div>"));
}

#[tokio::test]
async fn previews_are_as_many_as_somebody_types() {
    let site = open(true).await;
    let typed = "format=markdown&body=a";
    let mut last = 200;
    for _ in 0..100 {
        last = site.post("lin", "/studio/preview", typed).await.status;
        if last != 200 {
            break;
        }
    }
    assert_eq!(last, 429);
    assert_eq!(site.post("mo", "/studio/preview", typed).await.status, 200);
}

#[tokio::test]
async fn own_articles_are_found_by_their_words() {
    let site = open(true).await;
    let id = write(&site, &WHOLE).await;
    let found = site.get("lin", "/studio?q=TIDE%20morning").await;
    assert!(found.has(&format!("/studio/article/{id}")), "title and body: {}", found.text);
    assert!(found.has("value=\"TIDE morning\""));
    let none = site.get("lin", "/studio?q=tide%20volcano").await;
    assert!(none.has("No article has these words.") && !none.has(&format!("/studio/article/{id}")));
    assert!(!site.get("lin", "/studio?q=_ide").await.has(&format!("/studio/article/{id}")), "no pattern");
    for who in ["mo", VISITOR] {
        assert!(!site.get(who, "/studio?q=tide").await.has("Tide tables"), "{who}");
    }
}
