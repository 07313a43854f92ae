//! Whom readers mute and block: users, whose comments they do not want to read, and authors (号), whose articles they do not want in lists.
//!
//! Who is muted notices nothing. Who is blocked cannot answer the comments of whoever blocks them, or like them, and is told so.
//! Owns the table `blocks`. Event: [`events::BlocksChanged`], after which every node asks the table anew.

pub mod codes;
pub mod events;
mod model;
mod service;
mod store;

pub use model::{Block, Hidden, How, Kind, Target};
pub use service::Blocks;

pub static SCHEMA: db::Schema = db::schema!("blocks", needs: [&accounts::SCHEMA, &authors::SCHEMA, &::events::SCHEMA], migrations: ["0001_blocks"]);
