//! What is set of accounts.

use ::settings::{Declared, Input, Setting, Value};
use serde::Serialize;

/// Who may make an account.
pub static SIGN_UP: Setting<String> =
    Setting::new("accounts.sign-up", Input::Choice(&["open", "closed"]), "open");

/// Whether users are asked for an e-mail address.
pub static EMAIL: Setting<EmailUse> =
    Setting::new("accounts.email", Input::Choice(&["off", "optional", "required"]), "optional");

/// For how many days somebody who asked to be deleted may still say no.
pub static DELETION_DAYS: Setting<i64> = Setting::new("accounts.deletion-days", Input::Number(0, 90), "14");

pub static ALL: [&Declared; 3] = [SIGN_UP.declared(), EMAIL.declared(), DELETION_DAYS.declared()];

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
