//! 专题: the list of topics, and a topic's page.

use kernel::{Locale, Time};
use serde::Serialize;
use serde_json::json;
use web::render::{PageLayout, View};

use super::parts::{Card, Cover, Pager};
use super::samples;

/// A topic by name.
#[derive(Clone, Debug, Serialize)]
pub struct TopicRef {
    pub slug: String,
    pub title: String,
    /// BCP 47, of the title.
    pub language: &'static str,
}

/// A topic in a list.
#[derive(Clone, Debug, Serialize)]
pub struct TopicCard {
    pub topic: TopicRef,
    /// May be empty.
    pub summary: String,
    /// BCP 47
    pub summary_language: &'static str,
    pub cover: Option<Cover>,
    /// How many articles may be read in it.
    pub articles: i64,
    /// When its newest article came out, or the topic itself.
    pub at: Time,
}

/// `/topics?cursor=…`
#[derive(Clone, Debug, Serialize)]
pub struct TopicsPage {
    pub topics: Vec<TopicCard>,
    pub pager: Pager,
}

impl View for TopicsPage {
    const TEMPLATE: &'static str = "topics.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let full = Self {
            topics: samples::topics(locale),
            pager: Pager { next: Some("/topics?cursor=a.b".into()), first: true },
        };
        vec![full, Self { topics: vec![], pager: Pager { next: None, first: true } }]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        page.canonical = Some(page.absolute("/topics"));
        page.index = !self.topics.is_empty();
    }
}

/// The articles under one heading of a topic; those before all headings have an empty one.
#[derive(Clone, Debug, Serialize)]
pub struct Section {
    pub title: String,
    pub cards: Vec<Card>,
}

/// `/topic/{slug}`
#[derive(Clone, Debug, Serialize)]
pub struct TopicPage {
    pub card: TopicCard,
    pub sections: Vec<Section>,
    /// Other topics, the newest.
    pub others: Vec<TopicRef>,
}

impl View for TopicPage {
    const TEMPLATE: &'static str = "topic.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let topics = samples::topics(locale);
        let titles = match locale {
            Locale::ZhCn => ["", "水位线以下", "住在高处的人怎样看这件事：一个写得很长很长的小标题"],
            Locale::En => ["", "Below the line", "What those who live higher up make of it, at some length"],
        };
        let sections = titles
            .iter()
            .zip([3, 4, 1])
            .map(|(title, n)| Section { title: (*title).to_owned(), cards: samples::cards(locale, n) });
        let full = Self {
            card: topics[0].clone(),
            sections: sections.collect(),
            others: topics[1..].iter().map(|other| other.topic.clone()).collect(),
        };
        let headed = Self { sections: full.sections[1..].to_vec(), ..full.clone() };
        let bare = Self {
            card: topics[2].clone(),
            sections: vec![Section { title: String::new(), cards: samples::cards(locale, 1) }],
            others: vec![],
        };
        vec![full, headed, bare]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        let url = page.absolute(&format!("/topic/{}", self.card.topic.slug));
        let summary = Some(self.card.summary.clone()).filter(|summary| !summary.is_empty());
        page.title = Some(self.card.topic.title.clone());
        page.description.clone_from(&summary);
        page.image = self.card.cover.as_ref().map(|cover| page.absolute(&cover.src));
        let items: Vec<_> = self
            .sections
            .iter()
            .flat_map(|section| &section.cards)
            .zip(1..)
            .map(|(card, position)| {
                let url = page.absolute(&format!("/article/{}", card.id));
                json!({ "@type": "ListItem", "position": position, "url": url, "name": card.title })
            })
            .collect();
        // <https://schema.org/CollectionPage>
        page.json_ld = vec![json!({
            "@context": "https://schema.org",
            "@type": "CollectionPage",
            "@id": url,
            "url": url,
            "name": self.card.topic.title,
            "inLanguage": self.card.topic.language,
            "description": summary,
            "image": page.image,
            "dateModified": self.card.at,
            "isPartOf": { "@type": "WebSite", "name": page.site.name, "url": page.absolute("/") },
            "mainEntity": { "@type": "ItemList", "numberOfItems": items.len(), "itemListElement": items },
        })];
        page.canonical = Some(url);
    }
}
