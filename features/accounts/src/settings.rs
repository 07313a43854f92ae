//! What is set of accounts.

use ::settings::{Declared, Input, Setting};

/// Who may make an account.
pub static SIGN_UP: Setting<String> =
    Setting::new("accounts.sign-up", Input::Choice(&["open", "closed"]), "open");

pub static ALL: [&Declared; 1] = [SIGN_UP.declared()];
