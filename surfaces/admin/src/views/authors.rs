//! `/admin/authors` and `/admin/authors/{id}`

use kernel::{AuthorId, Locale, Time};
use serde::Serialize;
use web::render::{Form, PageLayout, View};

use super::parts::{DeskLayout, Filter, Paging, Who, noon};

#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub id: AuthorId,
    pub who: Who,
    /// The message `kind-…`.
    pub kind: &'static str,
    pub field: Option<String>,
    pub trusted: bool,
    /// Visible ones.
    pub articles: i64,
    pub since: Time,
}

#[derive(Clone, Debug, Serialize)]
pub struct Authors {
    pub layout: DeskLayout,
    /// The handle that was looked for.
    pub q: String,
    /// The messages `authors-…`.
    pub filters: Vec<Filter>,
    pub rows: Vec<Row>,
    pub paging: Paging,
}

impl View for Authors {
    const TEMPLATE: &'static str = "admin_authors.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let row = |n: i64| Row {
            id: AuthorId::new(100 + n),
            who: Who { verified: n == 0, ..Who::sample(locale) },
            kind: ["person", "media", "company"][n as usize],
            field: (n == 0).then(|| "海洋 <b>".into()),
            trusted: n == 1,
            articles: 12_345 * n,
            since: noon(),
        };
        let full = Self {
            layout: DeskLayout::sample("authors"),
            q: String::new(),
            filters: Filter::all("all", "/admin/authors", "state", ["ownerless"], ""),
            rows: (0..3).map(row).collect(),
            paging: Paging::sample("/admin/authors"),
        };
        let missing =
            Self { q: "\"nobody\"".into(), rows: vec![], paging: Paging::default(), ..full.clone() };
        let none = Self { q: String::new(), ..missing.clone() };
        let owned = Filter::all("all", "/admin/authors", "state", ["ownerless"], "ownerless");
        vec![Self { filters: owned, ..none.clone() }, none, missing, full]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        self.layout.fill_head(page);
    }
}

/// What the site says of an author, and who owns it. POSTs `field`, `verified`, `trusted` to its own address, `handle` to
/// `…/owners`, nothing to `…/owners/{id}/remove`.
#[derive(Clone, Debug, Serialize)]
pub struct Profiled {
    pub layout: DeskLayout,
    pub id: AuthorId,
    pub who: Who,
    pub kind: &'static str,
    pub bio: String,
    pub region: Option<String>,
    pub since: Time,
    /// When anything of theirs last changed.
    pub active: Option<Time>,
    pub owners: Vec<Who>,
    pub form: Form,
    /// The form for one more owner.
    pub adding: Form,
}

impl View for Profiled {
    const TEMPLATE: &'static str = "admin_author.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let full = Self {
            layout: DeskLayout::sample_done("authors", "saved"),
            id: AuthorId::new(100),
            who: Who::sample(locale),
            kind: "media",
            bio: "看潮，数鸟。<b>".into(),
            region: Some("浙江".into()),
            since: noon(),
            active: Some(noon()),
            owners: vec![Who { verified: false, ..Who::sample(locale) }; 2],
            form: Form::default().with("field", "海洋").with("verified", "1"),
            adding: Form::default(),
        };
        let bare = Self {
            layout: DeskLayout::sample("authors"),
            bio: String::new(),
            region: None,
            active: None,
            owners: vec![],
            form: Form::default().with_error("field", "field-long"),
            ..full.clone()
        };
        let unknown = Self {
            adding: Form::default().with("handle", "no \"body\"").with_error("handle", "handle-unknown"),
            ..bare.clone()
        };
        vec![Self { form: full.form.clone(), ..unknown }, bare, full]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        self.layout.fill_head(page);
    }
}
