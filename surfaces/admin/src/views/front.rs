//! `/admin`

use kernel::Locale;
use serde::Serialize;
use web::render::{Chrome, View};

use super::parts::{Around, Entry};

/// What waits: the figures are the rail's.
#[derive(Clone, Debug, Serialize)]
pub struct Front {
    pub around: Around,
}

impl View for Front {
    const TEMPLATE: &'static str = "admin_front.html";

    fn samples(_: Locale) -> Vec<Self> {
        let full = Around::sample("front");
        let quiet = full.rail.iter().map(|entry| Entry { n: 0, ..entry.clone() }).collect();
        let editor = full.rail[..2].to_vec();
        vec![
            Self { around: Around { rail: quiet, ..full.clone() } },
            Self { around: Around { rail: editor, ..full.clone() } },
            Self { around: full },
        ]
    }

    fn dress(&self, page: &mut Chrome) {
        self.around.dress(page);
    }
}
