//! `/studio/article/{id}/preview`

use kernel::{Locale, Markup};
use serde::Serialize;
use web::render::{Html, PageLayout, View};

/// An article as readers will see it.
#[derive(Clone, Debug, Serialize)]
pub struct Preview {
    /// Where the looker came from.
    pub back: String,
    pub title: String,
    pub subtitle: Option<String>,
    pub language: String,
    pub author: String,
    pub declarations: Vec<&'static str>,
    pub html: Html,
}

impl View for Preview {
    const TEMPLATE: &'static str = "studio_preview.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let full = Self {
            back: "/studio/article/3fQk2".into(),
            title: "潮汐表是怎样做出来的？".into(),
            subtitle: Some("一张表背后的三百年".into()),
            language: locale.tag().into(),
            author: "南坡观察".into(),
            declarations: vec!["original", "opinion"],
            html: Markup::sanitise(
                "<p>每天清晨五点，值班员会先看一眼海面。</p><blockquote><p>海不会迟到。</p></blockquote>",
            )
            .into(),
        };
        let bare = Self {
            title: String::new(),
            subtitle: None,
            declarations: vec![],
            html: Markup::default().into(),
            ..full.clone()
        };
        vec![full, bare]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        page.index = false;
    }
}
