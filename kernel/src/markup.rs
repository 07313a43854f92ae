//! Markup from outside, made safe. [`Markup`] is the only type that a page writes unescaped.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};
use serde::{Deserialize, Serialize};

/// Sanitised HTML. Made by the functions here and by nothing else.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Markup(String);

/// What an article's body may hold: the allow-list of the editor, the API and every import.
static ALLOWED: LazyLock<Builder<'static>> = LazyLock::new(|| {
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
        ("a", vec!["href"]),
        ("img", vec!["src", "srcset", "sizes", "alt", "width", "height", "loading", "decoding"]),
        ("source", vec!["src", "srcset", "sizes", "type", "media"]),
        ("video", vec!["src", "poster", "controls", "preload", "width", "height"]),
        ("audio", vec!["src", "controls", "preload"]),
        ("track", vec!["src", "kind", "srclang", "label"]),
        ("ol", vec!["start", "reversed", "type"]),
        ("li", vec!["value"]),
        ("td", vec!["colspan", "rowspan"]),
        ("th", vec!["colspan", "rowspan", "scope"]),
        ("time", vec!["datetime"]),
        ("abbr", vec!["title"]),
        ("details", vec!["open"]),
        ("bdo", vec!["dir"]),
    ]
    .into_iter()
    .map(|(tag, names)| (tag, names.into_iter().collect()))
    .collect();
    let mut builder = Builder::empty();
    builder
        .tags(tags)
        .tag_attributes(attributes)
        .generic_attributes(["lang", "dir"].into())
        .clean_content_tags(
            [
                "script", "style", "title", "noscript", "iframe", "object", "template", "svg", "math",
                "textarea", "select",
            ]
            .into(),
        )
        .url_schemes(["http", "https", "mailto", "tel"].into())
        .url_relative(UrlRelative::Custom(Box::new(relative)))
        .link_rel(Some("nofollow ugc noopener"))
        .allowed_classes(
            [("figure", ["gallery"].into()), ("div", ["gallery"].into()), ("code", HashSet::new())].into(),
        )
        .attribute_filter(attribute)
        .strip_comments(true);
    builder
});

/// Relative addresses are kept only where they mean the same on every page: a path of this site, or a place on the page.
fn relative(url: &str) -> Option<Cow<'_, str>> {
    let own_path = url.starts_with('/') && !url.starts_with("//") && !url.starts_with("/\\");
    (own_path || url.starts_with('#')).then_some(Cow::Borrowed(url))
}

fn attribute<'a>(element: &str, name: &str, value: &'a str) -> Option<Cow<'a, str>> {
    match (element, name) {
        ("img" | "video", "width" | "height") | ("td" | "th", "colspan" | "rowspan") => {
            value.trim().trim_end_matches("px").parse::<u16>().ok().map(|n| Cow::Owned(n.to_string()))
        }
        // A list of own addresses only; a foreign picture has its one `src`.
        (_, "srcset") => {
            value.split(',').all(|part| part.trim().starts_with("/media/")).then_some(Cow::Borrowed(value))
        }
        _ => Some(Cow::Borrowed(value)),
    }
}

impl Markup {
    /// Makes HTML from anywhere safe: scripts, styles, event handlers, frames, forms and foreign schemes go,
    /// links get `rel="nofollow ugc noopener"`, first-level headings become second-level (the page has its own).
    pub fn sanitise(html: &str) -> Self {
        let lowered = lower_headings(html);
        Self(ALLOWED.clean(&lowered).to_string().trim().to_owned())
    }

    /// CommonMark with tables, strikethrough, autolinks and footnotes, then [`Markup::sanitise`]: inline HTML is allowed as far as the list goes.
    pub fn from_markdown(text: &str) -> Self {
        Self::sanitise(&markdown_to_html(text))
    }

    /// Plain text: blank lines part paragraphs, other line ends break lines.
    pub fn from_text(text: &str) -> Self {
        let unix = text.replace("\r\n", "\n");
        let paragraphs = unix.split("\n\n").map(str::trim).filter(|p| !p.is_empty());
        Self(paragraphs.map(|p| format!("<p>{}</p>", escape(p).replace('\n', "<br>"))).collect())
    }

