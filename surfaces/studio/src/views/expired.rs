//! What somebody wrote whose session has ended.

use kernel::Locale;
use serde::Serialize;
use web::render::{PageLayout, View};

#[derive(Clone, Debug, Serialize)]
pub struct Field {
    pub name: String,
    pub text: String,
}

/// Keeps a form while its writer signs in elsewhere. POSTs to `action` as `multipart/form-data`.
#[derive(Clone, Debug, Serialize)]
pub struct Expired {
    pub action: String,
    pub title: String,
    pub body: String,
    /// All others, to be sent again as they are.
    pub fields: Vec<Field>,
}

impl Expired {
    pub fn new(action: &str, sent: &[(String, String)]) -> Self {
        let text = |of: &str| {
            sent.iter().find(|(name, _)| name == of).map(|(_, text)| text.clone()).unwrap_or_default()
        };
        let others = sent.iter().filter(|(name, _)| !matches!(name.as_str(), "title" | "body" | "do"));
        Self {
            action: action.to_owned(),
            title: text("title"),
            body: text("body"),
            fields: others.map(|(name, text)| Field { name: name.clone(), text: text.clone() }).collect(),
        }
    }
}

impl View for Expired {
    const TEMPLATE: &'static str = "studio_expired.html";

    fn samples(_: Locale) -> Vec<Self> {
        let sent = [
            ("title", "潮汐表是怎样做出来的？"),
            ("body", "</textarea><b>林秋</b>\n每天清晨五点。"),
            ("tags", "潮汐, \"海\""),
        ];
        let sent = sent.map(|(name, text)| (name.to_owned(), text.to_owned()));
        vec![Self::new("/studio/new", &sent), Self::new("/studio/article/3fQk2", &[])]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        page.index = false;
    }
}
