//! What ties readers to authors, channels, tags, topics and articles: follows (关注), favourites (收藏) and likes.
//!
//! Tables: `follows` (of authors), `subject_follows` (of all else), `favourites`, `article_likes`. Events: [`events::FollowChanged`],
//! [`events::SubjectsChanged`], [`events::ArticleLiked`], [`events::ArticleKept`]. `feed.rs` is what comes out of all that somebody follows.

pub mod codes;
pub mod events;
mod feed;
mod model;
mod service;
mod store;
mod subjects;

pub use model::{
    Approval, Because, Favourite, FollowedArticle, FollowedAuthor, FollowedSubject, Like, Marks, ReaderState,
    Subject, SubjectKind, Which,
};
pub use service::Follows;

pub static SCHEMA: db::Schema = db::schema!(
    "follows",
    needs: [&articles::SCHEMA, &::events::SCHEMA],
    migrations: ["0001_follows", "0002_recent", "0003_parts", "0004_subjects"]
);
