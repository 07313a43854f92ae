//! RSS (0.9x, 1.0, 2.0) and Atom (RFC 4287) files.

use std::io::BufRead;

use articles::{Draft, Format};
use kernel::{Markup, Time, measure};
use url::Url;

use crate::entry::{Entry, Origin, Section, without_nul};
use crate::html::{absolute, adapt, escape, inline_text};
use crate::language::language;
use crate::names::{fingerprint, tags_of};
use crate::out::{End, Out};
use crate::wordpress::autop;
use crate::xml::{Node, Records};
use crate::{Source, dates};

/// Longest title, in characters: longer ones are cut, for they are whole texts without a title.
const TITLE: usize = 200;
/// Length of a title made from the text.
const MADE_TITLE: usize = 60;

/// What the feed says of itself.
#[derive(Default)]
struct Head {
    title: Option<String>,
    link: Option<Url>,
    language: Option<String>,
    author: Option<String>,
}

pub fn read(file: impl BufRead, origin: &Origin, out: &mut Out) -> Result<(), End> {
    let mut records = Records::new(file)?;
    let mut head = Head::default();
    let mut number = 0;
    loop {
        let node = match records.next() {
            Ok(Some(node)) => node,
            Ok(None) => return Ok(()),
            Err(broken) => {
                out.problem(number + 1, broken.line, broken.reason(), records.bytes())?;
                return Ok(());
            }
        };
        let (line, end) = (records.line, records.bytes());
        if !matches!(node.name.as_str(), "item" | "entry") {
            head.take(&node, records.root.as_ref());
            continue;
        }
        number += 1;
        match entry(&node, &head, origin) {
            Ok((entry, lost)) => {
                out.skipped("tag", lost, end)?;
                out.entry(Entry { record: number, line: Some(line), end, ..entry })?;
            }
            Err(reason) => out.problem(number, line, reason, end)?,
        }
    }
}

impl Head {
    fn take(&mut self, node: &Node, root: Option<&Node>) {
        let text = || Some(node.text().trim().to_owned()).filter(|text| !text.is_empty());
        match node.name.as_str() {
            "title" => self.title = text().map(|title| inline_text(&title)),
            // RSS has it as text, Atom as an attribute.
            "link" if is_alternate(node) => {
                let link = node.attribute("href").map(str::to_owned).or_else(text);
                self.link = link.and_then(|link| Url::parse(&link).ok()).or(self.link.take());
            }
            "language" | "dc:language" => self.language = text(),
            "author" => self.author = node.value("name").or_else(text),
            _ => {}
        }
        if self.language.is_none() {
            self.language = root.and_then(|root| root.attribute("xml:lang")).map(str::to_owned);
        }
    }
}

fn is_alternate(link: &Node) -> bool {
    link.attribute("rel").is_none_or(|rel| rel == "alternate")
}

