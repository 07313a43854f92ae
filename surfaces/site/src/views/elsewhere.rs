//! Signing in with an account elsewhere.

use accounts::{EmailUse, IdentityId};
use kernel::{Locale, Time};
use serde::Serialize;
use web::render::{Form, PageLayout, View};

use super::samples;

/// A provider to sign in by: a button that posts to `/login/oidc/{id}` (`return`, `invite`), or to `/settings/identities/{id}/link`.
#[derive(Clone, Debug, Serialize)]
pub struct ProviderButton {
    pub id: String,
    pub label: String,
}

impl ProviderButton {
    pub fn samples() -> Vec<Self> {
        let one = |id: &str, label: &str| Self { id: id.into(), label: label.into() };
        vec![one("work", "Staff <b>accounts"), one("long", &"长".repeat(40))]
    }
}

/// What an invitation says of itself.
#[derive(Clone, Debug, Serialize)]
pub struct Invitation {
    /// To be sent on with the form; empty where it is carried along already.
    pub token: String,
    /// Who invites, where it is somebody.
    pub by: Option<String>,
    /// The role that it gives: of a built-in one, the message `admin-role-<role>`.
    pub role: Option<String>,
    /// Of a role that the site made.
    pub role_title: Option<String>,
    /// The address that it shows to be whoever's comes by it.
    pub address: Option<String>,
}

impl Invitation {
    pub fn samples() -> Vec<Self> {
        let plain =
            Self { token: "aZ09-_x".repeat(6), by: None, role: None, role_title: None, address: None };
        let full = Self {
            by: Some("林秋 <i>".into()),
            role: Some("reviewer".into()),
            address: Some(format!("{}@example.org", "l".repeat(64))),
            ..plain.clone()
        };
        let custom = Self { role: None, role_title: Some("Night <i>desk".into()), ..full.clone() };
        vec![plain, full, custom]
    }
}

/// Leads on to a provider. A form may lead to this site alone (`form-action`), so a page stands between.
#[derive(Clone, Debug, Serialize)]
pub struct Leaving {
    pub label: String,
    pub url: String,
}

impl View for Leaving {
    const TEMPLATE: &'static str = "sign_in_leaving.html";

    fn samples(_: Locale) -> Vec<Self> {
        let url = "https://id.example/authorize?response_type=code&scope=openid+profile&state=\"<b>".into();
        vec![Self { label: "Staff <i>accounts".into(), url }]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        page.index = false;
    }
}

/// Nobody was signed in.
#[derive(Clone, Debug, Serialize)]
pub struct NotSignedIn {
    pub label: String,
    /// The message `error-<code>`.
    pub code: String,
    /// Path to go back to.
    pub back: String,
    /// It was to be linked, by somebody who is signed in.
    pub linking: bool,
}

impl View for NotSignedIn {
    const TEMPLATE: &'static str = "sign_in_failed.html";

    fn samples(_: Locale) -> Vec<Self> {
        let one = |code: &str, linking| Self {
            label: "Staff <i>accounts".into(),
            code: code.into(),
            back: "/article/3fQk2#comments".into(),
            linking,
        };
        vec![one("oidc-denied", false), one("oidc-unreachable", false), one("identity-taken", true)]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        page.index = false;
        // No link of the page carries a code on.
        page.query.clear();
    }
}

/// `/signup/oidc`: who came from a provider says how they want to be called. Fields `name`, `handle` and, where there is no `address`, `email`.
#[derive(Clone, Debug, Serialize)]
pub struct Joining {
    pub label: String,
    pub form: Form,
    /// Whether the field `email` is there: `off`, `optional` or `required`.
    pub email: EmailUse,
    /// One that the provider, or the invitation, has shown to be theirs.
    pub address: Option<String>,
    pub invitation: Option<Invitation>,
}

impl View for Joining {
    const TEMPLATE: &'static str = "sign_up_elsewhere.html";

    fn samples(_: Locale) -> Vec<Self> {
        let plain = Self {
            label: "Staff <i>accounts".into(),
            form: Form::default().with("handle", "linqiu").with("name", "林秋"),
            email: EmailUse::Optional,
            address: Some("linqiu@example.org".into()),
            invitation: None,
        };
        let refused = Self {
            form: Form::default()
                .with("handle", "lin\"qiu")
                .with_error("handle", "handle-taken")
                .with_error("name", "name-empty")
                .with_error("email", "email-empty"),
            email: EmailUse::Required,
            address: None,
            ..plain.clone()
        };
        let off = Self { email: EmailUse::Off, address: None, ..plain.clone() };
        let mut all = vec![plain.clone(), refused, off];
        all.extend(
            Invitation::samples()
                .into_iter()
                .map(|invitation| Self { invitation: Some(invitation), ..plain.clone() }),
        );
        all
    }

    fn fill_head(&self, page: &mut PageLayout) {
        page.index = false;
    }
}

/// An account elsewhere that is the reader's. To end it: POST `/settings/identities/{id}/remove`.
#[derive(Clone, Debug, Serialize)]
pub struct Linked {
    pub id: IdentityId,
    /// The provider's; where the site has it no more, its address.
    pub label: String,
    /// What the reader calls themselves there.
    pub name: Option<String>,
    pub since: Time,
    /// Nobody signs in by it any more.
    pub gone: bool,
}

/// `/settings/identities`
#[derive(Clone, Debug, Serialize)]
pub struct IdentitySettings {
    pub linked: Vec<Linked>,
    pub providers: Vec<ProviderButton>,
    /// `linked`, `removed`, or nothing.
    pub done: String,
    pub has_password: bool,
}

impl View for IdentitySettings {
    const TEMPLATE: &'static str = "settings_identities.html";

    fn samples(_: Locale) -> Vec<Self> {
        let one = |n: i64, label: &str, name: Option<&str>, gone| Linked {
            id: IdentityId::new(100 + n),
            label: label.into(),
            name: name.map(str::to_owned),
            since: samples::before(900 * n),
            gone,
        };
        let full = Self {
            linked: vec![
                one(1, "Staff <i>accounts", Some("linqiu <b>"), false),
                one(2, "https://id.gone.example/a/very/long/address/of/an/issuer", None, true),
            ],
            providers: ProviderButton::samples(),
            done: "linked".into(),
            has_password: true,
        };
        let alone = Self {
            linked: full.linked[..1].to_vec(),
            done: "removed".into(),
            has_password: false,
            ..full.clone()
        };
        let none = Self { linked: vec![], providers: vec![], done: String::new(), ..full.clone() };
        vec![full, alone, none]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        page.index = false;
    }
}
