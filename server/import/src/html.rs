//! HTML from elsewhere: titles as text, addresses as whole ones. What is done to bodies stands in `articles::adapt`.

use kernel::Markup;
pub use kernel::markup::escape;
use kernel::name::one_line;
use url::Url;

use crate::problem::said;

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
    let last = html.rfind('>').unwrap_or_default();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        escaped.push_str(&rest[..at]);
        let after = rest[at + 1..].trim_start_matches('/');
        let name = after.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        let known = INLINE.iter().any(|inline| inline.eq_ignore_ascii_case(name));
        let ends = html.len() - after.len() <= last;
        escaped.push_str(if known && ends { "<" } else { "&lt;" });
        rest = &rest[at + 1..];
    }
    escaped.push_str(rest);
    one_line(&Markup::sanitise(&escaped).text())
}

/// [`articles::adapt`], or why not in the words of a command line.
pub fn adapt(html: &str, base: Option<&Url>) -> Result<String, String> {
    articles::adapt(html, base).map_err(|error| match error {
        kernel::Error::Invalid(errors) => said(&errors),
        other => other.to_string(),
    })
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

    #[test]
    fn an_end_that_is_missing_is_not_looked_for_again_and_again() {
        let html = "<b ".repeat(50_000);
        assert!(inline_text(&html).starts_with("<b <b"));
    }

    #[test]
    fn addresses_become_whole() {
        let base = Url::parse("https://e.org/blog/post/").unwrap();
        assert_eq!(absolute("../x.png", Some(&base)), "https://e.org/blog/x.png");
        assert_eq!(absolute("#n1", Some(&base)), "#n1");
        assert_eq!(absolute("//cdn.e.org/x.png", None), "https://cdn.e.org/x.png");
    }
}
