//! Search.

use kernel::Locale;
use serde::Serialize;
use web::render::{Html, PageLayout, View};

use super::parts::{Card, CardList, Pager};
use super::samples;

/// A hit: the card, with what was found marked (`Html::highlight`).
#[derive(Clone, Debug, Serialize)]
pub struct Hit {
    pub card: Card,
    pub title: Html,
    pub snippet: Html,
    /// Why it is there: the messages `found-…`.
    pub why: Vec<&'static str>,
    /// Said before the first one that does not have what was asked for as it was asked for: the message `hits-…`.
    pub lead: Option<&'static str>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Link {
    pub text: String,
    pub href: String,
}

/// A choice of a filter: a plain link.
#[derive(Clone, Debug, Serialize)]
pub struct Choice {
    /// A name to show, or one of the messages of the filter (see [`Filter::key`]).
    pub label: String,
    pub href: String,
    pub on: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct Filter {
    /// `channel`, `since`, `kind`, `order`, `author` or `tag`: the message `filter-…`. The labels of `since`, `kind` and `order` are
    /// the messages `since-…`, `kind-…` and `order-…`.
    pub key: &'static str,
    pub choices: Vec<Choice>,
}

/// `/search?q=…&channel=…&since=…&kind=…&order=…&author=…&tag=…&offset=…`
#[derive(Clone, Debug, Serialize)]
pub struct SearchPage {
    pub q: String,
    /// Kept through the form: the filters that are on, as name and value.
    pub kept: Vec<(String, String)>,
    pub filters: Vec<Filter>,
    pub total: i64,
    /// The index is being made: there may be more.
    pub partial: bool,
    pub hits: Vec<Hit>,
    /// Nothing has all the words; what is shown has some of them.
    pub relaxed: bool,
    /// What may have been meant.
    pub instead: Option<Link>,
    /// What else may be searched for.
    pub related: Vec<Link>,
    /// Shown where nothing was asked or found.
    pub hot: CardList,
    pub pager: Pager,
}

impl View for SearchPage {
    const TEMPLATE: &'static str = "search.html";

    fn samples(locale: Locale) -> Vec<Self> {
        vec![
            sample(locale),
            Self { relaxed: true, partial: true, ..sample(locale) },
            empty_sample(locale, "<q>\"&"),
            empty_sample(locale, ""),
        ]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        page.index = false;
        if !self.q.is_empty() {
            page.title = Some(self.q.clone());
        }
    }
}

fn sample(locale: Locale) -> SearchPage {
    let q = if locale == Locale::ZhCn { "自行车" } else { "tide" };
    let mark = |text: &str| {
        let found: Vec<_> = text.match_indices(q).map(|(at, word)| at..at + word.len()).collect();
        Html::highlight(text, &found)
    };
    let hit = |n| {
        let card = samples::card(locale, n);
        Hit {
            title: mark(&card.title),
            snippet: mark(&format!("{}…{q}…{}", card.excerpt, card.excerpt)),
            why: [
                vec!["title", "text"],
                vec!["pronounced", "author", "tag"],
                vec!["spelled"],
                vec!["part", "text"],
            ][n.min(3)]
            .clone(),
            lead: [None, Some("alike"), None, Some("part")].get(n).copied().flatten(),
            card,
        }
    };
    let choice = |label: &str, href: &str, on| Choice { label: label.to_owned(), href: href.to_owned(), on };
    let all = if locale == Locale::ZhCn { "全部" } else { "All" };
    let link = |text: &str| Link { text: text.to_owned(), href: "/search?q=a".to_owned() };
    SearchPage {
        q: q.to_owned(),
        kept: vec![("since".into(), "week".into())],
        filters: vec![
            Filter {
                key: "channel",
                choices: std::iter::once(choice(all, "/search?q=a", true))
                    .chain(
                        (0..5).map(|n| {
                            choice(&samples::channel(locale, n).name, "/search?q=a&channel=b", false)
                        }),
                    )
                    .collect(),
            },
            Filter {
                key: "since",
                choices: ["any", "day", "week", "month", "year"]
                    .map(|since| choice(since, "/search?q=a&since=b", since == "week"))
                    .to_vec(),
            },
            Filter {
                key: "kind",
                choices: [
                    "any", "gallery", "video", "audio", "original", "reprint", "ai", "fiction", "opinion",
                ]
                .map(|kind| choice(kind, "/search?q=a&kind=b", kind == "any"))
                .to_vec(),
            },
            Filter {
                key: "order",
                choices: ["best", "newest"]
                    .map(|order| choice(order, "/search?q=a&order=b", order == "best"))
                    .to_vec(),
            },
        ],
        total: 1_204,
        partial: false,
        hits: (0..10).map(hit).collect(),
        relaxed: false,
        instead: Some(link(if locale == Locale::ZhCn { "自行车道" } else { "tides" })),
        related: (if locale == Locale::ZhCn { ["港口", "骑行路线"] } else { ["harbour", "moon"] })
            .map(link)
            .to_vec(),
        hot: CardList::default(),
        pager: Pager { next: Some("/search?q=a&offset=10".into()), first: true },
    }
}

fn empty_sample(locale: Locale, q: &str) -> SearchPage {
    SearchPage {
        q: q.to_owned(),
        kept: vec![],
        filters: vec![],
        total: 0,
        partial: false,
        hits: vec![],
        relaxed: false,
        instead: None,
        related: vec![],
        hot: CardList::new(samples::heated(locale, 5)),
        pager: Pager { next: None, first: true },
    }
}
