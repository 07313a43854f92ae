//! JSON Feed 1.1 (jsonfeed.org).

use kernel::{Error, Result, Time};
use serde::Serialize;

use crate::feed::{self, Feed, Format, Person};

pub struct Json;

#[derive(Serialize)]
struct Document<'a> {
    version: &'static str,
    title: &'a str,
    home_page_url: &'a str,
    feed_url: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    description: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    icon: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<Author<'a>>,
    language: &'static str,
    items: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Author<'a> {
    name: &'a str,
    url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    avatar: Option<&'a str>,
}

#[derive(Serialize)]
struct Item<'a> {
    id: &'a str,
    url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_url: Option<&'a str>,
    title: &'a str,
    content_html: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_published: Option<Time>,
    date_modified: Time,
    authors: [Author<'a>; 1],
    tags: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
}

impl Format for Json {
    const FILE: &'static str = "feed.json";
    const MIME: &'static str = "application/feed+json; charset=utf-8";

    fn write(feed: &Feed) -> Result<Vec<u8>> {
        let written = Document {
            version: "https://jsonfeed.org/version/1.1",
            title: &feed.title,
            home_page_url: &feed.page,
            feed_url: &feed.own,
            description: &feed.description,
            icon: feed.icon.as_deref(),
            authors: feed.author.iter().map(author).collect(),
            language: feed.language,
            items: feed.items.iter().map(item).collect(),
        };
        serde_json::to_vec(&written).map_err(Error::internal)
    }
}

fn author(person: &Person) -> Author<'_> {
    Author { name: &person.name, url: &person.page, avatar: person.avatar.as_deref() }
}

fn item(item: &feed::Item) -> Item<'_> {
    Item {
        id: &item.page,
        url: &item.page,
        external_url: item.source.as_deref(),
        title: &item.title,
        content_html: &item.html,
        summary: item.summary.as_deref(),
        image: item.cover.as_ref().map(|cover| cover.address.as_str()),
        date_published: item.published,
        date_modified: item.updated,
        authors: [author(&item.author)],
        tags: &item.categories,
        language: item.language.as_deref(),
    }
}
