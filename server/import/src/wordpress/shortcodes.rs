//! WordPress's shortcodes: `[caption]`, `[gallery]`, `[audio]` and their like, made into the HTML they stand for.

use std::collections::HashMap;

use crate::html::{escape, inline_text};

/// A file of the old site, as its export lists it.
#[derive(Clone, Debug, Default)]
pub struct Attachment {
    pub url: String,
    pub alt: String,
    pub caption: String,
    /// Its place among those of one article.
    pub order: i64,
}

/// The files of an export: some 200 bytes each, all that is kept of it in memory.
#[derive(Default)]
pub struct Attachments {
    by_id: HashMap<i64, Attachment>,
    /// Pictures, by the article they were uploaded to.
    of: HashMap<i64, Vec<i64>>,
}

impl Attachments {
    pub fn add(&mut self, id: i64, parent: i64, file: Attachment) {
        if is_picture(&file.url) && parent != 0 {
            self.of.entry(parent).or_default().push(id);
        }
        self.by_id.insert(id, file);
    }

    pub fn find(&self, id: i64) -> Option<&Attachment> {
        self.by_id.get(&id)
    }

    fn of(&self, article: i64) -> Vec<i64> {
        let mut ids = self.of.get(&article).cloned().unwrap_or_default();
        ids.sort_by_key(|&id| (self.find(id).map_or(0, |file| file.order), id));
        ids
    }
}

fn is_picture(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    [".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".bmp"].iter().any(|end| path.ends_with(end))
}

/// `[name attributes]`, as far as it is understood.
struct Shortcode<'a> {
    name: &'a str,
    named: Vec<(String, String)>,
    unnamed: Vec<String>,
}

impl Shortcode<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        self.named
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
            .filter(|v| !v.is_empty())
    }

    fn ids(&self, name: &str) -> Option<Vec<i64>> {
        self.get(name).map(|list| list.split(',').filter_map(|id| id.trim().parse().ok()).collect())
    }

    /// The address it is given under one of `names`, or without a name.
    fn address(&self, names: &[&str], inner: Option<&str>) -> Option<String> {
        let named = names.iter().find_map(|name| self.get(name));
        let url = named.or(self.unnamed.first().map(String::as_str)).or(inner)?;
        let url = inline_text(url);
        ["http://", "https://", "/"].iter().any(|start| url.starts_with(start)).then(|| escape(&url))
    }
}

const KNOWN: [&str; 9] =
    ["caption", "wp_caption", "gallery", "audio", "video", "playlist", "embed", "youtube", "vimeo"];

/// How often one may be broken before all that follows is text: its end is looked for to the end of the text.
const MISSES: usize = 16;
/// Bytes after which nothing more is replaced: a gallery of all an article's pictures may be asked for again and again.
const LONGEST: usize = 8 << 20;

/// Replaces the shortcodes in the text of `article`. Unknown ones stay as they are, as WordPress leaves them.
pub fn expand(html: &str, article: i64, files: &Attachments) -> String {
    let mut out = String::with_capacity(html.len());
    let (mut rest, mut misses) = (html, 0);
    while misses < MISSES
        && out.len() < LONGEST
        && let Some(at) = rest.find('[')
    {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let Some(name) = known(rest) else {
            out.push('[');
            rest = &rest[1..];
            continue;
        };
        let Some((code, len)) = parse(rest, name) else {
            misses += 1;
            out.push('[');
            rest = &rest[1..];
            continue;
        };
        // `[[gallery]]` is how one writes about `[gallery]`.
        if out.ends_with('[') && rest[len..].starts_with(']') {
            out.pop();
            out.push_str(&rest[..len]);
            rest = &rest[len + 1..];
            continue;
        }
        let after = &rest[len..];
        let closing = format!("[/{}]", code.name);
        let inner = enclosed(after, code.name);
        let (replaced, takes_inner) = replaced(&code, inner, article, files);
        let Some(replaced) = replaced else {
            out.push_str(&rest[..len]);
            rest = after;
            continue;
        };
        out.push_str(&replaced);
        rest = match inner {
            Some(inner) if takes_inner => &after[inner.len() + closing.len()..],
            _ => after,
        };
    }
    out.push_str(rest);
    out
}

/// What stands between a shortcode of this name and its end. Where the next of its name begins before, the end is the next one's; so
/// nothing is looked through twice for one name.
fn enclosed<'a>(after: &'a str, name: &str) -> Option<&'a str> {
    for (at, _) in after.match_indices('[') {
        let tag = &after[at + 1..];
        if tag.starts_with(name) {
            return None;
        }
        if tag
            .strip_prefix('/')
            .and_then(|tag| tag.strip_prefix(name))
            .is_some_and(|tag| tag.starts_with(']'))
        {
            return Some(&after[..at]);
        }
    }
    None
}

