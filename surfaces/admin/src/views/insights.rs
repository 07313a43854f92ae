//! `/admin/insights`

use kernel::{Locale, Time};
use serde::Serialize;
use web::render::{PageLayout, View};

use super::parts::DeskLayout;

/// A list of the site, all its places together.
#[derive(Clone, Debug, Serialize)]
pub struct ListLine {
    /// One of `reads::LISTS`: the message `insights-list-<list>`.
    pub list: String,
    pub shown: i64,
    pub opened: i64,
    pub rate: Option<String>,
}

/// A source of readers' own lists, with one model.
#[derive(Clone, Debug, Serialize)]
pub struct SourceLine {
    /// The message `insights-source-<source>`.
    pub source: String,
    pub model: i64,
    pub shown: i64,
    pub opened: i64,
    pub rate: Option<String>,
    /// Of what was opened.
    pub finished: Option<String>,
}

/// How varied the lists of one model are: means among the first ten.
#[derive(Clone, Debug, Serialize)]
pub struct Variety {
    pub model: i64,
    pub lists: i64,
    pub authors: String,
    pub channels: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct ModelLine {
    pub version: i64,
    pub at: Time,
    pub choices: i64,
    pub figure: String,
    pub before: String,
    /// `live`, `worse` or `withdrawn`: the message `insights-model-<state>`.
    pub state: String,
    pub withdrawable: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct Insights {
    pub layout: DeskLayout,
    pub days: i64,
    pub spans: Vec<i64>,
    pub lists: Vec<ListLine>,
    pub sources: Vec<SourceLine>,
    pub variety: Vec<Variety>,
    pub models: Vec<ModelLine>,
    /// Versions in use: the newest, and the one that a tenth of the readers have.
    pub newest: i64,
    pub other: i64,
}

impl View for Insights {
    const TEMPLATE: &'static str = "admin_insights.html";

    fn samples(_: Locale) -> Vec<Self> {
        let list = |list: &str, shown, opened| ListLine {
            list: list.into(),
            shown,
            opened,
            rate: (shown > 0).then(|| "4.2 %".to_owned()),
        };
        let source = |source: &str, model| SourceLine {
            source: source.into(),
            model,
            shown: 12_345,
            opened: 678,
            rate: Some("5.5 %".into()),
            finished: None,
        };
        let sources =
            ["authors", "channels", "close", "editors", "followed", "hot", "new", "tags", "together"];
        let model = |version, state: &str| ModelLine {
            version,
            at: Time::from_millis(1_717_553_000_000),
            choices: 4_200,
            figure: "0.412".into(),
            before: "0.398".into(),
            state: state.into(),
            withdrawable: state == "live",
        };
        let full = Self {
            layout: DeskLayout::sample_done("insights", "model-withdrawn"),
            days: 7,
            spans: vec![1, 7, 28],
            lists: reads::LISTS.into_iter().map(|name| list(name, 1_000, 42)).collect(),
            sources: sources.into_iter().map(|name| source(name, 3)).collect(),
            variety: vec![Variety { model: 3, lists: 900, authors: "8.9".into(), channels: "4.1".into() }],
            models: vec![model(3, "live"), model(2, "worse"), model(1, "withdrawn")],
            newest: 3,
            other: 0,
        };
        let empty = Self {
            layout: DeskLayout::sample("insights"),
            lists: vec![],
            sources: vec![],
            variety: vec![],
            models: vec![],
            newest: 0,
            ..full.clone()
        };
        vec![full, empty]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        self.layout.fill_head(page);
    }
}
