//! What comes out of all that somebody follows, newest first: of each author, channel, tag and topic the next few, merged.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use articles::{Card, Listed};
use editorial::Topic;
use kernel::{ArticleId, AuthorId, Cursor, Page, Result, Slug, Tag, Time, TopicId, UserId};

use crate::model::{Because, FollowedArticle, Subject, Which};
use crate::service::Follows;
use crate::store;

/// How often the next are looked for where nearly all that is found is unwanted. The page is short then, and leads on.
const ROUNDS: usize = 4;

/// What one user follows, as far as it is asked about.
#[derive(Default)]
struct Sources {
    authors: Vec<AuthorId>,
    channels: Vec<Slug>,
    tags: Vec<Tag>,
    topics: Vec<Arc<Topic>>,
    /// What stands in the topics, with the number of the first of them.
    in_topics: Vec<(Listed, usize)>,
}

/// Of several reasons the first is given: an author was chosen by name, an editor chose for a topic, a channel is wide.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Via {
    Author,
    Topic(usize),
    Tag(usize),
    Channel,
}

#[derive(Clone, Copy)]
struct Found {
    at: Time,
    id: ArticleId,
    via: Via,
}

impl Found {
    const fn cursor(&self) -> Cursor {
        Cursor { key: self.at.millis(), id: self.id.raw() }
    }
}

impl Follows {
    /// The visible articles of what the user follows, each once and why, without those of some authors. A page may be short, and have a
    /// next one, where nearly all is by them.
    pub async fn feed(
        &self,
        user: UserId,
        which: Which,
        without: &HashSet<AuthorId>,
        from: Cursor,
        limit: usize,
    ) -> Result<Page<FollowedArticle>> {
        let sources = self.sources(user, which, without).await?;
        let (mut kept, mut from): (Vec<(Found, Card)>, _) = (Vec::new(), from);
        for _ in 0..ROUNDS {
            let found = self.next(&sources, from, limit + 1).await?;
            let ids: Vec<ArticleId> = found.iter().map(|one| one.id).collect();
            let mut cards: HashMap<ArticleId, Card> =
                self.articles.cards(&ids).await?.into_iter().map(|card| (card.id, card)).collect();
            for one in &found {
                let card = cards.remove(&one.id).filter(|card| !without.contains(&card.author));
                kept.extend(card.map(|card| (*one, card)));
            }
            let last = found.last().filter(|_| found.len() > limit).map(Found::cursor);
            let Some(last) = last.filter(|_| kept.len() <= limit) else {
                let page = Page::cut(kept, limit, |(one, _): &(Found, Card)| one.cursor());
                return Ok(page.map(|(one, card)| sources.article(one, card)));
            };
            from = last;
        }
        let items = kept.into_iter().map(|(one, card)| sources.article(one, card)).collect();
        Ok(Page { items, next: Some(from) })
    }

    async fn sources(&self, user: UserId, which: Which, without: &HashSet<AuthorId>) -> Result<Sources> {
        let mut sources = Sources::default();
        if which.has(Which::Authors) {
            sources.authors = store::following(&self.db, user).await?;
            sources.authors.retain(|author| !without.contains(author));
        }
        if which == Which::Authors {
            return Ok(sources);
        }
        let mut topics = Vec::new();
        for one in self.subjects(user).await? {
            match one.subject {
                Subject::Channel(slug) if which.has(Which::Channels) => sources.channels.push(slug),
                Subject::Tag(tag) if which.has(Which::Tags) => sources.tags.push(tag),
                Subject::Topic(id) if which.has(Which::Topics) => topics.push(id),
                _ => {}
            }
        }
        self.open_topics(&topics, &mut sources).await?;
        Ok(sources)
    }

    /// A topic has a hundred articles at most: when all of them came out is looked up at once.
    async fn open_topics(&self, topics: &[TopicId], sources: &mut Sources) -> Result<()> {
        if topics.is_empty() {
            return Ok(());
        }
        let live = self.editorial.topics_by_id(topics).await?.into_iter().filter(|topic| topic.live);
        sources.topics = live.map(Arc::new).collect();
        let ids: Vec<TopicId> = sources.topics.iter().map(|topic| topic.id).collect();
        let mut members = self.editorial.members(&ids).await?;
        let mut of = HashMap::new();
        for (number, id) in ids.iter().enumerate() {
            for member in members.remove(id).unwrap_or_default() {
                of.entry(member.article).or_insert(number);
            }
        }
        let articles: Vec<ArticleId> = of.keys().copied().collect();
        let listed = self.articles.listed(&articles).await?;
        sources.in_topics = listed.into_iter().filter_map(|one| Some((one, *of.get(&one.id)?))).collect();
        Ok(())
    }

    /// The next `n` after `from`, each once. The newest of all are among the newest `n` of each.
    async fn next(&self, sources: &Sources, from: Cursor, n: usize) -> Result<Vec<Found>> {
        let mut found = Vec::new();
        let authors = self.articles.listed_by_authors(&sources.authors, from, n).await?;
        found.extend(authors.iter().map(|one| Found { at: one.published_at, id: one.id, via: Via::Author }));
        let tags = self.articles.newest_of_tags(&sources.tags, from, n).await?;
        found.extend(tags.iter().map(|one| Found {
            at: one.published_at,
            id: one.id,
            via: Via::Tag(one.of),
        }));
        let channels = self.articles.newest_of_channels(&sources.channels, from, n).await?;
        found.extend(channels.iter().map(|one| Found {
            at: one.published_at,
            id: one.id,
            via: Via::Channel,
        }));
        let topics = sources.in_topics.iter().map(|(one, number)| Found {
            at: one.published_at,
            id: one.id,
            via: Via::Topic(*number),
        });
        found.extend(topics.filter(|one| (one.cursor().key, one.cursor().id) < (from.key, from.id)));
        found.sort_unstable_by_key(|one| (Reverse((one.at, one.id)), one.via));
        found.dedup_by_key(|one| one.id);
        found.truncate(n);
        Ok(found)
    }
}

impl Sources {
    fn article(&self, found: Found, card: Card) -> FollowedArticle {
        let because = match found.via {
            Via::Author => Because::Author,
            Via::Topic(number) => Because::Topic(self.topics[number].clone()),
            Via::Tag(number) => Because::Tag(self.tags[number].clone()),
            Via::Channel => Because::Channel,
        };
        FollowedArticle { card, because }
    }
}
