//! What an archive is, and of which parts it is made.

use db::FromQueryResult;
use kernel::{Id, Time, UserId};
use serde::{Deserialize, Serialize};

#[doc(hidden)]
pub enum ExportMarker {}
pub type ExportId = Id<ExportMarker>;

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Waiting,
    Ready,
    Failed,
}

impl State {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Ready => "ready",
            Self::Failed => "failed",
        }
    }

    fn of(name: &str) -> Self {
        [Self::Waiting, Self::Ready].into_iter().find(|state| state.name() == name).unwrap_or(Self::Failed)
    }
}

#[derive(Clone, Debug, FromQueryResult)]
pub struct Row {
    pub id: ExportId,
    pub user_id: UserId,
    pub state: String,
    pub locale: String,
    pub problem: Option<String>,
    pub bytes: i64,
    pub asked_at: Time,
    pub expires_at: Time,
}

impl Row {
    pub fn state(&self) -> State {
        State::of(&self.state)
    }
}

/// Makes an archive (`jobs.rs`).
#[derive(Serialize, Deserialize)]
pub struct MakeExport {
    pub id: ExportId,
}

/// An archive is given up after so many tries.
pub const TRIES: u32 = 5;

/// How it stands with somebody's newest archive.
#[derive(Clone, Debug)]
pub struct Standing {
    pub id: ExportId,
    pub state: State,
    /// `export-problem-…` in the locale files.
    pub problem: Option<String>,
    /// Steps that are done, and all; 0 where nobody knows.
    pub done: i64,
    pub total: i64,
    pub bytes: i64,
    pub asked_at: Time,
    /// The archive is deleted then.
    pub expires_at: Time,
    /// Nobody gets another before.
    pub next_at: Time,
}

/// A part of what is somebody's. Its name is that of its file, and `export-part-<name>` in the locale files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Account,
    Settings,
    Sessions,
    Tokens,
    Passkeys,
    Identities,
    Invitations,
    Follows,
    Subjects,
    Favourites,
    Likes,
    CommentLikes,
    History,
    Interests,
    Comments,
    Applications,
    Reports,
    ProfileReports,
    Blocks,
    Notifications,
    Devices,
    Authors,
    Articles,
    Revisions,
    Pictures,
}

impl Part {
    pub const ALL: [Self; 25] = [
        Self::Account,
        Self::Settings,
        Self::Sessions,
        Self::Tokens,
        Self::Passkeys,
        Self::Identities,
        Self::Invitations,
        Self::Follows,
        Self::Subjects,
        Self::Favourites,
        Self::Likes,
        Self::CommentLikes,
        Self::History,
        Self::Interests,
        Self::Comments,
        Self::Applications,
        Self::Reports,
        Self::ProfileReports,
        Self::Blocks,
        Self::Notifications,
        Self::Devices,
        Self::Authors,
        Self::Articles,
        Self::Revisions,
        Self::Pictures,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Settings => "settings",
            Self::Sessions => "sessions",
            Self::Tokens => "tokens",
            Self::Passkeys => "passkeys",
            Self::Identities => "identities",
            Self::Invitations => "invitations",
            Self::Follows => "follows",
            Self::Subjects => "subjects",
            Self::Favourites => "favourites",
            Self::Likes => "likes",
            Self::CommentLikes => "comment-likes",
            Self::History => "history",
            Self::Interests => "interests",
            Self::Comments => "comments",
            Self::Applications => "applications",
            Self::Reports => "reports",
            Self::ProfileReports => "profile-reports",
            Self::Blocks => "blocks",
            Self::Notifications => "notifications",
            Self::Devices => "devices",
            Self::Authors => "authors",
            Self::Articles => "articles",
            Self::Revisions => "revisions",
            Self::Pictures => "pictures",
        }
    }
}
