//! What ties readers to authors and articles: follows (关注), favourites (收藏) and likes.
//!
//! Tables: `follows`, `favourites`, `article_likes`. Events: [`events::FollowChanged`], [`events::ArticleLiked`],
//! [`events::ArticleKept`].

pub mod events;
mod model;
mod service;
mod store;

pub use model::{Approval, Favourite, ReaderState};
pub use service::Follows;

pub static SCHEMA: db::Schema = db::schema!("follows", needs: [&articles::SCHEMA, &::events::SCHEMA], migrations: ["0001_follows", "0002_recent", "0003_parts"]);
