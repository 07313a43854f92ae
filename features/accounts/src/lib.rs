//! Accounts: who users are, how they prove it, and what they may do.
//!
//! Tables: `users`, `sessions`, `api_tokens`. Events: [`events::RolesChanged`].

pub mod events;
mod model;
mod password;
mod service;
mod store;
mod token;

pub use model::{ApiToken, Role, Roles, User, Viewer};
pub use service::Accounts;
pub use token::SessionToken;

pub static SCHEMA: db::Schema = db::schema!("accounts", needs: [&::events::SCHEMA], steps: ["0001_accounts"]);
