//! The list of what markup from outside may hold.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

use super::address::Own;

/// What an article's body may hold: the allow-list of the editor, the API and every import.
pub(super) static ALLOWED: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let tags: HashSet<&str> = [
        "p",
        "br",
        "hr",
        "h2",
        "h3",
        "h4",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "blockquote",
        "cite",
        "q",
        "pre",
        "code",
        "kbd",
        "samp",
        "var",
        "em",
        "strong",
        "b",
        "i",
        "u",
        "s",
        "del",
        "ins",
        "sub",
        "sup",
        "mark",
        "small",
        "abbr",
        "time",
        "ruby",
        "rt",
        "rp",
        "bdi",
        "bdo",
        "wbr",
        "span",
        "div",
        "figure",
        "figcaption",
        "picture",
        "source",
        "img",
        "a",
        "table",
        "caption",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "th",
        "td",
        "video",
        "audio",
        "track",
        "details",
        "summary",
    ]
    .into();
    let attributes: HashMap<&str, HashSet<&str>> = [
        ("a", vec!["href", "class", "role", "aria-label"]),
        ("img", vec!["src", "srcset", "sizes", "alt", "width", "height", "loading", "decoding"]),
        ("source", vec!["src", "srcset", "sizes", "type", "media"]),
        ("video", vec!["src", "poster", "controls", "preload", "width", "height"]),
        ("audio", vec!["src", "controls", "preload"]),
        ("track", vec!["src", "kind", "srclang", "label"]),
        ("ol", vec!["start", "reversed", "type"]),
        ("li", vec!["value", "class"]),
        ("td", vec!["colspan", "rowspan", "class"]),
        ("th", vec!["colspan", "rowspan", "scope", "class"]),
        ("time", vec!["datetime"]),
        ("abbr", vec!["title"]),
        ("details", vec!["open"]),
        ("bdo", vec!["dir"]),
        ("div", vec!["class", "role"]),
        ("figure", vec!["class"]),
        ("p", vec!["class"]),
        ("h2", vec!["class"]),
        ("h3", vec!["class"]),
        ("h4", vec!["class"]),
        ("code", vec!["class"]),
        ("sup", vec!["class"]),
        ("span", vec!["class"]),
    ]
    .into_iter()
    .map(|(tag, names)| (tag, names.into_iter().collect()))
    .collect();
    let mut builder = Builder::empty();
    builder
        .tags(tags)
        .tag_attributes(attributes)
        .generic_attributes(["lang", "dir", "id"].into())
        // Told in docs/writing.md: all else that is not on the list leaves its text behind.
        .clean_content_tags(["script", "style", "title", "iframe", "template", "svg", "math"].into())
        .url_schemes(["http", "https", "mailto", "tel"].into())
        // [`attribute`] looks at each address.
        .url_relative(UrlRelative::PassThrough)
        .link_rel(Some("nofollow ugc noopener"))
        .attribute_filter(attribute)
        .strip_comments(true);
    builder
});

fn attribute<'a>(element: &str, name: &str, value: &'a str) -> Option<Cow<'a, str>> {
    match (element, name) {
        ("img" | "video", "width" | "height") | ("td" | "th", "colspan" | "rowspan") => {
            value.trim().trim_end_matches("px").parse::<u16>().ok().map(|n| Cow::Owned(n.to_string()))
        }
        (_, "src" | "poster") => OWN.picture(value).map(Cow::Owned),
        (_, "href") => OWN.link(value).map(Cow::Owned),
        // A list of own addresses only; a foreign picture has its one `src`.
        (_, "srcset") => {
            let own = |part: &str| {
                let address = part.split_ascii_whitespace().next().unwrap_or_default();
                address.starts_with("/media/") && OWN.picture(address).is_some_and(|kept| kept == address)
            };
            value.split(',').all(own).then_some(Cow::Borrowed(value))
        }
        (_, "class") => classes(element, value).map(Cow::Owned),
        // The page has ids of its own.
        (_, "id") => is_prefixed(value).then_some(Cow::Borrowed(value)),
        ("a", "role") => matches!(value, "doc-noteref" | "doc-backlink").then_some(Cow::Borrowed(value)),
        ("div", "role") => (value == "doc-endnotes").then_some(Cow::Borrowed(value)),
        // An arrow and a number: words would be in somebody's language, or tell something else than the link shows.
        ("a", "aria-label") => value
            .strip_prefix("↩ ")
            .is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit() || b == b'-'))
            .then_some(Cow::Borrowed(value)),
        _ => Some(Cow::Borrowed(value)),
    }
}

/// What ids in markup begin with: headings and places that somebody named, footnotes, and the marks that lead to them.
const PREFIXES: [&str; 3] = ["h-", "fn-", "fnref-"];

fn is_prefixed(id: &str) -> bool {
    PREFIXES.iter().any(|prefix| id.len() > prefix.len() && id.starts_with(prefix))
        && id.len() <= 200
        && !id.contains(char::is_whitespace)
}

/// The classes that style sheets know.
fn classes(element: &str, value: &str) -> Option<String> {
    let known = |class: &&str| match element {
        "figure" => *class == "gallery",
        "div" => matches!(*class, "gallery" | "footnotes" | "align-center" | "align-right"),
        "p" | "h2" | "h3" | "h4" => matches!(*class, "align-center" | "align-right"),
        "td" | "th" => matches!(*class, "align-left" | "align-center" | "align-right"),
        "a" => *class == "footnote-backref",
        "sup" => *class == "footnote-ref",
        "li" | "span" => *class == "task",
        "code" => class.strip_prefix("language-").is_some_and(|name| {
            (1..=30).contains(&name.len())
                && name
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'+' | b'#' | b'.'))
        }),
        _ => false,
    };
    let kept: Vec<&str> = value.split_ascii_whitespace().filter(known).collect();
    (!kept.is_empty()).then(|| kept.join(" "))
}

/// The sanitiser does not know the site's address; whoever does has made addresses of it into paths before.
static OWN: LazyLock<Own> = LazyLock::new(Own::default);
