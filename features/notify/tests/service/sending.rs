//! What is sent beside the site: mail, digests, messages to browsers.

mod digests;

use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

use ::mail::testing::{Abilities, MailServer, Received};
use ::mail::{Mailer, SendMail, Sender, Server, Transport};
use jiff::tz::TimeZone;
use jobs::Workers;
use kernel::{Error, Locale, Time};
use mail_parser::MessageParser;
use notify::jobs::{MailNow, PushNow, SendPush};
use notify::{Digest, Every, NewDevice, Off, Pusher};
use services::Options;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;

/// A desk whose jobs are carried out, with a mail server.
struct Post {
    desk: Desk,
    server: MailServer,
}

impl std::ops::Deref for Post {
    type Target = Desk;

    fn deref(&self) -> &Desk {
        &self.desk
    }
}

async fn post(desk: Desk) -> Post {
    let server = MailServer::start(Abilities::default()).await;
    let site = &desk.site;
    let sender = Sender::new(None, testing::URL).unwrap();
    let transport = Transport::smtp(Server::parse(&server.url()).unwrap(), &sender).unwrap();
    let frame = Arc::new(site.frame());
    let mailer = Mailer::new(site.outbox.clone(), transport, frame.clone(), sender);
    let workers = Workers::new(site.jobs.clone(), || TimeZone::UTC)
        .on::<SendMail>(mailer.with_fill(Arc::new(site.notify.clone())))
        .on::<MailNow>(site.notify.clone())
        .on::<PushNow>(site.notify.clone())
        .on::<SendPush>(Pusher::new(site.notify.clone(), frame));
    tokio::spawn(workers.run(desk.stop.clone()));
    Post { desk, server }
}

