//! Accounts: who users are, how they prove it, and what they may do.
//!
//! Tables: `users`, `sessions`, `devices`, `api_tokens`. Events: [`events::RolesChanged`], [`events::AccessChanged`].

mod access;
pub mod codes;
pub mod events;
mod guesses;
mod model;
mod password;
mod policy;
mod service;
mod sessions;
pub mod settings;
mod shared;
mod sign_in;
mod store;
mod token;

pub use model::{ApiToken, Role, Roles, Session, User, Viewer};
pub use policy::PASSWORD_CHARS;
pub use service::Accounts;
pub use sign_in::{Origin, SignedIn};
pub use token::{DeviceToken, SessionToken};

pub static SCHEMA: db::Schema = db::schema!("accounts", needs: [&::events::SCHEMA, &limits::SCHEMA], migrations: ["0001_accounts", "0002_standing", "0003_alike"]);
