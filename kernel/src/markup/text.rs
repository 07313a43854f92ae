//! The words of markup, and what is made of them.

use std::collections::HashSet;

/// Text of sanitised HTML. The sanitiser wrote it, so `<` opens a tag and nothing else, values stand in quotes, and few entities
/// occur. Marks that lead to footnotes and back are no words.
pub(super) fn plain_text(html: &str) -> String {
    let mut raw = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        raw.push_str(&rest[..open]);
        let Some(len) = tag_len(&rest[open..]) else { break };
        let tag = &rest[open..open + len];
        rest = &rest[open + len..];
        if let Some(len) = mark(tag).and_then(|end| mark_len(rest, end)) {
            rest = &rest[len..];
            continue;
        }
        let name = tag[1..].trim_start_matches('/').split([' ', '/', '>']).next().unwrap_or_default();
        if matches!(
            name,
            "p" | "br"
                | "li"
                | "h2"
                | "h3"
                | "h4"
                | "tr"
                | "blockquote"
                | "pre"
                | "figcaption"
                | "div"
                | "dt"
                | "dd"
                | "figure"
        ) {
            raw.push('\n');
        } else if matches!(name, "td" | "th" | "img") {
            raw.push(' ');
        }
    }
    raw.push_str(rest);
    let decoded = decoded(&raw);
    let lines = decoded.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

fn decoded(text: &str) -> String {
    text.replace("&nbsp;", " ")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
}

/// What `src`, `poster` and `srcset` name, each once.
pub(super) fn loads(html: &str) -> Vec<String> {
    let (mut all, mut known) = (Vec::new(), HashSet::new());
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        let Some(len) = tag_len(&rest[open..]) else { break };
        let mut tag = &rest[open..open + len];
        rest = &rest[open + len..];
        while let Some((name, value, after)) = first_attribute(tag) {
            tag = after;
            let value = decoded(value);
            let several = match name {
                "src" | "poster" => vec![value.as_str()],
                "srcset" => value.split(',').filter_map(|part| part.split_whitespace().next()).collect(),
                _ => continue,
            };
            let new = several.into_iter().filter(|&address| known.insert(address.to_owned()));
            all.extend(new.map(str::to_owned));
        }
    }
    all
}

/// Name and value of the first attribute, and what follows it.
fn first_attribute(tag: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = tag.split_once("=\"")?;
    let (value, after) = rest.split_once('"')?;
    Some((before.rsplit(' ').next().unwrap_or_default(), value, after))
}

/// The length of the tag that a text begins with.
fn tag_len(html: &str) -> Option<usize> {
    let mut quoted = false;
    for (at, byte) in html.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'>' if !quoted => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// Where a mark ends that this tag begins: the number that leads to a footnote, the arrow that leads back.
fn mark(tag: &str) -> Option<&'static str> {
    if tag.starts_with("<sup ") && tag.contains("class=\"footnote-ref\"") {
        return Some("</sup>");
    }
    (tag.starts_with("<a ") && tag.contains("class=\"footnote-backref\"")).then_some("</a>")
}

/// How long a mark is that ends with `end`, if it is one: a number or an arrow, whatever is in it. Words are words, so that
/// nobody hides them from a search.
fn mark_len(rest: &str, end: &str) -> Option<usize> {
    let mut len = 300.min(rest.len());
    while !rest.is_char_boundary(len) {
        len -= 1;
    }
    let at = rest[..len].find(end)?;
    let mut inside = false;
    let is_mark = rest[..at].chars().all(|c| {
        let tag = inside || c == '<';
        inside = tag && c != '>';
        tag || c.is_ascii_digit() || c == '↩' || c.is_whitespace()
    });
    is_mark.then_some(at + end.len())
}

/// What stands before the footnotes: what an article begins with, for those who see no more of it.
pub(super) fn before_notes(html: &str) -> &str {
    html.find("<div class=\"footnotes\"").map_or(html, |at| &html[..at])
}
