//! What to read next: articles close in content (相关推荐), articles that rise now (热点推荐), a reader's own list (为你推荐). All are made
//! from what `reads` counts.
//!
//! Owns the tables `personal_switches`, `personal_reads`, `personal_wishes`, `choices`, `models`, `list_days`. Follows `article.live`,
//! `article.changed`, `article.gone`, `comment.posted`, `comment.changed`, `article.liked`, `article.kept`, `follow.changed`, and
//! `profile.changed`, which it writes. Everything else is kept in memory and made anew from the tables.

mod activity;
mod article_facts;
mod attention;
mod background;
pub mod codes;
pub mod events;
mod for_you;
mod freshness;
mod heat;
mod hot;
pub mod jobs;
mod learning;
mod model;
mod personal;
mod pipeline;
pub mod rank;
mod reader;
mod related;
mod select;
mod sources;
mod store;
#[cfg(test)]
mod tests;
mod train;
mod why;

pub use activity::ActivityTracker;
pub use article_facts::ArticleFactsCache;
pub use background::BackgroundTasks;
pub use for_you::{ForYou, Sources};
pub use freshness::ChannelFreshness;
pub use heat::Span;
pub use hot::Hot;
pub use learning::{Learning, Made};
pub use personal::{Personal, Relations};
pub use reader::{Reader, Subject};
pub use related::Related;
pub use store::models::ListDay;
pub use store::personal::{PastRead, WishRow, all_reads, erase, hand_over_mutes, learns, wishes};
pub use why::{Picked, Why};

/// The tables of today are made by [`reads::SCHEMA`], which says why, and has the name `recommend`. Those to come are migrations of this
/// owner.
pub static SCHEMA: db::Schema = db::Schema {
    owner: "lists",
    needs: &[
        &reads::SCHEMA,
        &articles::SCHEMA,
        &blocks::SCHEMA,
        &comments::SCHEMA,
        &editorial::SCHEMA,
        &follows::SCHEMA,
    ],
    migrations: &[],
};
