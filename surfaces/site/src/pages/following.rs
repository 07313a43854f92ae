//! `/following`, all that a reader follows in one list, and `/settings/following`, where they look through it.
//!
//! All of it is the reader's own: each handler begins by asking who it is.

use std::collections::HashMap;

use axum::extract::State;
use follows::{Subject, Which};
use kernel::{AuthorId, Cursor, Locale, Result, TopicId, UserId};
use serde::Deserialize;
use web::render::{handle_path, tag_path};
use web::{Query, RequestContext};

use super::From;
use crate::compose::picked;
use crate::hidden::Unwanted;
use crate::picks::topic_ref;
use crate::views::following::{FollowRow, FollowingPage, FollowsPage, Group};
use crate::views::parts::{AuthorCard, Follow};
use crate::{Answer, Site};

const PAGE: usize = 30;
/// Authors on one page of the settings; all else is on the first.
const AUTHORS: usize = 100;
/// Of each kind, so many that one could follow.
const SUGGESTED: usize = 6;

/// `?kind=…&cursor=…`
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asks {
    kind: Which,
    cursor: Option<Cursor>,
}

/// What is new of all that the reader follows, or of one kind of it.
pub async fn list(State(site): State<Site>, context: RequestContext, Query(asks): Query<Asks>) -> Answer {
    let user = context.viewer.signed_in()?;
    let (which, from, locale) = (asks.kind, From { cursor: asks.cursor }, context.variant.locale);
    let unwanted = site.unwanted(&context.viewer).await?;
    let page = site.followed(user.id, which, &unwanted, from.cursor(), PAGE, locale).await?;
    let base = match which {
        Which::All => "/following".to_owned(),
        part => format!("/following?kind={}", part.name()),
    };
    let pager = from.pager(&base, &page);
    let cards = site.cards(picked(&page.items), locale).await?;
    let (mut authors, mut subjects) = (Vec::new(), Vec::new());
    if cards.is_empty() && pager.next.is_none() {
        authors = site.suggest_authors(user.id, which, &unwanted).await?;
        subjects = site.suggest_subjects(user.id, which, locale).await?;
    }
    let view = FollowingPage { which, parts: Which::ALL.to_vec(), base, cards, authors, subjects, pager };
    Ok(site.frame.page(&context, &view).await?)
}

/// All that the reader follows, each with the way to stop.
pub async fn settings(State(site): State<Site>, context: RequestContext, Query(from): Query<From>) -> Answer {
    let user = context.viewer.signed_in()?;
    let page = site.follows.followed_authors(user.id, from.cursor(), AUTHORS).await?;
    let pager = from.pager("/settings/following", &page);
    let ids: Vec<AuthorId> = page.items.iter().map(|one| one.author).collect();
    let known = site.authors_by_id(&ids).await?;
    let author = |id: &AuthorId| {
        let author = known.get(id)?;
        Some(FollowRow::new(author.name.clone(), None, handle_path(author.handle.as_str())))
    };
    let authors = Group { kind: "authors", rows: ids.iter().filter_map(author).collect() };
    let mut groups =
        if pager.first { site.followed_groups(user.id, context.variant.locale).await? } else { Vec::new() };
    groups.push(authors);
    groups.retain(|group| !group.rows.is_empty());
    let view = FollowsPage { groups, at: context.here().to_owned(), pager };
    Ok(site.frame.page(&context, &view).await?)
}

impl Site {
    /// Channels, topics and tags that somebody follows; of topics, those that readers see.
    async fn followed_groups(&self, user: UserId, locale: Locale) -> Result<Vec<Group>> {
        let subjects = self.follows.subjects(user).await?;
        let channels = self.frame.channels().await?;
        let ids: Vec<TopicId> = subjects
            .iter()
            .filter_map(|one| match one.subject {
                Subject::Topic(id) => Some(id),
                _ => None,
            })
            .collect();
        let topics: HashMap<TopicId, _> = self
            .editorial
            .topics_by_id(&ids)
            .await?
            .into_iter()
            .filter(|topic| topic.live)
            .map(|topic| (topic.id, topic_ref(&topic, locale)))
            .collect();
        let mut groups = ["channels", "topics", "tags"].map(|kind| Group { kind, rows: Vec::new() });
        for one in subjects {
            match one.subject {
                Subject::Channel(slug) => {
                    let channel = channels.list.iter().find(|channel| channel.slug == slug);
                    let name = channel.map_or(slug.as_str(), |channel| channel.name(locale)).to_owned();
                    let path = format!("/channel/{slug}");
                    groups[0].rows.push(FollowRow::new(name, Some(locale.tag()), path));
                }
                Subject::Topic(id) => {
                    let Some(topic) = topics.get(&id) else { continue };
                    let path = format!("/topic/{}", topic.slug);
                    groups[1].rows.push(FollowRow::new(topic.title.clone(), Some(topic.language), path));
                }
                Subject::Tag(tag) => {
                    let path = tag_path(tag.as_str());
                    groups[2].rows.push(FollowRow::new(tag.to_string(), None, path));
                }
            }
        }
        Ok(groups.into())
    }

    async fn suggest_authors(
        &self,
        user: UserId,
        which: Which,
        unwanted: &Unwanted,
    ) -> Result<Vec<AuthorCard>> {
        let mut suggested = Vec::new();
        if !which.has(Which::Authors) {
            return Ok(suggested);
        }
        let followed = self.follows.following(user).await?;
        let some = self.authors.list(Cursor::START, SUGGESTED).await?.items;
        for author in some.into_iter().filter(|author| !unwanted.has_author(author.id)) {
            let follow = Follow {
                handle: author.handle.to_string(),
                name: author.name.clone(),
                following: followed.contains(&author.id),
                own: false,
                muted: None,
            };
            suggested.push(self.author_card(&author, follow).await?);
        }
        Ok(suggested)
    }

    /// Channels and topics that they do not follow yet. Tags are found on articles.
    async fn suggest_subjects(&self, user: UserId, which: Which, locale: Locale) -> Result<Vec<FollowRow>> {
        let followed: Vec<Subject> =
            self.follows.subjects(user).await?.into_iter().map(|one| one.subject).collect();
        let mut suggested = Vec::new();
        if which.has(Which::Channels) {
            let channels = self.frame.channels().await?;
            let others = channels
                .list
                .iter()
                .filter(|channel| !followed.contains(&Subject::Channel(channel.slug.clone())));
            suggested.extend(others.take(SUGGESTED).map(|channel| {
                let path = format!("/channel/{}", channel.slug);
                FollowRow::new(channel.name(locale).to_owned(), Some(locale.tag()), path)
            }));
        }
        if which.has(Which::Topics) {
            let mut topics = self.editorial.live_topics(Cursor::START, SUGGESTED).await?.items;
            topics.retain(|topic| !followed.contains(&Subject::Topic(topic.id)));
            // Without those of which nothing may be seen.
            suggested.extend(self.topic_cards(&topics, locale).await?.into_iter().map(|card| {
                let path = format!("/topic/{}", card.topic.slug);
                FollowRow::new(card.topic.title, Some(card.topic.language), path)
            }));
        }
        Ok(suggested)
    }
}
