//! A body on its way to other people's programs.

use kernel::{Error, Markup, Result};
use lol_html::{RewriteStrSettings, element, rewrite_str};

/// The same markup where every address is full, and pictures have the one form that all readers can show, in an element that says its
/// language and has its direction found. `site` is the public address without a slash at its end, `page` that of the article.
pub fn absolute(html: &Markup, language: Option<&str>, site: &str, page: &str) -> Result<String> {
    let full = |value: &str| match value.as_bytes().first() {
        Some(b'/') => Some(format!("{site}{value}")),
        Some(b'#') => Some(format!("{page}{value}")),
        _ => None,
    };
    let anything = element!("*", |tag| {
        for name in ["href", "src", "poster"] {
            if let Some(address) = tag.get_attribute(name).and_then(|value| full(&value)) {
                tag.set_attribute(name, &address)?;
            }
        }
        for name in ["srcset", "sizes", "loading", "decoding"] {
            tag.remove_attribute(name);
        }
        if tag.tag_name() == "source" && !tag.has_attribute("src") {
            tag.remove();
        }
        Ok(())
    });
    let settings = RewriteStrSettings::new().append_element_content_handler(anything);
    let html = rewrite_str(html.as_str(), settings).map_err(Error::internal)?;
    if html.is_empty() {
        return Ok(html);
    }
    // Tags are letters, digits and hyphens (`Draft::tidy`).
    let language = language.map(|tag| format!(" lang=\"{tag}\"")).unwrap_or_default();
    Ok(format!("<div{language} dir=\"auto\">{html}</div>"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(html: &str, want: &str) {
        let markup = Markup::sanitise(html);
        let got = absolute(&markup, Some("ar"), "https://a.example", "https://a.example/article/x").unwrap();
        assert_eq!(got, format!("<div lang=\"ar\" dir=\"auto\">{want}</div>"));
    }

    #[test]
    fn own_addresses_become_full() {
        check(
            "<img src=\"/media/h/full.jpg\" srcset=\"/media/h/w640.webp 640w\" sizes=\"100vw\" loading=\"lazy\" alt=\"a\">",
            "<img src=\"https://a.example/media/h/full.jpg\" alt=\"a\">",
        );
        check(
            "<p><a href=\"#n1\">1</a></p>",
            "<p><a href=\"https://a.example/article/x#n1\" rel=\"nofollow ugc noopener\">1</a></p>",
        );
        check(
            "<picture><source srcset=\"/media/h/w640.webp\"><img src=\"https://e.org/a?b=1&amp;c=2\"></picture>",
            "<picture><img src=\"https://e.org/a?b=1&amp;c=2\"></picture>",
        );
    }

    #[test]
    fn what_only_looks_like_an_address_stays() {
        check("<code>&lt;img src=\"/a.png\"&gt;</code>", "<code>&lt;img src=\"/a.png\"&gt;</code>");
    }
}
