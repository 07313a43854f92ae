//! `/studio/article/{id}/preview`

use kernel::Locale;
use serde::Serialize;
use web::render::{ArticleText, PageLayout, View};

/// An article as readers will see it.
#[derive(Clone, Debug, Serialize)]
pub struct Preview {
    /// Where the looker came from.
    pub back: String,
    pub article: ArticleText,
    pub author: String,
}

impl View for Preview {
    const TEMPLATE: &'static str = "studio_preview.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let full = Self {
            back: "/studio/article/3fQk2".into(),
            article: ArticleText::sample(locale),
            author: "南坡观察".into(),
        };
        let article = ArticleText { title: String::new(), ..ArticleText::bare(locale) };
        let bare = Self { article, ..full.clone() };
        vec![full, bare]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        page.index = false;
    }
}
