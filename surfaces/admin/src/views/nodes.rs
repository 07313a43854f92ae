//! `/admin/nodes`

use kernel::{Locale, Time};
use serde::Serialize;
use web::render::{PageLayout, View};

use super::parts::{DeskLayout, noon};

/// A process that serves the site.
#[derive(Clone, Debug, Serialize)]
pub struct NodeLine {
    pub id: String,
    /// The machine's name.
    pub name: String,
    pub version: String,
    pub started_at: Time,
    pub seen_at: Time,
    /// It has not been heard of for a while.
    pub silent: bool,
    /// For how many milliseconds the first event that it has still to apply waits.
    pub lag: i64,
    /// The same for each follower that is behind.
    pub behind: Vec<(String, i64)>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Nodes {
    pub layout: DeskLayout,
    pub nodes: Vec<NodeLine>,
}

impl View for Nodes {
    const TEMPLATE: &'static str = "admin_nodes.html";

    fn samples(_: Locale) -> Vec<Self> {
        let node = |name: &str, silent, behind: &[(&str, i64)]| NodeLine {
            id: "9f86d081".into(),
            name: name.into(),
            version: "0.1.0".into(),
            started_at: noon(),
            seen_at: noon(),
            silent,
            lag: behind.iter().map(|(_, lag)| *lag).max().unwrap_or_default(),
            behind: behind.iter().map(|&(name, lag)| (name.to_owned(), lag)).collect(),
        };
        let layout = DeskLayout::sample("nodes");
        let nodes = vec![
            node("harbour-1", false, &[]),
            node("a-machine-with-a-long-name.internal.example", true, &[("search", 73_840), ("pages", 12)]),
        ];
        vec![Self { layout: layout.clone(), nodes }, Self { layout, nodes: vec![] }]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        self.layout.fill_head(page);
    }
}
