//! What editors change before readers.

use kernel::{ArticleId, TopicId};
use serde::{Deserialize, Serialize};

/// Something else stands in a slot, or in another order. That something begins or ends by the clock is no event: see
/// [`crate::Editorial::turned`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    /// [`crate::Slot::name`]
    pub slot: String,
}

impl ::events::Event for Placed {
    const KIND: &'static str = "editorial.placed";
}

/// A topic that readers see, or saw until now, changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopicChanged {
    pub id: TopicId,
    /// The articles in it before or after: their pages name it.
    pub articles: Vec<ArticleId>,
    /// Of these, what readers did not find in it before.
    #[serde(default)]
    pub added: Vec<ArticleId>,
}

impl ::events::Event for TopicChanged {
    const KIND: &'static str = "editorial.topic";
}
