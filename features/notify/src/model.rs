//! Kinds of notifications, ways to be told, and what users chose of both.

use std::collections::HashMap;

use accounts::Action;
use db::FromQueryResult;
use follows::SubjectKind;
use kernel::{ArticleId, CommentId, Id, Invalid, Result, Time, UserId};

use crate::codes;

/// No more unread ones than this are counted: `99+`.
pub const UNREAD_MOST: i64 = 100;

#[doc(hidden)]
pub enum NotificationMarker {}
/// Names a notification among those of one user.
pub type NotificationId = Id<NotificationMarker>;

/// What is told of. Its name is stored and stays; `notify-kind-<name>` in the locale files says it to people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// An answer to a comment of one's own; a row for each comment that is answered.
    Answer,
    /// A comment of one's own is liked; a row for each comment. By whom, nobody is told.
    Like,
    /// `@handle` in a comment; a row for each comment.
    Mention,
    /// A new article of an author that one follows; a row for each article.
    Article,
    /// Something new in a topic, with a tag or in a channel that one follows; a row for each of these, with how many articles came since it was read.
    Topic,
    Tag,
    Channel,
    /// What a reviewer decided about what one wrote, asked for or reported; a row for each thing, with the last decision.
    Decision,
    /// For those who look after the site: something waits; a row for each queue.
    Waiting,
}

impl Kind {
    pub const ALL: [Self; 9] = [
        Self::Answer,
        Self::Mention,
        Self::Like,
        Self::Article,
        Self::Topic,
        Self::Tag,
        Self::Channel,
        Self::Decision,
        Self::Waiting,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Like => "like",
            Self::Mention => "mention",
            Self::Article => "article",
            Self::Topic => "topic",
            Self::Tag => "tag",
            Self::Channel => "channel",
            Self::Decision => "decision",
            Self::Waiting => "waiting",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    pub const fn of_subject(kind: SubjectKind) -> Self {
        match kind {
            SubjectKind::Topic => Self::Topic,
            SubjectKind::Tag => Self::Tag,
            SubjectKind::Channel => Self::Channel,
        }
    }

    /// Nobody else is told of it.
    pub const fn is_for_staff(self) -> bool {
        matches!(self, Self::Waiting)
    }

    /// Whether it is told so to whoever chose nothing.
    pub const fn is_usual(self, way: Way) -> bool {
        match (self, way) {
            // Of a channel there would be news all day: it is read where it stands.
            (Self::Tag | Self::Channel, Way::Site) => false,
            (_, Way::Site) => true,
        }
    }
}

/// How somebody is told. Its name is stored and stays; `notify-way-<name>` says it. Mail and push come here, each with what it sends where rows are
/// written (`consumer.rs`, `jobs.rs`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Way {
    /// At `/notifications`, and as a number in the bar.
    Site,
}

impl Way {
    pub const ALL: [Self; 1] = [Self::Site];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Site => "site",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.name() == name)
    }
}

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

/// From when until when nothing is to be heard, over midnight where `until` is the earlier: minutes after midnight, in the site's zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Quiet {
    #[sea_orm(from_alias = "quiet_from")]
    pub from: i64,
    #[sea_orm(from_alias = "quiet_until")]
    pub until: i64,
}

impl Quiet {
    /// As typed: `22:30`, or nothing in both. Codes: `quiet-form`, `quiet-half`.
    pub fn typed(from: &str, until: &str) -> Result<Option<Self>> {
        let (from, until) = (from.trim(), until.trim());
        let mut errors = Invalid::default();
        for (field, typed, other) in [("quiet_from", from, until), ("quiet_until", until, from)] {
            if typed.is_empty() && !other.is_empty() {
                errors.add(field, codes::QUIET_HALF);
            } else if !typed.is_empty() && minutes(typed).is_none() {
                errors.add(field, codes::QUIET_FORM);
            }
        }
        errors.check()?;
        Ok(minutes(from).zip(minutes(until)).map(|(from, until)| Self { from, until }))
    }

