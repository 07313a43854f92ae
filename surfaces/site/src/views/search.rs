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
            samples::search(locale),
            Self { relaxed: true, partial: true, ..samples::search(locale) },
            samples::search_empty(locale, "<q>\"&"),
            samples::search_empty(locale, ""),
        ]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        page.index = false;
        if !self.q.is_empty() {
            page.title = Some(self.q.clone());
        }
    }
}
