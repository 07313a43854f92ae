//! A tag's page.

use kernel::Locale;
use serde::Serialize;
use web::render::{PageLayout, View, tag_path};

use super::parts::{Card, Pager};
use super::samples;
use super::slots::SubjectFollow;

/// `/tag/{tag}?cursor=…`
#[derive(Clone, Debug, Serialize)]
pub struct TagPage {
    pub tag: String,
    pub follow: SubjectFollow,
    pub cards: Vec<Card>,
    /// Tags that stand beside this one.
    pub near: Vec<String>,
    pub pager: Pager,
}

impl View for TagPage {
    const TEMPLATE: &'static str = "tag.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let tag = samples::tags(locale).swap_remove(0);
        let follow = SubjectFollow { path: tag_path(&tag), following: false };
        let full = Self {
            tag: tag.clone(),
            follow: follow.clone(),
            cards: samples::cards(locale, 8),
            near: samples::tags(locale),
            pager: Pager { next: Some(format!("{}?cursor=a.b", tag_path(&tag))), first: true },
        };
        let empty = Self {
            tag,
            follow: SubjectFollow { following: true, ..follow },
            cards: vec![],
            near: vec![],
            pager: Pager { next: None, first: true },
        };
        vec![full, empty]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        page.title = Some(format!("#{}", self.tag));
        page.canonical = Some(page.absolute(&tag_path(&self.tag)));
        page.index = !self.cards.is_empty();
        if page.index {
            page.feeds_of(&format!("#{}", self.tag), &tag_path(&self.tag));
        }
    }
}
