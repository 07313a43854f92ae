//! Sitemaps (sitemaps.org 0.9) and Google's news sitemap.

use std::collections::HashSet;
use std::io;
use std::time::Duration;

use articles::Card;
use axum::extract::State;
use axum::response::Response;
use kernel::{ArticleId, Cursor, Error, Result, Time, lang};
use web::render::handle_path;
use web::{CacheTag, Failure, Path};

use crate::parts::{MOST, SitemapEntry};
use crate::xml::{Xml, document, text};
use crate::{Feeds, page};

const MIME: &str = "application/xml; charset=utf-8";
const SITEMAP: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";
const NEWS: &str = "http://www.google.com/schemas/sitemap-news/0.9";
/// Google reads news of the last two days, a thousand at most.
const NEWS_AGE: Duration = Duration::from_hours(48);
const NEWS_MOST: usize = 1_000;
const TOPICS_MOST: usize = 1_000;

struct Url {
    address: String,
    changed: Option<Time>,
}

/// All pages; on a large site the index of the parts that hold them.
pub async fn all(State(feeds): State<Feeds>) -> Result<Response, Failure> {
    let cut = feeds.parts.cut(&feeds.articles).await?;
    let body = if cut.is_small() {
        let articles = feeds.parts.read(&feeds.articles, 1).await?;
        let mut urls = feeds.fronts(MOST - articles.len()).await?;
        urls.extend(feeds.urls(&articles).await?);
        urlset(&urls)?
    } else {
        index((0..=cut.len()).map(|n| feeds.address(&format!("/sitemap-{n}.xml"))))?
    };
    Ok(page(MIME, body, vec![CacheTag::Latest, CacheTag::Topics], 60))
}

/// `/sitemap-0.xml` holds the front pages, those from 1 on the articles, oldest first.
pub async fn part(State(feeds): State<Feeds>, Path(part): Path<String>) -> Result<Response, Failure> {
    let number = part.strip_suffix(".xml").and_then(|n| n.parse().ok());
    let urls = match number.ok_or(Error::NotFound)? {
        0 => feeds.fronts(MOST).await?,
        n => {
            let places = feeds.parts.read(&feeds.articles, n).await?;
            if places.is_empty() {
                return Err(Error::NotFound.into());
            }
            feeds.urls(&places).await?
        }
    };
    Ok(page(MIME, urlset(&urls)?, vec![CacheTag::Latest, CacheTag::Topics], 60))
}

pub async fn news(State(feeds): State<Feeds>) -> Result<Response, Failure> {
    let since = feeds.env.now().minus(NEWS_AGE);
    let mut cards = feeds.articles.latest(Cursor::START, NEWS_MOST).await?.items;
    cards.retain(|card| card.published_at >= since);
    let elsewhere = feeds.elsewhere(&cards.iter().map(|card| card.id).collect::<Vec<_>>()).await?;
    cards.retain(|card| !elsewhere.contains(&card.id));
    let mut things = vec![CacheTag::Latest];
    things.extend(cards.iter().map(|card| CacheTag::Article(card.id)));
    Ok(page(MIME, feeds.newsset(&cards)?, things, 10))
}

impl Feeds {
    /// The addresses of articles that stand here first.
    async fn urls(&self, places: &[SitemapEntry]) -> Result<Vec<Url>> {
        let elsewhere = self.elsewhere(&places.iter().map(|place| place.id).collect::<Vec<_>>()).await?;
        let own = places.iter().filter(|place| !elsewhere.contains(&place.id));
        Ok(own.map(|place| Url { address: self.article_address(place.id), changed: place.changed }).collect())
    }

    /// Those that say themselves that they stand at another address (`rel=canonical`): a sitemap must not name them.
    async fn elsewhere(&self, ids: &[ArticleId]) -> Result<HashSet<ArticleId>> {
        let canonical = self.articles.canonical_addresses(ids).await?;
        let own = |id: ArticleId, address: &str| address == self.article_address(id);
        Ok(canonical.into_iter().filter(|(id, address)| !own(*id, address)).map(|(id, _)| id).collect())
    }

