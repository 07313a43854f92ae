//! What editors chose: open to everybody, as far as the articles are.

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use editorial::{Slot, SlotItem, Topic};
use http::Uri;
use kernel::{ArticleId, Error, Slug};
use web::Path;

use crate::error::Result;
use crate::input::Params;
use crate::responses::{BadParameters, NotFound};
use crate::{Api, view};

/// List headlines
///
/// What editors put first and readers see now: the lead of the home page, then each channel's headline and pins, each in its order.
/// Places that editors left empty are filled by heat on the pages, and are not listed.
#[utoipa::path(
    get,
    path = "/api/v1/headlines",
    operation_id = "listHeadlines",
    tag = "Reading",
    params(("channel" = Option<String>, Query, description = "Slug of a channel: only what is on its page.", example = "tech")),
    responses((status = 200, description = "What editors put first.", body = view::Headlines), BadParameters),
)]
pub async fn headlines(State(api): State<Api>, mut params: Params) -> Result<Json<view::Headlines>> {
    let channel = params.read("channel", Slug::new);
    api.check_channel(channel.as_ref(), &mut params).await?;
    params.finish()?;
    let mut slots = Vec::new();
    if channel.is_none() {
        slots.push(Slot::Home);
    }
    for known in api.articles.channels().await? {
        if channel.as_ref().is_none_or(|asked| *asked == known.slug) {
            slots.extend([Slot::Headline(known.slug.clone()), Slot::Pinned(known.slug)]);
        }
    }
    let standing = api.editorial.standing(api.env.now()).await?;
    let mut ids = standing.articles();
    ids.sort_unstable();
    ids.dedup();
    let cards = api.cards(api.articles.cards(&ids).await?).await?;
    let cards: HashMap<ArticleId, view::Card> = cards.into_iter().map(|card| (card.id, card)).collect();
    let mut items = Vec::new();
    for slot in &slots {
        let seen = standing.slot(slot).iter().filter_map(|placement| match placement.thing {
            SlotItem::Article(id) => Some((placement, cards.get(&id)?)),
            SlotItem::Topic(_) => None,
        });
        items.extend(seen.take(slot.capacity()).map(|(placement, card)| view::Headline {
            slot: slot.kind(),
            channel: slot.channel().cloned(),
            note: placement.note.clone(),
            since: placement.starts_at,
            until: placement.ends_at,
            article: card.clone(),
        }));
    }
    Ok(Json(view::Headlines { items }))
}

/// List topics
///
/// What editors put together, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/topics",
    operation_id = "listTopics",
    tag = "Reading",
    params(
        ("cursor" = Option<String>, Query, description = "Where to go on: `next` of the page before."),
        ("limit" = Option<usize>, Query, description = "Topics on a page; 20 where it is not given.", minimum = 1, maximum = 100),
    ),
    responses(
        (status = 200, description = "A page of topics.", body = view::Page<view::TopicCard>,
            headers(("Link" = String, description = "`<…>; rel=\"next\"` while the list goes on."))),
        BadParameters,
    ),
)]
pub async fn topics(State(api): State<Api>, uri: Uri, mut params: Params) -> Result<Response> {
    let (from, limit) = (params.cursor(), params.limit());
    params.finish()?;
    let page = api.editorial.live_topics(from, limit).await?;
    let items = page.items.into_iter().map(|topic| api.topic_card(topic)).collect();
    Ok(api.paged::<view::TopicCard>(&uri, items, page.next))
}

/// Get a topic
///
/// With its articles under their headings; those before all headings have an empty one.
#[utoipa::path(
    get,
    path = "/api/v1/topics/{slug}",
    operation_id = "getTopic",
    tag = "Reading",
    params(("slug" = String, Path, description = "The topic's name in addresses.", example = "spring-tide")),
    responses((status = 200, description = "The topic.", body = view::Topic), NotFound),
)]
pub async fn topic(State(api): State<Api>, Path(slug): Path<Slug>) -> Result<Json<view::Topic>> {
    let topic = api.editorial.live_topic(&slug).await?;
    let members = api.editorial.members(&[topic.id]).await?.remove(&topic.id).unwrap_or_default();
    let ids: Vec<ArticleId> = members.iter().map(|member| member.article).collect();
    let cards = api.articles.cards(&ids).await?;
    if cards.is_empty() {
        return Err(Error::NotFound.into());
    }
    let mut sections = Vec::new();
    for (title, cards) in editorial::sections(&members, &cards) {
        sections.push(view::TopicSection { title, items: api.cards(cards).await? });
    }
    Ok(Json(view::Topic { topic: api.topic_card(topic), sections }))
}

impl Api {
    fn topic_card(&self, topic: Topic) -> view::TopicCard {
        view::TopicCard {
            url: self.address(&format!("/topic/{}", topic.slug)),
            slug: topic.slug,
            title: view::Names { zh: topic.text.zh, en: topic.text.en },
            summary: view::Names { zh: topic.text.summary_zh, en: topic.text.summary_en },
            published_at: topic.published_at.unwrap_or(topic.created_at),
        }
    }
}