/// What a shortcode stands for, and whether what it encloses is part of it.
fn replaced(
    code: &Shortcode<'_>,
    inner: Option<&str>,
    article: i64,
    files: &Attachments,
) -> (Option<String>, bool) {
    match code.name {
        "caption" | "wp_caption" => (inner.map(|inner| caption(code, inner)), true),
        "gallery" => (Some(gallery(code, article, files)), false),
        "playlist" => {
            let ids = code.ids("ids").or_else(|| code.ids("include")).unwrap_or_default();
            let files = ids.iter().filter_map(|&id| files.find(id));
            let player =
                |file: &Attachment| format!("<audio src=\"{}\" controls></audio>", escape(&file.url));
            (Some(files.map(player).collect()), false)
        }
        "audio" => {
            let url = code.address(&["src", "mp3", "m4a", "ogg", "wav", "wma"], inner);
            (url.map(|url| format!("<audio src=\"{url}\" controls></audio>")), true)
        }
        "video" => {
            let url = code.address(&["src", "mp4", "m4v", "webm", "ogv", "wmv", "flv"], inner);
            (url.map(|url| format!("<video src=\"{url}\" controls></video>")), true)
        }
        _ => {
            let url = code.address(&["src", "url"], inner);
            (url.map(|url| format!("<a href=\"{url}\">{url}</a>")), true)
        }
    }
}

/// A picture and the words below it. In old texts the words are an attribute.
fn caption(code: &Shortcode<'_>, inner: &str) -> String {
    let inner = inner.trim();
    let end = match inner.find("<img").and_then(|img| inner[img..].find('>').map(|end| img + end + 1)) {
        None => 0,
        // The link around it belongs to it.
        Some(end) if inner.starts_with("<a") => {
            inner[end..].find("</a>").map_or(end, |close| end + close + 4)
        }
        Some(end) => end,
    };
    let (picture, words) = inner.split_at(end);
    let words = match code.get("caption") {
        Some(words) => words.trim(),
        None => words.trim(),
    };
    let words = words.replace('\n', " ");
    if words.is_empty() {
        format!("<figure>{picture}</figure>")
    } else {
        format!("<figure>{picture}<figcaption>{words}</figcaption></figure>")
    }
}

fn gallery(code: &Shortcode<'_>, article: i64, files: &Attachments) -> String {
    let ids = code.ids("ids").or_else(|| code.ids("include")).unwrap_or_else(|| {
        let of = code.get("id").and_then(|id| id.parse().ok()).unwrap_or(article);
        let without = code.ids("exclude").unwrap_or_default();
        files.of(of).into_iter().filter(|id| !without.contains(id)).collect()
    });
    let figures: String = ids.iter().filter_map(|&id| files.find(id)).map(figure).collect();
    if figures.is_empty() { figures } else { format!("<div class=\"gallery\">{figures}</div>") }
}

pub fn figure(file: &Attachment) -> String {
    let words = if file.caption.is_empty() {
        String::new()
    } else {
        format!("<figcaption>{}</figcaption>", escape(&file.caption))
    };
    format!("<figure><img src=\"{}\" alt=\"{}\">{words}</figure>", escape(&file.url), escape(&file.alt))
}

/// The name of a known shortcode that `text` begins with.
fn known(text: &str) -> Option<&'static str> {
    let inside = text.strip_prefix('[')?;
    KNOWN.into_iter().find(|name| {
        inside
            .strip_prefix(name)
            .is_some_and(|rest| rest.starts_with([']', ' ', '\t', '\n', '/', '=', '\u{a0}']))
    })
}

/// The shortcode of this name at the start of `text`, and its length.
fn parse<'a>(text: &'a str, name: &'static str) -> Option<(Shortcode<'a>, usize)> {
    let inside = text.strip_prefix('[')?;
    let mut code = Shortcode { name, named: Vec::new(), unnamed: Vec::new() };
    let mut rest = &inside[name.len()..];
    rest = rest.strip_prefix('=').unwrap_or(rest);
    loop {
        rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix(']').or_else(|| rest.strip_prefix("/]")) {
            return Some((code, text.len() - after.len()));
        }
        let key_len =
            rest.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-')).unwrap_or(rest.len());
        let (key, after) = rest.split_at(key_len);
        let named = after.trim_start().strip_prefix('=').filter(|_| !key.is_empty());
        let (value, after) = value(named.map_or(rest, str::trim_start))?;
        match named {
            Some(_) => code.named.push((key.to_ascii_lowercase(), value.to_owned())),
            None => code.unnamed.push(value.to_owned()),
        }
        rest = after;
    }
}

