//! Who may sit here, and what every page shows around its own.

use std::collections::{HashMap, HashSet};

use accounts::{Role, User, Viewer};
use articles::Channel;
use kernel::{AuthorId, Cursor, Error, Locale, Page, Result, Slug, UserId};
use serde::Deserialize;

use crate::Admin;
use crate::notice::notice;
use crate::views::parts::{DeskLayout, Entry, Paging, Who};

/// Longer texts to look for are cut.
const LONGEST: usize = 100;

/// Who may look at articles here. What each may decide, `moderation` judges.
pub const READERS: [Role; 2] = [Role::Reviewer, Role::Editor];

/// The user, who must hold one of `roles`; else as [`Viewer::require`].
pub fn one_of<'a>(viewer: &'a Viewer, roles: &[Role]) -> Result<&'a User> {
    let user = viewer.signed_in()?;
    if roles.iter().any(|&role| user.may(role)) { Ok(user) } else { Err(Error::Denied) }
}

/// The parameters that all tables share; each reads those it knows.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    pub state: String,
    pub role: String,
    pub q: String,
    pub done: String,
    cursor: String,
}

impl Asked {
    /// What was looked for, cut.
    pub fn words(&self) -> String {
        self.q.trim().chars().take(LONGEST).collect()
    }

    pub fn from(&self) -> Cursor {
        self.cursor.parse().unwrap_or(Cursor::START)
    }

    /// The ways on from a part of the table that stands at `here`.
    pub fn paging<T>(&self, here: &str, page: &Page<T>) -> Paging {
        let mark = if here.contains('?') { '&' } else { '?' };
        Paging {
            next: page.next.map(|next| format!("{here}{mark}cursor={next}")),
            first: (self.from() != Cursor::START).then(|| here.to_owned()),
        }
    }
}

impl Admin {
    /// The rail as this viewer may walk it, with how much waits where.
    pub async fn layout(&self, viewer: &Viewer, at: &'static str, done: &str) -> Result<DeskLayout> {
        let user = viewer.signed_in()?;
        let mut rail = vec![Entry { name: "front", href: "/admin", n: 0 }];
        if READERS.iter().any(|&role| user.may(role)) {
            let n = self.articles.count_waiting().await?;
            rail.push(Entry { name: "review", href: "/admin/review", n });
        }
        if user.may(Role::Reviewer) {
            let n = self.moderation.open_reports().await?;
            rail.push(Entry { name: "reports", href: "/admin/reports", n });
            let n = self.comments.count_held().await?;
            rail.push(Entry { name: "comments", href: "/admin/comments", n });
            let n = self.authors.open_applications().await? + self.authors.count_changes().await?;
            rail.push(Entry { name: "applications", href: "/admin/applications", n });
        }
        if READERS.iter().any(|&role| user.may(role)) {
            rail.push(Entry { name: "audit", href: "/admin/audit", n: 0 });
        }
        if user.may(Role::Editor) {
            rail.push(Entry { name: "headlines", href: "/admin/headlines", n: 0 });
            rail.push(Entry { name: "topics", href: "/admin/topics", n: 0 });
            rail.push(Entry { name: "insights", href: "/admin/insights", n: 0 });
        }
        if user.may(Role::Operator) {
            rail.push(Entry { name: "authors", href: "/admin/authors", n: 0 });
            rail.push(Entry { name: "users", href: "/admin/users", n: 0 });
            rail.push(Entry { name: "channels", href: "/admin/channels", n: 0 });
            rail.push(Entry { name: "settings", href: "/admin/settings", n: 0 });
            let n = self.journal.count_parked().await?;
            rail.push(Entry { name: "events", href: "/admin/events", n });
            let n = self.jobs.count_failed().await?;
            rail.push(Entry { name: "jobs", href: "/admin/jobs", n });
            rail.push(Entry { name: "nodes", href: "/admin/nodes", n: 0 });
        }
        Ok(DeskLayout { at, rail, notice: notice(done) })
    }

    /// The authors that the viewer may write for: about these they decide nothing.
    pub async fn own_authors(&self, viewer: &Viewer) -> Result<HashSet<AuthorId>> {
        let Some(user) = viewer.user() else { return Ok(HashSet::new()) };
        Ok(self.authors.owned_by(user.id).await?.into_iter().map(|author| author.id).collect())
    }

    pub async fn authors_of(
        &self,
        ids: impl IntoIterator<Item = AuthorId>,
    ) -> Result<HashMap<AuthorId, Who>> {
        let ids = distinct(ids);
        Ok(self.authors.get_many(&ids).await?.iter().map(|author| (author.id, author.into())).collect())
    }

    pub async fn users_of(&self, ids: impl IntoIterator<Item = UserId>) -> Result<HashMap<UserId, Who>> {
        let ids = distinct(ids);
        Ok(self.accounts.get_many(&ids).await?.iter().map(|user| (user.id, user.into())).collect())
    }
}

fn distinct<T: Ord>(ids: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut ids: Vec<T> = ids.into_iter().collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// The name of a channel in the page's language.
pub fn channel_name(slug: Option<&Slug>, channels: &[Channel], locale: Locale) -> Option<String> {
    let channel = channels.iter().find(|channel| Some(&channel.slug) == slug)?;
    Some(channel.name(locale).to_owned())
}
