//! `/admin/channels` and `/admin/channels/{slug}`

use kernel::Locale;
use serde::Serialize;
use web::render::{Form, PageLayout, View};

use super::parts::DeskLayout;

#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub slug: String,
    pub zh: String,
    pub en: String,
    /// `#rrggbb`
    pub colour: String,
    pub position: i64,
}

/// All channels, and the form for one more: `slug`, `zh`, `en`, `colour`, `position`.
#[derive(Clone, Debug, Serialize)]
pub struct Channels {
    pub layout: DeskLayout,
    pub rows: Vec<Row>,
    pub form: Form,
}

impl View for Channels {
    const TEMPLATE: &'static str = "admin_channels.html";

    fn samples(_: Locale) -> Vec<Self> {
        let row = |slug: &str, zh: &str, en: &str, position| Row {
            slug: slug.into(),
            zh: zh.into(),
            en: en.into(),
            colour: "#1f5fbf".into(),
            position,
        };
        let full = Self {
            layout: DeskLayout::sample_done("channels", "channel"),
            rows: vec![row("city", "城市", "City", 1), row("tech", "科技", "Technology <b>", 2)],
            form: Form::default().with("colour", "#5b6c8f").with("position", "3"),
        };
        let refused = Self {
            layout: DeskLayout::sample("channels"),
            form: Form::default()
                .with("slug", "City!")
                .with_error("slug", "slug-form")
                .with_error("zh", "channel-name-empty")
                .with_error("colour", "colour-form")
                .with_error("position", "number-form"),
            ..full.clone()
        };
        vec![Self { rows: vec![], ..full.clone() }, refused, full]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        self.layout.fill_head(page);
    }
}

/// Another channel.
#[derive(Clone, Debug, Serialize)]
pub struct Choice {
    pub slug: String,
    pub name: String,
}

/// One channel, to be changed: the same fields, POSTed to its own address; merged (`into`, `sure`, to `/merge`); or removed (`/remove`).
#[derive(Clone, Debug, Serialize)]
pub struct Edited {
    pub layout: DeskLayout,
    pub slug: String,
    /// How many articles it has, in any state.
    pub articles: i64,
    pub others: Vec<Choice>,
    pub form: Form,
    /// The form that ends the channel.
    pub end: Form,
}

impl View for Edited {
    const TEMPLATE: &'static str = "admin_channel.html";

    fn samples(_: Locale) -> Vec<Self> {
        let form = Form::default()
            .with("slug", "city")
            .with("zh", "城市")
            .with("en", "City")
            .with("colour", "#1f5fbf")
            .with("position", "1");
        let full = Self {
            layout: DeskLayout::sample("channels"),
            slug: "city".into(),
            articles: 1_204,
            others: vec![Choice { slug: "tech".into(), name: "Technology <b>".into() }],
            form,
            end: Form::default(),
        };
        let refused = Self {
            form: full.form.clone().with("en", "").with_error("en", "channel-name-empty"),
            end: Form::default().with_error("into", "channel-empty").with_error("sure", "sure-missing"),
            ..full.clone()
        };
        let only = Self { articles: 0, others: vec![], ..full.clone() };
        vec![refused, only, full]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        self.layout.fill_head(page);
    }
}
