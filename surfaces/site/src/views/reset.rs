//! A new password for one that was forgotten.

use kernel::Locale;
use serde::Serialize;
use web::render::{Form, PageLayout, View};

/// `/reset`. POST here: `who`, an address or a handle; or with a link's `token`, `password`.
#[derive(Clone, Debug, Serialize)]
pub struct Reset {
    pub form: Form,
    /// Of a link that sets a password.
    pub link: Option<ResetLink>,
    /// A mail is on its way, if there is somebody to get it.
    pub sent: bool,
    /// The password is set.
    pub done: bool,
    /// How many characters a password has at least.
    pub least: usize,
}

#[derive(Clone, Debug, Serialize)]
pub struct ResetLink {
    pub token: String,
    pub handle: String,
}

impl Default for Reset {
    fn default() -> Self {
        let least = *accounts::PASSWORD_CHARS.start();
        Self { form: Form::default(), link: None, sent: false, done: false, least }
    }
}

impl View for Reset {
    const TEMPLATE: &'static str = "reset.html";

    fn samples(_: Locale) -> Vec<Self> {
        let mut short = kernel::Invalid::default();
        short.add_limit("password", "password-short", 10);
        let link = ResetLink { token: "aZ09-_x".repeat(6), handle: "长".repeat(40) };
        let mut often = kernel::Invalid::default();
        often.add_limit("who", "reset-often", 3);
        vec![
            Self::default(),
            Self { form: Form::default().with("who", "lin\"qiu").refused(&often), ..Self::default() },
            Self { form: Form::default().with_error("who", "who-empty"), ..Self::default() },
            Self { form: Form::default().with_error("", "link-used"), ..Self::default() },
            Self { sent: true, ..Self::default() },
            Self { done: true, ..Self::default() },
            Self { link: Some(link.clone()), ..Self::default() },
            Self { link: Some(link), form: Form::default().refused(&short), ..Self::default() },
        ]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        page.index = false;
        // No link of the page carries a token on.
        page.query.clear();
    }
}
