//! HTML from elsewhere, changed so that the sanitiser keeps what readers saw there. Nothing here makes it safe.

use kernel::Markup;
use kernel::name::one_line;
use lol_html::html_content::{ContentType, Element};
use lol_html::{RewriteStrSettings, element, rewrite_str};
use url::Url;

/// Elements that stand inside a line: those that a title may hold.
const INLINE: [&str; 24] = [
    "a", "abbr", "b", "bdi", "big", "br", "cite", "code", "del", "em", "font", "i", "ins", "kbd", "mark",
    "q", "s", "small", "span", "strike", "strong", "sub", "sup", "u",
];

/// A title or name as text: entities and markup are read, but `<` that begins no inline element stays what it is
/// (`if a < b`, `The <table> element`).
pub fn inline_text(html: &str) -> String {
    if !html.contains(['<', '&']) {
        return one_line(html);
    }
    let mut escaped = String::with_capacity(html.len() + 16);
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        escaped.push_str(&rest[..at]);
        let after = rest[at + 1..].trim_start_matches('/');
        let name = after.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        let known = INLINE.iter().any(|inline| inline.eq_ignore_ascii_case(name));
        escaped.push_str(if known && after.contains('>') { "<" } else { "&lt;" });
        rest = &rest[at + 1..];
    }
    escaped.push_str(rest);
    one_line(&Markup::sanitise(&escaped).text())
}

/// Text as HTML.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Rewrites what the sanitiser would drop: addresses relative to `base` become whole ones, frames become links, pictures
/// that scripts would have loaded load by themselves, elements that are not on the list become their nearest kin.
pub fn adapt(html: &str, base: Option<&Url>) -> String {
    if !html.contains('<') {
        return html.to_owned();
    }
    let every = element!("*", |element| rewrite(element, base));
    let settings = RewriteStrSettings::new().append_element_content_handler(every);
    // It refuses what browsers read in two ways; the sanitiser reads it in one.
    rewrite_str(html, settings).unwrap_or_else(|_| Markup::sanitise(html).into())
}

fn rewrite(element: &mut Element<'_, '_>, base: Option<&Url>) -> lol_html::HandlerResult {
    let class = |element: &Element<'_, '_>, name: &str| {
        element
            .get_attribute("class")
            .is_some_and(|classes| classes.split_ascii_whitespace().any(|c| c == name))
    };
    match element.tag_name().as_str() {
        "iframe" | "embed" => element.replace(&link(element, base), ContentType::Html),
        "img" => picture(element, base)?,
        "a" => whole(element, "href", base)?,
        "video" | "audio" | "source" | "track" => {
            whole(element, "src", base)?;
            whole(element, "poster", base)?;
        }
        "h5" | "h6" => element.set_tag_name("h4")?,
        "strike" => element.set_tag_name("s")?,
        "tt" => element.set_tag_name("code")?,
        "acronym" => element.set_tag_name("abbr")?,
        "address" | "article" | "aside" | "center" | "footer" | "form" | "header" | "main" | "nav"
        | "section" => {
            element.set_tag_name("div")?;
        }
        // The block editor's galleries: lists of figures once, figures within a figure now.
        "figure" if class(element, "wp-block-gallery") => element.set_attribute("class", "gallery")?,
        "ul" if class(element, "wp-block-gallery") => {
            element.set_tag_name("div")?;
            element.set_attribute("class", "gallery")?;
        }
        "ul" if class(element, "blocks-gallery-grid") => element.remove_and_keep_content(),
        "li" if class(element, "blocks-gallery-item") => element.remove_and_keep_content(),
        "div" if class(element, "wp-block-cover") => {
            let style = element.get_attribute("style").unwrap_or_default();
            if let Some(url) = background(&style) {
                let src = quoted(&absolute(url, base));
                element.prepend(&format!("<img src=\"{src}\" alt=\"\">"), ContentType::Html);
            }
        }
        _ => {}
    }
    Ok(())
}

/// What a frame shows, as a link.
fn link(frame: &Element<'_, '_>, base: Option<&Url>) -> String {
    let src =
        frame.get_attribute("src").map(|src| absolute(&src, base)).filter(|src| src.starts_with("http"));
    src.map(|src| quoted(&src)).map(|src| format!("<a href=\"{src}\">{src}</a>")).unwrap_or_default()
}

/// An attribute's source (its entities are there already) as the value of another.
fn quoted(source: &str) -> String {
    source.replace('"', "&quot;").replace('<', "&lt;")
}

