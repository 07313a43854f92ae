//! What somebody will read next, learned from what was read: what is said of candidates for a reader, and the model that weighs it.
//!
//! Public for `server/evaluate`, which tests on recorded acts what the lists run on: the same features, the same model.

mod features;
mod model;
mod times;

pub(crate) use features::beginning;
pub use features::{Candidate, FEATURES, Features, Person, USUAL, describe, features, place_of};
pub use model::Ranker;
pub use times::{DAY, HALF_LIVES, HOUR, SESSION};
