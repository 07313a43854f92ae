//! Search: visible articles by their words, and articles close in content.
//!
//! Table: `search_queries`, the sums of what is searched for. The text index is filled from `articles` and `authors` and can be
//! thrown away. Follows `article.live`, `article.changed`, `article.gone`, `author.changed`,
//! `search.reindex`.

mod admission;
mod expunge;
mod indexer;
mod popular;
pub mod reindex;
mod request;
mod service;
mod store;

pub use admission::Permit;
pub use index::{Alike, Fit, Index, Marked, MatchedField, Order, Similar, Sketch, line_breaks};
pub use popular::Popular;
pub use service::{Hit, Query, Results, Search, Suggestions};
pub use store::erase;

pub static SCHEMA: db::Schema =
    db::schema!("search", needs: [&articles::SCHEMA], migrations: ["0001_search"]);