    /// As it is typed: `22:30`.
    pub fn clock(minutes: i64) -> String {
        format!("{:02}:{:02}", minutes / 60, minutes % 60)
    }
}

/// Browsers send `22:30`, some with seconds.
fn minutes(typed: &str) -> Option<i64> {
    let mut parts = typed.split(':');
    let mut part = |most: i64| {
        let digits = parts.next()?;
        let fits = (1..=2).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse::<i64>().ok().filter(|number| fits && *number <= most)
    };
    let (hour, minute) = (part(23)?, part(59)?);
    parts.next().is_none_or(|seconds| seconds.len() == 2).then_some(60 * hour + minute)
}

/// What a user wants to be told of, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choices {
    /// What differs from the usual.
    pub(crate) other: HashMap<(Kind, Way), bool>,
    pub quiet: Option<Quiet>,
}

impl Choices {
    pub fn wants(&self, kind: Kind, way: Way) -> bool {
        self.other.get(&(kind, way)).copied().unwrap_or(kind.is_usual(way))
    }

    pub fn set(&mut self, kind: Kind, way: Way, wanted: bool) {
        if wanted == kind.is_usual(way) {
            self.other.remove(&(kind, way));
        } else {
            self.other.insert((kind, way), wanted);
        }
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
    pub kind: Kind,
    pub key: String,
    pub actors: i64,
    pub actor: Option<UserId>,
    pub article: Option<ArticleId>,
    pub comment: Option<CommentId>,
    pub detail: Option<String>,
}

impl New {
    pub fn of(user: UserId, kind: Kind, key: impl ToString) -> Self {
        let key = key.to_string();
        Self { user, kind, key, actors: 1, actor: None, article: None, comment: None, detail: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Error;

    #[test]
    fn names_come_back() {
        assert_eq!(Kind::ALL.map(|kind| Kind::named(kind.name())), Kind::ALL.map(Some));
        assert_eq!(Way::ALL.map(|way| Way::named(way.name())), Way::ALL.map(Some));
        assert_eq!(Decision::ALL.map(|decision| Decision::named(decision.name())), Decision::ALL.map(Some));
        let returned = Decision::ArticleReturned;
        assert_eq!(Decision::read(&returned.stored(Some("facts"))), Some((returned, Some("facts".into()))));
        assert_eq!(Decision::read(&returned.stored(None)), Some((returned, None)));
        assert_eq!(Decision::read("dreamt-of facts"), None);
        assert_eq!(Queue::ALL.map(|queue| Queue::named(queue.name())), Queue::ALL.map(Some));
    }

    #[test]
    fn quiet_hours_have_two_ends() {
        let typed = |from, until| Quiet::typed(from, until);
        assert_eq!(typed("22:30", " 07:00 ").unwrap(), Some(Quiet { from: 1_350, until: 420 }));
        assert_eq!(typed("0:00", "23:59:00").unwrap(), Some(Quiet { from: 0, until: 1_439 }));
        assert_eq!(typed("", " ").unwrap(), None);
        assert_eq!((Quiet::clock(1_350), Quiet::clock(65)), ("22:30".into(), "01:05".into()));
        let codes = |from, until| match typed(from, until) {
            Err(Error::Invalid(errors)) => errors.0.iter().map(|e| (e.field, e.code)).collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        };
        assert_eq!(codes("22:30", ""), [("quiet_until", "quiet-half")]);
        assert_eq!(codes("24:00", "7"), [("quiet_from", "quiet-form"), ("quiet_until", "quiet-form")]);
        assert_eq!(codes("-1:00", "+7:00"), [("quiet_from", "quiet-form"), ("quiet_until", "quiet-form")]);
    }

    #[test]
    fn only_what_differs_is_a_choice() {
        let mut choices = Choices::default();
        assert!(choices.wants(Kind::Answer, Way::Site));
        choices.set(Kind::Answer, Way::Site, false);
        assert!(!choices.wants(Kind::Answer, Way::Site) && choices.other.len() == 1);
        choices.set(Kind::Answer, Way::Site, true);
        assert_eq!(choices, Choices::default());
    }
}
