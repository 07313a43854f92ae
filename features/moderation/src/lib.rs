//! Reviews and reports, and the decisions on them.
//!
//! Owns the tables `decisions`, `reports` and `profile_reports`; appends the events of [`events`]. What is decided is carried out by the owner of the thing (`articles`, `comments`, `accounts`);
//! here it is judged who may decide, and written down.

pub mod codes;
pub mod events;
mod model;
mod profiles;
mod service;
mod store;

pub use articles::{Read, Verdict};
pub use model::{
    Decision, NewProfileReport, NewReport, Outcome, ProfileReport, RETRACT_CODES, RETURN_CODES, Reason,
    Report,
};
pub use service::Moderation;

pub static SCHEMA: db::Schema = db::schema!("moderation", needs: [&limits::SCHEMA, &::events::SCHEMA, &articles::SCHEMA, &comments::SCHEMA], migrations: ["0001_moderation", "0002_reasons", "0003_profiles", "0004_reporters", "0005_profile_reporters"]);
