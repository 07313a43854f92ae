//! Full text: Chinese and English words, ranked search with marked passages, what is typed completed and respelled, and which texts
//! are about the same.
//!
//! The index is a folder that can be thrown away: whoever fills it can fill it again from the tables. With every commit it keeps a
//! few words of its owner's (the place in the journal up to which it is filled), so that content and place are one thing on disk:
//! killed at any moment, the folder opens with what the last commit left.
//!
//! Calls block (a search takes milliseconds, a commit tens of them): async callers hand them to a blocking thread.

mod asked;
mod breaks;
mod changes;
mod complete;
mod document;
mod entries;
mod files;
mod fold;
mod marked;
mod nearest;
mod ngrams;
mod open;
mod query;
mod respell;
mod runs;
mod schema;
mod search;
mod short;
mod similar;
mod sketch;
mod sound;
mod stop;
mod suggest;
mod view;
mod wanted;
mod words;
mod writer;

pub use breaks::line_breaks;
pub use document::Document;
pub use entries::Entry;
pub use marked::Marked;
pub use open::Index;
pub use respell::Alike;
pub use search::{Fit, Found, Hit, MatchedField, Order, Query};
pub use similar::Similar;
pub use sketch::Sketch;
pub use wanted::Wanted;

fn internal(error: tantivy::TantivyError) -> kernel::Error {
    kernel::Error::internal(error)
}
