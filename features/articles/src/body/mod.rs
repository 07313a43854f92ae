//! From what an author wrote to what a page shows.

mod addresses;
mod markdown;
mod render;
mod tags;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use kernel::markup::{Limits, NodeId, Own, TooComplex, Tree};
use kernel::{Markup, Result, lang, measure};
use media::Picture;

use crate::adapt::{adapt_own, join_lines, link_places, make_figures, refused};
use crate::model::{Draft, Format};

pub(crate) use render::Renderer;

/// What is derived from a draft when it is saved.
#[derive(Debug)]
pub struct Body {
    pub html: Markup,
    pub excerpt: String,
    pub language: String,
    pub reading_minutes: i64,
}

impl Body {
    /// Whether nothing is left to read or look at: what was written was only markup, or was dropped as unsafe.
    pub fn shows_nothing(&self) -> bool {
        let shown = ["<img", "<video", "<audio"];
        kernel::text::shows_nothing(&self.html.text())
            && !shown.iter().any(|tag| self.html.as_str().contains(tag))
    }
}

/// Width of the article column: pictures are never shown wider.
const SIZES: &str = "(min-width: 900px) 680px, 100vw";
/// Longest HTML of a body, in bytes: four times the longest source.
const HTML_MAX: usize = 8 << 20;
/// Pictures of this site that one body gets in several sizes; more are shown in one.
const PICTURES: usize = 1_000;

/// The body as HTML that is not yet safe.
fn raw_html(draft: &Draft, cancelled: &dyn Fn() -> bool) -> Result<String, TooComplex> {
    match draft.format {
        Format::Markdown => markdown::to_html(&draft.body, cancelled),
        Format::Html => Ok(draft.body.clone()),
        Format::Text => Ok(text_html(&draft.body)),
    }
}

/// Plain text: blank lines part paragraphs, other line ends break lines, addresses are links.
fn text_html(text: &str) -> String {
    let unix = text.replace("\r\n", "\n");
    let paragraphs = unix.split("\n\n").map(str::trim).filter(|p| !p.is_empty());
    paragraphs.map(|p| format!("<p>{}</p>", addresses::linked(p).replace('\n', "<br>"))).collect()
}

/// The hashes of this site's pictures that a source may show and that get their sizes.
pub fn pictures_in(source: &str) -> Vec<String> {
    let mut hashes = all_pictures_in(source);
    hashes.truncate(PICTURES);
    hashes
}

/// The hashes of this site's pictures that a source may show.
pub fn all_pictures_in(source: &str) -> Vec<String> {
    let mut hashes: Vec<String> =
        source.split("/media/").skip(1).filter_map(hash_at).map(str::to_owned).collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

fn hash_at(rest: &str) -> Option<&str> {
    let hash = rest.split('/').next()?;
    (hash.len() == 32 && hash.bytes().all(|b| b.is_ascii_hexdigit())).then_some(hash)
}

/// Renders a draft: what is foreign is adapted, pictures of this site get their sizes and variants, pictures alone in a paragraph
/// become figures (several: a gallery), everything goes through the sanitiser. Time and memory are bounded by the length of
/// the source; what would take more is refused with a code for the field `body`.
pub fn render(
    draft: &Draft,
    pictures: &HashMap<String, Picture>,
    own: &Own,
    cancelled: &dyn Fn() -> bool,
) -> Result<Body> {
    let raw = raw_html(draft, cancelled).map_err(refused)?;
    if raw.len() > HTML_MAX {
        return Err(refused(TooComplex::Work));
    }
    let mut tree = Tree::parse(&raw, Limits::default(), cancelled).map_err(refused)?;
    drop(raw);
    adapt_own(&mut tree, own);
    join_lines(&mut tree);
    make_figures(&mut tree);
    link_places(&mut tree);
    dress(&mut tree, pictures);
    if cancelled() {
        return Err(refused(TooComplex::Cancelled));
    }
    let html = Markup::of(&tree);
    if html.as_str().len() > HTML_MAX {
        return Err(refused(TooComplex::Work));
    }
    let text = html.text();
    let language =
        draft.language.clone().unwrap_or_else(|| lang::guess(&format!("{}\n{text}", draft.title)).to_owned());
    let beginning = html.text_before_notes();
    Ok(Body {
        excerpt: measure::summary(if beginning.is_empty() { &text } else { &beginning }),
        reading_minutes: measure::reading_minutes(&text),
        language,
        html,
    })
}

/// A draft as it is shown where only these pictures are known: for tests and checks. Services ask [`crate::Articles::preview`].
pub fn rendered(draft: &Draft, pictures: &[Picture]) -> Result<Markup> {
    let known = pictures.iter().map(|picture| (picture.hash.clone(), picture.clone())).collect();
    render(draft, &known, &Own::default(), &|| false).map(|body| body.html)
}

/// Puts a moving picture into a `<picture>` with its still twin, for who asked for less motion (`kernel::markup::STILL_TWIN`).
fn stand_still(tree: &mut Tree, img: NodeId, picture: &Picture) {
    let list = picture.srcset();
    let (around, twin) = (tree.create("picture"), tree.create("source"));
    tree.set(twin, "media", "(prefers-reduced-motion: reduce)");
    tree.set(twin, "srcset", if list.is_empty() { picture.fallback() } else { list });
    tree.set(twin, "sizes", SIZES);
    tree.insert_before(img, around);
    tree.detach(img);
    tree.append(around, twin);
    tree.append(around, img);
}

/// Fills in what a browser needs to lay a picture out before it has it.
fn dress(tree: &mut Tree, pictures: &HashMap<String, Picture>) {
    for node in tree.descendants(Tree::ROOT) {
        // Under an address that names none of the site's pictures one could appear later, when nobody looks at the text any more.
        for name in ["poster", "srcset"] {
            let unknown = |value: &str| pictures_in(value).iter().any(|hash| !pictures.contains_key(hash));
            if tree.attribute(node, name).is_some_and(unknown) {
                tree.remove_attribute(node, name);
            }
        }
        match tree.name(node) {
            "img" => {
                let src = tree.attribute(node, "src").unwrap_or_default();
                let named = src.strip_prefix("/media/").and_then(hash_at);
                let own = named.and_then(|hash| pictures.get(hash));
                if named.is_some() && own.is_none() {
                    tree.detach(node);
                    continue;
                }
                if let Some(picture) = own {
                    if let Some(moving) = picture.animation() {
                        tree.set(node, "src", moving);
                        tree.remove_attribute(node, "srcset");
                        tree.remove_attribute(node, "sizes");
                        stand_still(tree, node, picture);
                    } else {
                        tree.set(node, "src", picture.fallback());
                        tree.set(node, "srcset", picture.srcset());
                        tree.set(node, "sizes", SIZES);
                    }
                    tree.set(node, "width", picture.width.to_string());
                    tree.set(node, "height", picture.height.to_string());
                }
                if tree.attribute(node, "alt").is_none() {
                    tree.set(node, "alt", "");
                }
                tree.set(node, "loading", "lazy");
                tree.set(node, "decoding", "async");
            }
            "video" | "audio" => {
                tree.set(node, "controls", "");
                tree.set(node, "preload", "metadata");
            }
            _ => {}
        }
    }
}