fn entry(item: &Node, head: &Head, origin: &Origin) -> Result<(Entry, u64), String> {
    let guid = item.value("guid").or_else(|| item.value("id"));
    let permalink = item.child("guid").filter(|guid| guid.attribute("isPermaLink") != Some("false"));
    let link = item
        .children("link")
        .filter(|link| is_alternate(link))
        .find_map(|link| {
            link.attribute("href")
                .map(str::to_owned)
                .or_else(|| Some(link.text()).filter(|t| !t.trim().is_empty()))
        })
        .or_else(|| permalink.map(Node::text));
    let link = link.and_then(|link| Url::parse(&absolute(&link, head.link.as_ref())).ok());
    let link = link.filter(|link| matches!(link.scheme(), "http" | "https"));
    let host = head.link.as_ref().or(link.as_ref()).and_then(Url::host_str);
    let source = origin.name_or(Source::Rss, host);

    let body = body(item, link.as_ref().or(head.link.as_ref()))?;
    let text = Markup::sanitise(&body).text();
    let given = item.child("title").map(title).unwrap_or_default();
    let title = if given.is_empty() {
        measure::excerpt(&text, MADE_TITLE)
    } else {
        measure::excerpt(&given, TITLE - 1)
    };
    if title.is_empty() {
        return Err("neither a title nor a text".to_owned());
    }
    let date = |names: &[&str]| {
        let text = names.iter().find_map(|name| item.value(name));
        text.and_then(|text| dates::feed(&text)).filter(|at| at.is_publication())
    };
    let published_at = date(&["pubDate", "published", "dc:date", "updated"]);
    let edited_at = date(&["updated"]).filter(|&at| published_at.is_some_and(|published| at > published));
    let id = guid.or_else(|| link.as_ref().map(Url::to_string)).unwrap_or_else(|| {
        let time = published_at.map(Time::rfc3339).unwrap_or_default();
        fingerprint(&[&title, &time], 32)
    });

    let author = author(item).or_else(|| head.author.clone()).or_else(|| head.title.clone());
    let author =
        author.or_else(|| host.map(str::to_owned)).ok_or("nobody wrote it, and the feed has no title")?;
    let categories: Vec<String> = item
        .children("category")
        .chain(item.children("dc:subject"))
        .map(|category| {
            let label = category.attribute("label").or_else(|| category.attribute("term"));
            label.map_or_else(|| category.text(), str::to_owned)
        })
        .map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty())
        .collect();
    let (tags, lost) = tags_of(categories.iter().map(String::as_str));
    let url = link.map(String::from).filter(|url| url.len() <= 2_000);
    let entry = Entry {
        external_id: format!("{source}:{}", without_nul(id)),
        author_name: Some(author.clone()),
        author,
        draft: Draft {
            title,
            format: Format::Html,
            language: language(head.language.as_deref(), &text),
            body: without_nul(body),
            tags,
            source_url: url.clone(),
            canonical_url: url,
            ..Draft::default()
        },
        sections: categories.into_iter().map(|slug| Section { slug, name: None, make: false }).collect(),
        published_at,
        edited_at,
        ..Entry::default()
    };
    Ok((entry, lost))
}

/// RSS does not say whether a title is text or HTML; Atom does.
fn title(node: &Node) -> String {
    match node.attribute("type") {
        Some("text") => inline_text(&escape(&node.text())),
        _ => inline_text(&node.text()),
    }
}

/// The fullest text there is, and what the item encloses.
fn body(item: &Node, base: Option<&Url>) -> Result<String, String> {
    let atom = |name: &str| item.child(name).map(atom_text).filter(|text| !text.trim().is_empty());
    let full = item.value("content:encoded").or_else(|| atom("content"));
    let body = full.or_else(|| item.value("description")).or_else(|| atom("summary")).unwrap_or_default();
    let body = if body.contains('<') { body } else { autop(&body) };
    let mut html = adapt(&body, base)?;
    let enclosed = item.children("enclosure").map(|node| (node, "url"));
    let linked = item
        .children("link")
        .filter(|link| link.attribute("rel") == Some("enclosure"))
        .map(|node| (node, "href"));
    for (node, name) in enclosed.chain(linked) {
        let Some(url) = node.attribute(name).map(|url| escape(&absolute(url, base))) else { continue };
        if html.contains(&url) {
            continue;
        }
        let kind = node.attribute("type").unwrap_or_default();
        match kind.split('/').next().unwrap_or_default() {
            kind @ ("audio" | "video") => {
                html.extend(["<", kind, " src=\"", &url, "\" controls></", kind, ">"]);
            }
            "image" => html.insert_str(0, &format!("<figure><img src=\"{url}\" alt=\"\"></figure>")),
            _ => {}
        }
    }
    Ok(html)
}

/// An Atom text construct as HTML.
fn atom_text(node: &Node) -> String {
    match node.attribute("type") {
        Some("xhtml" | "application/xhtml+xml") => node.markup(),
        Some("html" | "text/html") => node.text(),
        // `text` is what Atom means by nothing; RSS readers never believed it of a text with tags.
        _ if node.text().contains("</") => node.text(),
        _ => Markup::from_text(&node.text()).into(),
    }
}

/// `Ann`, of `<dc:creator>Ann</dc:creator>`, `<author>ann@e.org (Ann)</author>` or `<author><name>Ann</name></author>`.
fn author(item: &Node) -> Option<String> {
    let named = item.child("author").and_then(|author| author.value("name"));
    let text = named.or_else(|| item.value("dc:creator")).or_else(|| item.value("author"))?;
    let text = inline_text(&text);
    let name = text
        .split_once('(')
        .and_then(|(_, rest)| rest.split_once(')'))
        .map(|(name, _)| name.trim().to_owned());
    name.filter(|name| !name.is_empty() && text.contains('@')).or(Some(text)).filter(|name| !name.is_empty())
}
