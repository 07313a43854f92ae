//! 要闻: what editors put into the slots of the site. What is done to one of them is in `placed.rs`.

use std::collections::HashMap;

use accounts::Action;
use articles::{Article, Card, State as ArticleState};
use axum::extract::State;
use editorial::{Placement, Slot, SlotItem, Terms, Topic};
use kernel::{ArticleId, Error, Invalid, Locale, Result, Time, TopicId};
use search::Query as Words;
use serde::Deserialize;
use web::render::Form as Filled;
use web::{Form, Path, Query, RequestContext, local_time, session};

use crate::codes;
use crate::layout::{Asked, channel_name};
use crate::views::headlines::{Candidate, Headlines, Row, SlotName, SlotPage, SlotSummary};
use crate::{Admin, Answer};

/// So many articles are offered for what was typed.
const FOUND: usize = 8;
const TOPICS: usize = 50;

/// `GET /admin/headlines`: every slot, and what readers see there
pub async fn list(State(admin): State<Admin>, context: RequestContext) -> Answer {
    context.viewer.require(Action::CurateHeadlines)?;
    let locale = context.variant.locale;
    let coming = admin.editorial.coming().await?;
    let channels = admin.articles.channels().await?;
    let mut slots = vec![Slot::Home, Slot::Topics];
    for channel in &channels {
        slots.push(Slot::Headline(channel.slug.clone()));
        slots.push(Slot::Pinned(channel.slug.clone()));
    }
    let things = admin.named_items(coming.iter().map(|placement| placement.thing), locale).await?;
    let now = context.now;
    let place = |slot: &Slot| {
        let there: Vec<&Placement> = coming.iter().filter(|placement| placement.slot == *slot).collect();
        let rows = rows(&there, &things, slot, now);
        let standing = rows.iter().filter(|row| row.state == "now");
        let seen = standing.map(|row| (row.title.clone(), row.language.clone())).collect();
        SlotSummary {
            name: slot.name(),
            seen,
            coming: rows.iter().filter(|row| row.state != "now").count() as i64,
        }
    };
    let of_channel = channels.iter().map(|channel| {
        let name = SlotName { slug: channel.slug.to_string(), name: channel.name(locale).to_owned() };
        let (slug, pinned) = (channel.slug.clone(), channel.slug.clone());
        (name, place(&Slot::Headline(slug)), place(&Slot::Pinned(pinned)))
    });
    let view = Headlines {
        layout: admin.layout(&context.viewer, "headlines", "").await?,
        home: place(&Slot::Home),
        topics: place(&Slot::Topics),
        channels: of_channel.collect(),
    };
    Ok(admin.frame.page(&context, &view).await?)
}

/// `GET /admin/headlines/{slot}?q=`: what is in a slot, and what could be put there
pub async fn show(
    State(admin): State<Admin>,
    context: RequestContext,
    Path(slot): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    context.viewer.require(Action::CurateHeadlines)?;
    let slot = Slot::named(&slot).ok_or(Error::NotFound)?;
    let view = admin.slot_page(&context, &slot, &asked.q, &asked.done, Filled::default()).await?;
    Ok(admin.frame.page(&context, &view).await?)
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    /// What was looked for, so that it can be shown again.
    q: String,
    thing: String,
    #[serde(flatten)]
    terms: TermFields,
}

/// When something stands in a slot, and the note beside it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct TermFields {
    pub starts: String,
    pub ends: String,
    pub note: String,
}

impl TermFields {
    /// Codes: `time-unclear`, at `starts` or `ends`.
    pub fn read(&self, zone: &str) -> Result<Terms> {
        let mut errors = Invalid::default();
        let mut time = |field: &'static str, text: &str| {
            if text.trim().is_empty() {
                return None;
            }
            let time = local_time::read(text, zone);
            if time.is_none() {
                errors.add(field, codes::TIME_UNCLEAR);
            }
            time
        };
        let (starts_at, ends_at) = (time("starts", &self.starts), time("ends", &self.ends));
        errors.check()?;
        Ok(Terms { starts_at, ends_at, note: Some(self.note.clone()) })
    }

    pub fn form(&self) -> Filled {
        Filled::sent([
            ("starts", self.starts.as_str()),
            ("ends", self.ends.as_str()),
            ("note", self.note.as_str()),
        ])
    }
}

