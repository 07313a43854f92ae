//! `/admin/users` and `/admin/users/{id}`

use accounts::{ApiToken, Session};
use kernel::{Locale, Time, TokenId, UserId};
use serde::Serialize;
use web::render::{Form, PageLayout, View};

use super::parts::{DeskLayout, Filter, Paging, Who, noon};

#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub id: UserId,
    pub who: Who,
    /// Messages `admin-role-…`.
    pub roles: Vec<&'static str>,
    /// Titles of the roles that the site made.
    pub custom_roles: Vec<String>,
    pub since: Time,
    pub suspended: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct Users {
    pub layout: DeskLayout,
    pub filters: Vec<Filter>,
    /// The handle that was looked for.
    pub q: String,
    pub rows: Vec<Row>,
    pub paging: Paging,
}

impl View for Users {
    const TEMPLATE: &'static str = "admin_users.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let filters = |asked: &str| {
            let mut all =
                Filter::all("all", "/admin/users", "role", ["reviewer", "editor", "operator"], asked);
            let (title, href) = (Some("Night <b>desk".into()), "/admin/users?role=night-desk".into());
            all.push(Filter { name: "custom", title, href, here: false });
            all
        };
        let row = |n: i64| Row {
            id: UserId::new(100 + n),
            who: Who { verified: false, ..Who::sample(locale) },
            roles: ["reviewer", "editor", "operator"][..n as usize].to_vec(),
            custom_roles: if n == 1 { vec!["Night <b>desk".into()] } else { vec![] },
            since: noon(),
            suspended: n == 2,
        };
        let full = Self {
            layout: DeskLayout::sample("users"),
            filters: filters(""),
            q: String::new(),
            rows: (0..4).map(row).collect(),
            paging: Paging::sample("/admin/users"),
        };
        let missing = Self { q: "<nobody>".into(), rows: vec![], paging: Paging::default(), ..full.clone() };
        let none = Self { q: String::new(), filters: filters("editor"), ..missing.clone() };
        vec![missing, none, full]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        self.layout.fill_head(page);
    }
}

/// A role that a user may have: a box of the form.
#[derive(Clone, Debug, Serialize)]
pub struct RoleBox {
    /// What the form calls it; of a built-in role its name, and the messages `admin-role-<field>` and `admin-role-<field>-what`.
    pub field: String,
    /// Of a role that the site made.
    pub title: Option<String>,
    /// The viewer may not give it.
    pub fixed: bool,
}

/// One user and their roles, a field each. POSTs to its own address; `…/suspend`, `…/restore`, `…/sign-out`, `…/reset-factors`,
/// `…/sessions/{id}/end` and `…/tokens/{id}/revoke`: nothing.
#[derive(Clone, Debug, Serialize)]
pub struct Member {
    pub layout: DeskLayout,
    pub id: UserId,
    pub who: Who,
    pub region: Option<String>,
    pub since: Time,
    /// Those the user writes for.
    pub authors: Vec<Who>,
    pub roles: Vec<RoleBox>,
    /// Whether the viewer may give roles at all.
    pub gives: bool,
    /// Whether the viewer may decide about this account.
    pub looks_after: bool,
    pub form: Form,
    /// The viewer's own page: nobody shuts themselves out.
    pub own: bool,
    /// Since when.
    pub suspended: Option<Time>,
    pub deleted: bool,
    pub sessions: Vec<Session>,
    pub tokens: Vec<ApiToken>,
    /// An authenticator app is set up.
    pub totp: bool,
    pub passkeys: i64,
}

impl View for Member {
    const TEMPLATE: &'static str = "admin_user.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let session = |agent: Option<&str>| Session {
            id: "0123456789abcdef".repeat(4),
            agent: agent.map(str::to_owned),
            created_at: noon(),
            expires_at: noon(),
            seen_at: agent.map(|_| noon()),
            network: Some("192.0.2.0/24".into()),
            region: None,
        };
        let role = |field: &str, title: Option<&str>, fixed| RoleBox {
            field: field.into(),
            title: title.map(str::to_owned),
            fixed,
        };
        let full = Self {
            layout: DeskLayout::sample_done("users", "saved"),
            id: UserId::new(100),
            who: Who { verified: false, ..Who::sample(locale) },
            region: Some("浙江".into()),
            since: noon(),
            authors: vec![Who::sample(locale)],
            roles: vec![
                role("reviewer", None, false),
                role("editor", None, false),
                role("operator", None, true),
                role("role.night-desk", Some("Night <b>desk"), false),
            ],
            gives: true,
            looks_after: true,
            form: Form::default().with("editor", "1"),
            own: false,
            suspended: None,
            deleted: false,
            sessions: vec![session(Some("Firefox, Linux")), session(None)],
            tokens: vec![ApiToken {
                id: TokenId::new(7),
                name: "newsroom <script>".into(),
                created_at: noon(),
            }],
            totp: true,
            passkeys: 2,
        };
        let suspended = Self {
            suspended: Some(noon()),
            sessions: vec![],
            tokens: vec![],
            totp: false,
            passkeys: 0,
            ..full.clone()
        };
        let deleted = Self { deleted: true, ..suspended.clone() };
        let own = Self {
            own: true,
            layout: DeskLayout::sample("users"),
            region: None,
            authors: vec![],
            form: Form::default().with_error("operator", "role-own"),
            ..full.clone()
        };
        let seen = Self { gives: false, looks_after: false, ..full.clone() };
        vec![suspended, deleted, own, seen, full]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        self.layout.fill_head(page);
    }
}
