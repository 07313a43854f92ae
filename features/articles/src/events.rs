//! What happens to articles, for those who follow the journal: changes that a visitor can notice, and what becomes of what was sent in.
//! Who did it stands beside each event ([`::events::Entry::actor`]).

use kernel::{ArticleId, AuthorId};
use serde::{Deserialize, Serialize};

/// Why an article became visible.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LiveCause {
    /// For the first time: there is something new to read.
    Published,
    /// Brought in from where it was published before.
    Imported,
    /// Back before readers, after it was retracted.
    Restored,
    /// Not said: from before it was, or by a newer program.
    #[default]
    #[serde(other)]
    Unknown,
}

/// An article became visible.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Live {
    pub id: ArticleId,
    pub author: AuthorId,
    pub channel: Option<String>,
    #[serde(default)]
    pub cause: LiveCause,
}
impl ::events::Event for Live {
    const KIND: &'static str = "article.live";
}

/// Why a visible article looks different.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeCause {
    /// Published again: a newer revision is shown.
    Revised,
    /// Its channel was merged into another or renamed; one event for each of the two.
    ChannelMoved,
    /// Not said: from before it was, or by a newer program.
    #[default]
    #[serde(other)]
    Unknown,
}

/// A visible article's text, title or any other public part changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    pub id: ArticleId,
    pub author: AuthorId,
    pub channel: Option<String>,
    #[serde(default)]
    pub cause: ChangeCause,
}
impl ::events::Event for Changed {
    const KIND: &'static str = "article.changed";
}

/// A visible article was taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gone {
    pub id: ArticleId,
    pub author: AuthorId,
    pub channel: Option<String>,
    /// A code (`retract-…` in the locale files); `author`, where its author took it back.
    #[serde(default)]
    pub reason: Option<String>,
}
impl ::events::Event for Gone {
    const KIND: &'static str = "article.gone";
}

/// An author asked for publication, or that changes to a live article be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submitted {
    pub id: ArticleId,
    pub author: AuthorId,
    pub revision: i64,
    /// It waits for a reviewer; else it is live or scheduled at once.
    pub review: bool,
}
impl ::events::Event for Submitted {
    const KIND: &'static str = "article.submitted";
}

/// A reviewer let what was submitted be shown: it is live, or waits for its time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approved {
    pub id: ArticleId,
    pub author: AuthorId,
    pub revision: i64,
}
impl ::events::Event for Approved {
    const KIND: &'static str = "article.approved";
}

/// A reviewer sent what was submitted back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Returned {
    pub id: ArticleId,
    pub author: AuthorId,
    pub revision: i64,
    /// A code: `return-…` in the locale files.
    pub reason: String,
}
impl ::events::Event for Returned {
    const KIND: &'static str = "article.returned";
}

/// A channel was added, changed, merged or removed: every page names the channels.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ChannelsChanged {}

impl ::events::Event for ChannelsChanged {
    const KIND: &'static str = "channels.changed";
}