/// `POST /admin/headlines/{slot}`: `thing` (id of an article or topic), `starts`, `ends`, `note`; `q` as it was asked
pub async fn place(
    State(admin): State<Admin>,
    context: RequestContext,
    Path(slot): Path<String>,
    Form(fields): Form<Fields>,
) -> Answer {
    context.viewer.require(Action::CurateHeadlines)?;
    let slot = Slot::named(&slot).ok_or(Error::NotFound)?;
    let placed = match (slot_item(&slot, &fields.thing), fields.terms.read(&admin.frame.site().zone)) {
        (Some(thing), Ok(terms)) => {
            admin.editorial.place(&context.viewer, slot.clone(), thing, terms).await.map(drop)
        }
        (None, Err(Error::Invalid(errors))) => Err(Error::Invalid(errors.with("thing", codes::THING_EMPTY))),
        (None, _) => Err(Error::invalid("thing", codes::THING_EMPTY)),
        (_, Err(error)) => Err(error),
    };
    match placed {
        Ok(()) => Ok(session::see_other(&format!("/admin/headlines/{}?done=placed", slot.name()))),
        Err(Error::Invalid(errors)) => {
            let form = fields.terms.form().with("thing", fields.thing.clone()).refused(&errors);
            let view = admin.slot_page(&context, &slot, &fields.q, "", form).await?;
            Ok(admin.frame.refused(&context, &view).await?)
        }
        Err(error) => Err(error.into()),
    }
}

fn slot_item(slot: &Slot, id: &str) -> Option<SlotItem> {
    match slot {
        Slot::Topics => id.parse().ok().map(SlotItem::Topic),
        _ => id.parse().ok().map(SlotItem::Article),
    }
}

/// What is in a slot, by name.
#[derive(Clone)]
pub struct Named {
    pub title: String,
    pub language: String,
    /// Where it can be read; where it is not for readers, where editors look at it. Without one it has no title either.
    pub href: String,
    pub seen: bool,
}

pub type NamedItems = HashMap<SlotItem, Named>;

impl Admin {
    async fn slot_page(
        &self,
        context: &RequestContext,
        slot: &Slot,
        q: &str,
        done: &str,
        form: Filled,
    ) -> Result<SlotPage> {
        let (locale, now) = (context.variant.locale, context.now);
        let all = self.editorial.slot(slot).await?;
        let things = self.named_items(all.iter().map(|placement| placement.thing), locale).await?;
        let users = self.users_of(all.iter().map(|placement| placement.by)).await?;
        let (over, there): (Vec<_>, Vec<_>) = all.iter().partition(|placement| placement.is_over(now));
        let by = |row: Row| Row { by: users.get(&row.by_id).cloned(), ..row };
        let found = match slot {
            Slot::Topics => self.topics_to_place(locale).await?,
            _ => self.articles_to_place(context, q).await?,
        };
        // One match needs no choice.
        let form = match found.as_slice() {
            [only] if !form.has("thing") => form.with("thing", only.id.clone()),
            _ => form,
        };
        let channels = self.frame.channels().await?;
        let preview = match slot.channel() {
            Some(channel) => format!("/preview/channel/{channel}"),
            None => "/preview/home".to_owned(),
        };
        Ok(SlotPage {
            layout: self.layout(&context.viewer, "headlines", done).await?,
            name: slot.name(),
            kind: slot.kind(),
            channel: channel_name(slot.channel(), &channels.list, locale),
            places: slot.capacity() as i64,
            rows: rows(&there, &things, slot, now).into_iter().map(by).collect(),
            over: rows(&over, &things, slot, now).into_iter().map(by).collect(),
            q: q.to_owned(),
            found,
            form,
            zone: self.frame.site().zone.clone(),
            preview,
        })
    }

    /// What is in slots, whatever became of it.
    pub async fn named_items(
        &self,
        things: impl Iterator<Item = SlotItem>,
        locale: Locale,
    ) -> Result<NamedItems> {
        let (mut articles, mut topics) = (Vec::<ArticleId>::new(), Vec::<TopicId>::new());
        for thing in things {
            match thing {
                SlotItem::Article(id) => articles.push(id),
                SlotItem::Topic(id) => topics.push(id),
            }
        }
        let mut named = NamedItems::new();
        articles.sort_unstable();
        articles.dedup();
        for about in self.abouts(articles).await?.into_values() {
            let state = ArticleState::named(about.state).unwrap_or(ArticleState::Draft);
            let seen = state.is_visible();
            // What is back on its author's desk is nobody else's to read.
            let known = seen || matches!(state, ArticleState::Scheduled | ArticleState::Retracted);
            let page = if seen { "article" } else { "admin/review" };
            let (title, href) =
                if known { (about.title, format!("/{page}/{}", about.id)) } else { Default::default() };
            let one = Named { title, language: about.language, href, seen };
            named.insert(SlotItem::Article(about.id), one);
        }
        for topic in self.editorial.topics_by_id(&topics).await? {
            named.insert(SlotItem::Topic(topic.id), topic_named(&topic, locale));
        }
        Ok(named)
    }

