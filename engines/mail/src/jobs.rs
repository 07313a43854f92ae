//! What is done later.

use std::time::Duration;

use ::jobs::{Failure, Job, Priority, Running};
use serde::{Deserialize, Serialize};

use crate::mailer::Mailer;
use crate::outbox::Outbox;
pub use crate::store::SendMail;

impl Job for SendMail {
    type With = Mailer;
    const KIND: &'static str = "mail.send";
    /// After ten seconds, twenty, and so on; hourly after an hour and a half, for two days in all. A mail server that is away, or asks strangers
    /// to come again (greylisting), is waited for; RFC 5321, section 4.5.4.1 asks for four or five days of those who relay what others wrote.
    const TRIES: u32 = 56;
    const WAIT: Duration = Duration::from_secs(10);
    const LONGEST: Duration = Duration::from_mins(3);
    const AT_ONCE: usize = 4;
    const PRIORITY: Priority = Priority::Urgent;

    fn key(&self) -> Option<String> {
        Some(self.id.to_string())
    }

    async fn run(self, mailer: Mailer, running: Running) -> Result<(), Failure> {
        mailer.send(self.id, &running).await
    }
}

/// Mail goes whose job was dropped.
#[derive(Serialize, Deserialize)]
pub struct SweepMail {}

impl Job for SweepMail {
    type With = Outbox;
    const KIND: &'static str = "mail.sweep";
    const PRIORITY: Priority = Priority::Background;

    async fn run(self, outbox: Outbox, _: Running) -> Result<(), Failure> {
        outbox.sweep().await?;
        Ok(())
    }
}