    /// Home, lists, channels, topics and authors, `most` at most: authors beyond that are found through their articles.
    async fn fronts(&self, most: usize) -> Result<Vec<Url>> {
        let mut paths: Vec<String> = ["/", "/latest", "/hot"].map(str::to_owned).into();
        paths.extend(
            self.articles.channels().await?.iter().map(|channel| format!("/channel/{}", channel.slug)),
        );
        paths.extend(self.topics().await?);
        let mut from = Some(Cursor::START);
        while let Some(cursor) = from.filter(|_| paths.len() < most) {
            let authors = self.authors.list(cursor, 500).await?;
            paths.extend(authors.items.iter().map(|author| handle_path(author.handle.as_str())));
            from = authors.next;
        }
        paths.truncate(most);
        Ok(paths.iter().map(|path| Url { address: self.address(path), changed: None }).collect())
    }

    /// The list of topics and each of them, where there are any; editors make few.
    async fn topics(&self) -> Result<Vec<String>> {
        let topics = self.editorial.live_topics(Cursor::START, TOPICS_MOST).await?.items;
        let list = (!topics.is_empty()).then(|| "/topics".to_owned());
        let each = topics.iter().map(|topic| format!("/topic/{}", topic.slug));
        Ok(list.into_iter().chain(each).collect())
    }

    fn newsset(&self, cards: &[Card]) -> Result<Vec<u8>> {
        document(|xml| {
            let names = [("xmlns", SITEMAP), ("xmlns:news", NEWS)];
            let urls = xml.create_element("urlset").with_attributes(names);
            urls.write_inner_content(|xml| cards.iter().try_for_each(|card| self.news_item(xml, card)))?;
            Ok(())
        })
    }

    fn news_item(&self, xml: &mut Xml, card: &Card) -> io::Result<()> {
        let publication = |xml: &mut Xml| {
            text(xml, "news:name", &self.site().name)?;
            // What cannot be told of the article is told of the publication.
            let known = Some(card.language.as_str()).filter(|language| *language != lang::UNKNOWN);
            text(xml, "news:language", news_language(known.unwrap_or(self.locale().tag())))
        };
        let news = |xml: &mut Xml| {
            xml.create_element("news:publication").write_inner_content(publication)?;
            text(xml, "news:publication_date", &card.published_at.rfc3339())?;
            text(xml, "news:title", &card.title)
        };
        let url = |xml: &mut Xml| {
            text(xml, "loc", &self.article_address(card.id))?;
            xml.create_element("news:news").write_inner_content(news).map(drop)
        };
        xml.create_element("url").write_inner_content(url).map(drop)
    }
}

fn urlset(urls: &[Url]) -> Result<Vec<u8>> {
    document(|xml| {
        let set = xml.create_element("urlset").with_attribute(("xmlns", SITEMAP));
        set.write_inner_content(|xml| {
            urls.iter().try_for_each(|url| entry(xml, "url", &url.address, url.changed))
        })?;
        Ok(())
    })
}

fn index(mut parts: impl Iterator<Item = String>) -> Result<Vec<u8>> {
    document(|xml| {
        let index = xml.create_element("sitemapindex").with_attribute(("xmlns", SITEMAP));
        index.write_inner_content(|xml| parts.try_for_each(|part| entry(xml, "sitemap", &part, None)))?;
        Ok(())
    })
}

fn entry(xml: &mut Xml, name: &str, address: &str, changed: Option<Time>) -> io::Result<()> {
    let inside = |xml: &mut Xml| {
        text(xml, "loc", address)?;
        changed.map_or(Ok(()), |changed| text(xml, "lastmod", &changed.rfc3339()))
    };
    xml.create_element(name).write_inner_content(inside).map(drop)
}

/// ISO 639, but Google wants Chinese told apart by its script.
fn news_language(tag: &str) -> &str {
    let lower = tag.to_ascii_lowercase();
    match lower.as_str() {
        "zh" | "zh-cn" | "zh-hans" | "zh-sg" => "zh-cn",
        "zh-tw" | "zh-hant" | "zh-hk" | "zh-mo" => "zh-tw",
        _ => tag.split('-').next().unwrap_or(tag),
    }
}
