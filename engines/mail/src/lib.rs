//! Mail: written down in the writer's transaction, sent by a job, into a folder or by SMTP.
//!
//! A [`Letter`] names a template, an address and what the template is filled with. [`Outbox::enqueue`] makes a row of it and the job that sends
//! it, in the transaction of what it belongs to. The [`Mailer`] renders it when it is sent, and deletes the row in the transaction that ends the
//! job: mail that was sent leaves nothing. It may be sent twice where a process dies in between; both have the same `Message-ID`.
//!
//! Addresses, subjects and texts stand in no log, no error and no key of a job. What a mail server says of a recipient is kept as its code.
//!
//! Tables: `mails`, `mail_refusals`, `mail_forgotten`.

mod address;
pub mod codes;
mod folder;
mod jobs;
mod letter;
mod mailer;
mod message;
mod outbox;
mod reply;
mod sender;
mod server;
mod smtp;
mod store;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
#[cfg(test)]
mod tests;
mod transport;

pub use address::{Address, NotAnAddress};
pub use folder::{Folder, Kept, KeptMail};
pub use jobs::{SendMail, SweepMail};
pub use letter::{Content, Letter, TestLetter, Unsubscribe};
pub use mailer::{Fill, Mailer, Templates};
pub use message::Rendered;
pub use outbox::{Accepted, HOURLY, Outbox, Standing};
pub use sender::Sender;
pub use server::Server;
#[doc(hidden)]
pub use store::MailMarker;
pub use store::{MailId, Refusal, Stored};
pub use transport::Transport;

pub static SCHEMA: db::Schema = db::schema!("mail", needs: [&::jobs::SCHEMA, &limits::SCHEMA], migrations: ["0001_mail", "0002_forgotten", "0003_zone"]);
