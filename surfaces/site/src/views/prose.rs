//! Pages of the site's own words: about, rules, contact.

use kernel::{Locale, Markup};
use serde::Serialize;
use web::render::{Html, PageLayout, View};

/// `/about`, `/rules`, `/contact`. `html` is the site's own text; without it the page shows what comes with the software.
#[derive(Clone, Debug, Serialize)]
pub struct Prose {
    /// `about`, `rules` or `contact`.
    pub kind: &'static str,
    pub html: Option<Html>,
    /// An address to write to.
    pub email: Option<String>,
}

impl View for Prose {
    const TEMPLATE: &'static str = "prose.html";

    fn samples(_: Locale) -> Vec<Self> {
        let own = Markup::sanitise("<h2>One</h2><p>Two</p>").into();
        vec![
            Self { kind: "about", html: None, email: None },
            Self { kind: "rules", html: None, email: None },
            Self { kind: "contact", html: None, email: Some("desk@example.org".into()) },
            Self { kind: "about", html: Some(own), email: None },
        ]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        page.canonical = Some(page.absolute(&format!("/{}", self.kind)));
    }
}