impl Post {
    /// From then on mail reaches them.
    async fn address(&self, db: &Db, user: &User) {
        let tx = db.write().await.unwrap();
        let sql = "INSERT INTO user_emails (user_id, address, mailbox, locale, verified_at) VALUES ($1, $2, $2, 'en', 0)";
        tx.exec(sql, args![user.id, format!("{}@example.org", user.handle)]).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn want(&self, user: &User, kind: Kind, way: Way) {
        let mut choices = self.site.notify.choices(user.id).await.unwrap();
        choices.set(kind, way, true);
        self.site.notify.choose(user.id, &choices).await.unwrap();
    }

    async fn received(&self, many: usize) -> Vec<Received> {
        until("mail arrives", async || self.server.received().len() >= many).await;
        let received = self.server.received();
        assert_eq!(received.len(), many);
        received
    }

    /// Until nothing waits for its time to come.
    async fn until_idle(&self, user: &User) {
        let user = user.id;
        until("its job is done", async || {
            let mail = self.site.jobs.find_by_key(&MailNow { user }).await.unwrap();
            let push = self.site.jobs.find_by_key(&PushNow { user }).await.unwrap();
            mail.is_none() && push.is_none()
        })
        .await;
    }
}

/// Subject, text, HTML and the address that ends it.
fn read(received: &Received) -> (String, String, String, String) {
    let message = MessageParser::default().parse(&received.message).unwrap();
    let off = message.header_raw("List-Unsubscribe").map(str::trim).unwrap_or_default();
    let off = off.trim_matches(['<', '>']).to_owned();
    assert_eq!(
        message.header_raw("List-Unsubscribe-Post").map(str::trim),
        Some("List-Unsubscribe=One-Click")
    );
    let subject = message.subject().unwrap().to_owned();
    (subject, message.body_text(0).unwrap().into_owned(), message.body_html(0).unwrap().into_owned(), off)
}

#[db_test]
async fn mail_tells_what_is_still_unread_and_ends_by_one_click(db: Db) {
    let post = post(desk(&db).await).await;
    post.address(&db, &post.ann).await;
    post.want(&post.ann, Kind::Answer, Way::Mail).await;
    let own = post.say(&post.ann, None, "Which lamp?").await;
    post.say(&post.bob, Some(&own), "The <brass> one.").await;
    assert_eq!(post.unread(&post.ann).await, 1);
    let job = post.site.jobs.find_by_key(&MailNow { user: post.ann.id }).await.unwrap().unwrap();
    assert!(job.run_at > post.site.env.now(), "who is on the site reads it there");
    post.site.advance(MINUTE * 3);
    let received = post.received(1).await;
    let (subject, text, html, off) = read(&received[0]);
    assert_eq!(subject, "bob answered your comment");
    for part in ["The <brass> one.", "Low water", "https://news.example/comment/", &off] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(html.contains("The &lt;brass&gt; one."), "{html}");
    post.until_idle(&post.ann).await;

    // What was read meanwhile, or is gone, is not mailed; of one thing nothing for a while.
    post.read_all(&post.ann).await;
    post.say(&post.cat, Some(&own), "Green.").await;
    post.settle().await;
    let job = post.site.jobs.find_by_key(&MailNow { user: post.ann.id }).await.unwrap().unwrap();
    assert!(job.run_at.since(post.site.env.now()) > MINUTE * 20, "not so soon again");
    post.read_all(&post.ann).await;
    post.site.advance(MINUTE * 40);
    post.until_idle(&post.ann).await;
    assert_eq!(post.server.received().len(), 1);

    // By the link, once and again; nobody else's, and nothing else.
    let token = off.split_once("token=").unwrap().1;
    let notify = &post.site.notify;
    let read = notify.read_off(token).await.unwrap();
    assert_eq!(read, Some((post.ann.id, Off::Mail(Kind::Answer))));
    for other in ["", "x", &token.replace("answer", "mention"), &token[1..], &format!("{token}A")] {
        assert_eq!(notify.read_off(other).await.unwrap(), None, "{other}");
    }
    for _ in 0..2 {
        notify.turn_off(post.ann.id, Off::Mail(Kind::Answer)).await.unwrap();
        let choices = notify.choices(post.ann.id).await.unwrap();
        assert!(!choices.wants(Kind::Answer, Way::Mail) && choices.wants(Kind::Answer, Way::Site));
    }
    // Whoever is deleted still has the mail, and leaves nothing by it.
    post.site.erasure.delete(None, post.ann.id, "deleted").await.unwrap();
    notify.turn_off(post.ann.id, Off::Mail(Kind::Answer)).await.unwrap();
    let left = "SELECT COUNT(*) FROM notification_choices WHERE user_id = $1";
    assert_eq!(db.scalar(left, args![post.ann.id]).await.unwrap(), Some(0_i64));
}

#[db_test]
async fn quiet_hours_hold_back_and_what_waited_goes_together(db: Db) {
    let post = post(desk(&db).await).await;
    post.address(&db, &post.ann).await;
    // It is 18:00 where the site is.
    let mut choices = post.site.notify.choices(post.ann.id).await.unwrap();
    choices.set(Kind::Mention, Way::Mail, true);
    choices.quiet = Quiet::typed("17:30", "19:30").unwrap();
    post.site.notify.choose(post.ann.id, &choices).await.unwrap();
    post.say(&post.bob, None, "@ann one").await;
    post.say(&post.cat, None, "@ann two").await;
    post.settle().await;
    post.site.advance(MINUTE * 10);
    until("it waits for the end", async || {
        let job = post.site.jobs.find_by_key(&MailNow { user: post.ann.id }).await.unwrap();
        job.is_some_and(|job| job.run_at == Time::parse("2024-06-05T11:30:00Z").unwrap())
    })
    .await;
    assert!(post.server.received().is_empty());
    post.site.advance(MINUTE * 90);
    let received = post.received(1).await;
    let (subject, text, ..) = read(&received[0]);
    assert_eq!(subject, "2 new notifications at News");
    assert!(text.contains("@ann one") && text.contains("@ann two"), "{text}");
}

#[db_test]
async fn nobody_is_mailed_without_an_address(db: Db) {
    let post = post(desk(&db).await).await;
    let mara = post.site.writer.clone();
    post.site.article("High water", State::Returned).await;
    assert_eq!(post.words(&mara).await, ["*article-returned facts: High water"]);
    post.site.advance(MINUTE * 3);
    post.until_idle(&mara).await;
    let digest = Some(Digest { every: Every::Day, hour: 7, weekday: 1 });
    let mut choices = post.site.notify.choices(mara.id).await.unwrap();
    choices.digest = digest;
    let refused = post.site.notify.choose(mara.id, &choices).await;
    assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
    assert!(post.site.notify.try_digest(mara.id).await.is_err());
    assert!(post.server.received().is_empty());
    // Decisions are mailed to whoever has one.
    post.address(&db, &mara).await;
    post.site.article("Neap", State::Returned).await;
    post.settle().await;
    post.site.advance(MINUTE * 3);
    let (subject, text, ..) = read(&post.received(1).await[0]);
    assert_eq!(subject, "Your article was sent back.");
    assert!(text.contains("Neap") && text.contains("/studio/article/"), "{text}");
}

fn is_whole(got: &[u8]) -> bool {
    let Some(end) = got.windows(4).position(|four| four == b"\r\n\r\n") else { return false };
    let head = String::from_utf8_lossy(&got[..end]).to_lowercase();
    let length =
        head.split("content-length: ").nth(1).and_then(|rest| rest.split("\r\n").next()?.parse().ok());
    got.len() >= end + 4 + length.unwrap_or(0)
}

/// A push service that answers with a status, and counts what it is asked.
struct Service {
    port: u16,
    asked: Arc<AtomicU16>,
    status: Arc<AtomicU16>,
}

impl Service {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (asked, status) = (Arc::new(AtomicU16::new(0)), Arc::new(AtomicU16::new(201)));
        let service = Self { port, asked: asked.clone(), status: status.clone() };
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (asked, status) = (asked.clone(), status.clone());
                tokio::spawn(async move {
                    let mut got = Vec::new();
                    // The whole request: it ends where its head says.
                    while !is_whole(&got) {
                        if !matches!(stream.read_buf(&mut got).await, Ok(1..)) {
                            return;
                        }
                    }
                    asked.fetch_add(1, Ordering::SeqCst);
                    let status = status.load(Ordering::SeqCst);
                    let answer =
                        format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
                    let _ = stream.write_all(answer.as_bytes()).await;
                });
            }
        });
        service
    }

    fn asked(&self) -> u16 {
        self.asked.load(Ordering::SeqCst)
    }

    fn device(&self, session: &str, name: &str) -> NewDevice {
        NewDevice {
            session: session.into(),
            endpoint: format!("http://127.0.0.1:{}/{name}", self.port),
            p256dh: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
                .into(),
            auth: "BTBZMqHH6r4Tts7J_aSIgg".into(),
            agent: Some("Firefox, Linux".into()),
            locale: Locale::ZhCn,
        }
    }
}

