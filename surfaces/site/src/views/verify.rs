//! Showing that an address is one's own.

use kernel::Locale;
use serde::Serialize;
use web::render::{Form, PageLayout, View};

/// `/verify`, for visitors too. POST here: `token`, of a link, or `code`, and `return`; `/verify/again`: `return`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Verify {
    pub form: Form,
    /// What the link in the mail is about: it waits for a button, as programs follow links, too.
    pub link: Option<VerifyLink>,
    /// The reader's address that waits for a code.
    pub waiting: Option<String>,
    /// The address is the reader's now.
    pub done: bool,
    /// A new mail is on its way.
    pub sent: bool,
    /// Path to go on to.
    pub back: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct VerifyLink {
    pub token: String,
    pub handle: String,
    pub address: String,
}

impl View for Verify {
    const TEMPLATE: &'static str = "verify.html";

    fn samples(_: Locale) -> Vec<Self> {
        let empty = Self { back: "/".into(), ..Self::default() };
        let waits = Self { waiting: Some("linqiu@example.org".into()), ..empty.clone() };
        let long = format!("{}@{}.example.org", "l".repeat(64), "q".repeat(63));
        let link = VerifyLink { token: "aZ09-_x".repeat(6), handle: "长".repeat(40), address: long.clone() };
        vec![
            Self { link: Some(link), ..empty.clone() },
            Self { sent: true, ..waits.clone() },
            Self {
                form: Form::default().with("code", "12\"34").with_error("code", "code-form"),
                waiting: Some(long),
                ..empty.clone()
            },
            Self { form: Form::default().with_error("", "link-late"), ..waits.clone() },
            Self { form: Form::default().with_error("", "link-unknown"), ..empty.clone() },
            Self { done: true, back: "/article/3fQk2#comments".into(), ..empty.clone() },
            waits,
            empty,
        ]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        page.index = false;
        // No link of the page carries a token on.
        page.query.clear();
    }
}
