//! `/admin/comments`

use kernel::{CommentId, Locale, Time};
use serde::Serialize;
use web::render::{Chrome, View};

use super::parts::{Around, Paging, Who, noon};
use super::reports::About;

/// A comment that waits.
#[derive(Clone, Debug, Serialize)]
pub struct Item {
    pub id: CommentId,
    pub about: Option<About>,
    pub by: Option<Who>,
    pub name: String,
    pub region: Option<String>,
    pub text: String,
    pub at: Time,
}

#[derive(Clone, Debug, Serialize)]
pub struct Held {
    pub around: Around,
    pub items: Vec<Item>,
    pub paging: Paging,
}

impl View for Held {
    const TEMPLATE: &'static str = "admin_comments.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let item = |n: i64| Item {
            id: CommentId::new(10_000 + n),
            about: (n != 1).then(|| About::sample(locale)),
            by: (n != 1).then(|| Who::sample(locale)),
            name: "安 <b>".into(),
            region: (n != 1).then(|| "浙江".into()),
            text: "见 https://a.example 和 https://b.example\n还有 https://c.example <b>".into(),
            at: noon(),
        };
        let full = Self {
            around: Around::sample_done("comments", "released"),
            items: (0..3).map(item).collect(),
            paging: Paging::sample("/admin/comments"),
        };
        vec![Self { items: vec![], paging: Paging::default(), ..full.clone() }, full]
    }

    fn dress(&self, page: &mut Chrome) {
        self.around.dress(page);
    }
}
