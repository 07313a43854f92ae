//! An author's home and archive.

use kernel::Locale;
use serde::Serialize;
use serde_json::json;
use web::render::{PageLayout, View, handle_path};

use super::parts::{AuthorCard, Card, Pager};
use super::samples;

/// `/@{handle}`
#[derive(Clone, Debug, Serialize)]
pub struct AuthorHome {
    pub author: AuthorCard,
    /// What readers liked most of it.
    pub popular: Vec<Card>,
    pub latest: Vec<Card>,
    /// Address of the archive, where it holds more than stands here.
    pub all: Option<String>,
}

impl View for AuthorHome {
    const TEMPLATE: &'static str = "author.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let author = samples::author_card(locale);
        let full = Self {
            author: author.clone(),
            popular: samples::cards(locale, 3),
            latest: samples::cards(locale, 8),
            all: Some("/@nanpo-observer/articles".into()),
        };
        vec![full, Self { author, popular: vec![], latest: vec![], all: None }]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        fill_head(&self.author, "", page);
        page.description = Some(self.author.bio.clone());
        page.kind = "profile";
        page.image = self.author.avatar.as_ref().map(|avatar| page.absolute(&avatar.src));
        let url = page.absolute(&handle_path(&self.author.author.handle));
        page.json_ld = vec![json!({
            "@context": "https://schema.org",
            "@type": "ProfilePage",
            "mainEntity": {
                "@type": if self.author.kind == "person" { "Person" } else { "Organization" },
                "name": self.author.author.name,
                "description": self.author.bio,
                "url": url,
            },
        })];
    }
}

/// `/@{handle}/articles?cursor=…`
#[derive(Clone, Debug, Serialize)]
pub struct AuthorArchive {
    pub author: AuthorCard,
    pub cards: Vec<Card>,
    pub pager: Pager,
}

impl View for AuthorArchive {
    const TEMPLATE: &'static str = "archive.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let author = samples::author_card(locale);
        let pager = Pager { next: Some("/@nanpo-observer/articles?cursor=a.b".into()), first: false };
        vec![
            Self { author: author.clone(), cards: samples::cards(locale, 10), pager },
            Self { author, cards: vec![], pager: Pager { next: None, first: true } },
        ]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        fill_head(&self.author, "/articles", page);
    }
}

fn fill_head(author: &AuthorCard, below: &str, page: &mut PageLayout) {
    let base = handle_path(&author.author.handle);
    page.title = Some(author.author.name.clone());
    page.canonical = Some(page.absolute(&format!("{base}{below}")));
    page.feeds_of(&author.author.name, &base);
}
