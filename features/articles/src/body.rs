//! From what an author wrote to what a page shows.

use std::collections::HashMap;

use kernel::{Error, Markup, Result, lang, markup};
use lol_html::{RewriteStrSettings, element, rewrite_str};
use media::Picture;

use crate::model::{Draft, Format};

/// What is derived from a draft when it is saved.
pub struct Body {
    pub html: Markup,
    pub excerpt: String,
    pub language: String,
    pub reading_minutes: i64,
}

impl Body {
    /// Whether nothing is left to read or look at: what was written was only markup, or was dropped as unsafe.
    pub fn shows_nothing(&self) -> bool {
        let shown = ["<img", "<video", "<audio", "<iframe"];
        kernel::text::shows_nothing(&self.html.text())
            && !shown.iter().any(|tag| self.html.as_str().contains(tag))
    }
}

/// Width of the article column: pictures are never shown wider.
const SIZES: &str = "(min-width: 900px) 680px, 100vw";
const EXCERPT: usize = 110;

/// The body as HTML that is not yet safe.
pub fn raw_html(draft: &Draft) -> String {
    match draft.format {
        Format::Markdown => markup::markdown_to_html(&draft.body),
        Format::Html => draft.body.clone(),
        Format::Text => Markup::from_text(&draft.body).into(),
    }
}

/// The hashes of this site's pictures that a body shows.
pub fn pictures_in(html: &str) -> Vec<String> {
    let mut hashes: Vec<String> =
        html.split("/media/").skip(1).filter_map(hash_at).map(str::to_owned).collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

fn hash_at(rest: &str) -> Option<&str> {
    let hash = rest.split('/').next()?;
    (hash.len() == 32 && hash.bytes().all(|b| b.is_ascii_hexdigit())).then_some(hash)
}

/// Renders a draft: pictures of this site get their sizes and variants, pictures alone in a paragraph become figures
/// (several: a gallery), everything goes through the sanitiser.
pub fn render(draft: &Draft, raw: &str, pictures: &HashMap<String, Picture>) -> Result<Body> {
    let html = Markup::sanitise(&dress(&figures(raw), pictures)?);
    let text = html.text();
    let language =
        draft.language.clone().unwrap_or_else(|| lang::guess(&format!("{}\n{text}", draft.title)).to_owned());
    Ok(Body {
        excerpt: markup::excerpt(&text, EXCERPT),
        reading_minutes: markup::reading_minutes(&text),
        language,
        html,
    })
}

/// Fills in what a browser needs to lay a picture out before it has it.
fn dress(html: &str, pictures: &HashMap<String, Picture>) -> Result<String> {
    let image = element!("img[src]", |img| {
        let src = img.get_attribute("src").unwrap_or_default();
        let own = src.strip_prefix("/media/").and_then(hash_at).and_then(|hash| pictures.get(hash));
        if let Some(picture) = own {
            img.set_attribute("src", &picture.fallback())?;
            img.set_attribute("srcset", &picture.srcset())?;
            img.set_attribute("sizes", SIZES)?;
            img.set_attribute("width", &picture.width.to_string())?;
            img.set_attribute("height", &picture.height.to_string())?;
        }
        if !img.has_attribute("alt") {
            img.set_attribute("alt", "")?;
        }
        img.set_attribute("loading", "lazy")?;
        img.set_attribute("decoding", "async")?;
        Ok(())
    });
    let player = element!("video, audio", |player| {
        player.set_attribute("controls", "")?;
        player.set_attribute("preload", "metadata")?;
        Ok(())
    });
    let settings = RewriteStrSettings::new()
        .append_element_content_handler(image)
        .append_element_content_handler(player);
    rewrite_str(html, settings).map_err(Error::internal)
}

/// Paragraphs that hold nothing but pictures become figures; a picture's title is its caption.
fn figures(html: &str) -> String {
    let mut out = String::with_capacity(html.len() + 64);
    let mut rest = html;
    while let Some(start) = rest.find("<p>") {
        let Some(end) = rest[start..].find("</p>").map(|end| start + end) else { break };
        let inside = rest[start + 3..end].trim();
        out.push_str(&rest[..start]);
        match only_images(inside) {
            Some(images) if images.len() > 1 => {
                let shown: String = images.into_iter().map(figure).collect();
                out.push_str(&format!("<div class=\"gallery\">{shown}</div>"));
            }
            Some(images) => out.extend(images.into_iter().map(figure)),
            None => out.push_str(&rest[start..end + 4]),
        }
        rest = &rest[end + 4..];
    }
    out.push_str(rest);
    out
}

fn figure(img: &str) -> String {
    let caption =
        img.split_once(" title=\"").and_then(|(_, rest)| rest.split_once('"')).map_or("", |(title, _)| title);
    let caption =
        if caption.is_empty() { String::new() } else { format!("<figcaption>{caption}</figcaption>") };
    format!("<figure>{img}{caption}</figure>")
}

/// The `<img>` tags of a fragment that holds them and white space only.
fn only_images(html: &str) -> Option<Vec<&str>> {
    let mut images = Vec::new();
    let mut rest = html.trim_start();
    while !rest.is_empty() {
        if let Some(next) = rest.strip_prefix("<br>").or_else(|| rest.strip_prefix("<br />")) {
            rest = next.trim_start();
            continue;
        }
        let end = rest.strip_prefix("<img ").and_then(|_| rest.find('>'))? + 1;
        images.push(&rest[..end]);
        rest = rest[end..].trim_start();
    }
    (!images.is_empty()).then_some(images)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(body: &str) -> String {
        let draft = Draft { body: body.into(), ..Draft::default() };
        render(&draft, &raw_html(&draft), &HashMap::new()).unwrap().html.into()
    }

    #[test]
    fn a_picture_alone_is_a_figure_and_several_are_a_gallery() {
        let one = rendered("![a](https://e.org/x.png \"说明\")");
        assert!(one.starts_with("<figure><img"), "{one}");
        assert!(one.contains("<figcaption>说明</figcaption>"), "{one}");
        assert!(one.contains("loading=\"lazy\""), "{one}");
        let two = rendered("![a](https://e.org/x.png)\n![b](https://e.org/y.png)");
        assert!(two.starts_with("<div class=\"gallery\"><figure>"), "{two}");
        assert!(rendered("text ![a](https://e.org/x.png)").starts_with("<p>text <img"));
    }

    #[test]
    fn language_and_excerpt_are_derived() {
        let draft = Draft { body: "潮汐表是怎样做出来的？".into(), ..Draft::default() };
        let body = render(&draft, &raw_html(&draft), &HashMap::new()).unwrap();
        assert_eq!(
            (body.language.as_str(), body.excerpt.as_str(), body.reading_minutes),
            ("zh", "潮汐表是怎样做出来的？", 1)
        );
    }

    #[test]
    fn finds_own_pictures() {
        let hash = "0123456789abcdef0123456789abcdef";
        assert_eq!(pictures_in(&format!("<img src=\"/media/{hash}/w640.webp\"> /media/x/y")), [hash]);
    }
}
