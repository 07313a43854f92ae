//! Who can sign in.

use accounts::Role;

/// The password of every demo user that can sign in.
pub const PASSWORD: &str = "byline-demo";

/// Handle, name, role, and what they see.
pub const USERS: [(&str, &str, Option<Role>, &str); 6] = [
    ("operator", "值班站长", Some(Role::Operator), "operator: everything under /admin"),
    ("reviewer", "审核值班", Some(Role::Reviewer), "reviewer: /admin/review and /admin/reports"),
    ("editor", "值班编辑", Some(Role::Editor), "editor: /admin/headlines and /admin/topics"),
    ("mara", "Mara Ellison", None, "author of Harbour Notes: /studio"),
    ("linqiu", "林秋", None, "author of 南坡观察, published without review: /studio"),
    ("reader", "读者小满", None, "a reader"),
];

/// What is printed when the demo is up.
pub fn greeting(url: &str) -> String {
    let mut text = format!("\nThe demo is at {url}\n\nSign in at {url}/login, password {PASSWORD}:\n");
    for (handle, _, _, what) in USERS {
        text.push_str(&format!("  {handle:<10} {what}\n"));
    }
    text
}
