//! What every page shows around its own.

use std::collections::{HashMap, HashSet};

use accounts::{Action, Viewer};
use articles::Channel;
use kernel::{AuthorId, Cursor, Locale, Page, Result, Slug, UserId};
use serde::Deserialize;

use crate::Admin;
use crate::notice::notice;
use crate::views::parts::{DeskLayout, Entry, Paging, Who};

/// The entries of the rail in their order, each for whoever may do what is behind it: the message `admin-<name>`.
const ENTRIES: [(Action, &str, &str); 19] = [
    (Action::ReadSubmissions, "review", "/admin/review"),
    (Action::HandleReports, "reports", "/admin/reports"),
    (Action::ModerateComments, "comments", "/admin/comments"),
    (Action::ModerateComments, "profiles", "/admin/profiles"),
    (Action::DecideApplications, "applications", "/admin/applications"),
    (Action::SeeDecisions, "decisions", "/admin/decisions"),
    (Action::CurateHeadlines, "headlines", "/admin/headlines"),
    (Action::CurateTopics, "topics", "/admin/topics"),
    (Action::SeeInsights, "insights", "/admin/insights"),
    (Action::ManageAuthors, "authors", "/admin/authors"),
    (Action::ManageUsers, "users", "/admin/users"),
    (Action::ManagePermissions, "permissions", "/admin/permissions"),
    (Action::ManageChannels, "channels", "/admin/channels"),
    (Action::ChangeSettings, "settings", "/admin/settings"),
    (Action::SeeAuditLog, "audit", "/admin/audit"),
    (Action::RunOperations, "events", "/admin/events"),
    (Action::RunOperations, "jobs", "/admin/jobs"),
    (Action::ReadMail, "mail", "/admin/mail"),
    (Action::RunOperations, "nodes", "/admin/nodes"),
];

/// Longer texts to look for are cut.
const LONGEST: usize = 100;

/// The parameters that all tables share; each reads those it knows.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    pub state: String,
    pub role: String,
    pub q: String,
    pub done: String,
    pub cursor: String,
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
        for (action, name, href) in ENTRIES {
            if user.may(action) {
                rail.push(Entry { name, href, n: self.count_waiting(name).await? });
            }
        }
        Ok(DeskLayout { at, rail, notice: notice(done) })
    }

    /// How many wait behind an entry of the rail.
    async fn count_waiting(&self, entry: &str) -> Result<i64> {
        match entry {
            "review" => self.articles.count_waiting().await,
            "reports" => self.moderation.open_reports().await,
            "comments" => self.comments.count_held().await,
            "profiles" => self.moderation.count_profiles().await,
            "applications" => {
                Ok(self.authors.open_applications().await? + self.authors.count_changes().await?)
            }
            "events" => self.journal.count_parked().await,
            "jobs" => self.jobs.count_failed().await,
            _ => Ok(0),
        }
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
