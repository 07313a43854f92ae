//! From what the features know to what pages show: cards with their pictures, names and counts, in few queries however many.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use articles::Card;
use authors::Author;
use kernel::{ArticleId, AuthorId, Cursor, Error, Locale, Result, Slug};
use media::Picture;
use recommend::{Picked, Why};
use web::CacheTag;

use crate::Site;
use crate::shared_blocks::{AuthorFacts, CachedFacts, KEPT};
use crate::views::parts::{self, AuthorCard, AuthorRef, ChannelRef, Cover, Follow};

/// 往期回顾
const ARCHIVE: usize = 5;
/// An article of a list, with the reason why it is there unless all of the list has one reason: then the list says it.
#[derive(Clone, Copy)]
pub struct Entry<'a> {
    pub card: &'a Card,
    pub why: Option<&'a Why>,
}

pub fn plain(cards: &[Card]) -> Vec<Entry<'_>> {
    cards.iter().map(|card| Entry { card, why: None }).collect()
}

pub fn picked(list: &[Picked]) -> Vec<Entry<'_>> {
    list.iter().map(|picked| Entry { card: &picked.card, why: Some(&picked.why) }).collect()
}

/// Width at which a picture is asked for by browsers that know no `srcset`.
const PLAIN_WIDTH: u32 = 640;

impl Site {
    /// Cards as lists show them, in the order given.
    pub(crate) async fn cards(&self, list: Vec<Entry<'_>>, locale: Locale) -> Result<Vec<parts::Card>> {
        let mut done = self.card_lists(&[list], locale).await?;
        Ok(done.pop().unwrap_or_default())
    }

