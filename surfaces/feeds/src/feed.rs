//! What a feed holds, whatever its format.

use std::collections::HashMap;

use articles::Card;
use authors::Author;
use axum::extract::State;
use axum::response::Response;
use http::{HeaderValue, header};
use kernel::{AuthorId, Cursor, Error, Handle, Result, Slug, Tag, Time, lang};
use web::render::{handle_path, tag_path};
use web::{CacheTag, Failure, Path, session};

use crate::dates::changed;
use crate::xml::clean;
use crate::{Feeds, html, page};

/// Articles in a feed.
const ITEMS: usize = 30;
/// How long a feed is kept when nothing that is watched changes: the names of site and channels are not.
const KEEP_MINUTES: u64 = 10;

/// A way to write a feed.
pub trait Format {
    /// The file's name at the end of the address.
    const FILE: &'static str;
    const MIME: &'static str;
    fn write(feed: &Feed) -> Result<Vec<u8>>;
}

/// Texts are clean for XML and addresses are full.
pub struct Feed {
    pub title: String,
    pub description: String,
    pub language: &'static str,
    /// The page that lists the same articles, and this file.
    pub page: String,
    pub own: String,
    pub icon: Option<String>,
    /// Who wrote all of it, where that is one.
    pub author: Option<Person>,
    pub items: Vec<Item>,
    /// What stands for the time of the last change where nothing tells it.
    pub begun: Time,
}

#[derive(Clone)]
pub struct Person {
    pub name: String,
    pub page: String,
    pub avatar: Option<String>,
}

pub struct Item {
    /// The article's page, which is its identity too.
    pub page: String,
    pub title: String,
    pub summary: Option<String>,
    pub html: String,
    /// BCP 47, where it is known.
    pub language: Option<String>,
    pub author: Person,
    /// The channel first, then the tags.
    pub categories: Vec<String>,
    pub published: Option<Time>,
    pub updated: Time,
    pub cover: Option<Cover>,
    /// Where a reprint was first published.
    pub source: Option<String>,
}

pub struct Cover {
    pub address: String,
    pub mime: &'static str,
    /// In bytes.
    pub len: u64,
}

impl Feed {
    /// When anything in it last changed; nothing for an empty one.
    pub fn updated(&self) -> Option<Time> {
        self.items.iter().map(|item| item.updated).max()
    }
}

pub async fn of_site<F: Format>(State(feeds): State<Feeds>) -> Result<Response, Failure> {
    let cards = feeds.articles.latest(Cursor::START, ITEMS).await?.items;
    let title = feeds.site().name.clone();
    Ok(feeds.answer::<F>(title, "", None, &cards, CacheTag::Latest).await?)
}

pub async fn of_channel<F: Format>(
    State(feeds): State<Feeds>,
    Path(slug): Path<Slug>,
) -> Result<Response, Failure> {
    let channels = feeds.articles.channels().await?;
    let Some(channel) = channels.iter().find(|channel| channel.slug == slug) else {
        let into = feeds.articles.channel_redirect(&slug).await?.ok_or(Error::NotFound)?;
        return Ok(session::moved(&format!("/channel/{into}/{}", F::FILE)));
    };
    let cards = feeds.articles.by_channel(&slug, Cursor::START, ITEMS).await?.items;
    let title = format!("{} · {}", channel.name(feeds.locale()), feeds.site().name);
    let base = format!("/channel/{slug}");
    Ok(feeds.answer::<F>(title, &base, None, &cards, CacheTag::NewOfChannel(slug)).await?)
}

pub async fn of_author<F: Format>(
    State(feeds): State<Feeds>,
    Path(handle): Path<Handle>,
) -> Result<Response, Failure> {
    let author = feeds.authors.find_by_handle(&handle).await?.ok_or(Error::NotFound)?;
    let cards = feeds.articles.by_author(author.id, Cursor::START, ITEMS).await?.items;
    let title = format!("{} · {}", author.name, feeds.site().name);
    let (base, new) = (handle_path(author.handle.as_str()), CacheTag::NewOfAuthor(author.id));
    Ok(feeds.answer::<F>(title, &base, Some(author), &cards, new).await?)
}

pub async fn of_tag<F: Format>(
    State(feeds): State<Feeds>,
    Path(tag): Path<String>,
) -> Result<Response, Failure> {
    let tag = Tag::new(&tag).map_err(|_| Error::NotFound)?;
    let cards = feeds.articles.by_tag(&tag, Cursor::START, ITEMS).await?.items;
    if cards.is_empty() {
        return Err(Error::NotFound.into());
    }
    let title = format!("#{tag} · {}", feeds.site().name);
    Ok(feeds.answer::<F>(title, &tag_path(tag.as_str()), None, &cards, CacheTag::Latest).await?)
}

