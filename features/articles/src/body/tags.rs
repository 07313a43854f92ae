//! What is a tag of HTML in a Markdown text, and what only looks like one.

use std::collections::HashMap;

/// Elements of HTML, also those that nobody writes any more.
const KNOWN: [&str; 141] = [
    "a",
    "abbr",
    "acronym",
    "address",
    "applet",
    "area",
    "article",
    "aside",
    "audio",
    "b",
    "base",
    "basefont",
    "bdi",
    "bdo",
    "bgsound",
    "big",
    "blink",
    "blockquote",
    "body",
    "br",
    "button",
    "canvas",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "data",
    "datalist",
    "dd",
    "del",
    "details",
    "dfn",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "em",
    "embed",
    "fieldset",
    "figcaption",
    "figure",
    "font",
    "footer",
    "form",
    "frame",
    "frameset",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hgroup",
    "hr",
    "html",
    "i",
    "iframe",
    "img",
    "input",
    "ins",
    "kbd",
    "label",
    "legend",
    "li",
    "link",
    "listing",
    "main",
    "map",
    "mark",
    "marquee",
    "math",
    "menu",
    "meta",
    "meter",
    "nav",
    "nobr",
    "noembed",
    "noframes",
    "noscript",
    "object",
    "ol",
    "optgroup",
    "option",
    "output",
    "p",
    "param",
    "picture",
    "plaintext",
    "pre",
    "progress",
    "q",
    "rb",
    "rp",
    "rt",
    "rtc",
    "ruby",
    "s",
    "samp",
    "script",
    "search",
    "section",
    "select",
    "slot",
    "small",
    "source",
    "span",
    "strike",
    "strong",
    "style",
    "sub",
    "summary",
    "sup",
    "svg",
    "table",
    "tbody",
    "td",
    "template",
    "textarea",
    "tfoot",
    "th",
    "thead",
    "time",
    "title",
    "tr",
    "track",
    "tt",
    "u",
    "ul",
    "var",
    "video",
    "wbr",
    "xml",
    "xmp",
    "image",
    "keygen",
    "isindex",
];

/// Elements that nobody closes.
const OPEN: [&str; 4] = ["br", "hr", "img", "wbr"];
/// Elements whose end tag may be left out, in HTML as people write it.
const OPTIONAL: [&str; 12] =
    ["p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option", "summary"];
/// Elements of a page's head and of its scripts: in the middle of a line they are spoken of.
const HEAD: [&str; 5] = ["title", "template", "noembed", "noframes", "plaintext"];

/// The name of a tag as it is written, and whether it closes. A comment has none.
fn name_of(tag: &str) -> Option<(&str, bool)> {
    let rest = tag.strip_prefix('<')?;
    if rest.starts_with("!--") {
        return None;
    }
    let name = rest.strip_prefix('/').unwrap_or(rest);
    let len =
        name.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | ':')).unwrap_or(name.len());
    Some((&name[..len], rest.starts_with('/')))
}

/// Whether what follows a `<` is neither a known tag nor a comment. Names with a colon are what word processors leave behind.
pub fn begins_unknown(html: &str) -> bool {
    name_of(html)
        .is_some_and(|(name, _)| !name.contains(':') && !KNOWN.contains(&name.to_ascii_lowercase().as_str()))
}

/// Whether a tag belongs to the head of a page.
pub fn is_of_head(tag: &str) -> bool {
    name_of(tag).is_some_and(|(name, _)| HEAD.contains(&name.to_ascii_lowercase().as_str()))
}

/// End tags whose beginning has not come yet, where a text is read from its end.
#[derive(Default)]
pub struct Ends(HashMap<String, usize>);

impl Ends {
    /// Whether a tag is left open that is written as types and components are: behind a letter (`List<Object>`), or in
    /// small and capital letters (`<Button>`).
    pub fn leave_open(&mut self, tag: &str, before: Option<char>) -> bool {
        let Some((name, closes)) = name_of(tag) else { return false };
        let small = name.to_ascii_lowercase();
        let ends = self.0.entry(small.clone()).or_default();
        if closes {
            *ends += 1;
            return false;
        }
        if *ends > 0 {
            *ends -= 1;
            return false;
        }
        let is_mixed = name.contains(|c: char| c.is_ascii_lowercase()) && small != name;
        let is_behind = before.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
        !OPEN.contains(&small.as_str()) && (is_mixed || (is_behind && !OPTIONAL.contains(&name)))
    }
}

/// The same HTML in which tags that are none are text. `ends` are those behind it.
pub fn escape_unmeant(html: &str, ends: &mut Ends) -> String {
    let mut text: Vec<usize> = Vec::new();
    for (at, _) in html.rmatch_indices('<') {
        let tag = &html[at..];
        let begins = tag[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'));
        let before = html[..at].chars().next_back();
        if begins && (begins_unknown(tag) || ends.leave_open(tag, before)) {
            text.push(at);
        }
    }
    let mut out = String::with_capacity(html.len() + 4 * text.len());
    let mut done = 0;
    for at in text.into_iter().rev() {
        out.extend([&html[done..at], "&lt;"]);
        done = at + 1;
    }
    out.push_str(&html[done..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_looks_like_a_tag_is_text() {
        for (html, want) in [
            ("Vec<String>, Map<K, V>", "Vec&lt;String>, Map&lt;K, V>"),
            ("<B>x</B> <my-part>", "<B>x</B> &lt;my-part>"),
            ("<o:p>x</o:p><!-- c --><?php 1 ?>", "<o:p>x</o:p><!-- c -->&lt;?php 1 ?>"),
            ("a < b", "a < b"),
            ("List<Object> a<b>b</b> <li>1<li>2<br>", "List&lt;Object> a<b>b</b> <li>1<li>2<br>"),
            ("<Button>a <Button>b</Button> <IMG> <Img>", "&lt;Button>a <Button>b</Button> <IMG> <Img>"),
            ("Option<A> <a href>x</a>", "Option&lt;A> <a href>x</a>"),
        ] {
            assert_eq!(escape_unmeant(html, &mut Ends::default()), want);
        }
    }
}
