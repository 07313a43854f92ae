//! What an operator sets while the site runs: its name, language and time zone.
//!
//! Owns the table `settings`. Appends `settings.changed`. What the configuration file says is fixed and goes first.

pub mod codes;
pub mod events;
mod model;
mod service;
mod store;
#[cfg(test)]
mod tests;

pub use model::{Identity, NAME_MAX, Stored, TAGLINE_MAX};
pub use service::Settings;

pub static SCHEMA: db::Schema =
    db::schema!("settings", needs: [&::events::SCHEMA], migrations: ["0001_settings"]);
