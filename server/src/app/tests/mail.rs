//! Mail of a whole site, read from a mail server.

use ::mail::testing::{Abilities, MailServer, Reply};
use ::mail::{Address, Letter, SendMail, TestLetter};
use db::{Db, db_test};
use kernel::{Env, Locale};
use mail_parser::MessageParser;
use testing::until;

use super::House;

#[db_test]
async fn mail_is_read_from_a_mail_server(db: Db) {
    let server = MailServer::start(Abilities { auth: true, ..Abilities::default() }).await;
    // It is busy at first.
    server.reply("RCPT", [Reply::Says("451 4.3.0 try again")]);
    let url = server.url();
    let house = Box::pin(House::configured(db, Env::system(), |config| {
        (config.url, config.name) = (Some("https://news.example".into()), Some("News".into()));
        config.mail = url;
        (config.mail_user, config.mail_password) = (Some("byline".into()), Some("p/w".into()));
        config.mail_from = Some("新闻 <post@news.example>".into());
    }))
    .await;
    let sent = house.post("operator", "/admin/mail/test", &[("address", "ann@example.org")]).await;
    assert_eq!(sent.location(), "/admin/mail?done=mail-test");
    let page = house.get("operator", "/admin/mail").await;
    assert!(page.has(&server.url()) && !page.has("p/w") && !page.has("The newest"), "{}", page.text);
    assert_eq!(house.get("operator", "/admin/mail/20240605T100000Z-2.eml").await.status, 404);

    until("it arrived", async || server.received().len() == 1).await;
    let received = server.received().remove(0);
    assert!(received.credentials.is_some());
    assert_eq!(
        (received.mail.as_str(), received.rcpt.as_str()),
        ("MAIL FROM:<post@news.example>", "RCPT TO:<ann@example.org>")
    );
    let message = MessageParser::default().parse(&received.message).unwrap();
    assert_eq!(message.subject(), Some("Test mail from News"));
    let from = message.from().unwrap().first().unwrap();
    assert_eq!((from.name(), from.address()), (Some("新闻"), Some("post@news.example")));
    assert!(message.message_id().unwrap().ends_with("@news.example"));
    assert_eq!(message.header_raw("Auto-Submitted").map(str::trim), Some("auto-generated"));
    let (text, html) = (message.body_text(0).unwrap(), message.body_html(0).unwrap());
    for part in ["Mail arrives", "https://news.example/admin/mail", "ann@example.org"] {
        assert!(text.contains(part) && html.contains(part), "{part}: {text}");
    }
    assert!(html.contains("<html lang=\"en\">") && !text.contains('<'));
    let id = message.message_id().unwrap().split('@').next().unwrap().parse().unwrap();
    until("its job is done", async || house.jobs.find_by_key(&SendMail { id }).await.unwrap().is_none())
        .await;

    // In the reader's language, by the reader's clock; and a mailbox that is not there is nobody's failure.
    let to = Address::parse("linqiu@example.org").unwrap();
    let letter = Letter::new(&TestLetter { asked_at: house.env.now() }, to.clone(), Locale::ZhCn).unwrap();
    let letter = letter.with_zone(Some("America/Lima".to_owned()));
    let _ = house.outbox.post(&letter).await.unwrap();
    until("it arrived", async || server.received().len() == 2).await;
    let received = server.received().remove(1);
    let message = MessageParser::default().parse(&received.message).unwrap();
    assert_eq!(message.subject(), Some("News的测试邮件"));
    let text = message.body_text(0).unwrap();
    assert!(text.contains("邮件可以送达") && text.contains("America/Lima"), "{text}");
    server.reply("RCPT", [Reply::Says("550 5.1.1 linqiu@example.org: no such mailbox")]);
    let _ = house.outbox.post(&letter).await.unwrap();
    until("it is known", async || house.outbox.refusal(&to).await.unwrap().is_some()).await;
    assert_eq!(house.jobs.count_failed().await.unwrap(), 0);
    house.stop.cancel();
}
