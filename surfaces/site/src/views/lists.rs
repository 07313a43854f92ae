//! Lists across the site: hot, latest, following, for you, favourites.

use kernel::Locale;
use serde::Serialize;
use web::render::{Chrome, View};

use super::parts::{AuthorCard, Card, Pager};
use super::samples;

/// `/hot`: ranked, with numbers.
#[derive(Clone, Debug, Serialize)]
pub struct HotPage {
    pub cards: Vec<Card>,
}

impl View for HotPage {
    const TEMPLATE: &'static str = "hot.html";

    fn samples(locale: Locale) -> Vec<Self> {
        vec![Self { cards: samples::reasoned(locale) }, Self { cards: vec![] }]
    }

    fn dress(&self, page: &mut Chrome) {
        page.canonical = Some(page.absolute("/hot"));
    }
}

/// Which list it is: its title, its words where it is empty, its address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// `/latest`
    Latest,
    /// `/following`
    Following,
    /// `/for-you`
    ForYou,
    /// `/favourites`
    Favourites,
}

/// `/latest`, `/following`, `/for-you`, `/favourites`, each with `?cursor=…`
#[derive(Clone, Debug, Serialize)]
pub struct ListPage {
    pub kind: Kind,
    pub cards: Vec<Card>,
    /// Authors one could follow, where the list is empty for want of any.
    pub authors: Vec<AuthorCard>,
    pub pager: Pager,
}

impl View for ListPage {
    const TEMPLATE: &'static str = "list.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let kinds = [Kind::Latest, Kind::Following, Kind::ForYou, Kind::Favourites];
        let full = |kind| Self {
            kind,
            cards: samples::cards(locale, 12),
            authors: vec![],
            pager: Pager { next: Some("/latest?cursor=a.b".into()), first: true },
        };
        let empty = |kind| Self {
            kind,
            cards: vec![],
            authors: vec![samples::author_card(locale)],
            pager: Pager { next: None, first: true },
        };
        kinds.into_iter().flat_map(|kind| [full(kind), empty(kind)]).collect()
    }

    fn dress(&self, page: &mut Chrome) {
        page.index = self.kind == Kind::Latest;
        if page.index {
            page.canonical = Some(page.absolute("/latest"));
        }
    }
}
