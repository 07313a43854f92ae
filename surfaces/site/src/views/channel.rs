//! A channel's page.

use kernel::Locale;
use serde::Serialize;
use web::render::{PageLayout, View};

use super::parts::{Card, CardList, ChannelRef, Pager, Preview};
use super::samples;
use super::slots::SubjectFollow;

/// `/channel/{slug}?cursor=…`
#[derive(Clone, Debug, Serialize)]
pub struct ChannelPage {
    /// Set where an editor looks how it will be.
    pub preview: Option<Preview>,
    pub channel: ChannelRef,
    pub follow: SubjectFollow,
    /// On the first part: the headline and a few beside it, what the editors chose before the newest.
    pub lead: Vec<Card>,
    pub cards: Vec<Card>,
    /// The hot list of the whole site, in the side column.
    pub hot: CardList,
    pub pager: Pager,
}

impl View for ChannelPage {
    const TEMPLATE: &'static str = "channel.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let channel = samples::channel(locale, 0);
        let follow = SubjectFollow { path: "/channel/city".into(), following: false };
        let full = Self {
            preview: None,
            channel: channel.clone(),
            follow: follow.clone(),
            lead: samples::led(locale),
            cards: samples::cards(locale, 12),
            hot: CardList::new(samples::heated(locale, 10)),
            pager: Pager { next: Some("/channel/city?cursor=a.b".into()), first: true },
        };
        let empty = Self {
            preview: None,
            channel,
            follow: SubjectFollow { following: true, ..follow },
            lead: vec![],
            cards: vec![],
            hot: CardList::default(),
            pager: Pager { next: None, first: false },
        };
        let preview = Self { preview: Some(Preview::sample("/preview/channel/city")), ..full.clone() };
        vec![full, empty, preview]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        let base = format!("/channel/{}", self.channel.slug);
        page.title = Some(self.channel.name.clone());
        page.channel = Some(self.channel.slug.clone());
        page.feeds_of(&self.channel.name, &base);
        if self.preview.is_some() {
            page.index = false;
        } else {
            page.canonical = Some(page.absolute(&base));
        }
    }
}
