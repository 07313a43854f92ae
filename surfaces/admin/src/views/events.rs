//! `/admin/events`

use kernel::{Locale, Time};
use serde::Serialize;
use web::render::{PageLayout, View};

use super::parts::{DeskLayout, noon};

/// How a consumer stands.
#[derive(Clone, Debug, Serialize)]
pub struct ConsumerLine {
    pub name: String,
    /// `ConsumerState::name`: the message `admin-consumer-<state>`.
    pub state: &'static str,
    pub tone: &'static str,
    /// How far it came in the journal; nothing where it begins anew.
    pub cursor: Option<String>,
    /// Events that it has still to apply, and for how many seconds the first of them waits.
    pub behind: i64,
    /// That many or more.
    pub behind_more: bool,
    pub lag: i64,
    pub parked: i64,
    /// The process that works for it.
    pub holder: String,
    pub moved_at: Time,
    pub failures: i64,
    pub error: Option<String>,
}

/// An event that a consumer went on without.
#[derive(Clone, Debug, Serialize)]
pub struct ParkedLine {
    pub consumer: String,
    pub seq: i64,
    pub kind: String,
    pub at: Time,
    pub error: String,
    /// 0 where it was not noted.
    pub tries: i64,
    pub parked_at: Time,
    /// It is about to be tried again.
    pub again: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct Events {
    pub layout: DeskLayout,
    pub consumers: Vec<ConsumerLine>,
    /// The newest.
    pub parked: Vec<ParkedLine>,
    /// How many are parked in all.
    pub all: i64,
}

impl View for Events {
    const TEMPLATE: &'static str = "admin_events.html";

    fn samples(_: Locale) -> Vec<Self> {
        let consumer = |name: &str, state, tone| ConsumerLine {
            name: name.into(),
            state,
            tone,
            cursor: Some("0/48151623".into()),
            behind: 0,
            behind_more: false,
            lag: 0,
            parked: 0,
            holder: "9f86d081".into(),
            moved_at: noon(),
            failures: 0,
            error: None,
        };
        let error = "internal error: no row of <b>articles</b> has the id 4711, which ".repeat(6);
        let parked = |seq, again| ParkedLine {
            consumer: "notifications".into(),
            seq,
            kind: "article.submitted".into(),
            at: noon(),
            error: error.clone(),
            tries: if again { 0 } else { 8 },
            parked_at: noon(),
            again,
        };
        let failing = ConsumerLine {
            behind: 10_000,
            behind_more: true,
            lag: 7_384,
            parked: 2,
            failures: 3,
            error: Some(error.clone()),
            ..consumer("notifications", "failing", "bad")
        };
        let full = Self {
            layout: DeskLayout::sample_done("events", "event-retry"),
            consumers: vec![
                consumer("digests", "running", "good"),
                failing,
                ConsumerLine { cursor: None, ..consumer("counts", "rebuilding", "wait") },
                ConsumerLine { holder: String::new(), ..consumer("badges", "stopped", "bad") },
            ],
            parked: vec![parked(48_151_623, false), parked(42, true)],
            all: 1_204,
        };
        let calm = Self {
            layout: DeskLayout::sample("events"),
            consumers: vec![consumer("digests", "running", "good")],
            parked: vec![],
            all: 0,
        };
        let none = Self { consumers: vec![], ..calm.clone() };
        vec![full, calm, none]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        self.layout.fill_head(page);
    }
}

/// What rebuilding a consumer does. POSTs to its own address.
#[derive(Clone, Debug, Serialize)]
pub struct Rebuilding {
    pub layout: DeskLayout,
    pub name: String,
}

impl View for Rebuilding {
    const TEMPLATE: &'static str = "admin_events_rebuild.html";

    fn samples(_: Locale) -> Vec<Self> {
        vec![Self { layout: DeskLayout::sample("events"), name: "notifications".into() }]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        self.layout.fill_head(page);
    }
}
