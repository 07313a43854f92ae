//! Notifications: what users are told, what they want to be told of, and the number that is in the bar of every page.
//!
//! Tables: `notifications`, `notification_answers`, `notification_choices`, `notification_quiet`. A [`Teller`] consumes the journal and writes
//! the rows, [`jobs::TellFollowers`] those of whoever follows an author, a tag or a channel, [`jobs::TellTopic`] a topic, in parts. Event: [`events::UnreadChanged`]. Nothing is told of what is not
//! visible: it is asked for when somebody reads ([`Notify::list`]), and rows go when what they are about goes.

pub mod codes;
mod consumer;
pub mod events;
mod followers;
pub mod jobs;
mod live;
mod mentions;
mod model;
mod queues;
mod reading;
mod service;
mod store;
mod sweep;

pub use consumer::Teller;
pub use live::{Listener, Live, WakeListeners};
pub use model::{Choices, Decision, Kind, NotificationId, Queue, Quiet, Row, UNREAD_MOST, Way};
pub use reading::{Followed, Notification, What};
pub use service::{Features, Notify};

pub static SCHEMA: db::Schema = db::schema!(
    "notify",
    needs: [
        &accounts::SCHEMA,
        &articles::SCHEMA,
        &comments::SCHEMA,
        &follows::SCHEMA,
        &moderation::SCHEMA,
        &::events::SCHEMA,
        &::jobs::SCHEMA
    ],
    migrations: ["0001_notify"]
);
