//! Notifications: decisions, queues, rows.

use accounts::Action;
use db::FromQueryResult;
use kernel::{ArticleId, CommentId, Id, Locale, Time, UserId};
use serde::{Deserialize, Serialize};

use crate::kind::Kind;
use crate::ways::Ways;

/// No more unread ones than this are counted: `99+`.
pub const UNREAD_MOST: i64 = 100;

#[doc(hidden)]
pub enum NotificationMarker {}
/// Names a notification among those of one user.
pub type NotificationId = Id<NotificationMarker>;

/// Where something waits for those who look after the site. Its name is stored and stays; `notify-queue-<name>` says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Queue {
    Articles,
    Comments,
    Reports,
    Applications,
    Profiles,
}

impl Queue {
    pub const ALL: [Self; 5] =
        [Self::Articles, Self::Comments, Self::Reports, Self::Applications, Self::Profiles];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Articles => "articles",
            Self::Comments => "comments",
            Self::Reports => "reports",
            Self::Applications => "applications",
            Self::Profiles => "profiles",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|queue| queue.name() == name)
    }

    /// What whoever works it may do.
    pub const fn action(self) -> Action {
        match self {
            Self::Articles => Action::ReviewArticles,
            Self::Comments | Self::Profiles => Action::ModerateComments,
            Self::Reports => Action::HandleReports,
            Self::Applications => Action::DecideApplications,
        }
    }
}

/// How something ended that waited for a reviewer, or was taken from readers or given back. Its name is stored and stays;
/// `notify-decided-<name>` says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    ArticleApproved,
    ArticleReturned,
    ArticleRetracted,
    ArticleRestored,
    ApplicationApproved,
    ApplicationRejected,
    ProfileApproved,
    ProfileReturned,
    ReportUpheld,
    ReportRejected,
}

impl Decision {
    pub const ALL: [Self; 10] = [
        Self::ArticleApproved,
        Self::ArticleReturned,
        Self::ArticleRetracted,
        Self::ArticleRestored,
        Self::ApplicationApproved,
        Self::ApplicationRejected,
        Self::ProfileApproved,
        Self::ProfileReturned,
        Self::ReportUpheld,
        Self::ReportRejected,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::ArticleApproved => "article-approved",
            Self::ArticleReturned => "article-returned",
            Self::ArticleRetracted => "article-retracted",
            Self::ArticleRestored => "article-restored",
            Self::ApplicationApproved => "application-approved",
            Self::ApplicationRejected => "application-rejected",
            Self::ProfileApproved => "profile-approved",
            Self::ProfileReturned => "profile-returned",
            Self::ReportUpheld => "report-upheld",
            Self::ReportRejected => "report-rejected",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|decision| decision.name() == name)
    }

    /// The messages that say the codes of its reasons: `return-…`, `retract-…`, `reject-…`.
    pub const fn reasons(self) -> Option<&'static str> {
        match self {
            Self::ArticleReturned => Some("return"),
            Self::ArticleRetracted => Some("retract"),
            Self::ApplicationRejected | Self::ProfileReturned => Some("reject"),
            _ => None,
        }
    }

    /// As it stands in the column: the name, and the code of the reason where there is one.
    pub(crate) fn stored(self, code: Option<&str>) -> String {
        code.map_or_else(|| self.name().to_owned(), |code| format!("{} {code}", self.name()))
    }

    pub(crate) fn read(stored: &str) -> Option<(Self, Option<String>)> {
        let (name, code) = stored.split_once(' ').map_or((stored, None), |(name, code)| (name, Some(code)));
        Self::named(name).map(|decision| (decision, code.map(str::to_owned)))
    }
}

/// A row as it is read: what it is about may be gone.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Row {
    pub id: NotificationId,
    pub kind: String,
    pub group_key: String,
    pub actors: i64,
    pub article_id: Option<ArticleId>,
    pub comment_id: Option<CommentId>,
    pub detail: Option<String>,
    pub changed_at: Time,
    pub read_at: Option<Time>,
}

/// What somebody is to be told; the columns of a row that is not there yet.
#[derive(Clone, Debug)]
pub struct New {
    pub user: UserId,
    /// All ways in which they want to be told.
    pub ways: Ways,
    pub kind: Kind,
    pub key: String,
    pub actors: i64,
    pub actor: Option<UserId>,
    pub article: Option<ArticleId>,
    pub comment: Option<CommentId>,
    pub detail: Option<String>,
}

impl New {
    pub fn of((user, ways): (UserId, Ways), kind: Kind, key: impl ToString) -> Self {
        let key = key.to_string();
        Self { user, ways, kind, key, actors: 1, actor: None, article: None, comment: None, detail: None }
    }
}

#[doc(hidden)]
pub enum DeviceMarker {}
pub type DeviceId = Id<DeviceMarker>;

/// As its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Device {
    pub id: DeviceId,
    /// [`accounts::Session::id`].
    pub session: String,
    /// What the browser called itself.
    pub agent: Option<String>,
    pub created_at: Time,
}

/// What a browser gives away to be told something.
#[derive(Clone)]
pub struct NewDevice {
    /// [`accounts::Session::id`] of the session in which it is chosen.
    pub session: String,
    pub endpoint: String,
    pub p256dh: String,
    pub auth: String,
    pub agent: Option<String>,
    /// The language in which it is told.
    pub locale: Locale,
}

/// One message to one browser (`jobs.rs`).
#[derive(Serialize, Deserialize)]
pub struct SendPush {
    pub device: DeviceId,
    /// Which; without, how many there are.
    pub notification: Option<NotificationId>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_back() {
        assert_eq!(Kind::ALL.map(|kind| Kind::named(kind.name())), Kind::ALL.map(Some));
        assert_eq!(Decision::ALL.map(|decision| Decision::named(decision.name())), Decision::ALL.map(Some));
        let returned = Decision::ArticleReturned;
        assert_eq!(Decision::read(&returned.stored(Some("facts"))), Some((returned, Some("facts".into()))));
        assert_eq!(Decision::read(&returned.stored(None)), Some((returned, None)));
        assert_eq!(Decision::read("dreamt-of facts"), None);
        assert_eq!(Queue::ALL.map(|queue| Queue::named(queue.name())), Queue::ALL.map(Some));
    }
}
