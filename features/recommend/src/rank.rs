//! What somebody will read next, learned from what was read: signals, what they say of a candidate, and the model that weighs it;
//! the same for what is shown to somebody at once (`shown`).

mod features;
mod model;
pub mod shown;
mod signals;
mod words;

pub use features::{Candidate, FEATURES, Features, Person, USUAL, beginning, describe, features, place_of};
pub use model::Ranker;
pub use signals::{Act, HALF_LIVES, Signals};
pub use words::Words;
