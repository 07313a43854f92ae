//! Pieces that the pages share.

use accounts::User;
use authors::Author;
use kernel::{Locale, Time};
use serde::Serialize;
use web::render::{Notice, PageLayout};

/// An entry of the rail: the message `admin-<name>`, and how many wait there.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    pub name: &'static str,
    pub href: &'static str,
    pub n: i64,
}

/// What stands around every page.
#[derive(Clone, Debug, Serialize)]
pub struct DeskLayout {
    /// The entry where the page belongs.
    pub at: &'static str,
    pub rail: Vec<Entry>,
    #[serde(skip)]
    pub notice: Option<Notice>,
}

impl DeskLayout {
    /// Nobody else's business, search engines' least.
    pub fn fill_head(&self, page: &mut PageLayout) {
        page.index = false;
        page.notice.clone_from(&self.notice);
    }

    pub fn sample(at: &'static str) -> Self {
        let entry = |name, href, n| Entry { name, href, n };
        let rail = vec![
            entry("front", "/admin", 0),
            entry("review", "/admin/review", 12),
            entry("reports", "/admin/reports", 3),
            entry("comments", "/admin/comments", 1_204),
            entry("applications", "/admin/applications", 0),
            entry("decisions", "/admin/decisions", 0),
            entry("headlines", "/admin/headlines", 0),
            entry("topics", "/admin/topics", 0),
            entry("authors", "/admin/authors", 0),
            entry("users", "/admin/users", 0),
            entry("invitations", "/admin/invitations", 0),
            entry("permissions", "/admin/permissions", 0),
            entry("channels", "/admin/channels", 0),
            entry("settings", "/admin/settings", 0),
            entry("audit", "/admin/audit", 0),
            entry("events", "/admin/events", 1),
            entry("jobs", "/admin/jobs", 2),
            entry("mail", "/admin/mail", 0),
            entry("nodes", "/admin/nodes", 0),
        ];
        Self { at, rail, notice: None }
    }

    pub fn sample_done(at: &'static str, done: &str) -> Self {
        Self { notice: crate::notice::notice(done), ..Self::sample(at) }
    }
}

/// A person or an author, by name.
#[derive(Clone, Debug, Serialize)]
pub struct Who {
    pub id: String,
    pub handle: String,
    pub name: String,
    /// Authors only: the site has checked who stands behind the name.
    pub verified: bool,
}

impl From<&Author> for Who {
    fn from(author: &Author) -> Self {
        Self {
            id: author.id.to_string(),
            handle: author.handle.to_string(),
            name: author.name.clone(),
            verified: author.verified,
        }
    }
}

impl From<&User> for Who {
    fn from(user: &User) -> Self {
        Self {
            id: user.id.to_string(),
            handle: user.handle.to_string(),
            name: user.name.clone(),
            verified: false,
        }
    }
}

impl Who {
    pub fn sample(locale: Locale) -> Self {
        let (handle, name) = match locale {
            Locale::ZhCn => ("nanpo-observer", "南坡观察<b>"),
            Locale::En => ("harbour-line", "The Harbour Line <b>"),
        };
        Self { id: "3fQk2".into(), handle: handle.into(), name: name.into(), verified: true }
    }
}

/// A filter of a table.
#[derive(Clone, Debug, Serialize)]
pub struct Filter {
    pub name: &'static str,
    /// In the place of a message.
    pub title: Option<String>,
    pub href: String,
    pub here: bool,
}

impl Filter {
    /// `first`, which is the table as it stands at `base`, and the others under `base?key=name`.
    pub fn all<const N: usize>(
        first: &'static str,
        base: &str,
        key: &str,
        others: [&'static str; N],
        asked: &str,
    ) -> Vec<Self> {
        let known = others.contains(&asked);
        let begin = Self { name: first, title: None, href: base.to_owned(), here: !known };
        let other = |name: &'static str| Self {
            name,
            title: None,
            href: format!("{base}?{key}={name}"),
            here: known && name == asked,
        };
        std::iter::once(begin).chain(others.map(other)).collect()
    }
}

/// The way through a long table.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Paging {
    pub next: Option<String>,
    /// The way back to the beginning, from further on.
    pub first: Option<String>,
}

impl Paging {
    pub fn sample(base: &str) -> Self {
        Self { next: Some(format!("{base}?cursor=a.b")), first: Some(base.to_owned()) }
    }
}

/// The time that samples stand around.
pub fn noon() -> Time {
    Time::from_millis(1_717_553_000_000)
}
