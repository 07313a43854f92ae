//! What an operator sets while the site runs. Each setting is declared beside the feature that reads it; those of the site as a whole here.
//!
//! Owns the table `settings`. Appends `settings.changed`. What the configuration file says is fixed and goes first.

pub mod codes;
pub mod events;
mod service;
mod setting;
pub mod site;
mod store;
#[cfg(test)]
mod tests;

pub use service::{Fixed, Settings, Source, Standing};
pub use setting::{Declared, Input, READABLE, Setting, Value, Wrong, zones};
pub use site::Identity;

pub static SCHEMA: db::Schema =
    db::schema!("settings", needs: [&audit::SCHEMA, &::events::SCHEMA], migrations: ["0001_settings"]);
