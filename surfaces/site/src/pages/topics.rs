//! `/topics` and `/topic/{slug}`

use articles::Card;
use axum::extract::State;
use follows::Subject;
use kernel::{ArticleId, Cursor, Error, Slug};
use web::{CacheTag, Path, Query, RequestContext};

use super::{From, list_policy};
use crate::compose::{Entry, plain};
use crate::picks::topic_ref;
use crate::views::topics::{Section, TopicPage, TopicsPage};
use crate::{Answer, Site};

const PAGE: usize = 12;
const OTHERS: usize = 4;

pub async fn list(State(site): State<Site>, context: RequestContext, Query(from): Query<From>) -> Answer {
    let page = site.editorial.live_topics(from.cursor(), PAGE).await?;
    let pager = from.pager("/topics", &page);
    let view = TopicsPage { topics: site.topic_cards(&page.items, context.variant.locale).await?, pager };
    Ok(site.frame.shared(&context, &view, list_policy(&[], [CacheTag::Topics, CacheTag::Latest])).await?)
}

pub async fn show(State(site): State<Site>, context: RequestContext, Path(slug): Path<Slug>) -> Answer {
    let locale = context.variant.locale;
    let topic = site.editorial.live_topic(&slug).await?;
    let members = site.editorial.members(&[topic.id]).await?.remove(&topic.id).unwrap_or_default();
    let ids: Vec<ArticleId> = members.iter().map(|member| member.article).collect();
    let cards = site.articles.cards(&ids).await?;
    // All of its articles were taken away since it was published.
    if cards.is_empty() {
        return Err(Error::NotFound.into());
    }
    let mut others = site.editorial.live_topics(Cursor::START, OTHERS + 1).await?.items;
    others.retain(|other| other.id != topic.id);
    others.truncate(OTHERS);
    let sections = editorial::sections(&members, &cards);
    let lists: Vec<Vec<Entry<'_>>> = sections.iter().map(|(_, cards)| plain(cards)).collect();
    // Also of those that are not to be seen now: they may be again.
    let also = ids.iter().map(|&id| CacheTag::Article(id)).chain([CacheTag::Topics]);
    let policy = list_policy(&lists, also);
    let done = site.card_lists(&lists, locale).await?;
    let unwanted = site.unwanted(&context.rendered_for).await?;
    let view = TopicPage {
        card: site.topic_card(&topic, &cards.iter().collect::<Vec<&Card>>(), locale).await?,
        follow: site.subject_follow(&context.rendered_for, &Subject::Topic(topic.id)).await?,
        sections: sections
            .into_iter()
            .zip(done)
            .map(|((title, _), cards)| Section { title, cards: unwanted.left_of(cards) })
            .filter(|section| !section.cards.is_empty())
            .collect(),
        others: others.iter().map(|other| topic_ref(other, locale)).collect(),
    };
    Ok(site.frame.shared(&context, &view, policy).await?)
}
