//! Atom (RFC 4287).

use atom_syndication as atom;
use atom_syndication::{Category, Content, Entry, FixedDateTime, Generator, Link, Text};
use kernel::{Error, Result, Time};

use crate::feed::{Feed, Format, Item, Person};

pub struct Atom;

impl Format for Atom {
    const FILE: &'static str = "feed.xml";
    const MIME: &'static str = "application/atom+xml; charset=utf-8";

    fn write(feed: &Feed) -> Result<Vec<u8>> {
        let written = atom::Feed {
            id: feed.own.clone(),
            title: Text::plain(feed.title.clone()),
            subtitle: Some(feed.description.clone()).filter(|d| !d.is_empty()).map(Text::plain),
            updated: time(feed.updated().unwrap_or(feed.begun))?,
            authors: feed.author.iter().map(person).collect(),
            links: vec![
                link("self", &feed.own, "application/atom+xml"),
                link("alternate", &feed.page, "text/html"),
            ],
            icon: feed.icon.clone(),
            generator: Some(Generator { value: "Byline".to_owned(), ..Generator::default() }),
            lang: Some(feed.language.to_owned()),
            entries: feed.items.iter().map(entry).collect::<Result<_>>()?,
            ..atom::Feed::default()
        };
        written.write_to(Vec::new()).map_err(Error::internal)
    }
}

fn entry(item: &Item) -> Result<Entry> {
    // Of an unknown language is said that it is not the feed's (XML, section 2.12).
    let lang = Some(item.language.clone().unwrap_or_default());
    let mut links =
        vec![Link { hreflang: item.language.clone(), ..link("alternate", &item.page, "text/html") }];
    if let Some(cover) = &item.cover {
        let length = Some(cover.len.to_string());
        links.push(Link { length, ..link("enclosure", &cover.address, cover.mime) });
    }
    if let Some(source) = &item.source {
        links.push(Link { rel: "via".to_owned(), href: source.clone(), ..Link::default() });
    }
    Ok(Entry {
        id: item.page.clone(),
        title: Text { lang: lang.clone(), ..Text::plain(item.title.clone()) },
        summary: item.summary.clone().map(|text| Text { lang: lang.clone(), ..Text::plain(text) }),
        content: Some(Content {
            lang,
            content_type: Some("html".to_owned()),
            value: Some(item.html.clone()),
            ..Content::default()
        }),
        authors: vec![person(&item.author)],
        categories: item.categories.iter().map(|term| category(term)).collect(),
        published: item.published.map(time).transpose()?,
        updated: time(item.updated)?,
        links,
        ..Entry::default()
    })
}

fn person(person: &Person) -> atom::Person {
    atom::Person { name: person.name.clone(), uri: Some(person.page.clone()), ..atom::Person::default() }
}

fn category(term: &str) -> Category {
    Category { term: term.to_owned(), ..Category::default() }
}

fn link(rel: &str, href: &str, mime: &str) -> Link {
    Link { rel: rel.to_owned(), href: href.to_owned(), mime_type: Some(mime.to_owned()), ..Link::default() }
}

fn time(time: Time) -> Result<FixedDateTime> {
    time.rfc3339().parse().map_err(|_| Error::internal("a time that Atom cannot write"))
}