/// A value, in quotes of any kind or up to white space, and what follows it.
fn value(text: &str) -> Option<(&str, &str)> {
    for (open, close) in [("\"", "\""), ("'", "'"), ("&quot;", "&quot;"), ("“", "”"), ("”", "”"), ("″", "″")]
    {
        if let Some(inside) = text.strip_prefix(open) {
            let end = inside.find(close)?;
            return Some((&inside[..end], &inside[end + close.len()..]));
        }
    }
    let end = text.find(|c: char| c.is_whitespace() || c == ']')?;
    (end > 0).then(|| text.split_at(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> Attachments {
        let mut files = Attachments::default();
        for (id, url, order) in
            [(1, "https://e.org/a.jpg", 2), (2, "https://e.org/b.png?x", 1), (3, "https://e.org/c.mp3", 0)]
        {
            let caption = if id == 1 { "A & B".to_owned() } else { String::new() };
            files.add(id, 9, Attachment { url: url.to_owned(), alt: String::new(), caption, order });
        }
        files
    }

    fn check(html: &str, want: &str) {
        assert_eq!(expand(html, 9, &files()), want, "{html}");
    }

    #[test]
    fn captions() {
        check(
            "[caption id=\"a_1\" width=\"60\"]<a href=\"x\"><img src=\"y\" /></a> words <b>b</b>[/caption]!",
            "<figure><a href=\"x\"><img src=\"y\" /></a><figcaption>words <b>b</b></figcaption></figure>!",
        );
        check(
            "[caption caption='old [style]']<img src=\"y\">[/caption]",
            "<figure><img src=\"y\"><figcaption>old [style]</figcaption></figure>",
        );
        check("[caption]open <img src=\"y\">", "[caption]open <img src=\"y\">");
    }

    #[test]
    fn time_grows_with_length() {
        let n = 50_000;
        for text in [
            "[caption ".repeat(n),
            "[caption a=\"".repeat(n),
            "[caption]".repeat(n) + "[/caption]",
            "[audio][video]".repeat(n / 2) + "[/audio]",
        ] {
            assert!(expand(&text, 9, &files()).starts_with(&text[..7]));
        }
        assert!(expand(&"[gallery]".repeat(n), 9, &files()).len() < LONGEST + "[gallery]".len() * n);
    }

    #[test]
    fn galleries() {
        let (a, b) = (
            "<figure><img src=\"https://e.org/a.jpg\" alt=\"\"><figcaption>A &amp; B</figcaption></figure>",
            "<figure><img src=\"https://e.org/b.png?x\" alt=\"\"></figure>",
        );
        check("[gallery]", &format!("<div class=\"gallery\">{b}{a}</div>"));
        check("[gallery columns=2 ids=\"1, 2,99\"]x", &format!("<div class=\"gallery\">{a}{b}</div>x"));
        check("[gallery exclude=&quot;2&quot;]", &format!("<div class=\"gallery\">{a}</div>"));
        check("[gallery ids=\"77\"]", "");
        check(
            "[[gallery]] [galleryx] [unknown a=1] a[0] [gallery",
            "[gallery] [galleryx] [unknown a=1] a[0] [gallery",
        );
    }

    #[test]
    fn players_and_links() {
        check("[audio https://e.org/c.mp3]", "<audio src=\"https://e.org/c.mp3\" controls></audio>");
        check(
            "[audio mp3=\"https://e.org/c.mp3\"][/audio]x",
            "<audio src=\"https://e.org/c.mp3\" controls></audio>x",
        );
        check("[video src='/v.mp4' width=1]", "<video src=\"/v.mp4\" controls></video>");
        check(
            "[embed width=\"1\"]https://v.org/?a=1&amp;b[/embed]",
            "<a href=\"https://v.org/?a=1&amp;b\">https://v.org/?a=1&amp;b</a>",
        );
        check("[video src='/v.mp4' /]x", "<video src=\"/v.mp4\" controls></video>x");
        check("[youtube=https://v.org/1]", "<a href=\"https://v.org/1\">https://v.org/1</a>");
        check("[playlist ids=\"3\"]", "<audio src=\"https://e.org/c.mp3\" controls></audio>");
        check("[youtube dQw4]", "[youtube dQw4]");
    }
}
