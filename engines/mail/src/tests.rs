//! From the outbox to a real mail server, on both databases.

mod filled;
mod outbox;
mod quiet;
mod refusals;
mod smtp;

use std::sync::Arc;
use std::time::Duration;

use db::{Db, Tx};
use jiff::tz::TimeZone;
use jobs::{Jobs, Workers};
use kernel::time::ManualClock;
use kernel::{Env, Error, Locale, Result, Time};
use lettre::transport::smtp::client::Certificate;
use mail_parser::{Message, MessageParser};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::testing::{MailServer, Received};
use crate::{
    Accepted, Address, Letter, MailId, Mailer, Outbox, Rendered, SendMail, Sender, Server, Stored, SweepMail,
    Templates, Transport,
};

/// A site that sends mail, as far as this crate knows one.
struct Post {
    db: Db,
    jobs: Jobs,
    outbox: Outbox,
    clock: Arc<ManualClock>,
    env: Env,
}

/// Fills nothing in but what it is given; `broken` cannot be rendered.
struct Plain;

impl Templates for Plain {
    fn render(&self, mail: &Stored) -> Result<Rendered> {
        if mail.template == "broken" {
            return Err(Error::internal("theme: mail/broken.html: undefined value"));
        }
        let text = mail.values["text"].as_str().unwrap_or_default().to_owned();
        let subject = mail.values["subject"].as_str().unwrap_or_default().to_owned();
        let html = format!("<p lang=\"{}\">{text}</p>", mail.locale.tag());
        Ok(Rendered { site: "临江日报·号".into(), subject, text, html })
    }
}

impl Post {
    fn new(db: &Db) -> Self {
        let (env, clock) = Env::manual(Time::parse("2024-06-05T10:00:00Z").unwrap());
        let jobs = Jobs::new(db.clone(), env.clone());
        let outbox = Outbox::new(db.clone(), jobs.clone(), env.clone());
        Self { db: db.clone(), jobs, outbox, clock, env }
    }

    async fn queued(&self, letter: &Letter) -> MailId {
        match self.outbox.post(letter).await.unwrap() {
            Accepted::Queued(id) => id,
            Accepted::Refused(refusal) => panic!("{refusal:?}"),
        }
    }

    /// Has workers at it with that transport until `check` is done.
    async fn during(&self, transport: &Transport, check: impl Future<Output = ()>) {
        let stop = CancellationToken::new();
        let mailer = Mailer::new(self.outbox.clone(), transport.clone(), Arc::new(Plain), sender());
        let workers = Workers::new(self.jobs.clone(), || TimeZone::UTC).on::<SendMail>(mailer);
        let running = tokio::spawn(workers.on::<SweepMail>(self.outbox.clone()).run(stop.clone()));
        check.await;
        stop.cancel();
        running.await.unwrap();
    }

    /// Rows of mail and jobs that are left.
    async fn left(&self) -> (i64, i64) {
        use db::{Conn, args};
        let count = async |sql: &str| self.db.scalar::<i64>(sql, args![]).await.unwrap().unwrap();
        (count("SELECT COUNT(*) FROM mails").await, count("SELECT COUNT(*) FROM jobs").await)
    }

    async fn until_done(&self) {
        until("all is sent", async || self.left().await == (0, 0)).await;
    }

    async fn write(&self, work: impl AsyncFnOnce(&Tx)) {
        let tx = self.db.write().await.unwrap();
        work(&tx).await;
        tx.commit().await.unwrap();
    }
}

fn sender() -> Sender {
    Sender::new(None, "https://news.example").unwrap()
}

fn to(server: &MailServer) -> Transport {
    Transport::smtp(Server::parse(&server.url()).unwrap(), &sender()).unwrap()
}

/// By TLS, for whom the server's certificate is a good one.
fn to_trusted(server: &MailServer, url: &str) -> Transport {
    let url = url.replace("PORT", &server.address.port().to_string());
    let certificate = Certificate::from_der(server.certificate.clone()).unwrap();
    Transport::trusting(Server::parse(&url).unwrap(), &sender(), Some(certificate)).unwrap()
}

fn letter(address: &str, subject: &str) -> Letter {
    let values = json!({ "subject": subject, "text": format!("About {subject}.") });
    let to = Address::parse(address).unwrap();
    Letter {
        template: "plain",
        to,
        locale: Locale::En,
        zone: None,
        values,
        digest: None,
        is_warning: false,
        key: None,
    }
}

fn parse(received: &Received) -> Message<'_> {
    MessageParser::default().parse(&received.message).unwrap()
}

async fn until(what: &str, is_so: impl AsyncFn() -> bool) {
    for _ in 0..1_000 {
        if is_so().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("never: {what}");
}
