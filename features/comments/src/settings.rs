//! What is set of comments.

use ::settings::{Declared, Input, Setting};

/// Whether a reviewer looks at every comment before readers do (先审后发).
pub static REVIEW: Setting<bool> = Setting::new("comments.review", Input::Switch, "off");

pub static ALL: [&Declared; 1] = [REVIEW.declared()];
