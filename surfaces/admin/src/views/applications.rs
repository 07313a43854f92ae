//! `/admin/applications` and `/admin/applications/{id}`

use kernel::{ApplicationId, AuthorId, Locale, Time};
use serde::Serialize;
use web::render::{Form, PageLayout, View};

use super::changes::Waiting;
use super::parts::{DeskLayout, Filter, Paging, Who, noon};

#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub id: ApplicationId,
    pub name: String,
    pub handle: String,
    /// The message `kind-…`.
    pub kind: &'static str,
    pub by: Option<Who>,
    pub at: Time,
    /// `open`, `approved` or `rejected`.
    pub state: &'static str,
    /// The viewer asks, so somebody else decides.
    pub own: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct Applications {
    pub layout: DeskLayout,
    pub filters: Vec<Filter>,
    /// Profiles of authors that wait, where open applications are listed.
    pub changes: Vec<Waiting>,
    pub rows: Vec<Row>,
    pub paging: Paging,
}

impl View for Applications {
    const TEMPLATE: &'static str = "admin_applications.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let filters = |asked: &str| {
            Filter::all("open", "/admin/applications", "state", ["approved", "rejected"], asked)
        };
        let row = |n: i64, state| Row {
            id: ApplicationId::new(700 + n),
            name: "临江天文爱好者协会与南坡观测站联合编辑部 <b>".into(),
            handle: "nanpo-stars".into(),
            kind: if n == 0 { "other" } else { "person" },
            by: (n == 0).then(|| Who::sample(locale)),
            at: noon(),
            own: n == 1,
            state,
        };
        let full = Self {
            layout: DeskLayout::sample_done("applications", "application-rejected"),
            filters: filters(""),
            changes: vec![Waiting { id: AuthorId::new(300), who: Who::sample(locale), at: noon() }],
            rows: vec![row(0, "open"), row(1, "open")],
            paging: Paging::default(),
        };
        let rejected = Self {
            changes: vec![],
            filters: filters("rejected"),
            rows: vec![row(0, "rejected")],
            paging: Paging::sample("/admin/applications"),
            ..full.clone()
        };
        let approved = Self {
            changes: vec![],
            filters: filters("approved"),
            rows: vec![row(0, "approved")],
            ..full.clone()
        };
        let empty = Self { changes: vec![], rows: vec![], ..full.clone() };
        let never = Self { filters: filters("approved"), ..empty.clone() };
        vec![rejected, approved, empty, never, full]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        self.layout.fill_head(page);
    }
}

/// One application. The forms under its address: `approve`, and `reject` with `code` and `note`.
#[derive(Clone, Debug, Serialize)]
pub struct Asking {
    pub layout: DeskLayout,
    pub id: ApplicationId,
    /// The viewer asks, so somebody else decides.
    pub own: bool,
    pub state: &'static str,
    pub name: String,
    pub handle: String,
    pub kind: &'static str,
    pub bio: String,
    /// For reviewers only.
    pub reason: String,
    pub by: Option<Who>,
    /// The authors that the applicant has already.
    pub owned: Vec<Who>,
    pub at: Time,
    /// Why it was rejected: the message `reject-…`.
    pub code: Option<String>,
    pub note: Option<String>,
    pub decided_by: Option<Who>,
    pub decided_at: Option<Time>,
    pub codes: [&'static str; 5],
    pub form: Form,
}

impl View for Asking {
    const TEMPLATE: &'static str = "admin_application.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let open = Self {
            layout: DeskLayout::sample("applications"),
            id: ApplicationId::new(700),
            own: false,
            state: "open",
            name: "南坡观测站 <b>".into(),
            handle: "nanpo-stars".into(),
            kind: "other",
            bio: "看星星，也看看星星的人。".into(),
            reason: "We have published a newsletter since 2016:\nhttps://example.org/nanpo".into(),
            by: Some(Who::sample(locale)),
            owned: vec![Who::sample(locale), Who::sample(locale)],
            at: noon(),
            code: None,
            note: None,
            decided_by: None,
            decided_at: None,
            codes: authors::REJECT_CODES,
            form: Form::default(),
        };
        let taken = Self {
            form: Form::default()
                .with("note", "<b>")
                .with_error("handle", "handle-taken")
                .with_error("code", "code-empty"),
            ..open.clone()
        };
        let rejected = Self {
            state: "rejected",
            code: Some("documents".into()),
            note: Some("请补充协会登记证。".into()),
            decided_by: Some(Who::sample(locale)),
            decided_at: Some(noon()),
            ..open.clone()
        };
        let approved = Self {
            state: "approved",
            bio: String::new(),
            reason: String::new(),
            by: None,
            owned: vec![],
            decided_at: Some(noon()),
            ..open.clone()
        };
        vec![taken, rejected, approved, Self { own: true, ..open.clone() }, open]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        self.layout.fill_head(page);
    }
}
