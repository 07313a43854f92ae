//! Of whom somebody wants to see nothing.

use std::collections::HashMap;

use db::FromQueryResult;
use kernel::{AuthorId, Time, UserId};
use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};

/// What a [`Target`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[serde(rename_all = "lowercase")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "lowercase")]
pub enum Kind {
    User,
    Author,
}

impl Kind {
    pub const fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Author => "author",
        }
    }
}

/// Who is muted or blocked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    User(UserId),
    Author(AuthorId),
}

impl Target {
    pub const fn kind(self) -> Kind {
        match self {
            Self::User(_) => Kind::User,
            Self::Author(_) => Kind::Author,
        }
    }

    pub(crate) const fn raw(self) -> i64 {
        match self {
            Self::User(id) => id.raw(),
            Self::Author(id) => id.raw(),
        }
    }

    /// As forms name it: `user` or `author`, and the id.
    pub fn named(kind: &str, id: &str) -> Option<Self> {
        match kind {
            "user" => id.parse().ok().map(Self::User),
            "author" => id.parse().ok().map(Self::Author),
            _ => None,
        }
    }
}

/// How much of somebody a reader does not want.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[serde(rename_all = "lowercase")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "lowercase")]
pub enum How {
    /// To see nothing of what they write.
    Mute,
    /// The same, and to be left alone by them.
    Block,
}

impl How {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mute => "mute",
            Self::Block => "block",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        [Self::Mute, Self::Block].into_iter().find(|how| how.name() == name)
    }
}

/// A line of somebody's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    pub target: Target,
    pub how: How,
    /// Since when.
    pub at: Time,
}

#[derive(FromQueryResult)]
pub(crate) struct BlockRow {
    pub target_kind: Kind,
    pub target_id: i64,
    pub how: How,
    pub created_at: Time,
}

impl From<BlockRow> for Block {
    fn from(row: BlockRow) -> Self {
        let target = match row.target_kind {
            Kind::User => Target::User(UserId::new(row.target_id)),
            Kind::Author => Target::Author(AuthorId::new(row.target_id)),
        };
        Self { target, how: row.how, at: row.created_at }
    }
}

/// All of whom one reader wants to see nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hidden {
    pub users: HashMap<UserId, How>,
    pub authors: HashMap<AuthorId, How>,
}

impl Hidden {
    pub fn is_empty(&self) -> bool {
        self.users.is_empty() && self.authors.is_empty()
    }

    pub fn how(&self, target: Target) -> Option<How> {
        match target {
            Target::User(id) => self.users.get(&id).copied(),
            Target::Author(id) => self.authors.get(&id).copied(),
        }
    }
}

impl FromIterator<Block> for Hidden {
    fn from_iter<T: IntoIterator<Item = Block>>(blocks: T) -> Self {
        let mut hidden = Self::default();
        for block in blocks {
            match block.target {
                Target::User(id) => hidden.users.insert(id, block.how),
                Target::Author(id) => hidden.authors.insert(id, block.how),
            };
        }
        hidden
    }
}
