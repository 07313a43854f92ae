//! Signing in in two steps, second factors, passkeys, sessions.

use accounts::Passkey;
use kernel::{Locale, PasskeyId, Time};
use serde::Serialize;
use web::render::{Form, PageLayout, View};

use super::samples;

/// `/login/code`: the second step. Fields `code`, `return`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct LoginCode {
    pub form: Form,
    /// Path to go on to.
    pub back: String,
    /// Who is about to sign in; nobody where that is over.
    pub handle: Option<String>,
    /// Codes of an app are asked for.
    pub totp: bool,
    /// There is a passkey, which is a way in by itself.
    pub passkey: bool,
}

impl View for LoginCode {
    const TEMPLATE: &'static str = "login_code.html";

    fn samples(_: Locale) -> Vec<Self> {
        let plain = Self { back: "/".into(), handle: Some("linqiu".into()), totp: true, ..Self::default() };
        let wrong = Form::default().with("code", "12\"34").with_error("code", "second-form");
        vec![
            Self { form: wrong, handle: Some("长".repeat(40)), passkey: true, ..plain.clone() },
            Self { totp: false, passkey: true, ..plain.clone() },
            Self { handle: None, form: Form::default().with_error("", "pending-over"), ..plain.clone() },
            plain,
        ]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        page.index = false;
    }
}

/// `/settings/two-factor`. POST `/settings/two-factor/begin`, `/settings/two-factor/remove`, `/settings/two-factor/codes`: nothing; here: `code`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct TwoFactor {
    pub form: Form,
    /// Since when codes of an app are asked for.
    pub totp: Option<Time>,
    pub passkeys: i64,
    /// Recovery codes that are still good.
    pub codes_left: i64,
    /// A secret that waits for its first code.
    pub setting_up: Option<SettingUp>,
    /// The reader came from a desk that opens with a second factor only.
    pub needed: bool,
    /// Passkeys can be made for this site.
    pub has_passkeys: bool,
}

/// What an app needs.
#[derive(Clone, Debug, Serialize)]
pub struct SettingUp {
    /// The picture that it reads, as an address of its own.
    pub qr: String,
    /// The same for a telephone that shows this page.
    pub address: String,
    /// The secret in groups of four, to be typed.
    pub secret: String,
}

impl View for TwoFactor {
    const TEMPLATE: &'static str = "settings_two_factor.html";

    fn samples(_: Locale) -> Vec<Self> {
        let setting_up = SettingUp {
            qr: "data:image/svg+xml,%3Csvg%20xmlns%3D%22http://www.w3.org/2000/svg%22/%3E".into(),
            address: "otpauth://totp/News:linqiu?secret=JBSWY3DPEHPK3PXP&issuer=News".into(),
            secret: "JBSW Y3DP ".repeat(4).trim_end().into(),
        };
        let empty = Self { has_passkeys: true, ..Self::default() };
        let begun = Self { setting_up: Some(setting_up), ..empty.clone() };
        let wrong = Form::default().with("code", "12\"34").with_error("code", "second-wrong");
        let on = Self { totp: Some(samples::before(900)), passkeys: 2, codes_left: 9, ..empty.clone() };
        vec![
            Self { needed: true, ..empty.clone() },
            Self { form: wrong, ..begun.clone() },
            Self { codes_left: 0, ..on.clone() },
            Self { passkeys: 1, has_passkeys: false, ..Self::default() },
            on,
            begun,
            empty,
        ]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        page.index = false;
    }
}

/// Recovery codes that were just made: shown this once.
#[derive(Clone, Debug, Serialize)]
pub struct RecoveryCodes {
    pub codes: Vec<String>,
    /// A text file of them, as an address of its own.
    pub file: String,
    /// They came with the app that was just set up.
    pub first: bool,
}

impl View for RecoveryCodes {
    const TEMPLATE: &'static str = "settings_recovery_codes.html";