impl Feeds {
    /// `base` is the path of the page that lists the same, without a slash at its end.
    async fn answer<F: Format>(
        &self,
        title: String,
        base: &str,
        author: Option<Author>,
        cards: &[Card],
        new: CacheTag,
    ) -> Result<Response> {
        let mut things = vec![new];
        things.extend(cards.iter().map(|card| CacheTag::Article(card.id)));
        let mut shown: Vec<AuthorId> = cards.iter().map(|card| card.author).collect();
        shown.extend(author.as_ref().map(|author| author.id));
        shown.sort_unstable();
        shown.dedup();
        things.extend(shown.into_iter().map(CacheTag::Author));

        let bio = author.as_ref().map(|author| author.bio.as_str()).filter(|bio| !bio.is_empty());
        let mut people = match &author {
            Some(author) => self.people(std::slice::from_ref(author)).await?,
            None => HashMap::new(),
        };
        let person = author.as_ref().and_then(|author| people.remove(&author.id));
        let feed = Feed {
            title: clean(&title),
            description: clean(bio.unwrap_or(&self.site().tagline)),
            language: self.locale().tag(),
            page: self.address(if base.is_empty() { "/" } else { base }),
            own: self.address(&format!("{base}/{}", F::FILE)),
            icon: person.as_ref().and_then(|person| person.avatar.clone()),
            author: person,
            items: self.items(cards).await?,
            begun: self.begun,
        };
        let body = F::write(&feed)?;
        let modified = feed.updated().map(|_| self.versions.modified(&feed.own, &body, self.env.now()));
        let mut response = page(F::MIME, body, things, KEEP_MINUTES);
        if let Some(modified) = modified {
            let date = HeaderValue::try_from(web::http_date(modified)).map_err(Error::internal)?;
            response.headers_mut().insert(header::LAST_MODIFIED, date);
        }
        Ok(response)
    }

    async fn items(&self, cards: &[Card]) -> Result<Vec<Item>> {
        let mut ids: Vec<AuthorId> = cards.iter().map(|card| card.author).collect();
        ids.sort_unstable();
        ids.dedup();
        let people = self.people(&self.authors.get_many(&ids).await?).await?;
        let channels = self.articles.channels().await?;
        let names: HashMap<&Slug, &str> =
            channels.iter().map(|channel| (&channel.slug, channel.name(self.locale()))).collect();

        let mut items = Vec::with_capacity(cards.len());
        for card in cards {
            let article = match self.articles.get_visible(card.id).await {
                Ok(article) => article,
                // Taken back since the list was read.
                Err(Error::NotFound | Error::Gone(_)) => continue,
                Err(error) => return Err(error),
            };
            let Some(author) = people.get(&card.author).cloned() else { continue };
            let page = self.article_address(card.id);
            let channel = names.get(&card.channel).copied();
            let tags = article.draft.tags.iter().map(Tag::as_str);
            let language = Some(card.language.clone()).filter(|language| language != lang::UNKNOWN);
            let html = html::absolute(&article.html, language.as_deref(), &self.site().url, &page)?;
            items.push(Item {
                title: clean(&card.title),
                summary: Some(clean(card.subtitle.as_deref().unwrap_or(&card.excerpt)))
                    .filter(|summary| !summary.trim().is_empty()),
                html: clean(&html),
                language,
                author,
                categories: channel.into_iter().chain(tags).map(clean).collect(),
                published: Some(card.published_at).filter(|at| at.is_publication()),
                updated: changed(card).unwrap_or(self.begun),
                cover: self.cover(card).await?,
                source: article.draft.source_url,
                page,
            });
        }
        Ok(items)
    }

    async fn people(&self, authors: &[Author]) -> Result<HashMap<AuthorId, Person>> {
        let hashes: Vec<&str> = authors.iter().filter_map(|author| author.avatar.as_deref()).collect();
        let pictures = self.media.get_many(&hashes).await?;
        let person = |author: &Author| {
            let picture = author.avatar.as_ref().and_then(|hash| pictures.get(hash));
            let person = Person {
                name: clean(&author.name),
                page: self.address(&handle_path(author.handle.as_str())),
                avatar: picture.map(|picture| self.address(&picture.fallback())),
            };
            (author.id, person)
        };
        Ok(authors.iter().map(person).collect())
    }

    /// The first cover in the form that every reader can show.
    async fn cover(&self, card: &Card) -> Result<Option<Cover>> {
        let Some(hash) = card.covers.first() else { return Ok(None) };
        let Some(picture) = self.media.find(hash).await? else { return Ok(None) };
        let path = picture.fallback();
        let name = path.rsplit('/').next().unwrap_or_default();
        match self.media.open(hash, name).await {
            Ok(file) => Ok(Some(Cover { address: self.address(&path), mime: file.mime, len: file.size() })),
            // Its file is missing: the article goes out without a picture.
            Err(Error::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
