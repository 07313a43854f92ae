//! Tables of articles in boxes that scroll.

use super::html::escape;

/// Markup in which every outermost table stands in a box of its own, which the keyboard reaches.
///
/// `html` was made by the sanitiser: tags are closed and attributes quoted. A `<` within an attribute is no tag.
pub fn in_boxes(html: &str, label: &str) -> String {
    let mut out = String::with_capacity(html.len() + 256);
    let (mut kept, mut depth) = (0, 0_usize);
    for (start, end) in tags(html) {
        let tag = &html[start..end];
        if is(tag, "<table") {
            if depth == 0 {
                out.push_str(&html[kept..start]);
                out.push_str("<div class=\"table-scroll\" role=\"group\" tabindex=\"0\" aria-label=\"");
                escape(&mut out, label);
                out.push_str("\">");
                kept = start;
            }
            depth += 1;
        } else if is(tag, "</table") && depth > 0 {
            depth -= 1;
            if depth == 0 {
                out.push_str(&html[kept..end]);
                out.push_str("</div>");
                kept = end;
            }
        }
    }
    out.push_str(&html[kept..]);
    out
}

fn is(tag: &str, name: &str) -> bool {
    tag.strip_prefix(name).is_some_and(|rest| rest.starts_with(['>', ' ', '/']))
}

/// First byte of each tag, and the one behind it.
fn tags(html: &str) -> impl Iterator<Item = (usize, usize)> {
    let bytes = html.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + bytes.get(at..)?.iter().position(|&b| b == b'<')?;
        let mut quote = None;
        at = start + 1;
        while at < bytes.len() {
            let byte = bytes[at];
            at += 1;
            match quote {
                Some(open) if byte == open => quote = None,
                None if byte == b'"' || byte == b'\'' => quote = Some(byte),
                None if byte == b'>' => break,
                _ => {}
            }
        }
        Some((start, at))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOX: &str = r#"<div class="table-scroll" role="group" tabindex="0" aria-label="Table">"#;

    #[test]
    fn tables_stand_in_boxes() {
        let check = |html: &str, want: &str| {
            assert_eq!(in_boxes(html, "Table").replace(BOX, "[").replace("</div>", "]"), want);
        };
        check("<p>a</p><table><tr><td>b</td></tr></table>c", "<p>a</p>[<table><tr><td>b</td></tr></table>]c");
        check(
            "<table class=\"x\"><td><table></table></td></table><table></table>",
            "[<table class=\"x\"><td><table></table></td></table>][<table></table>]",
        );
        check(
            "<img alt=\"<table>\"><p>1 &lt;table></p><tablet>",
            "<img alt=\"<table>\"><p>1 &lt;table></p><tablet>",
        );
        check("</table><table>", "</table>[<table>");
        assert!(in_boxes("<table></table>", "\"<").contains("aria-label=\"&quot;&lt;\""));
    }
}