#[db_test]
async fn browsers_are_told_until_they_or_their_session_are_gone(db: Db) {
    const PASSWORD: &str = "brass lamp on the quay";
    let service = Service::start().await;
    let options = Options {
        url: testing::URL.into(),
        push_allow: vec![format!("127.0.0.1:{}", service.port)],
        ..Options::default()
    };
    let site = TestSite::builder().options(options).review(true).open_on(&db).await;
    let post = post(desk_of(site).await).await;
    let site = &post.site;
    let dora = site.accounts.create_user("dora", "Dora", PASSWORD).await.unwrap();
    let sign_in = async || site.accounts.sign_in("dora", PASSWORD, "n").await.unwrap().1;
    let session = sign_in().await;
    let id = accounts::Accounts::session_id(session.as_str());
    for name in ["one", "two", "one"] {
        site.notify.add_device(dora.id, service.device(&id, name)).await.unwrap();
    }
    assert_eq!(site.notify.devices(dora.id).await.unwrap().len(), 2, "a browser stands there once");
    let wrong = NewDevice { auth: "short".into(), ..service.device(&id, "three") };
    assert!(matches!(site.notify.add_device(dora.id, wrong).await, Err(Error::Invalid(_))));

    post.say(&post.bob, None, "@dora one").await;
    until("both are told", async || service.asked() == 2).await;
    post.until_idle(&dora).await;
    // It is busy, and asked again.
    service.status.store(503, Ordering::SeqCst);
    post.say(&post.bob, None, "@dora two").await;
    until("both are tried", async || service.asked() == 4).await;
    // A clock that is moved while a job runs would end its lease, and another try begin.
    until("both wait", async || {
        let sql =
            "SELECT COUNT(*) FROM jobs WHERE kind = 'notify.send-push' AND state = 'queued' AND tries = 1";
        db.scalar::<i64>(sql, args![]).await.unwrap() == Some(2)
    })
    .await;
    service.status.store(201, Ordering::SeqCst);
    site.advance(MINUTE * 10);
    until("they are told after a wait", async || service.asked() == 6).await;
    // Muted: nobody is told.
    site.blocks.set(dora.id, blocks::Target::User(post.cat.id), blocks::How::Mute).await.unwrap();
    post.say(&post.cat, None, "@dora three").await;
    post.settle().await;
    // The browser gave it up.
    service.status.store(410, Ordering::SeqCst);
    post.say(&post.bob, None, "@dora four").await;
    until("both are forgotten", async || site.notify.devices(dora.id).await.unwrap().is_empty()).await;
    assert_eq!(service.asked(), 8);
    // Signed out there.
    site.notify.add_device(dora.id, service.device(&id, "four")).await.unwrap();
    let other = sign_in().await;
    let other_id = accounts::Accounts::session_id(other.as_str());
    site.notify.add_device(dora.id, service.device(&other_id, "five")).await.unwrap();
    site.accounts.sign_out(session.as_str()).await.unwrap();
    post.settle().await;
    let left = site.notify.devices(dora.id).await.unwrap();
    assert_eq!(left.iter().map(|device| device.session.as_str()).collect::<Vec<_>>(), [other_id.as_str()]);
    site.erasure.delete(None, dora.id, "deleted").await.unwrap();
    assert!(site.notify.devices(dora.id).await.unwrap().is_empty());
}

