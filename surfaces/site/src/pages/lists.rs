//! Lists of articles: channel, hot, latest, tag, and a reader's own.

use axum::extract::State;
use editorial::Slot;
use follows::Subject;
use kernel::{Error, Result, Slug, Tag, Time};
use recommend::{Picked, Span};
use serde::Deserialize;
use web::render::tag_path;
use web::{CachePolicy, CacheTag, Path, Query, RequestContext, session};

use super::{From, list_policy};
use crate::compose::{picked, plain};
use crate::views::channel::ChannelPage;
use crate::views::lists::{HotPage, Kind, ListPage};
use crate::views::parts::CardList;
use crate::views::tag::TagPage;
use crate::{Answer, Site};

const PAGE: usize = 30;
const LEAD: usize = 4;
const HOT: usize = 100;
const HOT_OF_CHANNEL: usize = 50;

pub async fn channel(
    State(site): State<Site>,
    context: RequestContext,
    Path(slug): Path<String>,
    Query(from): Query<From>,
) -> Answer {
    let slug = Slug::new(&slug).map_err(|_| Error::NotFound)?;
    let (view, policy) = match site.channel(&context, &slug, &from, site.env.now()).await {
        Err(Error::NotFound) => {
            let into = site.articles.channel_redirect(&slug).await?.ok_or(Error::NotFound)?;
            return Ok(session::moved(&format!("/channel/{into}")));
        }
        page => page?,
    };
    Ok(site.frame.shared(&context, &view, policy).await?)
}

impl Site {
    /// A part of a channel's page; the first one with what editors have on it at a time.
    pub(crate) async fn channel(
        &self,
        context: &RequestContext,
        slug: &Slug,
        from: &From,
        at: Time,
    ) -> Result<(ChannelPage, CachePolicy)> {
        let (site, locale) = (self, context.variant.locale);
        let unwanted = site.unwanted(&context.rendered_for).await?;
        let channel = site.channel_ref(slug, locale).await?.ok_or(Error::NotFound)?;
        let blocks = site.shared_blocks(locale).await?;
        let page = site.articles.by_channel(slug, from.cursor(), PAGE).await?;
        let pager = from.pager(&format!("/channel/{slug}"), &page);
        let slots = [Slot::Headline(slug.clone()), Slot::Pinned(slug.clone())];
        let (picks, mut top) = (site.picks(at).await?, Vec::<Picked>::new());
        for picked in slots.iter().filter(|_| pager.first).flat_map(|slot| picks.of(slot)) {
            if top.iter().all(|known| known.card.id != picked.card.id) {
                top.push(picked);
            }
        }
        let mut newest = page.items;
        newest.retain(|card| top.iter().all(|picked| picked.card.id != card.id));
        let entries = [picked(&top), plain(&newest)].concat();
        let also =
            picks.tags(&slots).chain([CacheTag::NewOfChannel(slug.clone()), CacheTag::Pinned(slug.clone())]);
        let policy = list_policy(&[entries.clone(), plain(&blocks.ids)], also);
        let mut cards = unwanted.left_of(site.cards(entries, locale).await?);
        let rest =
            if pager.first { cards.split_off(cards.len().min(LEAD)) } else { std::mem::take(&mut cards) };
        let hot = CardList::new(blocks.hot_but(&unwanted, 10));
        let follow = site.subject_follow(&context.rendered_for, &Subject::Channel(slug.clone())).await?;
        Ok((ChannelPage { channel, follow, lead: cards, cards: rest, hot, pager, preview: None }, policy))
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct HotAsks {
    span: Span,
    channel: Option<String>,
}

/// What is hot, now or over a day or a week, across the site or in a channel.
pub async fn hot(State(site): State<Site>, context: RequestContext, Query(asks): Query<HotAsks>) -> Answer {
    let locale = context.variant.locale;
    let slug = asks.channel.filter(|slug| !slug.is_empty()).map(|slug| Slug::new(&slug)).transpose();
    let slug = slug.map_err(|_| Error::NotFound)?;
    let (hot, channel) = match &slug {
        Some(slug) => {
            let channel = site.channel_ref(slug, locale).await?.ok_or(Error::NotFound)?;
            (site.hot.of_channel_over(slug, asks.span, HOT_OF_CHANNEL).await?, Some(channel))
        }
        None => (site.hot.over(asks.span, HOT).await?, None),
    };
    let policy = list_policy(&[picked(&hot)], [CacheTag::Hot]);
    let unwanted = site.unwanted(&context.rendered_for).await?;
    let list = unwanted.list_of(site.cards(picked(&hot), locale).await?);
    let view = HotPage { span: asks.span, channel, list };
    Ok(site.frame.shared(&context, &view, policy).await?)
}

pub async fn latest(State(site): State<Site>, context: RequestContext, Query(from): Query<From>) -> Answer {
    let page = site.articles.latest(from.cursor(), PAGE).await?;
    let policy = list_policy(&[plain(&page.items)], [CacheTag::Latest]);
    let pager = from.pager("/latest", &page);
    let unwanted = site.unwanted(&context.rendered_for).await?;
    let view = ListPage {
        kind: Kind::Latest,
        cards: unwanted.left_of(site.cards(plain(&page.items), context.variant.locale).await?),
        pager,
    };
    Ok(site.frame.shared(&context, &view, policy).await?)
}

pub async fn tag(
    State(site): State<Site>,
    context: RequestContext,
    Path(tag): Path<String>,
    Query(from): Query<From>,
) -> Answer {
    let tag = Tag::new(&tag).map_err(|_| Error::NotFound)?;
    let page = site.articles.by_tag(&tag, from.cursor(), PAGE).await?;
    if page.items.is_empty() && from.cursor.is_none() {
        return Err(Error::NotFound.into());
    }
    let ids: Vec<_> = page.items.iter().map(|card| card.id).collect();
    let mut near: Vec<(usize, String)> = Vec::new();
    for other in site
        .articles
        .tags_of(&ids)
        .await?
        .into_values()
        .flatten()
        .filter(|other| other.folded() != tag.folded())
    {
        match near.iter_mut().find(|(_, name)| *name == other.as_str()) {
            Some((n, _)) => *n += 1,
            None => near.push((1, other.to_string())),
        }
    }
    near.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let policy = list_policy(&[plain(&page.items)], [CacheTag::Latest]);
    let pager = from.pager(&tag_path(tag.as_str()), &page);
    let unwanted = site.unwanted(&context.rendered_for).await?;
    let view = TagPage {
        tag: tag.to_string(),
        follow: site.subject_follow(&context.rendered_for, &Subject::Tag(tag.clone())).await?,
        cards: unwanted.left_of(site.cards(plain(&page.items), context.variant.locale).await?),
        near: near.into_iter().take(12).map(|(_, name)| name).collect(),
        pager,
    };
    Ok(site.frame.shared(&context, &view, policy).await?)
}

/// What the reader keeps.
pub async fn favourites(
    State(site): State<Site>,
    context: RequestContext,
    Query(from): Query<From>,
) -> Answer {
    let user = context.viewer.signed_in()?;
    let page = site.follows.favourites(user.id, from.cursor(), PAGE).await?;
    let pager = from.pager("/favourites", &page);
    let ids: Vec<_> = page.items.iter().map(|kept| kept.article).collect();
    let cards = site.cards(plain(&site.articles.cards(&ids).await?), context.variant.locale).await?;
    let view = ListPage { kind: Kind::Favourites, cards, pager };
    Ok(site.frame.page(&context, &view).await?)
}