    /// Several lists at once: one round of queries serves them all.
    pub(crate) async fn card_lists(
        &self,
        lists: &[Vec<Entry<'_>>],
        locale: Locale,
    ) -> Result<Vec<Vec<parts::Card>>> {
        let ids: HashSet<ArticleId> = lists.iter().flatten().map(|entry| entry.card.id).collect();
        let ids: Vec<ArticleId> = ids.into_iter().collect();
        let (counts, named) = tokio::try_join!(self.comments.counts(&ids), self.named_in(lists))?;
        Ok(drawn(lists, &counts, &named, locale))
    }

    /// The same where it is known already how many comments each article has.
    pub(crate) async fn card_lists_with(
        &self,
        lists: &[Vec<Entry<'_>>],
        counts: &HashMap<ArticleId, i64>,
        locale: Locale,
    ) -> Result<Vec<Vec<parts::Card>>> {
        Ok(drawn(lists, counts, &self.named_in(lists).await?, locale))
    }

    /// All that cards name beside themselves.
    async fn named_in(&self, lists: &[Vec<Entry<'_>>]) -> Result<Named> {
        let all = || lists.iter().flatten().map(|entry| entry.card);
        let authors: HashSet<AuthorId> = all().map(|card| card.author).collect();
        let authors: Vec<AuthorId> = authors.into_iter().collect();
        let hashes: HashSet<&str> =
            all().filter_map(|card| card.covers.first().map(String::as_str)).collect();
        let hashes: Vec<&str> = hashes.into_iter().collect();
        let (authors, pictures, channels) = tokio::try_join!(
            self.authors_by_id(&authors),
            self.media.get_many(&hashes),
            self.frame.channels(),
        )?;
        Ok(Named { authors, pictures, channels })
    }

    pub(crate) async fn authors_by_id(&self, ids: &[AuthorId]) -> Result<HashMap<AuthorId, Author>> {
        let kept = ids.iter().filter_map(|&id| Some((id, self.cached_facts(id)?.author.clone())));
        let mut found: HashMap<AuthorId, Author> = kept.collect();
        let missing: Vec<AuthorId> = ids.iter().copied().filter(|id| !found.contains_key(id)).collect();
        if !missing.is_empty() {
            found
                .extend(self.authors.get_many(&missing).await?.into_iter().map(|author| (author.id, author)));
        }
        Ok(found)
    }

    pub(crate) async fn channel_ref(&self, slug: &Slug, locale: Locale) -> Result<Option<ChannelRef>> {
        let channels = self.frame.channels().await?;
        let found = channels.list.iter().find(|channel| channel.slug == *slug);
        Ok(found.map(|channel| ChannelRef { slug: slug.to_string(), name: channel.name(locale).to_owned() }))
    }

    /// An author with figures, as they were two seconds ago at most.
    pub(crate) async fn author_facts(&self, id: AuthorId) -> Result<Arc<AuthorFacts>> {
        let (epoch, now) = (self.pages.begin(), self.env.now());
        if let Some(kept) = self.cached_facts(id) {
            return Ok(kept);
        }
        let author = self.authors.find(id).await?.ok_or(Error::NotFound)?;
        let facts = Arc::new(self.facts_of(author).await?);
        self.facts.0.insert(id, CachedFacts { epoch, at: now, facts: facts.clone() });
        Ok(facts)
    }

    fn cached_facts(&self, id: AuthorId) -> Option<Arc<AuthorFacts>> {
        let (epoch, now) = (self.pages.begin(), self.env.now());
        let kept = self.facts.0.get(&id).filter(|kept| kept.epoch == epoch && now.since(kept.at) < KEPT)?;
        Some(kept.facts)
    }

    async fn facts_of(&self, author: Author) -> Result<AuthorFacts> {
        let articles = self.articles.counts_by_author(&[author.id]).await?;
        let followers = self.follows.follower_counts(&[author.id]).await?;
        let avatar = match &author.avatar {
            Some(hash) => self.media.find(hash).await?.map(|picture| cover(&picture)),
            None => None,
        };
        Ok(AuthorFacts {
            newest: self.articles.by_author(author.id, Cursor::START, ARCHIVE + 1).await?.items,
            owners: self.authors.owners(author.id).await?,
            articles: articles.get(&author.id).copied().unwrap_or(0),
            followers: followers.get(&author.id).copied().unwrap_or(0),
            avatar,
            author,
        })
    }

    /// An author with figures. `follow` says what the button does.
    pub(crate) async fn author_card(&self, author: &Author, follow: Follow) -> Result<AuthorCard> {
        Ok(self.facts_of(author.clone()).await?.card(follow))
    }
}

/// What cards name beside themselves.
struct Named {
    authors: HashMap<AuthorId, Author>,
    pictures: HashMap<String, Picture>,
    channels: Arc<web::Channels>,
}

fn drawn(
    lists: &[Vec<Entry<'_>>],
    counts: &HashMap<ArticleId, i64>,
    named: &Named,
    locale: Locale,
) -> Vec<Vec<parts::Card>> {
    let name = |slug: &Slug| {
        named
            .channels
            .list
            .iter()
            .find(|c| c.slug == *slug)
            .map_or_else(|| slug.to_string(), |c| c.name(locale).to_owned())
    };
    let card = |&Entry { card, why }: &Entry<'_>| {
        let author = named.authors.get(&card.author).map_or_else(nobody, author_ref);
        let channel = ChannelRef { slug: card.channel.to_string(), name: name(&card.channel) };
        parts::Card {
            why: why.map(|why| parts::Reason::of(why, &author.name, &channel.name)),
            id: card.id,
            title: card.title.clone(),
            subtitle: card.subtitle.clone(),
            excerpt: card.excerpt.clone(),
            language: card.language.clone(),
            cover: card.covers.first().and_then(|hash| named.pictures.get(hash)).map(cover),
            author,
            channel,
            at: card.published_at,
            comments: counts.get(&card.id).copied().unwrap_or(0),
            declarations: card.declarations.iter().map(|d| d.name()).collect(),
        }
    };
    lists.iter().map(|list| list.iter().map(card).collect()).collect()
}

impl AuthorFacts {
    /// 往期回顾: the author's latest articles, without the one that is read.
    pub fn archive(&self, without: ArticleId) -> Vec<Card> {
        self.newest.iter().filter(|card| card.id != without).take(ARCHIVE).cloned().collect()
    }

    /// `follow` says what the button does.
    pub fn card(&self, follow: Follow) -> AuthorCard {
        AuthorCard {
            author: author_ref(&self.author),
            kind: self.author.kind.name(),
            avatar: self.avatar.clone(),
            field: self.author.field.clone(),
            bio: self.author.bio.clone(),
            region: self.author.region.clone(),
            articles: self.articles,
            followers: self.followers,
            follow,
        }
    }
}

pub fn author_ref(author: &Author) -> AuthorRef {
    AuthorRef { name: author.name.clone(), handle: author.handle.to_string(), verified: author.verified }
}

/// An author that was deleted between two queries.
fn nobody() -> AuthorRef {
    AuthorRef { name: "—".to_owned(), handle: "-".to_owned(), verified: false }
}

pub fn cover(picture: &Picture) -> Cover {
    Cover {
        src: picture.url(PLAIN_WIDTH),
        srcset: picture.srcset(),
        width: picture.width,
        height: picture.height,
        colour: picture.colour.clone(),
        alt: String::new(),
    }
}

/// A picture as link previews want it: a JPEG or PNG.
pub fn preview(picture: &Picture) -> Cover {
    Cover { src: picture.fallback(), ..cover(picture) }
}

/// What a page shows that lists these cards.
pub fn tags_of(list: &[Entry<'_>]) -> impl Iterator<Item = CacheTag> {
    let authors: HashSet<AuthorId> = list.iter().map(|entry| entry.card.author).collect();
    list.iter().map(|entry| CacheTag::Article(entry.card.id)).chain(authors.into_iter().map(CacheTag::Author))
}