#[db_test]
async fn keys_are_made_once_for_all_nodes(db: Db) {
    let site = TestSite::new(&db).await;
    let pictures = blob::Store::open(&site.folder().join("other")).unwrap();
    let other = services::Services::new(db.clone(), site.env.clone(), pictures, site.options());
    let (first, second) = tokio::join!(site.notify.push_key(), other.notify.push_key());
    assert_eq!(first.unwrap(), second.unwrap());
    let stored = "SELECT COUNT(*) FROM notification_keys";
    assert_eq!(db.scalar(stored, args![]).await.unwrap(), Some(1_i64));
}

#[db_test]
async fn who_is_muted_is_not_told_of(db: Db) {
    let desk = desk(&db).await;
    let blocks = &desk.site.blocks;
    let own = desk.say(&desk.ann, None, "Which lamp?").await;
    desk.say(&desk.bob, Some(&own), "The brass one.").await;
    assert_eq!(desk.unread(&desk.ann).await, 1);
    blocks.set(desk.ann.id, blocks::Target::User(desk.bob.id), blocks::How::Mute).await.unwrap();
    assert_eq!((desk.words(&desk.ann).await, desk.unread(&desk.ann).await), (vec![], 0), "of before");
    desk.say(&desk.bob, Some(&own), "With the dent, @ann.").await;
    desk.say(&desk.bob, None, "@ann?").await;
    desk.site.comments.like(desk.bob.id, own.id).await.unwrap();
    assert_eq!((desk.words(&desk.ann).await, desk.unread(&desk.ann).await), (vec![], 0));
    desk.say(&desk.cat, Some(&own), "Green.").await;
    desk.site.comments.like(desk.cat.id, own.id).await.unwrap();
    let words = desk.words(&desk.ann).await;
    assert!(words.contains(&"*1 like: Which lamp?".to_owned()), "{words:?}");
    assert!(words.iter().any(|one| one.contains("Green.")), "{words:?}");
    // New articles of an author.
    let author = desk.site.author.id;
    desk.site.follows.follow(desk.cat.id, author).await.unwrap();
    let before = desk.site.article("Neap", State::Live).await;
    desk.settle().await;
    desk.tell_followers(before).await;
    assert_eq!(desk.unread(&desk.cat).await, 1);
    blocks.set(desk.cat.id, blocks::Target::Author(author), blocks::How::Mute).await.unwrap();
    assert_eq!(desk.unread(&desk.cat).await, 0, "what was told before is read with the mute");
    let article = desk.site.article("High water", State::Live).await;
    desk.settle().await;
    desk.tell_followers(article).await;
    assert!(desk.words(&desk.cat).await.iter().all(|words| !words.contains("article of")));
    // Nobody has the last word by a block.
    blocks.set(desk.ann.id, blocks::Target::User(desk.cat.id), blocks::How::Block).await.unwrap();
    desk.say(&desk.ann, None, "@cat, the end").await;
    assert!(desk.words(&desk.cat).await.iter().all(|words| !words.contains("the end")));
}

