//! Mail whose text is looked up when it is sent.

use std::sync::Arc;

use async_trait::async_trait;
use db::{Db, db_test};
use jiff::tz::TimeZone;
use jobs::Workers;
use kernel::Result;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::{Plain, Post, letter, parse, sender, to, until};
use crate::testing::{Abilities, MailServer};
use crate::{Fill, Mailer, SendMail, Stored};

/// Of some things nothing is left to say.
struct Now;

#[async_trait]
impl Fill for Now {
    async fn fill(&self, mail: &Stored) -> Result<Option<Value>> {
        let subject = mail.values["subject"].as_str().unwrap_or_default();
        let filled = json!({ "subject": format!("{subject}, now"), "text": "As it is now." });
        Ok((subject != "gone").then_some(filled))
    }
}

#[db_test]
async fn what_mail_says_is_looked_up_when_it_is_sent_and_nothing_is_no_mail(db: Db) {
    let post = Post::new(&db);
    let server = MailServer::start(Abilities::default()).await;
    for subject in ["gone", "there"] {
        post.queued(&letter("ann@example.org", subject)).await;
    }
    let mailer = Mailer::new(post.outbox.clone(), to(&server), Arc::new(Plain), sender());
    let (workers, stop) = (Workers::new(post.jobs.clone(), || TimeZone::UTC), CancellationToken::new());
    let running = tokio::spawn(workers.on::<SendMail>(mailer.with_fill(Arc::new(Now))).run(stop.clone()));
    until("both are done", async || post.left().await == (0, 0)).await;
    stop.cancel();
    running.await.unwrap();
    let received = server.received();
    assert_eq!(received.len(), 1);
    let message = parse(&received[0]);
    assert_eq!(message.subject(), Some("there, now"));
    assert!(message.body_text(0).unwrap().contains("As it is now."));
}
