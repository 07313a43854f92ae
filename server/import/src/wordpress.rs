//! WordPress exports (WXR): posts with their comments, authors, categories and tags.

mod autop;
mod comments;
mod shortcodes;

use std::collections::HashMap;
use std::io::{self, BufRead};

use articles::{Draft, Format};
use kernel::name::one_line;
use kernel::{Markup, Time, measure};
use url::Url;

pub use autop::autop;
use shortcodes::{Attachment, Attachments, expand, figure};

use crate::entry::{Entry, Origin, Section, without_nul};
use crate::html::{adapt, inline_text};
use crate::language::language;
use crate::names::{handle_of, tags_of};
use crate::out::{End, Out};
use crate::xml::{Node, Records};
use crate::{Source, dates};

const TITLE: usize = 200;
const MADE_TITLE: usize = 60;
const SUBTITLE: usize = 300;
/// Longest caption kept of a picture, in characters.
const CAPTION: usize = 300;

/// What the export says of the blog.
struct Blog<'a> {
    /// What outside ids begin with.
    source: String,
    link: Option<Url>,
    language: Option<String>,
    /// Display names, by handle.
    authors: HashMap<String, (String, String)>,
    title: String,
    files: &'a Attachments,
}

/// Reads it twice: articles name pictures that may stand anywhere in the file.
pub fn read<R: BufRead>(
    open: &impl Fn() -> io::Result<R>,
    origin: &Origin,
    out: &mut Out,
) -> Result<(), End> {
    let files = attachments(open()?)?;
    let mut records = Records::new(open()?)?;
    let mut blog = Blog {
        source: origin.name_or(Source::Wordpress, None),
        link: None,
        language: None,
        authors: HashMap::new(),
        title: String::new(),
        files: &files,
    };
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
        if node.name != "item" {
            blog.take(&node, origin);
            continue;
        }
        number += 1;
        let (line, end) = (records.line, records.bytes());
        match item(&node, &blog) {
            Ok(Item::Post(post)) => {
                for (kind, count) in post.skipped {
                    out.skipped(kind, count, end)?;
                }
                out.entry(Entry { record: number, line: Some(line), end, ..post.entry })?;
            }
            Ok(Item::Other(kind)) => out.skipped(&kind, 1, end)?,
            Err(reason) => out.problem(number, line, reason, end)?,
        }
    }
}

/// Where the file is broken is found by the second reading.
fn attachments(file: impl BufRead) -> io::Result<Attachments> {
    let mut files = Attachments::default();
    let mut records = Records::new(file)?;
    while let Ok(Some(node)) = records.next() {
        if node.value("wp:post_type").as_deref() != Some("attachment") {
            continue;
        }
        let number = |name: &str| node.value(name).and_then(|text| text.parse::<i64>().ok());
        let (Some(id), Some(url)) = (number("wp:post_id"), node.value("wp:attachment_url")) else { continue };
        let text = |text: String| inline_text(&text).chars().take(CAPTION).collect::<String>();
        let file = Attachment {
            url,
            alt: meta(&node, "_wp_attachment_image_alt").map(text).unwrap_or_default(),
            caption: node.value("excerpt:encoded").map(text).unwrap_or_default(),
            order: number("wp:menu_order").unwrap_or(0),
        };
        files.add(id, number("wp:post_parent").unwrap_or(0), file);
    }
    Ok(files)
}

fn meta(item: &Node, key: &str) -> Option<String> {
    let row = item.children("wp:postmeta").find(|row| row.value("wp:meta_key").as_deref() == Some(key))?;
    row.value("wp:meta_value")
}

impl Blog<'_> {
    fn take(&mut self, node: &Node, origin: &Origin) {
        let text = node.text().trim().to_owned();
        match node.name.as_str() {
            "title" => self.title = inline_text(&text),
            "language" => self.language = Some(text),
            "link" | "wp:base_blog_url" => {
                let Ok(link) = Url::parse(&text) else { return };
                self.source = origin.name_or(Source::Wordpress, link.host_str());
                self.link = Some(link);
            }
            "wp:author" => {
                let Some(login) = node.value("wp:author_login") else { return };
                let name =
                    node.value("wp:author_display_name").map(|name| inline_text(&name)).unwrap_or_default();
                if let Some(handle) = handle_of(&login) {
                    self.authors.insert(handle.into(), (login, name));
                }
            }
            _ => {}
        }
    }

    /// The login and name of whoever wrote a post; the blog itself where nobody is named.
    fn author(&self, creator: Option<String>) -> (String, Option<String>) {
        let creator = creator.unwrap_or_else(|| self.title.clone());
        let creator = if creator.is_empty() { self.source.clone() } else { creator };
        let known = handle_of(&creator).and_then(|handle| self.authors.get(handle.as_str()));
        match known {
            Some((login, name)) => (login.clone(), Some(name.clone())),
            None => (creator, None),
        }
    }
}

enum Item {
    Post(Box<Post>),
    Other(String),
}

