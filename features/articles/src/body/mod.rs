//! From what an author wrote to what a page shows.

pub(crate) mod addresses;
mod definitions;
mod markdown;
mod punctuation;
mod render;
mod tags;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use kernel::markup::{Limits, NodeId, Own, TooComplex, Tree};
use kernel::{Invalid, Markup, Result, lang, measure};
use media::Picture;

use crate::adapt::{adapt_own, join_lines, link_places, make_figures, refused};
use crate::codes;
use crate::draft::Draft;
use crate::draft::Format;

pub(crate) use render::{By, Renderer};

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
/// Pictures of this site that one body may show, and as many of other sites, each counted once: a reviewer has to look at them.
const PICTURES: usize = 1_000;

/// The body as HTML that is not yet safe.
fn raw_html(draft: &Draft, cancelled: &dyn Fn() -> bool) -> Result<String, TooComplex> {
    match draft.format {
        Format::Markdown => markdown::to_html(&draft.body, cancelled),
        Format::Html => Ok(draft.body.clone()),
        Format::Text => Ok(Markup::from_text(&draft.body).into()),
    }
}

/// The hashes of this site's pictures that a source may show. Errors: `body-pictures` where they are too many.
pub fn pictures_in(source: &str) -> Result<Vec<String>> {
    let hashes = once_each(source.split("/media/").skip(1).filter_map(hash_at));
    check_pictures(hashes.len())?;
    Ok(hashes)
}

fn check_pictures(count: usize) -> Result<()> {
    let mut errors = Invalid::default();
    if count > PICTURES {
        errors.add_limit("body", codes::BODY_PICTURES, PICTURES as i64);
    }
    errors.check()
}

/// The hashes of this site's pictures that rendered HTML shows, offers in other sizes, or leads to. A text that names one shows nothing.
pub fn all_pictures_in(html: &str) -> Vec<String> {
    // The sanitiser wrote it: in texts `<` begins a tag, and values stand in quotation marks that they don't hold themselves.
    let mut hashes = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        while let Some(at) = rest.find(['"', '>']) {
            let (name, mark) = rest.split_at(at);
            rest = &mark[1..];
            if mark.starts_with('>') {
                break;
            }
            let (value, after) = rest.split_once('"').unwrap_or((rest, ""));
            rest = after;
            if ADDRESSES.iter().any(|known| name.ends_with(known)) {
                hashes.extend(own_hashes(value));
            }
        }
    }
    once_each(hashes.into_iter())
}

/// Attributes with addresses as the sanitiser writes them.
const ADDRESSES: [&str; 4] = [" src=", " srcset=", " poster=", " href="];

/// Addresses of pictures, video and audio in rendered HTML that are not this site's, each once.
pub fn elsewhere(html: &Markup) -> Vec<String> {
    let mut all = html.loads();
    all.retain(|address| !address.starts_with("/media/"));
    all
}

fn once_each<'a>(hashes: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut hashes: Vec<String> = hashes.map(str::to_owned).collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

/// The hashes that an address of this site, or a list of such addresses, names.
fn own_hashes(value: &str) -> impl Iterator<Item = &str> {
    value.split(',').filter_map(|address| address.trim_start().strip_prefix("/media/").and_then(hash_at))
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
    // Each takes time that grows with the length of the tree.
    let steps: [&dyn Fn(&mut Tree); 5] =
        [&|tree| adapt_own(tree, own), &join_lines, &make_figures, &link_places, &|tree| {
            fill_pictures(tree, pictures);
        }];
    for step in steps {
        step(&mut tree);
        if cancelled() {
            return Err(refused(TooComplex::Cancelled));
        }
    }
    let html = Markup::of(&tree, cancelled).map_err(refused)?;
    if html.as_str().len() > HTML_MAX {
        return Err(refused(TooComplex::Work));
    }
    check_pictures(elsewhere(&html).len())?;
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
    // What was read from here and sent back stands in one already.
    while let Some(old) = tree.parent(img).filter(|&parent| tree.name(parent) == "picture") {
        for child in tree.children(old) {
            if tree.name(child) == "source" {
                tree.detach(child);
            }
        }
        tree.unwrap(old);
    }
    tree.insert_before(img, around);
    tree.detach(img);
    tree.append(around, twin);
    tree.append(around, img);
}

/// Fills in what a browser needs to lay a picture out before it has it.
fn fill_pictures(tree: &mut Tree, pictures: &HashMap<String, Picture>) {
    for node in tree.descendants(Tree::ROOT) {
        // Under an address that names none of the site's pictures one could appear later, when nobody looks at the text any more.
        let is_picture = tree.name(node) == "img";
        for name in
            ["poster", "srcset", "href", "src"].into_iter().filter(|&name| !is_picture || name != "src")
        {
            let unknown = |value: &str| own_hashes(value).any(|hash| !pictures.contains_key(hash));
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
