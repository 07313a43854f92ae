//! What is set of accounts.

use ::settings::{Declared, Input, Setting, Value};
use serde::Serialize;

/// Who may make an account.
pub static SIGN_UP: Setting<SignUpUse> =
    Setting::new("accounts.sign-up", Input::Choice(&["open", "invitation", "closed"]), "open");

/// Whether users are asked for an e-mail address.
pub static EMAIL: Setting<EmailUse> =
    Setting::new("accounts.email", Input::Choice(&["off", "optional", "required"]), "optional");

pub static ALL: [&Declared; 2] = [SIGN_UP.declared(), EMAIL.declared()];

/// What [`SIGN_UP`] can be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SignUpUse {
    /// Anybody.
    #[default]
    Open,
    /// Whoever was invited.
    Invitation,
    /// Nobody; invitations wait.
    Closed,
}

impl Value for SignUpUse {
    fn read(text: &str) -> Self {
        match text {
            "invitation" => Self::Invitation,
            "closed" => Self::Closed,
            _ => Self::Open,
        }
    }
}

/// What [`EMAIL`] can be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum EmailUse {
    /// Nobody is asked; who has an address keeps it until they remove it.
    Off,
    #[default]
    Optional,
    /// Nobody signs up without one.
    Required,
}

impl Value for EmailUse {
    fn read(text: &str) -> Self {
        match text {
            "off" => Self::Off,
            "required" => Self::Required,
            _ => Self::Optional,
        }
    }
}
