//! What is set of articles.

use ::settings::{Declared, Input, Setting};

/// Whether a reviewer looks at articles, and at changes to live ones, of authors who are not trusted.
pub static REVIEW: Setting<bool> = Setting::new("articles.review", Input::Switch, "on");

pub static ALL: [&Declared; 1] = [REVIEW.declared()];
