//! Sending.

use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use jobs::{Failure, Running};
use kernel::{Error, Result};
use serde_json::Value;
use tokio::time::Instant;

use crate::message::{Rendered, compose};
use crate::outbox::Outbox;
use crate::reply::Problem;
use crate::sender::Sender;
use crate::store::{self, MailId, Stored};
use crate::transport::Transport;

/// What makes text of a mail: a theme, in the reader's language.
pub trait Templates: Send + Sync {
    fn render(&self, mail: &Stored) -> Result<Rendered>;
}

/// Fills mail at the moment it is sent: of what it tells, something may be gone since it was enqueued.
#[async_trait]
pub trait Fill: Send + Sync {
    /// What the template is filled with, in the place of what was enqueued ([`Stored::values`], which stay as they are for templates that it does
    /// not know). `None` where nothing is left to say: the mail is not sent.
    async fn fill(&self, mail: &Stored) -> Result<Option<Value>>;
}

/// Sends what the outbox has. Cheap to clone.
#[derive(Clone)]
pub struct Mailer(Arc<Inner>);

struct Inner {
    outbox: Outbox,
    transport: Transport,
    templates: Arc<dyn Templates>,
    sender: Sender,
    /// Where it is not set, mail says what it said when it was enqueued.
    fill: OnceLock<Arc<dyn Fill>>,
}

impl Mailer {
    pub fn new(outbox: Outbox, transport: Transport, templates: Arc<dyn Templates>, sender: Sender) -> Self {
        Self(Arc::new(Inner { outbox, transport, templates, sender, fill: OnceLock::new() }))
    }

    /// From then on what mail says is looked up when it is sent.
    #[must_use]
    pub fn with_fill(self, fill: Arc<dyn Fill>) -> Self {
        // Set once, where the site is put together.
        let _ = self.0.fill.set(fill);
        self
    }

    /// Sends one mail, and ends the job with what came of it: row and job go in one transaction.
    pub(crate) async fn send(&self, id: MailId, running: &Running) -> Result<(), Failure> {
        let Outbox { db, env, .. } = &self.0.outbox;
        // A newer one took its place, or another process sent it and could not say so in time.
        let Some(mut mail) = store::find(db, id).await? else { return Ok(()) };
        if let Some(fill) = self.0.fill.get() {
            let Some(values) = fill.fill(&mail).await? else {
                let tx = db.write().await?;
                store::delete(&tx, id).await?;
                running.complete_in(&tx).await?;
                tx.commit().await?;
                return Ok(());
            };
            mail.values = values;
        }
        let begun = Instant::now();
        let outcome = self.try_send(&mail).await?;
        let name = match &outcome {
            Ok(()) => "sent",
            Err(Problem::Later(_)) => "delayed",
            Err(Problem::Refused(_)) => "refused",
            Err(Problem::Wrong(_)) => "failed",
        };
        metrics::counter!("byline_mails_total", "outcome" => name).increment(1);
        metrics::histogram!("byline_mail_seconds", "outcome" => name).record(begun.elapsed().as_secs_f64());
        let refused = match outcome {
            Ok(()) => None,
            Err(Problem::Refused(code)) => Some(code),
            Err(Problem::Later(why)) => return Err(Failure::Again(Error::Unavailable(why.into()))),
            Err(Problem::Wrong(why)) => return Err(Failure::ForGood(Error::Unavailable(why.into()))),
        };
        let tx = db.write().await?;
        if let Some(code) = refused {
            store::refuse(&tx, &mail.to, code, env.now()).await?;
        }
        store::delete(&tx, id).await?;
        running.complete_in(&tx).await?;
        tx.commit().await?;
        if let Some(code) = refused {
            tracing::info!(%id, code, "an address takes no mail; it gets none until it is cleared");
        }
        Ok(())
    }

    async fn try_send(&self, mail: &Stored) -> Result<Result<(), Problem>> {
        let Inner { outbox, transport, templates, sender, .. } = &*self.0;
        // Another mail may have learned it since this one was enqueued.
        if let Some(refusal) = outbox.refusal(&mail.to).await? {
            return Ok(Err(Problem::Refused(refusal.code as u16)));
        }
        let message = match templates.render(mail).and_then(|rendered| compose(mail, rendered, sender)) {
            Ok(message) => message,
            // A template that cannot be filled will not be another time either; the mail waits until it is mended.
            Err(error) => return Ok(Err(Problem::Wrong(format!("cannot render a mail: {error}")))),
        };
        Ok(transport.send(mail, sender, message, outbox.env.now()).await)
    }
}
