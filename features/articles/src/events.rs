//! What happens to articles, for those who follow the journal. Only changes that a visitor can notice.

use kernel::{ArticleId, AuthorId};
use serde::{Deserialize, Serialize};

macro_rules! event {
    ($(#[$doc:meta])* $name:ident, $kind:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Serialize, Deserialize)]
        pub struct $name {
            pub id: ArticleId,
            pub author: AuthorId,
            pub channel: Option<String>,
        }
        impl ::events::Event for $name {
            const KIND: &'static str = $kind;
        }
    };
}

event!(
    /// An article became visible.
    Live, "article.live"
);
event!(
    /// A visible article's text, title or any other public part changed.
    Changed, "article.changed"
);
event!(
    /// A visible article was taken back.
    Gone, "article.gone"
);

/// A channel was added, changed, merged or removed: every page names the channels.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ChannelsChanged {}

impl ::events::Event for ChannelsChanged {
    const KIND: &'static str = "channels.changed";
}