    async fn topics_to_place(&self, locale: Locale) -> Result<Vec<Candidate>> {
        let topics = self.editorial.topics(kernel::Cursor::START, TOPICS).await?.items;
        let candidate = |topic: Topic| {
            let named = topic_named(&topic, locale);
            Candidate {
                id: topic.id.to_string(),
                title: named.title,
                language: named.language,
                author: None,
                at: topic.published_at,
                waits: !named.seen,
            }
        };
        Ok(topics.into_iter().map(candidate).collect())
    }

    /// The article that `q` is the address of, else those that have its words.
    pub async fn articles_to_place(&self, context: &RequestContext, q: &str) -> Result<Vec<Candidate>> {
        if q.trim().is_empty() {
            return Ok(Vec::new());
        }
        if let Some(id) = address(q) {
            match self.articles.get(id).await {
                Ok(article) if placeable(&article) => {
                    let author = self.authors_of([article.author]).await?.remove(&article.author);
                    return Ok(vec![Candidate {
                        id: id.to_string(),
                        title: article.draft.title,
                        language: article.language,
                        author,
                        at: article.published_at.or(article.publish_at),
                        waits: !article.state.is_visible(),
                    }]);
                }
                Ok(_) | Err(Error::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
        let query = Words { text: q.to_owned(), limit: FOUND, ..Words::default() };
        let permit = self.search.admit(context.network).await?;
        let found = self.search.query(&query, &permit).await?;
        let cards: Vec<Card> = found.hits.into_iter().map(|hit| hit.card).collect();
        let authors = self.authors_of(cards.iter().map(|card| card.author)).await?;
        let candidate = |card: Card| Candidate {
            id: card.id.to_string(),
            title: card.title,
            language: card.language,
            author: authors.get(&card.author).cloned(),
            at: Some(card.published_at),
            waits: false,
        };
        Ok(cards.into_iter().map(candidate).collect())
    }
}

fn topic_named(topic: &Topic, locale: Locale) -> Named {
    let (title, language) = topic.text.title(locale);
    let href =
        if topic.live { format!("/topic/{}", topic.slug) } else { format!("/admin/topics/{}", topic.id) };
    Named { title: title.to_owned(), language: language.to_owned(), href, seen: topic.live }
}

/// What is approved; other people's drafts are not the editors' to find.
fn placeable(article: &Article) -> bool {
    article.state.is_visible() || article.state == ArticleState::Scheduled
}

/// The article in an address of this site, as it stands in the browser's bar, or its bare number.
fn address(text: &str) -> Option<ArticleId> {
    let path = text.trim().split(['?', '#']).next()?;
    path.trim_end_matches('/').rsplit('/').next()?.parse().ok()
}

/// `there` in its order, with what readers see of it.
fn rows(there: &[&Placement], things: &NamedItems, slot: &Slot, now: Time) -> Vec<Row> {
    let mut free = slot.capacity();
    let row = |(place, placement): (i64, &&Placement)| {
        let named = things.get(&placement.thing);
        let seen = named.is_some_and(|named| named.seen);
        let state = match () {
            () if placement.is_over(now) => "over",
            () if !seen => "hidden",
            () if !placement.stands(now) => "later",
            () if free == 0 => "next",
            () => {
                free -= 1;
                "now"
            }
        };
        Row {
            id: placement.id,
            place,
            title: named.map(|named| named.title.clone()).unwrap_or_default(),
            language: named.map(|named| named.language.clone()).unwrap_or_default(),
            href: named.map(|named| named.href.clone()).unwrap_or_default(),
            state,
            note: placement.note.clone(),
            starts: placement.starts_at,
            ends: placement.ends_at,
            by_id: placement.by,
            by: None,
            at: placement.at,
        }
    };
    (1..).zip(there).map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_an_article() {
        let id = ArticleId::new(2_716_057_984_311_296);
        for text in [
            format!("https://news.example/article/{id}"),
            format!(" http://127.0.0.1:8080/article/{id}?from=hot#comments "),
            format!("/admin/review/{id}/"),
            id.to_string(),
        ] {
            assert_eq!(address(&text), Some(id), "{text}");
        }
        assert_eq!(address("潮汐表是怎样做出来的"), None);
        assert_eq!(address("https://news.example/"), None);
    }
}
