//! What to read next: articles close in content (相关推荐), articles that rise now (热点推荐), and the reads they are made from.
//!
//! Owns the tables `read_hours` and `list_hours`. Follows `article.live`, `article.changed`, `article.gone`, `comment.posted`, `comment.changed`,
//! `article.liked`, `article.kept`. Everything else is kept in memory and made anew from the tables.

mod bots;
mod counts;
mod crowd;
pub mod evaluate;
mod heat;
mod hot;
mod model;
mod rank;
mod reads;
mod related;
mod seen;
mod store;
#[cfg(test)]
mod tests;
mod why;

pub use bots::is_bot;
pub use heat::Span;
pub use hot::Hot;
pub use reads::{Reads, Visitor, visitor};
pub use related::Related;
pub use seen::{InList, LISTS, Reading, Seen};
pub use store::ListHour;
pub use why::{Picked, Why};

pub static SCHEMA: db::Schema = db::schema!(
    "recommend",
    needs: [&articles::SCHEMA, &comments::SCHEMA, &follows::SCHEMA],
    steps: ["0001_recommend", "0002_attention"]
);
