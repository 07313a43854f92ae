//! Where mail goes, and what a test of it does.

use ::mail::{Address, Letter, Mailer, SendMail, Sender, TestLetter, Transport};
use std::sync::Arc;

use db::{Db, db_test};
use jiff::tz::TimeZone;
use jobs::Workers;
use kernel::Locale;
use testing::{TestSite, URL, until};
use tokio_util::sync::CancellationToken;

use super::open;

const PAGE: &str = "/admin/mail";

/// Sends what waits into the folder that the page shows.
async fn send_all(site: &TestSite) {
    let transport = Transport::folder(site.folder().join("mail")).unwrap();
    let sender = Sender::new(None, URL).unwrap();
    let mailer = Mailer::new(site.outbox.clone(), transport, Arc::new(site.frame()), sender);
    let (workers, stop) = (Workers::new(site.jobs.clone(), || TimeZone::UTC), CancellationToken::new());
    let running = tokio::spawn(workers.on::<SendMail>(mailer).run(stop.clone()));
    until("all is sent", async || site.jobs.counts().await.unwrap().is_empty()).await;
    stop.cancel();
    running.await.unwrap();
}

#[db_test]
async fn a_test_mail_goes_the_way_of_all_mail_and_is_shown(db: Db) {
    let site = open(&db).await;
    assert!(site.get("operator", PAGE).await.has("No mail was sent yet"));
    for address in ["", "ann", "ann@example.org\nBcc: ben@example.org", "Ann <ann@example.org>"] {
        let answer = site.post("operator", "/admin/mail/test", &[("address", address)]).await;
        assert_eq!(answer.status, 422, "{address}");
        assert!(answer.error("address").starts_with("Enter an e-mail address"), "{address}");
    }
    let sent = site.post("operator", "/admin/mail/test", &[("address", "ann@example.org")]).await;
    assert_eq!(sent.location(), "/admin/mail?done=mail-test");
    assert!(site.get("operator", sent.location()).await.has("The test mail is on its way"));
    // Another, in the other language, to somebody who is called oddly.
    let to = Address::parse("o'b&co@例子.测试").unwrap();
    let letter = Letter::new(&TestLetter { asked_at: site.env.now() }, to, Locale::ZhCn).unwrap();
    assert!(matches!(site.outbox.post(&letter).await.unwrap(), ::mail::Accepted::Queued(_)));
    send_all(&site).await;

    let page = site.get("operator", PAGE).await;
    for part in
        ["Test mail from News", "News的测试邮件", "ann@example.org", "o&#39;b&amp;co@xn--fsqu00a.xn--0zwm56d"]
    {
        assert!(page.has(part), "{part}: {}", page.text);
    }
    let name =
        |n: usize| page.text.split("href=\"/admin/mail/").skip(1).nth(n).unwrap().split('"').next().unwrap();
    let names = [name(0), name(1)];
    let newest = format!("{PAGE}/{}", names[0]);
    let shown = site.get("operator", &newest).await;
    assert!(shown.has("News的测试邮件") && shown.has("邮件可以送达") && shown.has("noreply@news.example"));
    assert!(
        shown.has("href=\"https://news.example/admin/mail\"") || shown.has("https://news.example/admin/mail")
    );
    let html = site.get("operator", &format!("{newest}/html")).await;
    assert!(html.text.starts_with("<!doctype html>") && html.has("<html lang=\"zh-CN\">"), "{}", html.text);
    assert!(html.has("o&#39;b&amp;co@") && html.has("https://news.example/admin/mail"));
    let policy = html.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("default-src 'none'") && policy.ends_with("sandbox"), "{policy}");
    for no in [
        "/admin/mail/..%2Fbyline.db",
        "/admin/mail/20240605T100000Z-2.eml",
        "/admin/mail/20240605T100000Z-2.eml/html",
    ] {
        assert_eq!(site.get("operator", no).await.status, 404, "{no}");
    }
    for who in ["reviewer", "editor"] {
        assert_eq!(site.get(who, &newest).await.status, 403);
        assert!(!site.get(who, "/admin").await.has(PAGE));
    }
}

#[db_test]
async fn an_address_that_takes_no_mail_is_said_to_and_nobody_gets_many(db: Db) {
    let site = open(&db).await;
    let to = Address::parse("ann@example.org").unwrap();
    let tx = db.write().await.unwrap();
    site.outbox.refuse(&tx, &to, 550).await.unwrap();
    tx.commit().await.unwrap();
    let test = async |address| site.post("operator", "/admin/mail/test", &[("address", address)]).await;
    let answer = test("Ann@example.org").await;
    assert!(answer.status == 422 && answer.error("address").contains("takes no mail"), "{}", answer.text);
    assert_eq!(answer.value("address"), "Ann@example.org");
    for _ in 0..::mail::HOURLY {
        assert_eq!(test("ben@example.org").await.status, 303);
    }
    assert_eq!(test("ben@example.org").await.status, 429);
}
