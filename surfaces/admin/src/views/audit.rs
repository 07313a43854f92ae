//! `/admin/audit`

use kernel::{Locale, Time};
use serde::Serialize;
use web::render::{Form, PageLayout, View};

use super::parts::{DeskLayout, Paging, Who, noon};

/// What stood there before or after: a text, or JSON.
#[derive(Clone, Debug, Serialize)]
pub struct Value(String);

impl Value {
    pub fn of(stored: &str) -> Self {
        match serde_json::from_str(stored) {
            Ok(serde_json::Value::String(text)) => Self(text),
            Ok(serde_json::Value::Object(fields)) => {
                let field = |(name, value): (&String, &serde_json::Value)| match value {
                    serde_json::Value::String(text) => format!("{name}: {text}"),
                    other => format!("{name}: {other}"),
                };
                Self(fields.iter().map(field).collect::<Vec<_>>().join(", "))
            }
            _ => Self(stored.to_owned()),
        }
    }
}

/// What somebody did.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    pub at: Time,
    /// Nobody where the user is deleted, or where a part of the program did it: the message `audit-actor-…`.
    pub by: Option<Who>,
    pub part: Option<&'static str>,
    /// The message `audit-…`, with `-` for `.`; where there is none (a newer or older program wrote it), itself.
    pub action: String,
    /// The message `audit-target-…`.
    pub target_kind: String,
    pub target: String,
    pub named: Option<Who>,
    pub href: Option<String>,
    /// All that was done to it.
    pub same: String,
    pub before: Option<Value>,
    pub after: Option<Value>,
    pub network: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Audit {
    pub layout: DeskLayout,
    pub form: Form,
    pub actions: Vec<String>,
    pub filtered: bool,
    /// The same as a file.
    pub file: String,
    pub lines: Vec<Line>,
    pub paging: Paging,
}

impl View for Audit {
    const TEMPLATE: &'static str = "admin_audit.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let line = |action: &str, kind: &str, target: &str| Line {
            at: noon(),
            by: Some(Who::sample(locale)),
            part: None,
            action: action.to_owned(),
            target_kind: kind.to_owned(),
            target: target.to_owned(),
            named: (kind == "user").then(|| Who::sample(locale)),
            href: (kind != "token").then(|| format!("/admin/{kind}s/{target}")),
            same: format!("/admin/audit?target={kind}%3A{target}"),
            before: None,
            after: None,
            network: Some("192.0.2.0/24".into()),
        };
        let full = Self {
            layout: DeskLayout::sample("audit"),
            form: Form::default().with("user", "nobody<b>").with_error("user", "handle-unknown"),
            actions: vec!["article.retract".into(), "setting.change".into()],
            filtered: true,
            file: "/admin/audit.csv?user=nobody".into(),
            lines: vec![
                Line { after: Some(Value::of("\"wrong\"")), ..line("article.retract", "article", "3fQk2") },
                Line {
                    before: Some(Value::of("\"Byline\"")),
                    after: Some(Value::of("\"Our <b>Town</b>\"")),
                    ..line("setting.change", "setting", "site.name")
                },
                Line { after: Some(Value::of("\"editor\"")), ..line("user.grant", "user", "3fQk2") },
                Line {
                    by: None,
                    part: Some("command-line"),
                    network: None,
                    ..line("user.password", "user", "3fQk2")
                },
                Line { by: None, ..line("token.delete", "token", "3fQk2") },
            ],
            paging: Paging::sample("/admin/audit"),
        };
        let empty = Self {
            form: Form::default(),
            actions: vec![],
            filtered: false,
            lines: vec![],
            paging: Paging::default(),
            ..full.clone()
        };
        vec![empty, full]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        self.layout.fill_head(page);
    }
}
