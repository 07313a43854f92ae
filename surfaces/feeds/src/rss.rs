//! RSS 2.0 (RSS Advisory Board), with the full text in `content:encoded` and the author in `dc:creator`.

use std::collections::BTreeMap;

use kernel::{Error, Markup, Result, Time};
use rss::extension::dublincore::DublinCoreExtension;
use rss::extension::{Extension, ExtensionMap};
use rss::{Category, Channel, Enclosure, Guid, Image};

use crate::feed::{Feed, Format, Item};

pub struct Rss;

impl Format for Rss {
    const FILE: &'static str = "rss.xml";
    const MIME: &'static str = "application/rss+xml; charset=utf-8";

    fn write(feed: &Feed) -> Result<Vec<u8>> {
        let written = Channel {
            title: feed.title.clone(),
            link: feed.page.clone(),
            // Required, so never empty.
            description: if feed.description.is_empty() { &feed.title } else { &feed.description }.clone(),
            language: Some(feed.language.to_owned()),
            last_build_date: feed.updated().map(rfc822),
            generator: Some("Byline".to_owned()),
            docs: Some("https://www.rssboard.org/rss-specification".to_owned()),
            image: feed.icon.as_ref().map(|icon| Image {
                url: icon.clone(),
                title: feed.title.clone(),
                link: feed.page.clone(),
                ..Image::default()
            }),
            extensions: own_address(&feed.own),
            namespaces: [("atom".to_owned(), "http://www.w3.org/2005/Atom".to_owned())].into(),
            items: feed.items.iter().map(item).collect(),
            ..Channel::default()
        };
        written.write_to(Vec::new()).map_err(Error::internal)
    }
}

fn item(item: &Item) -> rss::Item {
    rss::Item {
        title: Some(item.title.clone()),
        link: Some(item.page.clone()),
        // Readers take it for HTML.
        description: item.summary.as_deref().map(|text| Markup::from_text(text).as_str().to_owned()),
        categories: item.categories.iter().map(|c| Category { name: c.clone(), domain: None }).collect(),
        comments: Some(format!("{}#comments", item.page)),
        enclosure: item.cover.as_ref().map(|cover| Enclosure {
            url: cover.address.clone(),
            length: cover.len.to_string(),
            mime_type: cover.mime.to_owned(),
        }),
        guid: Some(Guid { value: item.page.clone(), permalink: true }),
        pub_date: item.published.map(rfc822),
        content: Some(item.html.clone()),
        dublin_core_ext: Some(DublinCoreExtension {
            creators: vec![item.author.name.clone()],
            languages: item.language.iter().cloned().collect(),
            ..DublinCoreExtension::default()
        }),
        ..rss::Item::default()
    }
}

/// `<atom:link rel="self">`, by which readers find the file again.
fn own_address(own: &str) -> ExtensionMap {
    let attrs: BTreeMap<String, String> = [("href", own), ("rel", "self"), ("type", "application/rss+xml")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
    let link = Extension { name: "atom:link".to_owned(), attrs, ..Extension::default() };
    [("atom".to_owned(), [("link".to_owned(), vec![link])].into())].into()
}

/// RFC 822 with a year of four digits, as RSS asks.
pub fn rfc822(time: Time) -> String {
    time.timestamp().strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        let time = Time::parse("2024-06-04T19:43:17.25+08:00").unwrap();
        assert_eq!(rfc822(time), "Tue, 04 Jun 2024 11:43:17 GMT");
    }
}
