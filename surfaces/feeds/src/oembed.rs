//! oEmbed 1.0 (oembed.com): what another site needs to show a link to an article. The type is `link`: it needs no trust
//! in us and no frame, and everybody can draw it.

use articles::Card;
use authors::Author;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use kernel::{ArticleId, Error, Result};
use media::Picture;
use serde::{Deserialize, Serialize};
use web::render::handle_path;
use web::{CacheTag, Failure, Query};

use crate::xml::{clean, document, text};
use crate::{Feeds, page};

/// How wide a thumbnail is where the asker does not say.
const WIDTH: u32 = 640;
/// The answer may be kept so long (seconds).
const AGE: u32 = 3_600;

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Ask {
    url: String,
    format: String,
    maxwidth: String,
    maxheight: String,
}

#[derive(Serialize)]
struct Link {
    version: &'static str,
    r#type: &'static str,
    title: String,
    author_name: String,
    author_url: String,
    provider_name: String,
    provider_url: String,
    cache_age: u32,
    #[serde(flatten)]
    thumbnail: Option<Thumbnail>,
}

#[derive(Serialize)]
struct Thumbnail {
    #[serde(rename = "thumbnail_url")]
    url: String,
    #[serde(rename = "thumbnail_width")]
    width: u32,
    #[serde(rename = "thumbnail_height")]
    height: u32,
}

pub async fn oembed(State(feeds): State<Feeds>, Query(ask): Query<Ask>) -> Result<Response, Failure> {
    if !matches!(ask.format.as_str(), "" | "json" | "xml") {
        return Ok(StatusCode::NOT_IMPLEMENTED.into_response());
    }
    let id = article_at(&ask.url, &feeds.site().url).ok_or(Error::NotFound)?;
    let card = feeds.articles.cards(&[id]).await?.pop().ok_or(Error::NotFound)?;
    let author = feeds.authors.find(card.author).await?.ok_or(Error::NotFound)?;
    let things = vec![CacheTag::Article(id), CacheTag::Author(author.id)];
    let link = feeds.link(&ask, card, author).await?;
    Ok(if ask.format == "xml" {
        page("text/xml; charset=utf-8", link.xml()?, things, 60)
    } else {
        page("application/json", serde_json::to_vec(&link).map_err(Error::internal)?, things, 60)
    })
}

impl Feeds {
    async fn link(&self, ask: &Ask, card: Card, author: Author) -> Result<Link> {
        let cover = match card.covers.first() {
            Some(hash) => self.media.find(hash).await?,
            None => None,
        };
        Ok(Link {
            version: "1.0",
            r#type: "link",
            title: clean(&card.title),
            author_name: clean(&author.name),
            author_url: self.address(&handle_path(author.handle.as_str())),
            provider_name: clean(&self.site().name),
            provider_url: self.address("/"),
            cache_age: AGE,
            thumbnail: cover.and_then(|picture| self.thumbnail(ask, &picture)),
        })
    }

    /// The widest variant within what the asker has room for.
    fn thumbnail(&self, ask: &Ask, picture: &Picture) -> Option<Thumbnail> {
        let width: u32 = ask.maxwidth.parse().unwrap_or(WIDTH);
        let height: u32 = ask.maxheight.parse().unwrap_or(u32::MAX);
        let fits = |&&w: &&u32| w <= width && picture.height_at(w) <= height;
        let &width = picture.widths.iter().rev().find(fits)?;
        Some(Thumbnail { url: self.address(&picture.url(width)), height: picture.height_at(width), width })
    }
}

impl Link {
    fn xml(&self) -> Result<Vec<u8>> {
        document(|xml| {
            xml.create_element("oembed").write_inner_content(|xml| {
                text(xml, "version", self.version)?;
                text(xml, "type", self.r#type)?;
                text(xml, "title", &self.title)?;
                text(xml, "author_name", &self.author_name)?;
                text(xml, "author_url", &self.author_url)?;
                text(xml, "provider_name", &self.provider_name)?;
                text(xml, "provider_url", &self.provider_url)?;
                text(xml, "cache_age", &self.cache_age.to_string())?;
                let Some(thumbnail) = &self.thumbnail else { return Ok(()) };
                text(xml, "thumbnail_url", &thumbnail.url)?;
                text(xml, "thumbnail_width", &thumbnail.width.to_string())?;
                text(xml, "thumbnail_height", &thumbnail.height.to_string())
            })?;
            Ok(())
        })
    }
}

/// The article whose page an address names, if it is one of this site's (over http or https).
fn article_at(url: &str, site: &str) -> Option<ArticleId> {
    let host = |url: &'_ str| url.split_once("://").map(|(_, rest)| rest.to_owned());
    let (rest, own) = (host(url)?, host(site)?);
    let path = rest.strip_prefix(&own)?.split(['?', '#']).next()?;
    path.strip_prefix("/article/")?.trim_end_matches('/').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_own_articles() {
        let check = |url: &str, want: bool| {
            assert_eq!(article_at(url, "https://a.example").is_some(), want, "{url}");
        };
        check("https://a.example/article/2", true);
        check("http://a.example/article/2/?utm=x#comments", true);
        check("https://a.example.evil/article/2", false);
        check("https://b.example/article/2", false);
        check("https://a.example/channel/2", false);
        check("/article/2", false);
        check("", false);
    }
}
