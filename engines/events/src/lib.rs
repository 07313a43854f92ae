//! The journal: what happened, in order, and those who follow it.
//!
//! An event is appended in the transaction of the rows it tells of, so it is there if and only if they are.
//! Followers in memory or in files (search index, page cache, hot list) read it from a position of their own, apply each event at least once and
//! must bear meeting one twice. A [`Consumer`] has rows of its own that follow: each event has its effect there exactly once. Nothing else tells one part of the site, or one node, that something changed.

mod actor;
pub mod codes;
mod consumer;
mod follow;
mod followers;
mod journal;
mod nodes;
mod position;
mod prune;
mod status;
#[cfg(any(test, feature = "testing"))]
pub mod testing;

pub use actor::Actor;
pub use consumer::{Consumer, consume};
pub use follow::{Follower, follow};
pub use followers::FollowerStatus;
pub use journal::{Entry, Event, Journal};
pub use nodes::{BEAT, Node, NodeStatus};
pub use position::Position;
pub use status::{ConsumerState, ConsumerStatus, ParkedEvent};

pub static SCHEMA: db::Schema = db::schema!("events", needs: [], migrations: [("0001_journal"), "0002_consumers", "0003_actors", "0004_tries", "0005_nodes"]);
