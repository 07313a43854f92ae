//! Who did what: the audit log, newest first, filtered, and as a file.

use ::audit::{Filter, Line as Logged};
use accounts::{Action, Viewer};
use axum::body::Body;
use axum::extract::State;
use axum::response::IntoResponse;
use events::Actor;
use futures::stream;
use http::header;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use kernel::{Cursor, Handle, Result, Time, UserId};
use serde::Deserialize;
use web::render::Form as Filled;
use web::{Query, RequestContext};

use crate::layout::Asked;
use crate::views::audit::{Audit, Line, Value};
use crate::{Admin, Answer, codes};

const PAGE: usize = 50;
/// Rows of the file that are read together.
const PART: usize = 1_000;

/// What is looked for. `user` is a handle, `from` and `until` are days (`2026-11-30`) in the site's zone, both among them.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    user: String,
    action: String,
    /// `kind:id`, as links of this page have it.
    target: String,
    from: String,
    until: String,
    cursor: String,
}

impl Wanted {
    fn fields(&self) -> [(&'static str, &str); 5] {
        [
            ("user", &self.user),
            ("action", &self.action),
            ("target", &self.target),
            ("from", &self.from),
            ("until", &self.until),
        ]
    }

    /// `base?…` with what is looked for.
    fn address(&self, base: &str) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.fields().iter().filter(|(_, value)| !value.is_empty()));
        let query = query.finish();
        if query.is_empty() { base.to_owned() } else { format!("{base}?{query}") }
    }
}

/// `GET /admin/audit?user=&action=&target=&from=&until=&cursor=`
pub async fn show(
    State(admin): State<Admin>,
    context: RequestContext,
    Query(wanted): Query<Wanted>,
) -> Answer {
    context.viewer.require(Action::SeeAuditLog)?;
    let (filter, form) = admin.filter(&wanted).await?;
    let from = wanted.cursor.parse().unwrap_or(Cursor::START);
    let page = match filter {
        Some(filter) => admin.audit.page(&filter, from, PAGE).await?,
        None => kernel::Page { items: vec![], next: None },
    };
    let here = wanted.address("/admin/audit");
    let paging = Asked { cursor: wanted.cursor.clone(), ..Asked::default() }.paging(&here, &page);
    let users = admin.users_of(page.items.iter().flat_map(users_in)).await?;
    let line = |line: Logged| Line {
        named: user_of(&line).and_then(|id| users.get(&id)).cloned(),
        at: line.at,
        by: line.actor.user().and_then(|id| users.get(&id)).cloned(),
        // A deleted user has no name any more.
        part: if line.actor.user().is_some() { None } else { Some(part(line.actor)) },
        action: line.action,
        href: href(&context.viewer, &line.target_kind, &line.target),
        same: wanted_target(&line.target_kind, &line.target),
        target_kind: line.target_kind,
        target: line.target,
        before: line.before.as_deref().map(Value::of),
        after: line.after.as_deref().map(Value::of),
        network: line.network,
    };
    let view = Audit {
        layout: admin.layout(&context.viewer, "audit", "").await?,
        actions: admin.audit.actions().await?,
        filtered: wanted.fields().iter().any(|(_, value)| !value.is_empty()),
        file: wanted.address("/admin/audit.csv"),
        lines: page.items.into_iter().map(line).collect(),
        form,
        paging,
    };
    Ok(admin.frame.page(&context, &view).await?)
}

/// `GET /admin/audit.csv`, with the same parameters: all rows that fit, newest first (RFC 4180)
pub async fn file(
    State(admin): State<Admin>,
    context: RequestContext,
    Query(wanted): Query<Wanted>,
) -> Answer {
    context.viewer.require(Action::SeeAuditLog)?;
    let (filter, _) = admin.filter(&wanted).await?;
    let begin = "seq,at,actor,action,target_kind,target,before,after,network,hash\r\n".to_owned();
    let parts = stream::try_unfold((Some(Cursor::START), Some(begin)), move |(from, begin)| {
        let (log, filter) = (admin.audit.clone(), filter.clone());
        async move {
            let (Some(from), Some(filter)) = (from, filter) else {
                return Ok(begin.map(|text| (text, (None, None))));
            };
            let page = log.page(&filter, from, PART).await?;
            let mut text = begin.unwrap_or_default();
            page.items.iter().for_each(|line| write_row(&mut text, line));
            Ok::<_, kernel::Error>(Some((text, (page.next, None))))
        }
    });
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"audit.csv\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, Body::from_stream(parts)).into_response())
}

