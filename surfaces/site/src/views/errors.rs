//! Error pages, in the site's design.

use kernel::Locale;
use serde::Serialize;
use web::render::{PageLayout, View};

use super::parts::CardList;
use super::samples;

/// Any error. `status` picks the words: 403, 404, 410, 413, 429, 500, 503; others are spoken of as 400.
#[derive(Clone, Debug, Serialize)]
pub struct ErrorPage {
    pub status: u16,
    /// Why it is gone (the message `retract-…`), conflicts (`conflict-…`) or is not available (`unavailable-…`).
    pub code: Option<String>,
    /// Seconds to wait before trying again.
    pub wait: Option<i64>,
    /// Names the fault in the log, for those who ask for help.
    pub trace: Option<String>,
    /// Something to read instead; may be empty, and is where the fault is ours.
    pub hot: CardList,
}

impl View for ErrorPage {
    const TEMPLATE: &'static str = "error.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let page = |status, code: Option<&str>, wait, trace: Option<&str>| Self {
            status,
            code: code.map(str::to_owned),
            wait,
            trace: trace.map(str::to_owned),
            hot: CardList::new(if status >= 500 { vec![] } else { samples::heated(locale, 3) }),
        };
        vec![
            page(404, None, None, None),
            page(410, Some("author"), None, None),
            page(403, None, None, None),
            page(409, Some("article-state"), None, None),
            page(413, None, None, None),
            page(429, None, Some(90), None),
            page(500, None, None, Some("3fQk2")),
            page(503, None, None, None),
            page(503, Some("storage-full"), None, None),
            page(418, None, None, None),
        ]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        page.index = false;
    }
}
