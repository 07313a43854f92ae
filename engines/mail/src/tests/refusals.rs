//! What a mail server says no to, and for how long.

use std::time::Duration;

use db::{Conn, Db, args, db_test};
use jobs::State;

use super::{Post, letter, to, until};
use crate::testing::{Abilities, MailServer, Reply};
use crate::{Accepted, Address, Server, Transport};

#[db_test]
async fn an_address_that_takes_no_mail_gets_none_until_it_is_cleared(db: Db) {
    let post = Post::new(&db);
    let server = MailServer::start(Abilities::default()).await;
    let address = Address::parse("ann@example.org").unwrap();
    post.queued(&letter("ann@example.org", "first")).await;
    post.queued(&letter("Ann@example.org", "second")).await;
    server.reply("RCPT", [Reply::Says("550 5.1.1 <ann@example.org>: no such mailbox")]);
    post.during(&to(&server), post.until_done()).await;
    assert_eq!(post.jobs.count_failed().await.unwrap(), 0, "no operator has to do anything");
    let refusal = post.outbox.refusal(&address).await.unwrap().unwrap();
    assert_eq!((refusal.code, refusal.at), (550, post.env.now()));
    assert_eq!(
        post.outbox.post(&letter("ann@example.org", "third")).await.unwrap(),
        Accepted::Refused(refusal)
    );
    assert_eq!(post.left().await, (0, 0));
    let stored: Vec<String> = db.column("SELECT address FROM mail_refusals", args![]).await.unwrap();
    assert!(stored.len() == 1 && !stored[0].contains("ann"), "{stored:?}");

    post.write(async |tx| assert!(post.outbox.clear(tx, &address).await.unwrap())).await;
    post.write(async |tx| assert!(!post.outbox.clear(tx, &address).await.unwrap())).await;
    post.queued(&letter("ann@example.org", "fourth")).await;
    post.during(&to(&server), post.until_done()).await;
    assert!(server.received().iter().any(|mail| mail.message.windows(6).any(|part| part == b"fourth")));
    // What came back by other ways counts as well.
    post.write(async |tx| post.outbox.refuse(tx, &address, 550).await.unwrap()).await;
    assert!(matches!(
        post.outbox.post(&letter("ann@example.org", "fifth")).await.unwrap(),
        Accepted::Refused(_)
    ));
    // All of them, after a server was wrong about them.
    let other = Address::parse("ben@example.org").unwrap();
    post.write(async |tx| post.outbox.refuse(tx, &other, 550).await.unwrap()).await;
    post.write(async |tx| assert_eq!(post.outbox.clear_all(tx).await.unwrap(), 2)).await;
    assert!(post.outbox.refusal(&other).await.unwrap().is_none());
}

#[db_test]
async fn a_server_that_is_busy_or_away_delays_mail_and_loses_none(db: Db) {
    let post = Post::new(&db);
    let server = MailServer::start(Abilities::default()).await;
    post.queued(&letter("ann@example.org", "patience")).await;
    let busy = [
        ("CONNECT", Reply::Says("421 4.3.2 not now")),
        ("RCPT", Reply::Says("450 4.2.0 <ann@example.org>: come again")),
        ("RCPT", Reply::HangsUp),
        ("DATA", Reply::Says("451 4.3.0 disk")),
        (".", Reply::Says("452 4.2.2 full")),
        (".", Reply::HangsUp),
    ];
    let times = busy.len() as i64;
    for (command, reply) in busy {
        server.reply(command, [reply]);
    }
    post.during(&to(&server), async {
        for tries in 1..=times {
            until("it waits", async || {
                let queued = post.jobs.list(State::Queued, 1).await.unwrap();
                queued.first().is_some_and(|job| job.tries == tries && job.run_at > post.env.now())
            })
            .await;
            let job = post.jobs.list(State::Queued, 1).await.unwrap().remove(0);
            let wait = job.run_at.since(post.env.now()).as_secs();
            let expected = 10 << (tries - 1);
            assert!((expected * 7 / 10..=expected * 13 / 10).contains(&wait), "{tries}: {wait} s");
            post.clock.advance(Duration::from_secs(wait + 1));
        }
        post.until_done().await;
    })
    .await;
    // The server took what it then did not say yes to.
    assert_eq!(server.received().len(), 3);
    assert_eq!(post.outbox.refusal(&Address::parse("ann@example.org").unwrap()).await.unwrap(), None);
}

#[db_test]
async fn a_server_that_is_not_there_is_asked_again(db: Db) {
    let post = Post::new(&db);
    let server = MailServer::start(Abilities::default()).await;
    let (transport, address) = (to(&server), server.address);
    drop(server);
    until("nobody listens", async || tokio::net::TcpStream::connect(address).await.is_err()).await;
    post.queued(&letter("ann@example.org", "x")).await;
    post.during(&transport, async {
        until("it waits", async || {
            post.jobs.list(State::Queued, 1).await.unwrap().first().is_some_and(|job| job.error.is_some())
        })
        .await;
    })
    .await;
    let job = post.jobs.list(State::Queued, 1).await.unwrap().remove(0);
    assert!(job.error.as_deref().unwrap().contains("no mail server to talk to"), "{job:?}");
    assert!(transport.check().await.is_err());
    assert_eq!(post.left().await, (1, 1));
    let nowhere = Server::parse(&format!("smtp://{address}")).unwrap();
    assert_eq!(Transport::smtp(nowhere, &super::sender()).unwrap().name(), format!("smtp://{address}"));
}

#[db_test]
async fn what_is_the_operators_to_mend_is_shown_to_them(db: Db) {
    let post = Post::new(&db);
    let server = MailServer::start(Abilities::default()).await;
    let wrong = [
        ("MAIL", "550 5.7.1 <noreply@news.example> is not yours", "550 5.7.1 … is not yours to the sender"),
        ("RCPT", "554 5.7.1 <ann@example.org>: Relay access denied", "554 5.7.1 to the recipient"),
        (".", "550 5.7.26 ann@example.org does not like this", "550 5.7.26 to the message"),
        (
            "CONNECT",
            "554 5.7.1 your address is listed",
            "554 5.7.1 your address is listed when it was greeted",
        ),
    ];
    for (command, reply, _) in wrong {
        post.queued(&letter("ann@example.org", "x")).await;
        server.reply(command, [Reply::Says(reply)]);
        // A connection of its own for each.
        post.during(&to(&server), async {
            until("it failed", async || {
                post.jobs.list(State::Queued, 1).await.unwrap().is_empty()
                    && post.jobs.list(State::Running, 1).await.unwrap().is_empty()
            })
            .await;
        })
        .await;
        post.clock.advance(Duration::from_mins(1));
    }
    let mut failed = post.jobs.list(State::Failed, 10).await.unwrap();
    failed.sort_by_key(|job| job.id.raw());
    let errors: Vec<_> = failed.iter().map(|job| job.error.clone().unwrap()).collect();
    assert_eq!(errors.len(), wrong.len(), "{errors:?}");
    for ((_, _, expected), error) in wrong.iter().zip(&errors) {
        assert!(error.ends_with(expected) && !error.contains('@'), "{error}");
    }
    assert_eq!(post.outbox.refusal(&Address::parse("ann@example.org").unwrap()).await.unwrap(), None);
    // Mended: nothing was lost.
    assert_eq!(post.jobs.retry_kind("mail.send").await.unwrap(), 4);
    post.during(&to(&server), post.until_done()).await;
}
