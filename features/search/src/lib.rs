//! Search: visible articles by their words, and articles close in content.
//!
//! Owns no tables: the text index is filled from `articles` and `authors` and can be thrown away.
//! Follows `article.live`, `article.changed`, `article.gone`, `author.changed`.

pub mod evaluate;
mod indexer;
mod service;
#[cfg(test)]
mod tests;

pub use index::{Index, Marked, Order, Similar, Sketch};
pub use service::{Hit, Query, Results, Search};

#[cfg(test)]
use articles::SCHEMA;
