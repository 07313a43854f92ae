//! Notifications: what users are told, what they want to be told of, and the number that is in the bar of every page.
//!
//! Tables: `notifications`, `notification_answers`, `notification_choices`, `notification_quiet`, `notification_sendings`, `notification_digests`,
//! `notification_devices`, `notification_keys`. A [`Teller`] consumes the journal and writes
//! the rows, [`jobs::TellFollowers`] those of whoever follows an author, a tag or a channel, [`jobs::TellTopic`] a topic, in parts. Event: [`events::UnreadChanged`]. Nothing is told of what is not
//! visible: it is asked for when somebody reads ([`Notify::list`]) and when something is sent, and rows go when what they are about goes.
//!
//! Beside the site there are mail (`sending.rs`), a mail that sums up (`digests.rs`) and browsers that are told while nobody looks (`push.rs`).

pub mod codes;
mod consumer;
mod devices;
mod digests;
pub mod events;
mod fill;
mod followers;
pub mod jobs;
mod keys;
mod kind;
mod letters;
mod line;
mod links;
mod live;
mod mentions;
mod model;
mod push;
mod queues;
mod reading;
mod sending;
mod service;
mod store;
mod sweep;
mod ways;

pub use consumer::Teller;
pub use kind::Kind;
pub use letters::{DigestMail, Notified, Section};
pub use line::Line;
pub use links::Off;
pub use live::{Listener, Live, WakeListeners};
pub use model::{Decision, Device, DeviceId, NewDevice, NotificationId, Queue, Row, UNREAD_MOST};
pub use push::{Pusher, Words};
pub use reading::{Followed, Notification, What};
pub use service::{Features, Notify, Senders};
pub use ways::{Choices, Digest, Every, Quiet, Way, Ways};

pub static SCHEMA: db::Schema = db::schema!(
    "notify",
    needs: [
        &accounts::SCHEMA,
        &articles::SCHEMA,
        &blocks::SCHEMA,
        &comments::SCHEMA,
        &follows::SCHEMA,
        &moderation::SCHEMA,
        &::events::SCHEMA,
        &::jobs::SCHEMA,
        &mail::SCHEMA
    ],
    migrations: ["0001_notify", "0002_ways", "0003_shown", "0004_told"]
);
