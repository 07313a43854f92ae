//! A mail is sent exactly when its row is there, and leaves nothing.

use db::{Conn, Db, args, db_test};
use jobs::State;
use kernel::Error;
use tokio::sync::oneshot;

use super::{Post, letter, parse, to, until};
use crate::testing::{Abilities, MailServer, Reply};
use crate::{Accepted, HOURLY, Standing, Transport, Unsubscribe};

#[db_test]
async fn what_is_committed_is_sent_once_and_what_is_rolled_back_never(db: Db) {
    let post = Post::new(&db);
    let server = MailServer::start(Abilities::default()).await;
    let tx = db.write().await.unwrap();
    let accepted = post.outbox.enqueue(&tx, &letter("nobody@example.org", "nothing")).await.unwrap();
    assert!(matches!(accepted, Accepted::Queued(_)));
    tx.rollback().await.unwrap();
    for n in 0..20 {
        post.queued(&letter(&format!("reader{n}@example.org"), &format!("潮汐 {n}"))).await;
    }
    let both = to(&server);
    // Two nodes.
    post.during(&both, post.during(&both, post.until_done())).await;
    let received = server.received();
    let mut subjects: Vec<_> =
        received.iter().map(|mail| parse(mail).subject().unwrap().to_owned()).collect();
    subjects.sort_by_key(|subject| subject[7..].parse::<u32>().unwrap());
    assert_eq!(subjects, (0..20).map(|n| format!("潮汐 {n}")).collect::<Vec<_>>());
    for mail in &received {
        let to = parse(mail).to().unwrap().first().unwrap().address().unwrap().to_owned();
        assert_eq!(mail.rcpt, format!("RCPT TO:<{to}>"));
        assert_eq!(mail.mail, "MAIL FROM:<noreply@news.example>");
    }
    assert!(server.connections() < 20, "{} connections for 20 mails", server.connections());
}

#[db_test]
async fn who_dies_after_sending_sends_the_same_message_again(db: Db) {
    let post = Post::new(&db);
    let server = MailServer::start(Abilities::default()).await;
    let id = post.queued(&letter("ann@example.org", "twice")).await;
    let ((tells, told), (go_on, goes_on)) = (oneshot::channel(), oneshot::channel());
    server.reply(".", [Reply::After(tells, goes_on)]);
    post.during(&to(&server), async {
        told.await.unwrap();
        // The server has it. Its lease is another's before the sender hears of that, as where a process stood still.
        post.write(async |tx| {
            tx.exec("UPDATE jobs SET holder = 'another', leased_until = 0", args![]).await.unwrap();
        })
        .await;
        go_on.send(()).unwrap();
        post.until_done().await;
    })
    .await;
    let received = server.received();
    assert_eq!(received.len(), 2);
    assert_eq!(received[0].message, received[1].message);
    assert_eq!(parse(&received[0]).message_id(), Some(format!("{id}@news.example").as_str()));
}

#[db_test]
async fn a_newer_letter_takes_the_place_of_one_that_waits(db: Db) {
    let post = Post::new(&db);
    let server = MailServer::start(Abilities::default()).await;
    let keyed = |subject: &str| letter("ann@example.org", subject).with_key("3yQq".into());
    let first = post.queued(&keyed("the first")).await;
    let second = post.queued(&keyed("the second")).await;
    post.queued(&letter("ann@example.org", "without a key")).await;
    assert!(matches!(post.outbox.standing(first).await.unwrap(), Standing::Over));
    assert!(
        matches!(post.outbox.standing(second).await.unwrap(), Standing::Kept(job) if job.state == "queued")
    );
    // One comes while the one before it is on its way: both are sent, and the newer is not lost.
    let ((tells, told), (go_on, goes_on)) = (oneshot::channel(), oneshot::channel());
    server.reply(".", [Reply::After(tells, goes_on)]);
    post.during(&to(&server), async {
        told.await.unwrap();
        post.queued(&keyed("the third")).await;
        go_on.send(()).unwrap();
        post.until_done().await;
    })
    .await;
    let mut subjects: Vec<_> =
        server.received().iter().map(|mail| parse(mail).subject().unwrap().to_owned()).collect();
    subjects.sort();
    assert!(!subjects.contains(&"the first".to_owned()), "{subjects:?}");
    assert!(subjects.contains(&"the third".to_owned()) && subjects.contains(&"without a key".to_owned()));
}

