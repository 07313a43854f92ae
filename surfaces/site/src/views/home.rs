//! The home page.

use kernel::Locale;
use serde::Serialize;
use web::render::{Chrome, View};

use super::for_you::ForYouFront;
use super::parts::{Card, Strip};
use super::samples;
use super::slots::FollowingFront;

/// `/`
#[derive(Clone, Debug, Serialize)]
pub struct Home {
    /// What the editors put first; the first one leads the page.
    pub lead: Vec<Card>,
    /// About ten, by heat.
    pub hot: Vec<Card>,
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
            lead: samples::cards(locale, 5),
            hot: samples::cards(locale, 10),
            following: FollowingFront { cards: samples::cards(locale, 4) },
            for_you: ForYouFront { cards: samples::reasoned(locale).into_iter().take(4).collect() },
            fronts: samples::strips(locale, 4),
            latest: samples::cards(locale, 12),
        };
        let empty = Self {
            lead: Vec::new(),
            hot: Vec::new(),
            following: FollowingFront::default(),
            for_you: ForYouFront::default(),
            fronts: Vec::new(),
            latest: Vec::new(),
        };
        vec![full, empty]
    }

    fn dress(&self, page: &mut Chrome) {
        page.description = Some(page.site.tagline.clone());
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
