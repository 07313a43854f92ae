//! The demo: a small site of articles written for it, made at the first start and then served like any other.
//!
//! Its texts are below `server/demo`, compiled in; pictures are drawn by the `art` crate.

mod content;
mod generate;
mod readership;
mod seed;

use kernel::Locale;

use crate::config::Config;

pub use seed::fill;

/// The password of every demo user that can sign in.
const PASSWORD: &str = "byline-demo";

/// Who can sign in: handle and what they are.
const USERS: [(&str, &str); 5] = [
    ("operator", "operator: everything under /admin"),
    ("reviewer", "reviewer: /admin/review and /admin/reports"),
    ("mara", "author of Harbour Notes: /studio"),
    ("linqiu", "author of 南坡观察: /studio"),
    ("reader", "a reader"),
];

pub fn config() -> Config {
    Config {
        tagline: "A demo of many voices · 众声示例".to_owned(),
        licence: Some("Demo texts and pictures: CC0".to_owned()),
        contact: Some("editor@byline.example".to_owned()),
        locale: Locale::ZhCn,
        ..Config::default()
    }
}

/// What is printed when the demo is up.
pub fn greeting(url: &str) -> String {
    let mut text = format!("\nThe demo is at {url}\n\nSign in at {url}/login, password {PASSWORD}:\n");
    for (handle, what) in USERS {
        text.push_str(&format!("  {handle:<10} {what}\n"));
    }
    text
}
