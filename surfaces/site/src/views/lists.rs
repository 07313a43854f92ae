//! Lists across the site: hot, latest, favourites, history.

use kernel::Locale;
use recommend::Span;
use serde::Serialize;
use web::render::{PageLayout, View};

use super::parts::{Card, CardList, ChannelRef, Pager};
use super::samples;

/// `/hot`: ranked, with numbers; `?span=day`, `?span=week`, `&channel=…`.
#[derive(Clone, Debug, Serialize)]
pub struct HotPage {
    /// `now`, `day` or `week`
    pub span: Span,
    /// Without one, the whole site's.
    pub channel: Option<ChannelRef>,
    pub list: CardList,
}

impl View for HotPage {
    const TEMPLATE: &'static str = "hot.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let channel = samples::channel(locale, 1);
        vec![
            Self { span: Span::Now, channel: None, list: CardList::new(samples::reasoned(locale)) },
            Self {
                span: Span::Week,
                channel: Some(channel),
                list: CardList::new(samples::heated(locale, 9)),
            },
            Self { span: Span::Day, channel: None, list: CardList::default() },
        ]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        let span = (self.span != Span::Now).then(|| format!("span={}", self.span.name()));
        let channel = self.channel.as_ref().map(|channel| format!("channel={}", channel.slug));
        let asks: Vec<String> = channel.into_iter().chain(span).collect();
        let query = if asks.is_empty() { String::new() } else { format!("?{}", asks.join("&")) };
        page.canonical = Some(page.absolute(&format!("/hot{query}")));
    }
}

/// Which list it is: its title, its words where it is empty, its address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// `/latest`
    Latest,
    /// `/favourites`
    Favourites,
    /// `/history`
    History,
}

/// `/latest`, `/favourites`, `/history`, each with `?cursor=…`
#[derive(Clone, Debug, Serialize)]
pub struct ListPage {
    pub kind: Kind,
    pub cards: Vec<Card>,
    pub pager: Pager,
}

impl View for ListPage {
    const TEMPLATE: &'static str = "list.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let kinds = [Kind::Latest, Kind::Favourites, Kind::History];
        let full = |kind| Self {
            kind,
            cards: samples::cards(locale, 12),
            pager: Pager { next: Some("/latest?cursor=a.b".into()), first: true },
        };
        let empty = |kind| Self { kind, cards: vec![], pager: Pager { next: None, first: true } };
        kinds.into_iter().flat_map(|kind| [full(kind), empty(kind)]).collect()
    }

    fn fill_head(&self, page: &mut PageLayout) {
        page.index = self.kind == Kind::Latest;
        if page.index {
            page.canonical = Some(page.absolute("/latest"));
        }
    }
}
