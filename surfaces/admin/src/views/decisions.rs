//! `/admin/decisions`

use kernel::{CommentId, Locale, Time};
use serde::Serialize;
use web::render::{PageLayout, View};

use super::parts::{DeskLayout, Paging, Who, noon};
use super::reports::About;

/// What somebody decided.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    pub about: Option<About>,
    /// Where it was about a comment there, and its first words.
    pub comment: Option<CommentId>,
    pub words: Option<String>,
    /// The message `admin-verdict-…`.
    pub verdict: String,
    /// The message `return-…`, `retract-…` or, of a comment, `remove-…`.
    pub code: Option<String>,
    pub note: Option<String>,
    pub by: Option<Who>,
    pub at: Time,
}

#[derive(Clone, Debug, Serialize)]
pub struct Decisions {
    pub layout: DeskLayout,
    pub lines: Vec<Line>,
    pub paging: Paging,
}

impl View for Decisions {
    const TEMPLATE: &'static str = "admin_decisions.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let line = |verdict: &str, code: Option<&str>, comment: Option<i64>| Line {
            about: Some(About::sample(locale)),
            comment: comment.map(CommentId::new),
            words: comment.map(|_| "加微信 <b>abc</b>，日赚三千…".to_owned()),
            verdict: verdict.to_owned(),
            code: code.map(str::to_owned),
            note: code.map(|_| "“<b>”".to_owned()),
            by: (verdict != "restore").then(|| Who::sample(locale)),
            at: noon(),
        };
        let full = Self {
            layout: DeskLayout::sample("decisions"),
            lines: vec![
                line("approve", None, None),
                line("return", Some("facts"), None),
                line("retract", Some("wrong"), None),
                line("restore", None, None),
                line("remove", Some("spam"), Some(41)),
                line("release", None, Some(41)),
            ],
            paging: Paging::sample("/admin/decisions"),
        };
        let empty = Self { lines: vec![], paging: Paging::default(), ..full.clone() };
        vec![empty, full]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        self.layout.fill_head(page);
    }
}
