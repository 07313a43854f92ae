//! Elements that a browser reads to the end of the text where nobody closed them.

use std::borrow::Cow;

/// Elements whose content is no markup, or is not shown.
const NAMES: [&str; 12] = [
    "script",
    "style",
    "title",
    "textarea",
    "iframe",
    "noembed",
    "noframes",
    "xmp",
    "plaintext",
    "template",
    "svg",
    "math",
];

/// Those of them in which tags are tags.
fn holds_markup(name: &str) -> bool {
    matches!(name, "template" | "svg" | "math")
}

/// The same HTML in which the tags of such elements are text where no end tag follows: whoever writes of `<title>` has gone on
/// after it. A frame with an address is closed instead, for the sake of its link. Linear: end tags are looked up in one list.
pub(super) fn text_of_unclosed(html: &str) -> Cow<'_, str> {
    let mut ends: [Vec<usize>; NAMES.len()] = Default::default();
    let last = html.rfind('>').unwrap_or_default();
    for (at, _) in html[..last].match_indices("</") {
        if let Some(which) = named(&html[at + 2..]) {
            ends[which].push(at);
        }
    }
    let last_comment = html.rfind("-->").unwrap_or_default();
    let mut out = String::new();
    let (mut at, mut done) = (0, 0);
    while let Some(tag) = html[at..].find('<').map(|open| at + open) {
        at = tag + 1;
        let rest = &html[at..];
        if rest.starts_with("!--") && at < last_comment {
            at += 1 + html[at + 1..].find("-->").unwrap_or_default();
            continue;
        }
        let Some(which) = named(rest) else { continue };
        let name = NAMES[which];
        if let Some(&end) = ends[which].get(ends[which].partition_point(|&end| end < tag)) {
            at = if holds_markup(name) { at } else { end };
            continue;
        }
        // No longer than to the next tag: so nothing is looked through twice.
        let whole = rest.find(['<', '>']).filter(|&len| rest[len..].starts_with('>')).map(|len| &rest[..len]);
        match (name, whole) {
            ("svg" | "math", Some(inside)) if inside.ends_with('/') => {}
            ("iframe", Some(inside)) if inside.contains("src") => {
                at += inside.len() + 1;
                out.extend([&html[done..at], "</iframe>"]);
                done = at;
            }
            _ => {
                out.extend([&html[done..tag], "&lt;"]);
                done = at;
            }
        }
    }
    if done == 0 {
        return Cow::Borrowed(html);
    }
    out.push_str(&html[done..]);
    Cow::Owned(out)
}

/// Which of the names a tag has.
fn named(tag: &str) -> Option<usize> {
    NAMES.iter().position(|name| {
        let head = tag.as_bytes().get(..name.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(name.as_bytes()))
            && tag[name.len()..].starts_with(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_nobody_closes_is_text() {
        for (html, want) in [
            ("a <title> b <TITLE>", "a &lt;title> b &lt;TITLE>"),
            ("<title>a</title > <title>b", "<title>a</title > &lt;title>b"),
            ("<xmp><title></xmp>c", "<xmp><title></xmp>c"),
            ("<script>1</script><script>2", "<script>1</script>&lt;script>2"),
            ("<!-- <style> --> <style>", "<!-- <style> --> &lt;style>"),
            ("<!--><style>", "<!-->&lt;style>"),
            ("<svg width=1/> <svg> <titles>", "<svg width=1/> &lt;svg> <titles>"),
            ("<iframe src=x>a <iframe>b", "<iframe src=x></iframe>a &lt;iframe>b"),
            ("<title", "<title"),
        ] {
            assert_eq!(text_of_unclosed(html), want, "{html}");
        }
    }
}
