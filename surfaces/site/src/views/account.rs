//! Signing in, signing up, settings.

use accounts::{ApiToken, EmailUse};
use kernel::{Locale, Time, TokenId};
use serde::Serialize;
use web::render::{Form, Notice, PageLayout, View};

use super::elsewhere::{Invitation, ProviderButton};
use super::samples;

/// `/login`: fields `handle`, `password`, `return`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Login {
    pub form: Form,
    /// Path to go back to.
    pub back: String,
    /// This page's https address, where it may have been asked for over http: the browser would not keep the session's cookie.
    pub over_http: Option<String>,
    /// Who forgot the password may ask for a new one.
    pub forgot: bool,
    /// Who has a passkey needs no password.
    pub passkeys: bool,
    /// By which one signs in, too.
    pub providers: Vec<ProviderButton>,
}

impl View for Login {
    const TEMPLATE: &'static str = "login.html";

    fn samples(_: Locale) -> Vec<Self> {
        let refused = Form::default().with("handle", "linqiu").with_error("password", "sign-in-wrong");
        vec![
            Self { back: "/".into(), ..Self::default() },
            Self {
                form: refused,
                back: "/article/3fQk2#comments".into(),
                over_http: Some("https://news.example/login".into()),
                forgot: true,
                providers: ProviderButton::samples(),
                passkeys: true,
            },
            Self {
                form: Form::default().with_error("", "passkey-unknown"),
                back: "/".into(),
                passkeys: true,
                ..Self::default()
            },
        ]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        page.index = false;
    }
}

/// `/signup`: fields `handle`, `name`, `email`, `password`, `invite`, `return`.
#[derive(Clone, Debug, Serialize)]
pub struct Signup {
    pub form: Form,
    pub back: String,
    /// As for [`Login`].
    pub over_http: Option<String>,
    /// How many characters a password has at least.
    pub least: usize,
    /// Nobody may sign up now.
    pub closed: bool,
    /// Only those who are invited may, and this is nobody of them.
    pub by_invitation: bool,
    pub invitation: Option<Invitation>,
    pub providers: Vec<ProviderButton>,
    /// Whether the field `email` is there: `off`, `optional` or `required`.
    pub email: EmailUse,
}

impl Default for Signup {
    fn default() -> Self {
        let least = *accounts::PASSWORD_CHARS.start();
        Self {
            form: Form::default(),
            back: String::new(),
            over_http: None,
            least,
            closed: false,
            by_invitation: false,
            invitation: None,
            providers: vec![],
            email: EmailUse::default(),
        }
    }
}

impl View for Signup {
    const TEMPLATE: &'static str = "signup.html";

    fn samples(_: Locale) -> Vec<Self> {
        let mut invalid = kernel::Invalid::default()
            .with("handle", "handle-taken")
            .with("name", "name-empty")
            .with("email", "email-empty");
        invalid.add_limit("password", "password-short", *accounts::PASSWORD_CHARS.start() as i64);
        let refused = Form::default().with("handle", "lin\"qiu").refused(&invalid);
        let mut taken = kernel::Invalid::default();
        taken.add("email", "email-taken");
        let invited = Invitation::samples().into_iter().map(|invitation| Self {
            back: "/".into(),
            form: Form::default().refused(&taken),
            invitation: Some(invitation),
            providers: ProviderButton::samples(),
            ..Self::default()
        });
        let late = Self {
            form: Form::default().with_error("", "invitation-late"),
            by_invitation: true,
            providers: ProviderButton::samples(),
            ..Self::default()
        };
        let mut all = vec![
            late.clone(),
            Self { form: Form::default(), ..late },
            Self { back: "/".into(), ..Self::default() },
            Self { back: "/".into(), closed: true, ..Self::default() },
            Self { back: "/".into(), email: EmailUse::Off, ..Self::default() },
            Self {
                form: refused,
                back: "/".into(),
                over_http: Some("https://news.example/signup".into()),
                email: EmailUse::Required,
                ..Self::default()
            },
        ];
        all.extend(invited);
        all
    }

    fn fill_head(&self, page: &mut PageLayout) {
        page.index = false;
        // No link of the page carries an invitation on.
        page.query.clear();
    }
}

/// `/settings/accessibility` (无障碍浏览), for visitors too: fields `text` 0-3, `contrast`, `spacing` (`1` or absent),
/// `shade` auto|light|dark, `edition` standard|care, `lang`, `zone` of those who are signed in, `return`. What is set stands in `page`, the
/// zone in `form`: empty for the site's.
#[derive(Clone, Debug, Default, Serialize)]
pub struct AccessibilitySettings {
    pub back: String,
    /// What those who are signed in choose among.
    pub zones: Vec<String>,
    pub form: Form,
}

impl View for AccessibilitySettings {
    const TEMPLATE: &'static str = "settings_accessibility.html";

