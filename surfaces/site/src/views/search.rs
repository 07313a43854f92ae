//! Search.

use kernel::Locale;
use serde::Serialize;
use web::render::{Chrome, Html, View};

use super::parts::{Card, Pager};
use super::samples;

/// A hit: the card, with what was found marked (`Html::highlight`).
#[derive(Clone, Debug, Serialize)]
pub struct Hit {
    pub card: Card,
    pub title: Html,
    pub snippet: Html,
}

/// A choice of a filter: a plain link.
#[derive(Clone, Debug, Serialize)]
pub struct Choice {
    /// A name to show, or for the time filter one of the messages `since-…` (see [`Filter::key`]).
    pub label: String,
    pub href: String,
    pub on: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct Filter {
    /// `channel`, `since` or `author`: the message `filter-…`. The labels of `since` are `any`, `day`, `week`, `month`, `year`.
    pub key: &'static str,
    pub choices: Vec<Choice>,
}

/// `/search?q=…&channel=…&since=…&author=…&offset=…`
#[derive(Clone, Debug, Serialize)]
pub struct SearchPage {
    pub q: String,
    /// Kept through the form: the filters that are on, as name and value.
    pub kept: Vec<(String, String)>,
    pub filters: Vec<Filter>,
    pub total: i64,
    pub hits: Vec<Hit>,
    /// Nothing has all the words; what is shown has some of them.
    pub relaxed: bool,
    /// Shown where nothing was asked or found.
    pub hot: Vec<Card>,
    pub pager: Pager,
}

impl View for SearchPage {
    const TEMPLATE: &'static str = "search.html";

    fn samples(locale: Locale) -> Vec<Self> {
        vec![
            samples::search(locale),
            Self { relaxed: true, ..samples::search(locale) },
            samples::search_empty(locale, "<q>\"&"),
            samples::search_empty(locale, ""),
        ]
    }

    fn dress(&self, page: &mut Chrome) {
        page.index = false;
        if !self.q.is_empty() {
            page.title = Some(self.q.clone());
        }
    }
}
