//! `/setup`

use kernel::Locale;
use serde::Serialize;
use web::render::{Form, PageLayout, View};

/// Asks for the key that `byline serve` printed.
#[derive(Clone, Debug, Serialize)]
pub struct Key {
    /// Another one was given.
    pub wrong: bool,
}

impl View for Key {
    const TEMPLATE: &'static str = "setup_key.html";

    fn samples(_: Locale) -> Vec<Self> {
        vec![Self { wrong: false }, Self { wrong: true }]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        page.index = false;
    }
}

/// What a new site must know: `name`, `tagline`, `locale`, `zone`; of its first operator `user_name`, `user_handle`, `password`; of its
/// first channel `channel_zh`, `channel_en`, `channel_slug`; of its first author `author_name`, `author_handle`, `author_kind`.
#[derive(Clone, Debug, Serialize)]
pub struct Setup {
    /// Whether each is missing.
    pub operator: bool,
    pub channel: bool,
    pub author: bool,
    /// Fields that the configuration file has a say in.
    pub fixed: Vec<&'static str>,
    /// IANA names.
    pub zones: Vec<String>,
    /// Nobody chose one yet: the browser's own is the better guess.
    pub own_zone: bool,
    /// The key again, for the form's address; empty for an operator.
    pub key: String,
    /// This page's https address, where it may have been asked for over http: the browser would not keep the session's cookie.
    pub over_http: Option<String>,
    /// How many characters a password has at least.
    pub least: usize,
    pub form: Form,
}

impl View for Setup {
    const TEMPLATE: &'static str = "setup.html";

    fn samples(_: Locale) -> Vec<Self> {
        let empty = Self {
            operator: true,
            channel: true,
            author: true,
            fixed: vec![],
            zones: vec!["Asia/Shanghai".into(), "Europe/Oslo".into()],
            own_zone: true,
            key: "abc".into(),
            over_http: None,
            least: 10,
            form: Form::default().with("zone", "Asia/Shanghai").with("locale", "en"),
        };
        let refused = Self {
            form: empty
                .form
                .clone()
                .with("name", "<b>Our Town")
                .with_error("name", "setting-empty")
                .with_error("zone", "zone-unknown")
                .with_error("user_handle", "handle-form")
                .with_error("password", "password-short")
                .with_error("channel_zh", "channel-name-empty")
                .with_error("author_name", "name-empty"),
            own_zone: false,
            over_http: Some("https://news.example/setup?key=abc".into()),
            ..empty.clone()
        };
        let rest = Self { operator: false, channel: false, fixed: vec!["name", "zone"], ..empty.clone() };
        vec![rest, refused, empty]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        page.index = false;
    }
}