#[db_test]
async fn others_who_answered_are_told_of_where_the_last_is_muted(db: Db) {
    let desk = desk(&db).await;
    let own = desk.say(&desk.ann, None, "Which lamp?").await;
    desk.say(&desk.cat, Some(&own), "Green.").await;
    desk.say(&desk.bob, Some(&own), "The brass one.").await;
    assert_eq!(desk.words(&desk.ann).await, ["*answer of 2: The brass one."]);
    let (ann, blocks) = (desk.ann.id, &desk.site.blocks);
    blocks.set(ann, blocks::Target::User(desk.bob.id), blocks::How::Mute).await.unwrap();
    assert_eq!(desk.words(&desk.ann).await, ["*answer of 1: Green."], "which is still to be read");
    assert_eq!(desk.unread(&desk.ann).await, 1);
    blocks.set(ann, blocks::Target::User(desk.cat.id), blocks::How::Mute).await.unwrap();
    assert_eq!((desk.words(&desk.ann).await, desk.unread(&desk.ann).await), (vec![], 0));
}

#[db_test]
async fn what_waited_for_a_browser_is_counted_though_it_is_not_on_the_site(db: Db) {
    const PASSWORD: &str = "brass lamp on the quay";
    let service = Service::start().await;
    let options = Options {
        url: testing::URL.into(),
        push_allow: vec![format!("127.0.0.1:{}", service.port)],
        ..Options::default()
    };
    let site = TestSite::builder().options(options).review(true).open_on(&db).await;
    let post = post(desk_of(site).await).await;
    let site = &post.site;
    let dora = site.accounts.create_user("dora", "Dora", PASSWORD).await.unwrap();
    let session = site.accounts.sign_in("dora", PASSWORD, "n").await.unwrap().1;
    let id = accounts::Accounts::session_id(session.as_str());
    site.notify.add_device(dora.id, service.device(&id, "one")).await.unwrap();
    // It is 18:00 where the site is.
    let mut choices = site.notify.choices(dora.id).await.unwrap();
    choices.set(Kind::Mention, Way::Site, false);
    choices.quiet = Quiet::typed("17:30", "19:30").unwrap();
    site.notify.choose(dora.id, &choices).await.unwrap();
    for n in 0..5 {
        post.say(&post.bob, None, &format!("@dora {n}")).await;
    }
    assert_eq!((post.unread(&dora).await, service.asked()), (0, 0));
    site.advance(MINUTE * 90);
    until("one message says how many", async || service.asked() == 1).await;
    post.until_idle(&dora).await;
    assert_eq!(service.asked(), 1);
}
