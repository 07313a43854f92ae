//! Blocks that stand on many pages and are the same there: the hot list, the channels' headlines, the features strip.
//!
//! Made once for all pages that need them, and again as soon as anything changed anywhere (or after two seconds).

use std::borrow::Cow;
use std::sync::{Arc, OnceLock, PoisonError};

use accounts::Viewer;
use articles::Card;
use editorial::Slot;
use kernel::{ArticleId, Cursor, Locale, Result};
use recommend::{Picked, Why};
use web::render::Html;
use web::{CacheTag, RequestContext};

use crate::Site;
use crate::compose::{picked, plain};
use crate::hidden::Unwanted;
use crate::shared_blocks::{CachedBlocks, Drawn, KEPT, Shared};
use crate::views::blocks::{Features, Headlines, HotLine, HotWhy};
use crate::views::parts::{self, ChannelRef, Headline, Strip};

/// 热点推荐 on the article page: twenty, and one in the place of the article that is read.
const HOT: usize = 21;
const FEATURE_TABS: usize = 5;
const FEATURES: usize = 4;

impl Site {
    pub(crate) async fn shared_blocks(&self, locale: Locale) -> Result<Arc<Shared>> {
        let (epoch, now) = (self.pages.begin(), self.env.now());
        let place = &self.blocks.0[locale as usize];
        let kept = place.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(kept) = kept.filter(|kept| kept.epoch == epoch && now.since(kept.at) < KEPT) {
            return Ok(kept.shared);
        }
        let shared = Arc::new(self.make_blocks(locale).await?);
        *place.lock().unwrap_or_else(PoisonError::into_inner) =
            Some(CachedBlocks { epoch, at: now, shared: shared.clone() });
        Ok(shared)
    }

    async fn make_blocks(&self, locale: Locale) -> Result<Shared> {
        let hot = self.hot.top(HOT).await?;
        let channels = self.frame.channels().await?;
        let picks = self.picks(self.env.now()).await?;
        let (mut headlines, mut slots) = (Vec::new(), Vec::new());
        let mut features = Vec::new();
        for channel in &channels.list {
            let name = ChannelRef { slug: channel.slug.to_string(), name: channel.name(locale).to_owned() };
            // One headline a channel: the editors', else by heat.
            let slot = Slot::Headline(channel.slug.clone());
            let mut top = picks.of(&slot);
            slots.push(slot);
            if top.is_empty() {
                top = self.hot.by_channel(&channel.slug, 1).await?;
            }
            if top.is_empty() {
                let newest = self.articles.by_channel(&channel.slug, Cursor::START, 1).await?.items;
                let why = |card: &Card| Why::of_new(card.published_at, self.env.now());
                top = newest.into_iter().map(|card| Picked { why: why(&card), card }).collect();
            }
            headlines.extend(top.into_iter().map(|picked| (name.clone(), picked)));
            if features.len() < FEATURE_TABS {
                let originals = self.articles.originals(&channel.slug, FEATURES).await?;
                if !originals.is_empty() {
                    features.push((name, originals));
                }
            }
        }
        let top: Vec<Picked> = headlines.iter().map(|(_, picked)| picked.clone()).collect();
        let mut lists = vec![picked(&hot), picked(&top)];
        lists.extend(features.iter().map(|(_, cards)| plain(cards)));
        let mut done = self.card_lists(&lists, locale).await?.into_iter();
        let ids = lists.iter().flatten().map(|entry| entry.card.clone()).collect();
        let hot = done.next().unwrap_or_default();
        let cards = done.next().unwrap_or_default();
        let list = parts::CardList::new(cards);
        let (why, mixed) = (list.why, list.mixed);
        let headlines = headlines
            .into_iter()
            .zip(list.cards)
            .map(|((channel, _), card)| Headline { channel, card })
            .collect();
        let headlines = Headlines { headlines, why, mixed };
        let features =
            features.into_iter().zip(done).map(|((channel, _), cards)| Strip { channel, cards }).collect();
        let features = Features { features };
        let placed = picks.tags(&slots).chain([CacheTag::Headlines]).collect();
        let hot_list = parts::CardList::new(hot.clone());
        let drawn = <[OnceLock<Drawn>; 2]>::default();
        Ok(Shared { ids, placed, hot, hot_list, headlines, features, drawn })
    }

    /// The blocks as this visit's page has them.
    pub(crate) async fn drawn_blocks<'a>(
        &self,
        context: &RequestContext,
        shared: &'a Shared,
    ) -> Result<&'a Drawn> {
        let place = &shared.drawn[context.variant.edition as usize];
        if let Some(drawn) = place.get() {
            return Ok(drawn);
        }
        let drawn = self.draw_blocks(context, &shared.hot_list, &shared.headlines, &shared.features).await?;
        Ok(place.get_or_init(|| drawn))
    }

    /// The same without what a reader muted: drawn for them alone, where there is any.
    pub(crate) async fn blocks_but<'a>(
        &self,
        context: &RequestContext,
        shared: &Shared,
        drawn: &'a Drawn,
        unwanted: &Unwanted,
    ) -> Result<Cow<'a, Drawn>> {
        if unwanted.is_empty() {
            return Ok(Cow::Borrowed(drawn));
        }
        let mut headlines = shared.headlines.clone();
        headlines.headlines.retain(|headline| unwanted.shows(&headline.card));
        let mut features = shared.features.clone();
        for strip in &mut features.features {
            strip.cards.retain(|card| unwanted.shows(card));
        }
        features.features.retain(|strip| !strip.cards.is_empty());
        let hot = parts::CardList::new(shared.hot_but(unwanted, HOT));
        Ok(Cow::Owned(self.draw_blocks(context, &hot, &headlines, &features).await?))
    }

    async fn draw_blocks(
        &self,
        context: &RequestContext,
        hot: &parts::CardList,
        headlines: &Headlines,
        features: &Features,
    ) -> Result<Drawn> {
        let page = self.frame.layout(context, &Viewer::visitor()).await?;
        let line =
            |card: &parts::Card| Ok((card.id, self.frame.part(&page, &HotLine { card: card.clone() })?));
        Ok(Drawn {
            hot: hot.cards.iter().map(line).collect::<Result<_>>()?,
            hot_why: self.frame.part(&page, &HotWhy { why: hot.why.clone(), mixed: hot.mixed })?,
            headlines: self.frame.part(&page, headlines)?,
            features: self.frame.part(&page, features)?,
        })
    }
}

impl Shared {
    /// The first `n` of the hot list that a reader wants to see.
    pub fn hot_but(&self, unwanted: &Unwanted, n: usize) -> Vec<parts::Card> {
        self.hot.iter().filter(|card| unwanted.shows(card)).take(n).cloned().collect()
    }

    /// What changes the headlines besides their articles.
    pub fn placed(&self) -> impl Iterator<Item = CacheTag> + '_ {
        self.placed.iter().cloned()
    }
}

impl Drawn {
    /// The hot list on the page of one of its articles: without that one.
    pub fn hot_without(&self, id: ArticleId) -> Vec<Html> {
        self.hot
            .iter()
            .filter(|(other, _)| *other != id)
            .take(HOT - 1)
            .map(|(_, html)| html.clone())
            .collect()
    }
}
