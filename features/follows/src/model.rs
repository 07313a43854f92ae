//! What a reader has marked.

use std::sync::Arc;

use articles::Card;
use db::FromQueryResult;
use editorial::Topic;
use kernel::{ArticleId, AuthorId, Slug, Tag, Time, TopicId};
use serde::{Deserialize, Serialize};

/// How many authors one user follows at most: all of them are asked about when their articles are looked for.
pub const AUTHORS_MOST: i64 = 2_000;

/// What a reader sees pressed on an article's page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, FromQueryResult)]
pub struct ReaderState {
    pub liked: bool,
    pub favourite: bool,
    pub following: bool,
}

/// What one follows besides authors.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    Channel(Slug),
    Tag(Tag),
    Topic(TopicId),
}

/// Its name is stored and stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SubjectKind {
    Channel,
    Tag,
    Topic,
}

impl SubjectKind {
    pub const ALL: [Self; 3] = [Self::Channel, Self::Tag, Self::Topic];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Channel => "channel",
            Self::Tag => "tag",
            Self::Topic => "topic",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// How many one user follows at most. Each is a scan of its own when the articles are looked for, a topic some look-ups.
    pub const fn most(self) -> i64 {
        match self {
            Self::Channel | Self::Tag => 200,
            Self::Topic => 100,
        }
    }
}

impl Subject {
    pub const fn kind(&self) -> SubjectKind {
        match self {
            Self::Channel(_) => SubjectKind::Channel,
            Self::Tag(_) => SubjectKind::Tag,
            Self::Topic(_) => SubjectKind::Topic,
        }
    }

    /// As it is stored: two spellings of one tag have one name.
    pub fn name(&self) -> String {
        match self {
            Self::Channel(slug) => slug.to_string(),
            Self::Tag(tag) => tag.folded(),
            Self::Topic(id) => id.to_string(),
        }
    }

    /// As it was written.
    pub(crate) fn label(&self) -> String {
        match self {
            Self::Tag(tag) => tag.to_string(),
            Self::Channel(_) | Self::Topic(_) => self.name(),
        }
    }

    /// `name` may be a label. Nothing where there can be no such subject.
    pub fn of(kind: SubjectKind, name: &str) -> Option<Self> {
        match kind {
            SubjectKind::Channel => Slug::new(name).ok().map(Self::Channel),
            SubjectKind::Tag => Tag::new(name).ok().map(Self::Tag),
            SubjectKind::Topic => name.parse().ok().map(Self::Topic),
        }
    }

    /// Kind and name in one: `tag:lamps`.
    pub fn key(&self) -> String {
        format!("{}:{}", self.kind().name(), self.name())
    }

    /// What [`Subject::key`] wrote.
    pub fn keyed(key: &str) -> Option<Self> {
        let (kind, name) = key.split_once(':')?;
        Self::of(SubjectKind::named(kind)?, name)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowedSubject {
    pub subject: Subject,
    pub at: Time,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, FromQueryResult)]
pub struct FollowedAuthor {
    pub author: AuthorId,
    pub at: Time,
}

/// A part of what one follows, or all of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Which {
    #[default]
    All,
    Authors,
    Channels,
    Tags,
    Topics,
}

impl Which {
    pub const ALL: [Self; 5] = [Self::All, Self::Authors, Self::Channels, Self::Tags, Self::Topics];

    pub const fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Authors => "authors",
            Self::Channels => "channels",
            Self::Tags => "tags",
            Self::Topics => "topics",
        }
    }

    /// Whether that part is in it.
    pub fn has(self, part: Self) -> bool {
        self == Self::All || self == part
    }
}

/// Why an article is among what somebody follows: what is most their own choice, where there are several reasons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Because {
    /// They follow its author.
    Author,
    Topic(Arc<Topic>),
    Tag(Tag),
    /// They follow its channel.
    Channel,
}

#[derive(Clone, Debug)]
pub struct FollowedArticle {
    pub card: Card,
    pub because: Because,
}

/// An article kept for later. It may no longer be visible: ask `articles` for its card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, FromQueryResult)]
pub struct Favourite {
    pub article: ArticleId,
    pub at: Time,
}

/// An article that somebody likes. It may no longer be visible: ask `articles` for its card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Like {
    pub article: ArticleId,
    pub at: Time,
}

/// All that a user marked, for themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    pub authors: Vec<FollowedAuthor>,
    pub subjects: Vec<FollowedSubject>,
    pub favourites: Vec<Favourite>,
    pub likes: Vec<Like>,
}

/// How many readers liked or kept an article, and did last within this hour (hours since 1970, UTC).
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Approval {
    pub article: ArticleId,
    pub hour: i64,
    pub readers: i64,
    /// Of those, who have been users for a while.
    pub known: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_have_keys_that_come_back() {
        let tag = Tag::new("Lamps: old ones").unwrap();
        let folded = Subject::Tag(Tag::new("lamps: old ones").unwrap());
        assert_eq!(Subject::keyed(&Subject::Tag(tag.clone()).key()), Some(folded));
        assert_eq!(Subject::Tag(tag).label(), "Lamps: old ones");
        for subject in [Subject::Channel(Slug::new("city").unwrap()), Subject::Topic(TopicId::new(7))] {
            assert_eq!(Subject::keyed(&subject.key()), Some(subject));
        }
        for key in ["", "city", "channel:", "channel:City", "topic:0", "author:7"] {
            assert_eq!(Subject::keyed(key), None, "{key}");
        }
    }

    #[test]
    fn names_come_back() {
        assert_eq!(SubjectKind::ALL.map(|kind| SubjectKind::named(kind.name())), SubjectKind::ALL.map(Some));
        assert!(Which::ALL.iter().all(|part| Which::All.has(*part) && part.has(*part)));
        assert!(!Which::Tags.has(Which::Topics));
    }
}