struct Post {
    entry: Entry,
    skipped: Vec<(&'static str, u64)>,
}

fn item(node: &Node, blog: &Blog<'_>) -> Result<Item, String> {
    match node.value("wp:post_type").as_deref() {
        Some("post") => {}
        Some(other) => return Ok(Item::Other(other.to_owned())),
        None => return Err("no wp:post_type: not an item of a WordPress export".to_owned()),
    }
    let status = node.value("wp:status").unwrap_or_default();
    let public = matches!(status.as_str(), "publish" | "future");
    if !public && !matches!(status.as_str(), "draft" | "pending" | "private") {
        return Ok(Item::Other(format!("post ({})", if status.is_empty() { "no status" } else { &status })));
    }
    let id = node.value("wp:post_id").ok_or("no wp:post_id")?;
    let source = &blog.source;
    let body = body(node, &id, blog)?;
    let text = Markup::sanitise(&body).text();
    let locked = node.value("wp:post_password").is_some();
    let (tags, sections, lost) = terms(node);
    let (comments, mut skipped) = comments::comments(node, source);
    skipped.extend([("tag", lost), ("password", u64::from(locked && public))]);
    let (author, author_name) = blog.author(node.value("dc:creator"));
    let subtitle = node.value("excerpt:encoded").map(|html| Markup::sanitise(&html).text());
    let entry = Entry {
        external_id: format!("{source}:{}", one_line(&id)),
        author,
        author_name,
        draft: Draft {
            title: title(node, &text, &id),
            subtitle: subtitle.map(|text| measure::excerpt(&one_line(&text), SUBTITLE - 1)),
            format: Format::Html,
            language: language(blog.language.as_deref(), &text),
            body: without_nul(body),
            tags,
            ..Draft::default()
        },
        sections,
        hidden: !public || locked,
        published_at: published(node),
        comments,
        ..Entry::default()
    };
    Ok(Item::Post(Box::new(Post { entry, skipped })))
}

/// WordPress allows posts without a title; they are known by how they begin, by their address, by their number.
fn title(node: &Node, text: &str, id: &str) -> String {
    let given = node.value("title").map(|title| inline_text(&title)).unwrap_or_default();
    if !given.is_empty() {
        return measure::excerpt(&given, TITLE - 1);
    }
    let begin = measure::excerpt(text, MADE_TITLE);
    if !begin.is_empty() {
        return begin;
    }
    let slug = node.value("wp:post_name").map(|slug| one_line(&slug.replace('-', " "))).unwrap_or_default();
    if slug.is_empty() { format!("#{id}") } else { measure::excerpt(&slug, TITLE - 1) }
}

/// Drafts have no UTC date, old exports none at all.
fn published(node: &Node) -> Option<Time> {
    let value = |name: &str| node.value(name);
    value("wp:post_date_gmt")
        .and_then(|text| dates::database(&text))
        .or_else(|| value("pubDate").and_then(|text| dates::feed(&text)))
        .or_else(|| value("wp:post_date").and_then(|text| dates::database(&text)))
        .filter(|at| at.is_publication())
}

/// Categories and tags, all as tags; categories as channels too.
fn terms(node: &Node) -> (Vec<kernel::Tag>, Vec<Section>, u64) {
    let of = |domains: &[&str]| -> Vec<&Node> {
        let inside = |term: &&Node| term.attribute("domain").is_some_and(|domain| domains.contains(&domain));
        node.children("category").filter(inside).collect()
    };
    let (mut categories, tags) = (of(&["category"]), of(&["post_tag", "tag"]));
    if categories.is_empty() && tags.is_empty() {
        // The oldest exports don't say which is which.
        categories = node.children("category").filter(|term| term.attribute("domain").is_none()).collect();
    }
    let names: Vec<String> = categories.iter().chain(&tags).map(|term| term.text()).collect();
    let (tags, lost) = tags_of(names.iter().map(String::as_str));
    let section = |term: &&Node| {
        let slug = term.attribute("nicename")?.to_owned();
        // WordPress's word for having no category.
        (slug != "uncategorized").then(|| Section { slug, name: Some(term.text()), make: true })
    };
    (tags, categories.iter().filter_map(section).collect(), lost)
}

fn body(node: &Node, id: &str, blog: &Blog<'_>) -> Result<String, String> {
    let source = node.child("content:encoded").map(Node::text).unwrap_or_default();
    let article = id.parse().unwrap_or(0);
    let expanded = expand(&source, article, blog.files);
    // The block editor writes whole HTML, in which line ends mean nothing.
    let html = if source.contains("<!-- wp:") { blocks(&expanded) } else { autop(&expanded) };
    let base = node.value("link").and_then(|link| Url::parse(&link).ok()).or_else(|| blog.link.clone());
    let mut html = adapt(&html, base.as_ref())?;
    let featured =
        meta(node, "_thumbnail_id").and_then(|id| id.parse().ok()).and_then(|id| blog.files.find(id));
    if let Some(file) = featured {
        // Themes show it above the text; texts often show it again, in another size.
        let name =
            file.url.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map_or("", |(name, _)| name);
        if name.is_empty() || !html.contains(name) {
            html.insert_str(0, &figure(file));
        }
    }
    Ok(html)
}

/// Text of the block editor without its comments. Embeds are bare addresses in a wrapper.
fn blocks(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find("<!--") {
        out.push_str(&rest[..start]);
        let Some(len) = rest[start..].find("-->") else {
            rest = "";
            break;
        };
        let comment = rest[start + 4..start + len].trim_start();
        rest = &rest[start + len + 3..];
        if comment.starts_with("wp:") || comment.starts_with("/wp:") {
            // Between blocks white space means nothing.
            out.truncate(out.trim_end().len());
            out.push('\n');
            rest = rest.trim_start();
        }
    }
    out.push_str(rest);
    out
}
