//! The conversation with a mail server.

use db::{Db, db_test};
use jobs::State;

use super::{Post, letter, parse, sender, to, to_trusted, until};
use crate::testing::{Abilities, MailServer, Reply};
use crate::{Address, Server, Transport, Unsubscribe};

#[db_test]
async fn a_mail_arrives_as_it_was_written(db: Db) {
    let post = Post::new(&db);
    let server = MailServer::start(Abilities::default()).await;
    let off = Unsubscribe::new("https://news.example/off?t=1").unwrap();
    let mut mail = letter("ann@example.org", "潮汐表：今晚的“大潮”").with_unsubscribe(off);
    let text = "第一行\n.\n..\n.Zeile\nFrom here on\nQUIT\n".repeat(40);
    mail.values["text"] = text.clone().into();
    let id = post.queued(&mail).await;
    post.during(&to(&server), post.until_done()).await;
    let received = server.received().remove(0);
    let message = parse(&received);
    assert_eq!(message.subject(), Some("潮汐表：今晚的“大潮”"));
    assert_eq!(message.message_id(), Some(format!("{id}@news.example").as_str()));
    assert_eq!(message.date().unwrap().to_rfc3339(), "2024-06-05T10:00:00Z");
    assert_eq!(message.from().unwrap().first().unwrap().name(), Some("临江日报·号"));
    assert_eq!(
        message.list_unsubscribe().as_text().or(message.header_raw("List-Unsubscribe")).map(str::trim),
        Some("<https://news.example/off?t=1>")
    );
    assert_eq!(
        message.header_raw("List-Unsubscribe-Post").map(str::trim),
        Some("List-Unsubscribe=One-Click")
    );
    assert_eq!((message.text_body_count(), message.html_body_count(), message.attachment_count()), (1, 1, 0));
    let body = message.body_text(0).unwrap().replace("\r\n", "\n");
    assert_eq!(body.trim_end(), text.trim_end());
    assert!(message.body_html(0).unwrap().contains("<p lang=\"en\">第一行"));
    assert_eq!(server.greeted(), ["news.example"]);
}

#[db_test]
async fn nothing_is_said_in_the_clear_where_it_must_not_be(db: Db) {
    let post = Post::new(&db);
    for (abilities, url) in [
        (
            Abilities { starttls: true, auth: true, ..Abilities::default() },
            "smtp://byline:p%2Fw@localhost:PORT?tls=required",
        ),
        (Abilities { tls: true, auth: true, ..Abilities::default() }, "smtps://byline:p%2Fw@localhost:PORT"),
    ] {
        let server = MailServer::start(abilities).await;
        let transport = to_trusted(&server, url);
        transport.check().await.unwrap();
        assert!(server.received().is_empty(), "a check sends nothing");
        post.queued(&letter("ann@example.org", "secret")).await;
        post.during(&transport, post.until_done()).await;
        let received = server.received().remove(0);
        assert!(received.encrypted && received.credentials.is_some(), "{url}");
    }
    // Without STARTTLS nothing is sent, and nobody signs in.
    let server = MailServer::start(Abilities { auth: true, ..Abilities::default() }).await;
    let transport = to_trusted(&server, "smtp://byline:p%2Fw@localhost:PORT?tls=required");
    let why = transport.check().await.unwrap_err().to_string();
    assert!(why.contains("STARTTLS"), "{why}");
    // Nor to a server whose certificate nobody knows.
    let server = MailServer::start(Abilities { tls: true, auth: true, ..Abilities::default() }).await;
    let url = format!("smtps://byline:p%2Fw@localhost:{}", server.address.port());
    let why = Transport::smtp(Server::parse(&url).unwrap(), &sender())
        .unwrap()
        .check()
        .await
        .unwrap_err()
        .to_string();
    assert!(why.contains("certificate") || why.contains("UnknownIssuer"), "{why}");
    assert!(server.received().is_empty() && server.greeted().is_empty());
}

