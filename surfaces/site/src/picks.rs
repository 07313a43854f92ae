//! What editors put into the slots of the site, as lists take it.

use std::collections::HashMap;

use articles::Card;
use editorial::{Slot, SlotItem, Standing, Topic};
use kernel::{ArticleId, Locale, Result, Time};
use recommend::{Picked, Why};
use web::CacheTag;

use crate::Site;
use crate::compose::cover;
use crate::views::topics::{TopicCard, TopicRef};

/// What stands in all slots at one time, with the cards of what may be seen of it.
pub struct Picks {
    standing: Standing,
    cards: HashMap<ArticleId, Card>,
}

impl Site {
    pub(crate) async fn picks(&self, at: Time) -> Result<Picks> {
        let standing = self.editorial.standing(at).await?;
        let mut ids = standing.articles();
        ids.sort_unstable();
        ids.dedup();
        let cards = self.articles.cards(&ids).await?.into_iter().map(|card| (card.id, card)).collect();
        Ok(Picks { standing, cards })
    }

    /// The live topics that stand on the home page.
    pub(crate) async fn picked_topics(&self, picks: &Picks, locale: Locale) -> Result<Vec<TopicCard>> {
        let mut topics = self.editorial.topics_by_id(&picks.standing.topics()).await?;
        topics.retain(|topic| topic.live);
        topics.truncate(Slot::Topics.capacity());
        self.topic_cards(&topics, locale).await
    }

    /// Topics as lists show them. One of which nothing may be seen is left out.
    pub(crate) async fn topic_cards(&self, topics: &[Topic], locale: Locale) -> Result<Vec<TopicCard>> {
        let ids: Vec<_> = topics.iter().map(|topic| topic.id).collect();
        let members = self.editorial.members(&ids).await?;
        let mut all: Vec<ArticleId> = members.values().flatten().map(|member| member.article).collect();
        all.sort_unstable();
        all.dedup();
        let cards: HashMap<ArticleId, Card> =
            self.articles.cards(&all).await?.into_iter().map(|card| (card.id, card)).collect();
        let mut done = Vec::new();
        for topic in topics {
            let members = members.get(&topic.id).map_or(&[][..], Vec::as_slice);
            let seen: Vec<&Card> = members.iter().filter_map(|member| cards.get(&member.article)).collect();
            if !seen.is_empty() {
                done.push(self.topic_card(topic, &seen, locale).await?);
            }
        }
        Ok(done)
    }

    /// `seen` are its articles that may be seen, in its order: the picture is the chosen one's, else that of the first that has one.
    pub(crate) async fn topic_card(
        &self,
        topic: &Topic,
        seen: &[&Card],
        locale: Locale,
    ) -> Result<TopicCard> {
        let chosen = seen.iter().filter(|card| Some(card.id) == topic.cover);
        let hash = chosen.chain(seen).find_map(|card| card.covers.first());
        let picture = match hash {
            Some(hash) => self.media.find(hash).await?,
            None => None,
        };
        let newest = seen.iter().map(|card| card.published_at).max();
        let (summary, summary_language) = topic.text.summary(locale);
        Ok(TopicCard {
            topic: topic_ref(topic, locale),
            summary: summary.to_owned(),
            summary_language,
            cover: picture.as_ref().map(cover),
            articles: seen.len() as i64,
            at: newest.max(topic.published_at).unwrap_or(topic.changed_at),
        })
    }
}

pub fn topic_ref(topic: &Topic, locale: Locale) -> TopicRef {
    let (title, language) = topic.text.title(locale);
    TopicRef { slug: topic.slug.to_string(), title: title.to_owned(), language }
}

impl Picks {
    /// The articles of a slot that may be seen, as many as it has places.
    pub fn of(&self, slot: &Slot) -> Vec<Picked> {
        let picked = |placement: &editorial::Placement| {
            let SlotItem::Article(id) = placement.thing else { return None };
            let card = self.cards.get(&id)?.clone();
            let why = placement.note.clone().map_or(Why::Editor, Why::EditorSays);
            Some(Picked { card, why })
        };
        self.standing.slot(slot).iter().filter_map(picked).take(slot.capacity()).collect()
    }

    /// What changes a page that shows these slots: also that an article of them may be seen from now on.
    pub fn tags<'a>(&'a self, slots: &'a [Slot]) -> impl Iterator<Item = CacheTag> + 'a {
        let placed = slots.iter().flat_map(|slot| self.standing.slot(slot));
        placed.filter_map(|placement| match placement.thing {
            SlotItem::Article(id) => Some(CacheTag::Article(id)),
            SlotItem::Topic(_) => None,
        })
    }
}
