//! Counting reads without knowing readers: how often each article is read, what of lists comes into view and is chosen, how far
//! articles are read, what is read together, and how much of all that may be believed.
//!
//! Owns the tables `read_hours`, `list_hours`, `neighbours`, `read_imports`: sums, nothing of anybody. Whoever counts or shows reads
//! needs no more than this; what lists make of them is `recommend`'s.

mod bots;
mod buffer;
mod co_reads;
mod counts;
mod fraud;
pub mod jobs;
mod past;
mod seen;
mod service;
mod sessions;
mod shared;
mod slots;
mod store;
#[cfg(test)]
mod tests;
mod visitor;

pub use bots::is_bot;
pub use co_reads::CoReads;
pub use counts::Counts;
pub use fraud::ACTIVE_ELSEWHERE;
pub use past::Past;
pub use seen::{InList, LISTS, Reading, Seen};
pub use service::{ReadDelta, Reads};
pub use slots::middle_of_hour;
pub use store::{ListHour, ReadHour, ReadSum};
pub use visitor::{Visitor, visitor};

/// The tables of this crate, and those in which `recommend` keeps readers and models: they were one crate once, whose migrations every
/// database has noted under the name `recommend`, with their checksums. So the four go on under that name, with the text they have, and
/// stand in the lower of the two. A new table of reads is its next migration; one of `recommend` has an owner of its own
/// (`recommend::SCHEMA`).
pub static SCHEMA: db::Schema = db::schema!(
    "recommend",
    needs: [&accounts::SCHEMA],
    migrations: ["0001_recommend", "0002_attention", "0003_personal", "0004_neighbours", ("0005_shared_deltas")]
);
