//! What editors do: headlines and pins, the lead of the home page, topics (专题).
//!
//! Owns the tables `placements`, `topics`, `topic_articles`, `editorial_log`. Appends [`events::Placed`], [`events::TopicChanged`].
//! What stands in a slot is a question of the clock, so it begins and ends without a write; whether an article may be seen there,
//! `articles` decides when it is asked for its card.

pub mod codes;
pub mod events;
mod model;
mod service;
mod store;
mod topics;

pub use model::{AuditAction, Logged, Placement, Slot, SlotItem, Standing, Terms};
pub use service::Editorial;
pub use topics::{Member, Topic, TopicText, sections};

pub static SCHEMA: db::Schema = db::schema!(
    "editorial",
    needs: [&accounts::SCHEMA, &articles::SCHEMA, &::events::SCHEMA],
    migrations: ["0001_editorial"]
);