    fn samples(_: Locale) -> Vec<Self> {
        let first = Self {
            codes: vec!["7k2m-0c9x-ve3h-5twq".into(); 10],
            file: "data:text/plain;charset=utf-8,7k2m-0c9x-ve3h-5twq%0A".into(),
            first: true,
        };
        vec![Self { first: false, ..first.clone() }, first]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        page.index = false;
    }
}

/// `/settings/passkeys`. POST `/settings/passkeys/{id}/remove`: nothing.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Passkeys {
    pub passkeys: Vec<Passkey>,
    /// They can be made for this site.
    pub can: bool,
    /// What was just done: messages `passkey-done-…`.
    pub done: Option<&'static str>,
}

impl View for Passkeys {
    const TEMPLATE: &'static str = "settings_passkeys.html";

    fn samples(_: Locale) -> Vec<Self> {
        let passkey = |n: i64, name: &str, used| Passkey {
            id: PasskeyId::new(n),
            name: name.to_owned(),
            created_at: samples::before(60 * 24 * n),
            used_at: used,
        };
        let full = Self {
            passkeys: vec![
                passkey(3, "Phone <script>", Some(samples::before(20))),
                passkey(2, "办公室的电脑", None),
                passkey(1, &"长".repeat(40), Some(samples::before(60 * 24 * 90))),
            ],
            can: true,
            done: Some("added"),
        };
        vec![
            Self { passkeys: vec![], done: None, ..full.clone() },
            Self { can: false, done: None, ..full.clone() },
            Self { done: Some("removed"), ..full.clone() },
            Self::default(),
            full,
        ]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        page.index = false;
    }
}

/// `/settings/passkeys/add`. POST `/settings/passkeys`: `name`, `ceremony`, `credential`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct NewPasskey {
    pub form: Form,
}

impl View for NewPasskey {
    const TEMPLATE: &'static str = "settings_passkey_add.html";

    fn samples(_: Locale) -> Vec<Self> {
        let named = Form::default().with("name", "Chrome, Android");
        vec![
            Self { form: Form::default().with("name", "\" ").with_error("name", "name-empty") },
            Self { form: named.clone().with_error("", "passkey-late") },
            Self { form: named },
        ]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        page.index = false;
    }
}

/// A place where somebody is signed in.
#[derive(Clone, Debug, Serialize)]
pub struct Session {
    /// To end it: POST `/settings/sessions/{id}/end`.
    pub id: String,
    /// Browser and system, where they are known.
    pub agent: Option<String>,
    /// Whence it began: a region, else a network.
    pub place: Option<String>,
    pub since: Time,
    /// When it was used last, to the hour.
    pub seen: Option<Time>,
    pub this: bool,
}

/// `/settings/sessions`. POST `/settings/sessions/{id}/end`, `/settings/sessions/end-others`: nothing; `/settings/sign-out-everywhere`: `keys`.
#[derive(Clone, Debug, Serialize)]
pub struct Sessions {
    pub sessions: Vec<Session>,
    pub leaving: Form,
    /// What was just done: messages `sessions-done-…`.
    pub done: Option<&'static str>,
}

impl View for Sessions {
    const TEMPLATE: &'static str = "settings_sessions.html";

    fn samples(_: Locale) -> Vec<Self> {
        let session = |agent: Option<&str>, place: Option<&str>, this| Session {
            id: format!("{}{}", "0123456789abcdef".repeat(3), place.map_or(0, str::len)),
            agent: agent.map(str::to_owned),
            place: place.map(str::to_owned),
            since: samples::before(900),
            seen: place.map(|_| samples::before(30)),
            this,
        };
        let full = Self {
            sessions: vec![
                session(Some("Firefox, Linux"), Some("浙江"), true),
                session(Some("Safari, iOS"), Some("2001:db8:ffff::/48"), false),
                session(None, None, false),
            ],
            leaving: Form::default().with("keys", "1"),
            done: None,
        };
        let alone = Self { sessions: full.sessions[..1].to_vec(), done: Some("others"), ..full.clone() };
        vec![alone, Self { done: Some("one"), ..full.clone() }, full]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        page.index = false;
    }
}
