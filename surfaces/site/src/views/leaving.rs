//! Deleting one's own account, and staying after all.

use kernel::{Locale, Time};
use serde::Serialize;
use web::render::{Form, PageLayout, View};

use super::samples;

/// `/settings/account/delete`. POST there: `comments` (keep, remove), `authors`, `delete-password`.
#[derive(Clone, Debug, Serialize)]
pub struct DeletePage {
    pub handle: String,
    /// For how many days one may still say no.
    pub days: i64,
    /// Published comments.
    pub comments: i64,
    /// Authors that nobody else owns: they go with the account.
    pub sole: Vec<OwnAuthor>,
    /// Authors that others own, too: they stay.
    pub shared: Vec<OwnAuthor>,
    /// They have one, and are asked for it.
    pub password: bool,
    pub form: Form,
    /// Why it cannot be: the message `conflict-<code>`.
    pub conflict: Option<&'static str>,
}

#[derive(Clone, Debug, Serialize)]
pub struct OwnAuthor {
    pub name: String,
    pub handle: String,
}

impl View for DeletePage {
    const TEMPLATE: &'static str = "settings_delete.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let author = |n| {
            let author = samples::author(locale, n);
            OwnAuthor { name: author.name, handle: author.handle.clone() }
        };
        let plain = Self {
            handle: "linqiu".into(),
            days: 14,
            comments: 0,
            sole: vec![],
            shared: vec![],
            password: true,
            form: Form::default(),
            conflict: None,
        };
        let wrong = Form::default()
            .with_error("comments", "comments-unsaid")
            .with_error("authors", "authors-unsaid")
            .with_error("delete-password", "password-wrong");
        vec![
            plain.clone(),
            Self { days: 0, comments: 1, password: false, ..plain.clone() },
            Self {
                comments: 12_345,
                sole: vec![author(0)],
                shared: vec![author(1)],
                form: wrong,
                ..plain.clone()
            },
            Self { conflict: Some("operator-last"), ..plain },
        ]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        page.index = false;
    }
}

/// `/settings/account/keep`, for whoever asked to be deleted. POST there keeps the account of whoever signed in.
#[derive(Clone, Debug, Default, Serialize)]
pub struct KeepPage {
    /// Nobody, where nobody signed in since.
    pub leaving: Option<Leaver>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Leaver {
    pub handle: String,
    pub asked_at: Time,
    pub due_at: Time,
    /// The day has not come.
    pub may_stay: bool,
}

impl View for KeepPage {
    const TEMPLATE: &'static str = "settings_keep.html";

    fn samples(_: Locale) -> Vec<Self> {
        let (asked_at, due_at) = (samples::before(60), samples::before(-13 * 24 * 60));
        let leaver = |due_at, may_stay| Leaver { handle: "长".repeat(40), asked_at, due_at, may_stay };
        let sample = |leaver| Self { leaving: Some(leaver) };
        vec![Self::default(), sample(leaver(due_at, true)), sample(leaver(samples::before(1), false))]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        page.index = false;
    }
}
