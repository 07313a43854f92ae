//! `/admin`

use kernel::Locale;
use serde::Serialize;
use web::render::{Chrome, View};

use super::parts::{Around, Entry};

/// What waits: the figures are the rail's.
#[derive(Clone, Debug, Serialize)]
pub struct Front {
    pub around: Around,
    /// The site lacks a channel or an author: an operator is led to where they are made.
    pub unfinished: bool,
}

impl View for Front {
    const TEMPLATE: &'static str = "admin_front.html";

    fn samples(_: Locale) -> Vec<Self> {
        let full = Around::sample("front");
        let quiet = full.rail.iter().map(|entry| Entry { n: 0, ..entry.clone() }).collect();
        let editor = full.rail[..2].to_vec();
        vec![
            Self { around: Around { rail: quiet, ..full.clone() }, unfinished: true },
            Self { around: Around { rail: editor, ..full.clone() }, unfinished: false },
            Self { around: full, unfinished: false },
        ]
    }

    fn dress(&self, page: &mut Chrome) {
        self.around.dress(page);
    }
}
