//! What is set of accounts.

use ::settings::{Declared, Input, Setting, Value};
use serde::Serialize;

/// Who may make an account.
pub static SIGN_UP: Setting<SignUpUse> =
    Setting::new("accounts.sign-up", Input::Choice(&["open", "invitation", "closed"]), "open");

/// Whether users are asked for an e-mail address.
pub static EMAIL: Setting<EmailUse> =
    Setting::new("accounts.email", Input::Choice(&["off", "optional", "required"]), "optional");

/// For how many days somebody who asked to be deleted may still say no.
pub static DELETION_DAYS: Setting<i64> = Setting::new("accounts.deletion-days", Input::Number(0, 90), "14");

/// Whether search engines may list the pages of users.
pub static INDEX_USERS: Setting<bool> = Setting::new("accounts.index-users", Input::Switch, "off");

/// Who must have a second factor before any desk opens to them.
pub static SECOND_FACTOR: Setting<SecondFactor> =
    Setting::new("accounts.second-factor", Input::Choice(&["nobody", "operators", "staff"]), "nobody");

pub static ALL: [&Declared; 5] = [
    SIGN_UP.declared(),
    EMAIL.declared(),
    SECOND_FACTOR.declared(),
    INDEX_USERS.declared(),
    DELETION_DAYS.declared(),
];

/// What [`SECOND_FACTOR`] can be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SecondFactor {
    #[default]
    Nobody,
    Operators,
    /// Whoever may do anything besides reading and talking.
    Staff,
}

impl Value for SecondFactor {
    fn read(text: &str) -> Self {
        match text {
            "operators" => Self::Operators,
            "staff" => Self::Staff,
            _ => Self::Nobody,
        }
    }
}

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
