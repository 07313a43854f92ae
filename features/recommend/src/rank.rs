//! What somebody will read next, learned from what was read: signals, what they say of a candidate, and the model that weighs it.

mod features;
mod model;
mod signals;

pub use features::{FEATURES, describe};
pub use model::Ranker;
pub use signals::{Act, Signals};
