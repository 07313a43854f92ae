//! `/admin/comments`

use kernel::{CommentId, Locale, Region, Time};
use serde::Serialize;
use web::render::{Form, PageLayout, View};

use super::parts::{DeskLayout, Paging, Who, noon};
use super::reports::About;
use super::review::Decided;

/// A comment in a list.
#[derive(Clone, Debug, Serialize)]
pub struct Item {
    pub id: CommentId,
    /// The viewer wrote it, so somebody else decides.
    pub own: bool,
    /// The message `comment-state-…`.
    pub state: &'static str,
    pub about: Option<About>,
    pub by: Option<Who>,
    pub name: String,
    /// IP属地, in the languages that there are: `zh`, `en`.
    pub region: Option<Region>,
    pub text: String,
    pub at: Time,
}

#[derive(Clone, Debug, Serialize)]
pub struct Held {
    pub layout: DeskLayout,
    /// The address that was looked for.
    pub q: String,
    pub items: Vec<Item>,
    pub paging: Paging,
}

impl View for Held {
    const TEMPLATE: &'static str = "admin_comments.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let item = |n: i64| Item {
            id: CommentId::new(10_000 + n),
            own: n == 2,
            state: if n == 1 { "live" } else { "held" },
            about: (n != 1).then(|| About::sample(locale)),
            by: (n != 1).then(|| Who::sample(locale)),
            name: "安 <b>".into(),
            region: Region::new("CN-ZJ", Some("浙江"), Some("Zhejiang")).filter(|_| n != 1),
            text: "见 https://a.example 和 https://b.example\n还有 https://c.example <b>".into(),
            at: noon(),
        };
        let full = Self {
            layout: DeskLayout::sample_done("comments", "released"),
            q: String::new(),
            items: (0..3).map(item).collect(),
            paging: Paging::sample("/admin/comments"),
        };
        let empty = Self { items: vec![], paging: Paging::default(), ..full.clone() };
        let nothing = Self { q: "nothing <b>".into(), ..empty.clone() };
        let found = Self { q: "/article/3fQk2".into(), ..full.clone() };
        vec![empty, nothing, found, full]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        self.layout.fill_head(page);
    }
}

/// `/admin/comments/{id}`. The forms under its address: `release`, and `remove` with `code` and `note`.
#[derive(Clone, Debug, Serialize)]
pub struct Decision {
    pub layout: DeskLayout,
    pub item: Item,
    /// Why it was removed: the message `remove-…`.
    pub removed_for: Option<String>,
    pub can_release: bool,
    pub can_remove: bool,
    pub codes: [&'static str; 7],
    pub form: Form,
    pub decisions: Vec<Decided>,
    /// Nothing was decided: the message `conflict-…`.
    pub conflict: Option<&'static str>,
}

impl View for Decision {
    const TEMPLATE: &'static str = "admin_comment.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let items = Held::samples(locale).pop().map(|held| held.items).unwrap_or_default();
        let decided = |verdict: &str, code: Option<&str>| Decided {
            verdict: verdict.into(),
            code: code.map(Into::into),
            note: code.map(|_| "<b>?".into()),
            by: Some(Who::sample(locale)),
            at: noon(),
        };
        let case = |item: &Item| Self {
            layout: DeskLayout::sample("comments"),
            item: item.clone(),
            removed_for: None,
            can_release: item.state == "held",
            can_remove: true,
            codes: moderation::RETRACT_CODES,
            form: Form::default(),
            decisions: vec![],
            conflict: None,
        };
        let mut samples: Vec<Self> = items.iter().map(case).collect();
        let live = case(&Item { own: false, state: "live", ..items[0].clone() });
        samples.push(Self { conflict: Some("decide-own"), ..live.clone() });
        samples.push(Self { form: Form::default().with_error("code", "code-empty"), ..live.clone() });
        samples.push(Self {
            layout: DeskLayout::sample_done("comments", "removed"),
            item: Item { state: "removed", ..live.item.clone() },
            removed_for: Some("abuse".into()),
            can_release: true,
            can_remove: false,
            decisions: vec![decided("remove", Some("abuse")), decided("release", None)],
            ..live
        });
        samples
    }

    fn fill_head(&self, page: &mut PageLayout) {
        self.layout.fill_head(page);
    }
}