    fn samples(_: Locale) -> Vec<Self> {
        let zones = vec!["Asia/Shanghai".into(), "Europe/Oslo".into(), "UTC".into()];
        let chosen = Form::default().with("zone", "Europe/Oslo");
        let wrong = Form::default().with("zone", "Mars/Olympus").with_error("zone", "zone-unknown");
        vec![
            Self { back: "/".into(), zones: vec![], form: Form::default() },
            Self { back: "/".into(), zones: zones.clone(), form: wrong },
            Self { back: "/".into(), zones, form: chosen },
        ]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        page.index = false;
    }
}

/// The address of a reader. POST `/settings/email`: `email`, `email-password`.
#[derive(Clone, Debug, Serialize)]
pub struct EmailSettings {
    /// `off`, `optional` or `required`.
    pub email: EmailUse,
    /// The one that is known to be theirs.
    pub address: Option<String>,
    /// The one that is still to be confirmed, at `/verify`.
    pub waiting: Option<String>,
    pub form: Form,
}

/// `/settings/account`. POST here: `name`; `/settings/password`: `current`, `password`, `tokens`, of which the last ends the keys to the API, too.
#[derive(Clone, Debug, Serialize)]
pub struct AccountSettings {
    pub handle: String,
    pub since: Time,
    pub region: Option<String>,
    pub form: Form,
    pub email: EmailSettings,
    pub password: Form,
    /// Who signs in elsewhere may have none.
    pub has_password: bool,
    /// There are accounts elsewhere to be linked, or linked ones.
    pub elsewhere: bool,
    /// How many characters a password has at least.
    pub least: usize,
    /// What was sent is kept.
    pub saved: bool,
}

impl View for AccountSettings {
    const TEMPLATE: &'static str = "settings_account.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let plain = sample(locale);
        let refused = Self {
            password: Form::default().with_error("current", "password-wrong"),
            form: Form::default().with("name", "").with_error("name", "name-empty"),
            region: None,
            email: EmailSettings {
                email: EmailUse::Required,
                address: None,
                waiting: Some(format!("{}@example.org", "l".repeat(64))),
                form: Form::default().with("email", "lin\"qiu@").with_error("email", "address-form"),
            },
            ..plain.clone()
        };
        let off = EmailSettings { email: EmailUse::Off, address: None, waiting: None, form: Form::default() };
        let without = Self { email: off.clone(), ..plain.clone() };
        let left = Self {
            email: EmailSettings { address: Some("linqiu@example.org".into()), ..off },
            ..plain.clone()
        };
        let none = Self {
            has_password: false,
            password: Form::default().with_error("password", "password-common"),
            ..plain.clone()
        };
        let saved = Self { saved: true, ..plain.clone() };
        vec![plain, refused, without, left, none, saved]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        page.index = false;
        page.notice = self.saved.then(Notice::saved);
    }
}

/// `/settings/tokens`. POST here: `name`; `/settings/tokens/{id}/delete`: nothing.
#[derive(Clone, Serialize)]
pub struct TokenSettings {
    pub tokens: Vec<ApiToken>,
    /// The reader writes for an author, and may make a token.
    pub writes: bool,
    /// The one just made: shown this once.
    pub made: Option<String>,
    pub form: Form,
}

impl View for TokenSettings {
    const TEMPLATE: &'static str = "settings_tokens.html";

    fn samples(_: Locale) -> Vec<Self> {
        let token = |n: i64, name: &str| {
            let created_at = Time::from_millis(1_717_553_000_000 - n * 86_400_000);
            ApiToken { id: TokenId::new(100 + n), name: name.to_owned(), created_at }
        };
        let empty = Self { tokens: vec![], writes: true, made: None, form: Form::default() };
        let full = Self {
            tokens: vec![token(3, "newsroom <script>"), token(2, "值班室"), token(1, &"长".repeat(40))],
            ..empty.clone()
        };
        let made = Self { made: Some(format!("byl_{}", "aZ09-_".repeat(7))), ..full.clone() };
        let refused = Self {
            form: Form::default().with("name", "\" ").with_error("name", "name-empty"),
            ..full.clone()
        };
        let reader = Self { writes: false, ..empty.clone() };
        vec![full.clone(), empty, made, refused, reader, Self { writes: false, ..full }]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        page.index = false;
    }
}

fn sample(locale: Locale) -> AccountSettings {
    AccountSettings {
        handle: "linqiu".to_owned(),
        since: samples::before(60 * 24 * 200),
        region: Some("浙江".to_owned()),
        form: Form::default().with("name", samples::author(locale, 1).name),
        email: EmailSettings {
            email: EmailUse::Optional,
            address: Some("linqiu@example.org".into()),
            waiting: None,
            form: Form::default().with("email", "linqiu@example.org"),
        },
        password: Form::default().with("tokens", "1"),
        has_password: true,
        elsewhere: true,
        least: 10,
        saved: false,
    }
}