fn picture(img: &mut Element<'_, '_>, base: Option<&Url>) -> lol_html::HandlerResult {
    let tiny = |name| img.get_attribute(name).is_some_and(|size| matches!(size.trim(), "0" | "1"));
    if tiny("width") && tiny("height") {
        img.remove(); // it counts visitors
        return Ok(());
    }
    let lazy =
        || ["data-src", "data-lazy-src", "data-original"].iter().find_map(|name| img.get_attribute(name));
    let src =
        img.get_attribute("src").filter(|src| !src.is_empty() && !src.starts_with("data:")).or_else(lazy);
    match src {
        Some(src) => img.set_attribute("src", &absolute(&src, base))?,
        None => img.remove(),
    }
    Ok(())
}

fn whole(element: &mut Element<'_, '_>, name: &str, base: Option<&Url>) -> lol_html::HandlerResult {
    if let Some(value) = element.get_attribute(name) {
        element.set_attribute(name, &absolute(&value, base))?;
    }
    Ok(())
}

/// An address as it stood in a page of `base`. Places on the page stay.
pub fn absolute(address: &str, base: Option<&Url>) -> String {
    let address = address.trim();
    match base {
        Some(base) if !address.starts_with('#') && Url::parse(address).is_err() => {
            base.join(address).map_or_else(|_| address.to_owned(), String::from)
        }
        None if address.starts_with("//") => format!("https:{address}"),
        _ => address.to_owned(),
    }
}

/// The address in `background-image: url(…)`.
fn background(style: &str) -> Option<&str> {
    let rest = style.split_once("background-image")?.1.split_once("url(")?.1;
    let quotes: &[char] = &['"', '\'', ' '];
    Some(rest.split(')').next()?.trim_start_matches("&quot;").trim_end_matches("&quot;").trim_matches(quotes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_read_right() {
        for (html, want) in [
            ("Title <em>With</em> <b>Mark<sup>up</sup></b>", "Title With Markup"),
            (r#"~`!@#$%^&*()-_=+{}[]/\;:'"?,.>"#, r#"~`!@#$%^&*()-_=+{}[]/\;:'"?,.>"#),
            ("Fish &amp; chips &#8217;n&nbsp;such &laquo;", "Fish & chips ’n such «"),
            ("if a < b && b > c", "if a < b && b > c"),
            ("The <table> element", "The <table> element"),
            ("<script>alert(1)</script>", "<script>alert(1)</script>"),
            ("line\none\u{0}", "line one"),
        ] {
            assert_eq!(inline_text(html), want);
        }
    }

    fn check(html: &str, want: &str) {
        let base = Url::parse("https://e.org/blog/post/").unwrap();
        assert_eq!(adapt(html, Some(&base)), want);
    }

    #[test]
    fn addresses_become_whole() {
        check("<a href=\"/about?a=1&amp;b=2\">x</a>", "<a href=\"https://e.org/about?a=1&amp;b=2\">x</a>");
        check("<a href=\"#n1\">1</a>", "<a href=\"#n1\">1</a>");
        check("<a href=\"mailto:a@e.org\">1</a>", "<a href=\"mailto:a@e.org\">1</a>");
        check("<img src=\"../x.png\">", "<img src=\"https://e.org/blog/x.png\">");
        check("<img src=\"//cdn.e.org/x.png\">", "<img src=\"https://cdn.e.org/x.png\">");
        assert_eq!(absolute("//cdn.e.org/x.png", None), "https://cdn.e.org/x.png");
    }

    #[test]
    fn what_would_be_lost_is_kept() {
        check(
            "<iframe src=\"//v.org/1?a&amp;b\">x</iframe>",
            "<a href=\"https://v.org/1?a&amp;b\">https://v.org/1?a&amp;b</a>",
        );
        check(
            "<img src=\"data:image/gif;base64,R0\" data-src=\"/a.png\">",
            "<img src=\"https://e.org/a.png\" data-src=\"/a.png\">",
        );
        check("<p>x<img src=\"/pixel\" width=\"1\" height=\"1\"></p>", "<p>x</p>");
        check("<h6 class=\"a\">x</h6>", "<h4 class=\"a\">x</h4>");
        check(
            "<figure class=\"wp-block-gallery columns-3\"><ul class=\"blocks-gallery-grid\"><li class=\"blocks-gallery-item\"><figure>x</figure></li></ul></figure>",
            "<figure class=\"gallery\"><figure>x</figure></figure>",
        );
        check(
            "<div class=\"wp-block-cover a\" style=\"background-image:url(/x.jpg)\">t</div>",
            "<div class=\"wp-block-cover a\" style=\"background-image:url(/x.jpg)\"><img src=\"https://e.org/x.jpg\" alt=\"\">t</div>",
        );
    }
}
