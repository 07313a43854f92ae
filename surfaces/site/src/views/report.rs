//! 举报 and 侵权投诉.

use kernel::Locale;
use serde::Serialize;
use web::render::{Form, PageLayout, View};

use super::samples;

/// `/article/{id}/report`, `/comment/{id}/report`, `/user/{handle}/report`, and with `?kind=copyright` the complaint. Both have the fields `reason` (one of
/// `reasons`, or `copyright`), `text` and `contact`.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// `report` or `copyright`.
    pub kind: &'static str,
    /// `article`, `comment` or `user`.
    pub on: &'static str,
    /// Where the form is sent: the page's own path.
    pub action: String,
    /// The title, or the comment's words.
    pub about: String,
    pub about_href: String,
    /// Where reviewers decide about it at once.
    pub decide: String,
    /// Codes of reasons: the messages `reason-…`.
    pub reasons: Vec<String>,
    pub form: Form,
    /// It was taken in; its number, to ask about.
    pub done: Option<String>,
}

impl View for Report {
    const TEMPLATE: &'static str = "report.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let plain = sample(locale);
        vec![
            Self {
                kind: "copyright",
                form: Form::default().with_error("contact", "copyright-contact"),
                ..plain.clone()
            },
            Self { on: "comment", done: Some("3fQk2".into()), ..plain.clone() },
            Self {
                form: Form::default().with("reason", "spam").with_error("reason", "reason-empty"),
                ..plain.clone()
            },
            Self {
                on: "user",
                about: samples::comment(locale, 1).name,
                about_href: "/user/linqiu".into(),
                decide: "/admin/profiles".into(),
                ..plain.clone()
            },
            plain,
        ]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        page.index = false;
    }
}

fn sample(locale: Locale) -> Report {
    Report {
        kind: "report",
        on: "article",
        action: format!("/article/{}/report", samples::ARTICLE),
        about: samples::text(locale, 4).0.to_owned(),
        about_href: format!("/article/{}", samples::ARTICLE),
        decide: format!("/admin/review/{}", samples::ARTICLE),
        reasons: ["spam", "abuse", "false", "illegal", "other"].map(str::to_owned).to_vec(),
        form: Form::default(),
        done: None,
    }
}
