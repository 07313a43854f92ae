//! 专题: the list of topics, and a topic's page.

use kernel::{Locale, Time};
use serde::Serialize;
use serde_json::json;
use web::render::{PageLayout, View};

use super::parts::{Card, Cover, Pager};
use super::samples;
use super::slots::SubjectFollow;

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
            topics: sample_cards(locale),
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
    pub follow: SubjectFollow,
    pub sections: Vec<Section>,
    /// Other topics, the newest.
    pub others: Vec<TopicRef>,
}

impl View for TopicPage {
    const TEMPLATE: &'static str = "topic.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let topics = sample_cards(locale);
        let titles = match locale {
            Locale::ZhCn => ["", "水位线以下", "住在高处的人怎样看这件事：一个写得很长很长的小标题"],
            Locale::En => ["", "Below the line", "What those who live higher up make of it, at some length"],
        };
        let sections = titles
            .iter()
            .zip([3, 4, 1])
            .map(|(title, n)| Section { title: (*title).to_owned(), cards: samples::cards(locale, n) });
        let follow = SubjectFollow { path: "/topic/topic-0".into(), following: false };
        let full = Self {
            card: topics[0].clone(),
            follow: follow.clone(),
            sections: sections.collect(),
            others: topics[1..].iter().map(|other| other.topic.clone()).collect(),
        };
        let headed = Self { sections: full.sections[1..].to_vec(), ..full.clone() };
        let bare = Self {
            card: topics[2].clone(),
            follow: SubjectFollow { following: true, ..follow },
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

pub fn sample_cards(locale: Locale) -> Vec<TopicCard> {
    let texts = match locale {
        Locale::ZhCn => [
            (
                "潮水来的那些天",
                "从潮汐表怎样算出来，到堤坝怎样修、渔船怎样躲，再到岸边的人记得的那几次大水。",
            ),
            ("一座城市怎样安静下来：关于噪声、夜班、路灯和睡眠的三十个问题与回答", ""),
            ("老地图", "河走过的路。"),
        ],
        Locale::En => [
            (
                "When the water comes",
                "How a tide table is made, how a wall is kept, where the boats go, and what people on the quay remember of the great floods.",
            ),
            (
                "How a town falls silent: thirty questions and answers about noise, night shifts, street lamps and sleep",
                "",
            ),
            ("Old maps", "Where the river went."),
        ],
    };
    let topic = |(n, (title, summary)): (usize, (&str, &str))| TopicCard {
        topic: TopicRef {
            slug: format!("topic-{n}"),
            title: title.to_owned(),
            language: samples::language(locale),
        },
        summary: summary.to_owned(),
        summary_language: samples::language(locale),
        cover: (n != 1).then(|| samples::cover(n)),
        articles: [12, 1, 4][n],
        at: samples::before(60 * 16),
    };
    texts.into_iter().enumerate().map(topic).collect()
}
