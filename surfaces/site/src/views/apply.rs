//! 申请入驻: applying for an author account.

use kernel::{Locale, Time};
use serde::Serialize;
use web::render::{Form, PageLayout, View};

use super::samples;

/// An application that was sent.
#[derive(Clone, Debug, Serialize)]
pub struct Sent {
    pub handle: String,
    pub name: String,
    /// `open`, `approved` or `rejected`: the message `application-…`.
    pub state: &'static str,
    pub at: Time,
    /// Why it was refused: the message `reject-…`, and the reviewer's own words.
    pub code: Option<String>,
    pub note: Option<String>,
}

/// `/apply`: fields `handle`, `name`, `kind`, `bio`, `reason`. A visitor is shown the way to sign in.
#[derive(Clone, Debug, Serialize)]
pub struct Apply {
    pub form: Form,
    /// The reader's last application. While it is open there is no form.
    pub sent: Option<Sent>,
}

impl View for Apply {
    const TEMPLATE: &'static str = "apply.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let refused =
            Form::default().with("kind", "media").with("bio", "<").with_error("handle", "handle-form");
        let state = |state, code: Option<&str>| Self {
            form: Form::default(),
            sent: Some(sample(locale, state, code)),
        };
        vec![
            Self { form: Form::default(), sent: None },
            Self { form: refused.with_error("kind", "kind-unknown"), sent: None },
            state("open", None),
            state("approved", None),
            state("rejected", Some("documents")),
        ]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        page.canonical = Some(page.absolute("/apply"));
    }
}

fn sample(locale: Locale, state: &'static str, code: Option<&str>) -> Sent {
    let author = samples::author(locale, 3);
    Sent {
        handle: author.handle,
        name: author.name,
        state,
        at: samples::before(60 * 24 * 2),
        code: code.map(str::to_owned),
        note: code.map(|_| samples::text(locale, 3).2.to_owned()),
    }
}
