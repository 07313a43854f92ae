//! What is a tag of HTML in a Markdown text, and what only looks like one.

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

/// Whether what follows a `<` is neither a known tag nor a comment. Names with a colon are what word processors leave behind.
pub fn begins_unknown(html: &str) -> bool {
    let Some(rest) = html.strip_prefix('<') else { return false };
    if rest.starts_with("!--") {
        return false;
    }
    let name = rest.strip_prefix('/').unwrap_or(rest);
    let len =
        name.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | ':')).unwrap_or(name.len());
    let name = name[..len].to_ascii_lowercase();
    !name.contains(':') && !KNOWN.contains(&name.as_str())
}

/// The same HTML in which tags that are none are text.
pub fn escape_unknown(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        let tag =
            rest[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'));
        out.push_str(if tag && begins_unknown(&rest[at..]) { "&lt;" } else { "<" });
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
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
        ] {
            assert_eq!(escape_unknown(html), want);
        }
    }
}
