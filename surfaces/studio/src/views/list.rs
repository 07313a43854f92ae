//! `/studio`

use std::collections::HashMap;

use articles::State;
use kernel::{ArticleId, Locale, Time};
use serde::Serialize;
use web::render::{PageLayout, View};

use super::parts::{DeskLayout, Paging};

/// One article in the table.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub id: ArticleId,
    /// May be empty: drafts begin without one.
    pub title: String,
    pub language: String,
    /// The message `state-…`.
    pub state: &'static str,
    /// Changes to it wait for review.
    pub pending: bool,
    pub channel: Option<String>,
    pub updated: Time,
    /// When it is to be published.
    pub publish: Option<Time>,
    /// Why it came back: the message `return-…`.
    pub returned: Option<String>,
    pub live: bool,
    /// Of articles that were published.
    pub reads: Option<i64>,
    pub comments: Option<i64>,
}

/// A filter of the table.
#[derive(Clone, Debug, Serialize)]
pub struct States {
    /// `all` or a state.
    pub name: &'static str,
    pub href: String,
    pub here: bool,
    pub n: i64,
}

impl States {
    pub fn all(here: Option<State>, base: &str, counts: &HashMap<State, i64>) -> Vec<Self> {
        let every =
            Self { name: "all", href: base.to_owned(), here: here.is_none(), n: counts.values().sum() };
        let one = |state: State| Self {
            name: state.name(),
            href: format!("{base}&state={}", state.name()),
            here: here == Some(state),
            n: counts.get(&state).copied().unwrap_or_default(),
        };
        std::iter::once(every).chain(State::ALL.into_iter().map(one)).collect()
    }
}

#[derive(Clone, Debug, Serialize)]
pub struct List {
    pub layout: DeskLayout,
    /// What is looked for in one's own articles.
    pub q: String,
    pub states: Vec<States>,
    pub rows: Vec<Row>,
    pub paging: Paging,
}

impl View for List {
    const TEMPLATE: &'static str = "studio_list.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let (titles, language): ([&str; 5], _) = match locale {
            Locale::ZhCn => (
                [
                    "潮汐表是怎样做出来的？一张表背后的三百年",
                    "老码头的最后一班渡船",
                    "我们数了一年鸟，发现最早醒来的不是麻雀，也不是白头鹎，而是住在港口灯塔下面那一小群谁也没有留意过的北红尾鸲",
                    "",
                    "第四条地铁线为什么绕开了市场",
                ],
                "zh",
            ),
            Locale::En => (
                [
                    "How a tide table is made: three centuries behind one page",
                    "The last ferry from the old quay",
                    "We counted birds for a year, and the first to wake is neither the sparrow nor the bulbul but a small flock of redstarts under the harbour light that nobody had noticed",
                    "",
                    "Why the fourth metro line avoids the market",
                ],
                "en",
            ),
        };
        let states = ["live", "scheduled", "returned", "draft", "retracted"];
        let row = |(n, title): (usize, &str)| Row {
            id: ArticleId::new(2_716_057_984_311_296 + n as i64),
            title: title.to_owned(),
            language: language.to_owned(),
            state: states[n],
            pending: n == 0,
            channel: (n != 3).then(|| if language == "zh" { "城市" } else { "City" }.to_owned()),
            updated: Time::from_millis(1_717_553_000_000 - n as i64 * 40_000_000),
            publish: (n == 1).then(|| Time::from_millis(1_717_630_000_000)),
            returned: (n == 2).then(|| "source".to_owned()),
            live: n == 0,
            reads: matches!(n, 0 | 4).then_some(12_345),
            comments: matches!(n, 0 | 4).then_some(128),
        };
        let full = Self {
            layout: DeskLayout::sample("list"),
            q: String::new(),
            states: States::all(
                None,
                "/studio?author=nanpo-observer",
                &State::ALL.map(|state| (state, 7)).into(),
            ),
            rows: titles.into_iter().enumerate().map(row).collect(),
            paging: Paging { next: Some("/studio?author=nanpo-observer&cursor=a.b".into()), first: None },
        };
        let empty = Self {
            states: States::all(None, "/studio?author=nanpo-observer", &HashMap::new()),
            rows: vec![],
            paging: Paging::default(),
            ..full.clone()
        };
        let none = Self {
            states: States::all(Some(State::Returned), "/studio?author=nanpo-observer", &HashMap::new()),
            ..empty.clone()
        };
        let looked = Self { q: "潮汐 \"&".into(), ..full.clone() };
        let found_none = Self { q: "tides".into(), ..empty.clone() };
        vec![full, empty, none, looked, found_none]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        self.layout.fill_head(page);
    }
}

/// For somebody who owns no author: the way to `/apply`.
#[derive(Clone, Debug, Serialize)]
pub struct NoAuthor {}

impl View for NoAuthor {
    const TEMPLATE: &'static str = "studio_no_author.html";

    fn samples(_: Locale) -> Vec<Self> {
        vec![Self {}]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        page.index = false;
    }
}
