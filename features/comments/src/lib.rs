//! Comments (跟贴): threads under articles, and likes of comments.
//!
//! Tables: `comments`, `comment_likes`, `comment_counts`. Events: [`events::Posted`], [`events::Changed`], [`events::Waiting`].
//! Whether anybody may see a comment is decided here and nowhere else: [`State::is_visible`], its SQL twin in `store.rs`,
//! and [`Comment::for_everybody`] where a chain needs a place held.

pub mod codes;
pub mod events;
mod import;
mod model;
mod service;
pub mod settings;
mod store;

pub use import::ImportedComment;
pub use model::{Comment, Floor, Liked, Sort, State, Talk};
pub use service::{Comments, Verdict};

pub static SCHEMA: db::Schema = db::schema!("comments", needs: [&limits::SCHEMA, &articles::SCHEMA, &::events::SCHEMA], migrations: ["0001_comments", "0002_reasons", "0003_place", "0004_towers", "0005_writers", "0006_by_writer", "0007_answers"]);