fn write_row(out: &mut String, line: &Logged) {
    let (seq, at) = (line.seq.to_string(), line.at.rfc3339());
    let actor = line.actor.stored();
    let fields = [
        Some(seq.as_str()),
        Some(&at),
        actor.as_deref(),
        Some(&line.action),
        Some(&line.target_kind),
        Some(&line.target),
        line.before.as_deref(),
        line.after.as_deref(),
        line.network.as_deref(),
        Some(&line.hash),
    ];
    for (n, field) in fields.into_iter().enumerate() {
        if n > 0 {
            out.push(',');
        }
        let field = field.unwrap_or_default();
        if field.contains(['"', ',', '\r', '\n']) {
            out.push('"');
            out.push_str(&field.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(field);
        }
    }
    out.push_str("\r\n");
}

impl Admin {
    /// The rows that are meant; none where a handle or a day is none. The form keeps what was typed.
    async fn filter(&self, wanted: &Wanted) -> Result<(Option<Filter>, Filled)> {
        let mut form = Filled::sent(wanted.fields());
        let mut filter = Filter {
            action: Some(wanted.action.clone()).filter(|action| !action.is_empty()),
            target: wanted.target.split_once(':').map(|(kind, id)| (kind.to_owned(), id.to_owned())),
            ..Filter::default()
        };
        let mut known = true;
        let handle = wanted.user.trim().trim_start_matches('@');
        if !handle.is_empty() {
            let user = match Handle::new(handle) {
                Ok(handle) => self.accounts.find_by_handle(&handle).await?,
                Err(_) => None,
            };
            filter.actor = user.map(|user| user.id);
            if filter.actor.is_none() {
                form = form.with_error("user", codes::HANDLE_UNKNOWN);
                known = false;
            }
        }
        let zone = self.settings.identity().zone;
        for (name, text, end) in [("from", &wanted.from, false), ("until", &wanted.until, true)] {
            if text.trim().is_empty() {
                continue;
            }
            match day(text.trim(), &zone, end) {
                Some(at) if end => filter.until = Some(at),
                Some(at) => filter.from = Some(at),
                None => {
                    form = form.with_error(name, codes::TIME_UNCLEAR);
                    known = false;
                }
            }
        }
        Ok((known.then_some(filter), form))
    }
}

/// When a day begins in a zone, or ends.
fn day(text: &str, zone: &str, end: bool) -> Option<Time> {
    let date: Date = text.parse().ok()?;
    let date = if end { date.tomorrow().ok()? } else { date };
    let begin = date.to_zoned_datetime(TimeZone::get(zone).ok()?).ok()?;
    Some(Time::from_millis(begin.timestamp().as_millisecond()))
}

/// Whom it was done to.
fn user_of(line: &Logged) -> Option<UserId> {
    if line.target_kind == "user" { line.target.parse().ok() } else { None }
}

fn users_in(line: &Logged) -> impl Iterator<Item = UserId> {
    line.actor.user().into_iter().chain(user_of(line))
}

/// The message `audit-actor-…`.
const fn part(actor: Actor) -> &'static str {
    match actor {
        Actor::Schedule => "schedule",
        Actor::Import => "import",
        Actor::Demo => "demo",
        Actor::CommandLine => "command-line",
        Actor::Anonymous | Actor::User(_) => "unknown",
    }
}

fn wanted_target(kind: &str, id: &str) -> String {
    Wanted { target: format!("{kind}:{id}"), ..Wanted::default() }.address("/admin/audit")
}

/// Where what was done to can be looked at, for whoever may.
fn href(viewer: &Viewer, kind: &str, id: &str) -> Option<String> {
    let (action, place) = match kind {
        "user" => (Action::ManageUsers, "users"),
        "role" => (Action::ManagePermissions, "permissions"),
        "article" => (Action::ReadSubmissions, "review"),
        "comment" => (Action::ModerateComments, "comments"),
        "author" => (Action::ManageAuthors, "authors"),
        "application" => (Action::DecideApplications, "applications"),
        "report" => (Action::HandleReports, "reports"),
        "channel" => (Action::ManageChannels, "channels"),
        "slot" => (Action::CurateHeadlines, "headlines"),
        "topic" => (Action::CurateTopics, "topics"),
        "setting" => (Action::ChangeSettings, "settings"),
        _ => return None,
    };
    let address = if kind == "setting" { format!("/admin/{place}") } else { format!("/admin/{place}/{id}") };
    viewer.may(action).then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_the_file_are_quoted() {
        let line = Logged {
            seq: 7,
            at: Time::parse("2024-06-04T12:00:00Z").unwrap(),
            actor: Actor::CommandLine,
            action: "setting.change".into(),
            target_kind: "setting".into(),
            target: "site.name".into(),
            before: None,
            after: Some("\"A, \\\"B\\\"\"".into()),
            network: Some("192.0.2.0/24".into()),
            hash: "ab".into(),
        };
        let mut out = String::new();
        write_row(&mut out, &line);
        let want = "7,2024-06-04T12:00:00Z,command-line,setting.change,setting,site.name,,\"\"\"A, \\\"\"B\\\"\"\"\"\",192.0.2.0/24,ab\r\n";
        assert_eq!(out, want);
    }
}