#[db_test]
async fn nobody_can_have_a_mailbox_filled(db: Db) {
    let post = Post::new(&db);
    for n in 0..HOURLY {
        // Whatever its owner's ways of writing it.
        let address = ["ann@example.org", "Ann@example.org", "ann+x@EXAMPLE.org"][n as usize % 3];
        post.queued(&letter(address, "again")).await;
    }
    let tx = db.write().await.unwrap();
    let more = post.outbox.enqueue(&tx, &letter("ann+more@example.org", "again")).await;
    assert!(matches!(more, Err(Error::TooMany(wait)) if wait.as_secs() > 60));
    // The rest of the transaction goes on.
    let other = post.outbox.enqueue(&tx, &letter("ben@example.org", "other")).await.unwrap();
    assert!(matches!(other, Accepted::Queued(_)));
    let off = Unsubscribe::new("https://news.example/off").unwrap();
    let digest = letter("ann@example.org", "this week").with_unsubscribe(off);
    assert!(matches!(post.outbox.enqueue(&tx, &digest).await.unwrap(), Accepted::Queued(_)));
    // Or whoever is to be warned of would only have to reach the limit first.
    let warning = letter("ann@example.org", "somebody signed in").as_warning();
    assert!(matches!(post.outbox.enqueue(&tx, &warning).await.unwrap(), Accepted::Queued(_)));
    tx.commit().await.unwrap();
    assert_eq!(post.left().await, (i64::from(HOURLY) + 3, i64::from(HOURLY) + 3));
}

#[db_test]
async fn mail_that_was_taken_back_is_not_sent(db: Db) {
    let post = Post::new(&db);
    for n in 0..2 {
        post.queued(&letter("ann@example.org", &format!("潮汐 {n}"))).await;
    }
    post.queued(&letter("ben@example.org", "潮汐 2").with_key("ben".into())).await;
    post.queued(&letter("ben@example.org", "潮汐 3").with_key("other".into())).await;
    post.write(async |tx| {
        let ann = crate::Address::parse("ann@example.org").unwrap();
        assert_eq!(post.outbox.withdraw(tx, &ann).await.unwrap(), 2);
        assert_eq!(post.outbox.withdraw_keyed(tx, "plain", "ben").await.unwrap(), 1);
        assert_eq!(post.outbox.withdraw_keyed(tx, "other", "other").await.unwrap(), 0);
    })
    .await;
    let server = MailServer::start(Abilities::default()).await;
    post.during(&to(&server), post.until_done()).await;
    assert_eq!(parse(&server.received()[0]).subject(), Some("潮汐 3"));
    assert_eq!((server.received().len(), post.jobs.count_failed().await.unwrap()), (1, 0));
}

#[db_test]
async fn mail_whose_job_was_dropped_is_swept(db: Db) {
    let post = Post::new(&db);
    let broken = crate::Letter { template: "broken", ..letter("ann@example.org", "x") };
    let (dropped, kept) = (post.queued(&broken).await, post.queued(&broken).await);
    let server = MailServer::start(Abilities::default()).await;
    post.during(&to(&server), async {
        until("both failed", async || post.jobs.count_failed().await.unwrap() == 2).await;
        let Standing::Kept(job) = post.outbox.standing(dropped).await.unwrap() else { panic!("gone") };
        assert!(job.error.as_deref().unwrap().contains("mail/broken.html"), "{job:?}");
        post.jobs.discard(job.id).await.unwrap();
        assert!(matches!(post.outbox.standing(dropped).await.unwrap(), Standing::Dropped));
        assert_eq!(post.outbox.sweep().await.unwrap(), 1);
    })
    .await;
    assert!(matches!(post.outbox.standing(dropped).await.unwrap(), Standing::Over));
    assert!(matches!(post.outbox.standing(kept).await.unwrap(), Standing::Kept(_)));
    assert_eq!((post.left().await, server.received().len()), ((1, 1), 0));
    assert_eq!(post.jobs.list(State::Failed, 10).await.unwrap()[0].key, Some(kept.to_string()));
}

#[db_test]
async fn a_folder_keeps_each_mail_once(db: Db) {
    let post = Post::new(&db);
    let dir = tempfile::tempdir().unwrap();
    let transport = Transport::folder(dir.path().join("mail")).unwrap();
    transport.check().await.unwrap();
    let off = Unsubscribe::new("https://news.example/off?t=1").unwrap();
    post.queued(&letter("ann@example.org", "潮汐").with_unsubscribe(off)).await;
    post.during(&transport, post.until_done()).await;
    let list = transport.kept().unwrap().list(10).await.unwrap();
    assert_eq!((list.len(), list[0].subject.as_str(), list[0].to.as_str()), (1, "潮汐", "ann@example.org"));
    let mail = transport.kept().unwrap().find(&list[0].name).await.unwrap().unwrap();
    assert_eq!(mail.text.trim(), "About 潮汐.");
    assert_eq!(mail.html.unwrap().trim(), "<p lang=\"en\">About 潮汐.</p>");
    assert_eq!(mail.from, "临江日报·号 <noreply@news.example>");
}