#[db_test]
async fn a_wrong_password_is_said_and_not_shown(db: Db) {
    let post = Post::new(&db);
    let server = MailServer::start(Abilities { auth: true, ..Abilities::default() }).await;
    let url = format!("smtp://byline:hunter2@{}", server.address);
    let transport = Transport::smtp(Server::parse(&url).unwrap(), &sender()).unwrap();
    let why = transport.check().await.unwrap_err().to_string();
    assert!(why.contains("535 5.7.8 Authentication failed to user and password"), "{why}");
    post.queued(&letter("ann@example.org", "x")).await;
    // Nobody signs in where nothing is asked for.
    for transport in [transport, to(&server)] {
        post.during(&transport, async {
            until("it failed", async || post.jobs.count_failed().await.unwrap() == 1).await;
        })
        .await;
        let job = post.jobs.list(State::Failed, 1).await.unwrap().remove(0);
        let error = job.error.unwrap();
        assert!(error.contains("535 5.7.8") || error.contains("530 5.7.0"), "{error}");
        assert!(!error.contains("hunter2"), "{error}");
        post.jobs.retry(job.id).await.unwrap();
    }
    let server = MailServer::start(Abilities::default()).await;
    let url = format!("smtp://byline:hunter2@{}", server.address);
    let transport = Transport::smtp(Server::parse(&url).unwrap(), &sender()).unwrap();
    let why = transport.check().await.unwrap_err().to_string();
    assert!(why.contains("takes no user and password"), "{why}");
}

#[db_test]
async fn letters_of_all_scripts_go_where_the_server_knows_them(db: Db) {
    let post = Post::new(&db);
    let server = MailServer::start(Abilities { utf8: true, ..Abilities::default() }).await;
    post.queued(&letter("林秋@例子.测试", "潮汐")).await;
    post.during(&to(&server), post.until_done()).await;
    let received = server.received().remove(0);
    assert_eq!(received.rcpt, "RCPT TO:<林秋@xn--fsqu00a.xn--0zwm56d>");
    assert!(received.mail.ends_with(" SMTPUTF8 BODY=8BITMIME"), "{}", received.mail);
    assert_eq!(
        parse(&received).to().unwrap().first().unwrap().address(),
        Some("林秋@xn--fsqu00a.xn--0zwm56d")
    );
    // A domain alone is no reason to ask for it.
    post.queued(&letter("linqiu@例子.测试", "潮汐")).await;
    post.during(&to(&server), post.until_done()).await;
    assert_eq!(server.received()[1].mail, "MAIL FROM:<noreply@news.example>");
    // Elsewhere such an address takes no mail.
    let server = MailServer::start(Abilities::default()).await;
    post.queued(&letter("林秋@例子.测试", "潮汐")).await;
    post.during(&to(&server), post.until_done()).await;
    let address = Address::parse("林秋@例子.测试").unwrap();
    assert_eq!(post.outbox.refusal(&address).await.unwrap().unwrap().code, 553);
    assert!(server.received().is_empty());
}

#[db_test]
async fn a_connection_that_was_closed_meanwhile_is_no_failure(db: Db) {
    let post = Post::new(&db);
    let server = MailServer::start(Abilities::default()).await;
    let transport = to(&server);
    server.reply(".", [Reply::Says("250 ok"), Reply::Says("421 4.4.2 too long idle")]);
    for (n, subject) in ["one", "two", "three"].into_iter().enumerate() {
        post.queued(&letter(&format!("reader{n}@example.org"), subject)).await;
        post.during(&transport, async {
            until("it is sent or waits", async || {
                let job = post.jobs.list(State::Queued, 1).await.unwrap().pop();
                post.left().await == (0, 0) || job.is_some_and(|job| job.error.is_some())
            })
            .await;
            post.clock.advance(std::time::Duration::from_secs(20));
            post.until_done().await;
        })
        .await;
    }
    assert_eq!(server.received().len(), 4, "what it answered 421 to came again");
    assert_eq!(server.connections(), 2, "one was kept, and left after the 421");
}
