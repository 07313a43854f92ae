//! The demo: a small site of articles written for it, made at the first start and then served like any other.
//!
//! Its texts are below `server/demo`, compiled in; pictures are drawn by the `art` crate.

mod content;
mod editorial;
mod generate;
mod pictures;
mod readership;
mod seed;

use accounts::Role;
use kernel::Locale;

use crate::config::Config;

pub use generate::add as add_generated;
pub use seed::fill;

/// The password of every demo user that can sign in.
const PASSWORD: &str = "byline-demo";

/// Who can sign in: handle, name, role, and what they see.
const USERS: [(&str, &str, Option<Role>, &str); 6] = [
    ("operator", "值班站长", Some(Role::Operator), "operator: everything under /admin"),
    ("reviewer", "审核值班", Some(Role::Reviewer), "reviewer: /admin/review and /admin/reports"),
    ("editor", "值班编辑", Some(Role::Editor), "editor: /admin/headlines and /admin/topics"),
    ("mara", "Mara Ellison", None, "author of Harbour Notes: /studio"),
    ("linqiu", "林秋", None, "author of 南坡观察, published without review: /studio"),
    ("reader", "读者小满", None, "a reader"),
];

pub fn config() -> Config {
    Config {
        name: Some("众声 Byline".to_owned()),
        tagline: Some("A demo of many voices · 许多人写，许多人读".to_owned()),
        licence: Some("Demo texts and pictures: CC0".to_owned()),
        contact: Some("editor@byline.example".to_owned()),
        locale: Some(Locale::ZhCn),
        review: true,
        ..Config::default()
    }
}

/// What is printed when the demo is up.
pub fn greeting(url: &str) -> String {
    let mut text = format!("\nThe demo is at {url}\n\nSign in at {url}/login, password {PASSWORD}:\n");
    for (handle, _, _, what) in USERS {
        text.push_str(&format!("  {handle:<10} {what}\n"));
    }
    text
}
