//! `/admin`

use kernel::Locale;
use serde::Serialize;
use web::render::{PageLayout, View};

use super::parts::{DeskLayout, Entry};

/// What waits: the figures are the rail's.
#[derive(Clone, Debug, Serialize)]
pub struct Front {
    pub layout: DeskLayout,
    /// The site lacks a channel or an author: an operator is led to where they are made.
    pub unfinished: bool,
}

impl View for Front {
    const TEMPLATE: &'static str = "admin_front.html";

    fn samples(_: Locale) -> Vec<Self> {
        let full = DeskLayout::sample("front");
        let quiet = full.rail.iter().map(|entry| Entry { n: 0, ..entry.clone() }).collect();
        let editor = full.rail[..2].to_vec();
        vec![
            Self { layout: DeskLayout { rail: quiet, ..full.clone() }, unfinished: true },
            Self { layout: DeskLayout { rail: editor, ..full.clone() }, unfinished: false },
            Self { layout: full, unfinished: false },
        ]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        self.layout.fill_head(page);
    }
}