    /// For `store.rs` files only: HTML that was a `Markup` when it was written to its column.
    pub const fn stored(html: String) -> Self {
        Self(html)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The words alone: no tags, entities decoded, block ends as line ends, white space folded.
    pub fn text(&self) -> String {
        plain_text(&self.0)
    }
}

impl From<Markup> for String {
    fn from(markup: Markup) -> Self {
        markup.0
    }
}

impl<'de> Deserialize<'de> for Markup {
    /// From outside means from anywhere: what is read is sanitised.
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Self::sanitise(&Cow::<'de, str>::deserialize(from)?))
    }
}

/// CommonMark to HTML, not yet sanitised.
pub fn markdown_to_html(text: &str) -> String {
    let mut options = comrak::Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.autolink = true;
    options.extension.footnotes = false;
    options.extension.cjk_friendly_emphasis = true;
    options.render.r#unsafe = true; // the sanitiser follows
    comrak::markdown_to_html(text, &options)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The site's page has the only `h1`.
fn lower_headings(html: &str) -> Cow<'_, str> {
    if !html.contains("<h1") && !html.contains("<H1") {
        return Cow::Borrowed(html);
    }
    let swap = [
        ("<h1>", "<h2>"),
        ("<h1 ", "<h2 "),
        ("</h1>", "</h2>"),
        ("<H1>", "<h2>"),
        ("<H1 ", "<h2 "),
        ("</H1>", "</h2>"),
    ];
    Cow::Owned(swap.iter().fold(html.to_owned(), |text, (from, to)| text.replace(from, to)))
}

/// Text of sanitised HTML. The sanitiser wrote it, so `<` opens a tag and nothing else, and few entities occur.
fn plain_text(html: &str) -> String {
    let mut raw = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        raw.push_str(&rest[..open]);
        let Some(close) = rest[open..].find('>') else { break };
        let name = rest[open + 1..open + close].trim_start_matches('/');
        let name = name.split([' ', '/']).next().unwrap_or_default();
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
        rest = &rest[open + close + 1..];
    }
    raw.push_str(rest);
    let decoded = raw
        .replace("&nbsp;", " ")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&");
    let lines = decoded.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// The first `max` characters of a text on one line, cut at the end of a word or sentence where one is near, with `…`.
pub fn excerpt(text: &str, max: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((cut, _)) = line.char_indices().nth(max) else { return line };
    let head = &line[..cut];
    let near = head
        .char_indices()
        .rev()
        .take(max / 5)
        .find(|(_, c)| matches!(c, ' ' | '。' | '，' | '！' | '？' | '；'));
    let end = near.map_or(cut, |(at, _)| at);
    format!("{}…", head[..end].trim_end_matches(['，', '；', ',', ';', ' ']))
}

/// Minutes it takes to read: 400 Han characters or 220 Latin words a minute (Brysbaert 2019 gives 238 for English
/// non-fiction, 260 characters with studied texts for Chinese and up to 500 for light ones), at least one.
pub fn reading_minutes(text: &str) -> i64 {
    let han = text.chars().filter(|c| matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}')).count();
    let words =
        text.split(|c: char| !c.is_ascii_alphanumeric() && c != '\'').filter(|w| !w.is_empty()).count();
    ((han as f64 / 400.0 + words as f64 / 220.0).round() as i64).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(html: &str, want: &str) {
        assert_eq!(Markup::sanitise(html).as_str(), want);
    }

    #[test]
    fn keeps_what_an_article_needs() {
        check(
            "<h1>A</h1><p>b <a href='https://e.org/'>c</a></p>",
            "<h2>A</h2><p>b <a href=\"https://e.org/\" rel=\"nofollow ugc noopener\">c</a></p>",
        );
        check(
            "<table><tbody><tr><td colspan=2>x</td></tr></tbody></table>",
            "<table><tbody><tr><td colspan=\"2\">x</td></tr></tbody></table>",
        );
        check(
            "<img src=/media/ab/m.webp alt=a width=640px height=4>",
            "<img src=\"/media/ab/m.webp\" alt=\"a\" width=\"640\" height=\"4\">",
        );
    }

    #[test]
    fn drops_what_could_run() {
        check("<script>alert(1)</script>x", "x");
        check("<p onclick=x() style='a'>t</p>", "<p>t</p>");
        check("<a href='javascript:alert(1)'>t</a>", "<a rel=\"nofollow ugc noopener\">t</a>");
        check("<img src='//evil.example/x'><img src='a.png'>", "<img><img>");
        check("<img srcset='https://evil.example/a 2x'>", "<img>");
        check("<svg><script>1</script></svg><iframe src=x></iframe>", "");
    }

    #[test]
    fn markdown_text_and_excerpt() {
        let markup = Markup::from_markdown(
            "# T\n\n**粗体。**后文 ~~x~~ <b>ok</b><script>1</script>\n\n- a\n- b &amp; c",
        );
        assert_eq!(markup.text(), "T\n粗体。后文 x ok\na\nb & c");
        assert_eq!(Markup::from_text("a<b\n\nc").text(), "a<b\nc");
        assert_eq!(excerpt("一二三四五，六七八九十", 7), "一二三四五，六…");
        assert_eq!(excerpt("short", 10), "short");
        assert_eq!(excerpt("a long line of words", 12), "a long line…");
    }

    proptest! {
        #[test]
        fn sanitising_twice_changes_nothing(html in "[<>a-z/ =\"'&;]{0,80}") {
            let once = Markup::sanitise(&html);
            prop_assert_eq!(Markup::sanitise(once.as_str()), once);
        }
    }
}
