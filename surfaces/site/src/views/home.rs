//! The home page.

use kernel::Locale;
use serde::Serialize;
use web::render::{PageLayout, View};

use super::for_you::ForYouFront;
use super::parts::{Card, CardList, Preview, Strip};
use super::samples;
use super::slots::FollowingFront;
use super::topics::{TopicCard, sample_cards};

/// `/`
#[derive(Clone, Debug, Serialize)]
pub struct Home {
    /// Set where an editor looks how it will be.
    pub preview: Option<Preview>,
    /// What the editors put first, then by heat; the first one leads the page.
    pub lead: CardList,
    /// About ten, by heat.
    pub hot: CardList,
    /// What the editors put there.
    pub topics: Vec<TopicCard>,
    pub following: FollowingFront,
    pub for_you: ForYouFront,
    /// One a channel: a lead and three or four more.
    pub fronts: Vec<Strip>,
    pub latest: Vec<Card>,
}

impl View for Home {
    const TEMPLATE: &'static str = "home.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let full = Self {
            preview: None,
            lead: CardList::new(samples::led(locale)),
            hot: CardList::new(samples::heated(locale, 10)),
            topics: sample_cards(locale),
            following: FollowingFront { list: CardList::new(samples::followed(locale, 4)) },
            for_you: ForYouFront { list: CardList::new(samples::heated(locale, 4)) },
            fronts: samples::strips(locale, 4),
            latest: samples::cards(locale, 12),
        };
        let empty = Self {
            preview: None,
            lead: CardList::default(),
            hot: CardList::default(),
            topics: Vec::new(),
            following: FollowingFront::default(),
            for_you: ForYouFront::default(),
            fronts: Vec::new(),
            latest: Vec::new(),
        };
        let preview = Self { preview: Some(Preview::sample("/preview/home")), ..full.clone() };
        vec![full, empty, preview]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        page.description = Some(page.site.tagline.clone());
        if self.preview.is_some() {
            page.index = false;
            return;
        }
        page.canonical = Some(page.absolute("/"));
        page.json_ld = vec![serde_json::json!({
            "@context": "https://schema.org",
            "@type": "WebSite",
            "name": page.site.name,
            "url": page.absolute("/"),
            "potentialAction": {
                "@type": "SearchAction",
                "target": page.absolute("/search?q={q}"),
                "query-input": "required name=q",
            },
        })];
    }
}
