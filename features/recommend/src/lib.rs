//! What to read next: articles close in content (相关推荐), articles that rise now (热点推荐), a reader's own list (为你推荐), and the reads
//! they are made from.
//!
//! Owns the tables `read_hours`, `list_hours`, `neighbours`, `read_imports`, `personal_switches`, `personal_reads`, `personal_wishes`, `choices`,
//! `models`, `list_days`. Follows `article.live`, `article.changed`, `article.gone`, `comment.posted`, `comment.changed`,
//! `article.liked`, `article.kept`, `follow.changed`. Everything else is kept in memory and made anew from the tables.

mod activity;
mod background;
mod bots;
mod co_reads;
mod counts;
pub mod evaluate;
mod facts;
mod for_you;
mod fraud;
mod freshness;
mod heat;
mod hot;
mod learning;
mod model;
mod past;
mod personal;
mod pipeline;
mod rank;
mod reader;
mod reads;
mod related;
mod seen;
mod select;
mod sources;
mod store;
#[cfg(test)]
mod tests;
mod train;
mod visits;
mod why;

pub use activity::ActivityTracker;
pub use background::BackgroundTasks;
pub use bots::is_bot;
pub use co_reads::CoReads;
pub use facts::ArticleFactsCache;
pub use for_you::{ForYou, Sources};
pub use freshness::ChannelFreshness;
pub use heat::Span;
pub use hot::Hot;
pub use learning::{Learning, Made};
pub use past::Past;
pub use personal::Personal;
pub use reader::{Reader, Subject};
pub use reads::{Reads, Visitor, visitor};
pub use related::Related;
pub use seen::{InList, LISTS, Reading, Seen};
pub use store::ListHour;
pub use store::models::ListDay;
pub use store::personal::{WishRow, erase};
pub use why::{Picked, Why};

pub static SCHEMA: db::Schema = db::schema!(
    "recommend",
    needs: [&articles::SCHEMA, &comments::SCHEMA, &editorial::SCHEMA, &follows::SCHEMA],
    migrations: ["0001_recommend", "0002_attention", "0003_personal", "0004_neighbours"]
);
