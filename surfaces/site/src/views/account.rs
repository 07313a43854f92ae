//! Signing in, signing up, settings.

use kernel::{Locale, Time};
use serde::Serialize;
use web::render::{Chrome, Form, View};

use super::samples;

/// `/login`: fields `handle`, `password`, `return`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Login {
    pub form: Form,
    /// Path to go back to.
    pub back: String,
}

impl View for Login {
    const TEMPLATE: &'static str = "login.html";

    fn samples(_: Locale) -> Vec<Self> {
        let refused = Form::default().with("handle", "linqiu").with_error("password", "sign-in-wrong");
        vec![
            Self { back: "/".into(), ..Self::default() },
            Self { form: refused, back: "/article/3fQk2#comments".into() },
        ]
    }

    fn dress(&self, page: &mut Chrome) {
        page.index = false;
    }
}

/// `/signup`: fields `handle`, `name`, `password`, `return`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Signup {
    pub form: Form,
    pub back: String,
}

impl View for Signup {
    const TEMPLATE: &'static str = "signup.html";

    fn samples(_: Locale) -> Vec<Self> {
        let mut invalid =
            kernel::Invalid::default().with("handle", "handle-taken").with("name", "name-empty");
        invalid.add_limit("password", "password-short", 10);
        let refused = Form::default().with("handle", "lin\"qiu").refused(&invalid);
        vec![Self { back: "/".into(), ..Self::default() }, Self { form: refused, back: "/".into() }]
    }

    fn dress(&self, page: &mut Chrome) {
        page.index = false;
    }
}

/// `/settings/accessibility` (无障碍浏览), for visitors too: fields `text` 0-3, `contrast`, `spacing` (`1` or absent),
/// `shade` auto|light|dark, `edition` standard|care, `lang`, `return`. What is set stands in `page`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct AccessibilitySettings {
    pub back: String,
}

impl View for AccessibilitySettings {
    const TEMPLATE: &'static str = "settings_accessibility.html";

    fn samples(_: Locale) -> Vec<Self> {
        vec![Self { back: "/".into() }]
    }

    fn dress(&self, page: &mut Chrome) {
        page.index = false;
    }
}

/// A place where somebody is signed in.
#[derive(Clone, Debug, Serialize)]
pub struct Session {
    pub agent: String,
    pub since: Time,
    pub this: bool,
}

/// `/settings/account`. POST here: `name`; `/settings/password`: `current`, `password`; `/settings/sign-out-everywhere`: nothing.
#[derive(Clone, Debug, Serialize)]
pub struct AccountSettings {
    pub handle: String,
    pub since: Time,
    pub region: Option<String>,
    pub form: Form,
    pub password: Form,
    pub sessions: Vec<Session>,
}

impl View for AccountSettings {
    const TEMPLATE: &'static str = "settings_account.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let plain = samples::account(locale);
        let refused = Self {
            password: Form::default().with_error("current", "password-wrong"),
            form: Form::default().with("name", "").with_error("name", "name-empty"),
            region: None,
            sessions: vec![],
            ..plain.clone()
        };
        vec![plain, refused]
    }

    fn dress(&self, page: &mut Chrome) {
        page.index = false;
    }
}
