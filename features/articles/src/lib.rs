//! Articles: drafts, revisions, states, channels, tags.
//!
//! Owns the tables `channels`, `channel_redirects`, `articles`, `article_bodies`, `article_tags`, `article_pictures`, `author_pictures`, `revisions`, `author_usage`.
//! Appends `article.live`, `article.changed`, `article.gone`, `channels.changed`. Whether anybody may see an article is decided here and nowhere else:
//! [`State::is_visible`], and its SQL twin in `store.rs`.

mod adapt;
mod body;
mod channels;
pub mod codes;
mod draft;
mod erase;
pub mod events;
mod import;
pub mod jobs;
mod model;
mod pictures;
mod quota;
mod reading;
mod revision;
mod service;
pub mod settings;
mod store;
#[cfg(test)]
mod tests;

pub use adapt::adapt;
pub use body::rendered;
pub use draft::{COVERS_MAX, Declaration, Draft, Format, Line, LineKind, TAGS_MAX};
pub use erase::Saved;
pub use import::Imported;
pub use model::{
    Action, Article, Card, Channel, Document, Listed, Newest, Showing, State, Summary, TypedChannel, Use,
};
pub use revision::{Read, Revision};
pub use service::{Articles, Verdict};

pub static SCHEMA: db::Schema = db::schema!(
    "articles",
    needs: [&authors::SCHEMA, &media::SCHEMA, &::events::SCHEMA, &::jobs::SCHEMA],
    migrations: ["0001_articles", "0002_large", "0003_quota", "0004_pictures", "0005_place", "0006_channel_redirects", "0007_claims"]
);
