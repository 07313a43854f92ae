//! A reader's own list.

use kernel::Locale;
use serde::Serialize;
use web::render::{PageLayout, Part, View};

use super::parts::{CardList, Pager};
use super::samples;

/// `/for-you`
#[derive(Clone, Debug, Serialize)]
pub struct ForYouPage {
    pub list: CardList,
    /// Chosen for the reader; else it is what is hot, the same for everybody.
    pub tuned: bool,
    pub pager: Pager,
}

impl View for ForYouPage {
    const TEMPLATE: &'static str = "for_you.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let pager = Pager { next: Some("/for-you?cursor=a.b".into()), first: true };
        let full = Self { list: CardList::new(samples::reasoned(locale)), tuned: true, pager };
        let hot = CardList::new(samples::heated(locale, 9));
        let general = Self { list: hot, tuned: false, pager: Pager { next: None, first: true } };
        let empty = Self { list: CardList::default(), ..general.clone() };
        vec![full, general, empty]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        page.index = false;
    }
}

/// `for-you-front`: on the home page, the first of the reader's own list; nothing where there is none.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ForYouFront {
    pub list: CardList,
}

impl Part for ForYouFront {
    const TEMPLATE: &'static str = "parts/slot-for-you-front.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let list = CardList::new(samples::reasoned(locale).into_iter().take(4).collect());
        vec![Self::default(), Self { list }]
    }
}
