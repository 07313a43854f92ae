//! Elements that are not on the sanitiser's list, as their nearest kin.

use std::collections::HashSet;

use kernel::markup::{NodeId, Tree};

use super::context::{LinkContext, replace};
use super::media;
use super::style::{alignment, background, emphasis, is_plain};

pub fn adapt(tree: &mut Tree, place: &LinkContext<'_>) {
    // Pictures so far.
    let mut shown: HashSet<String> = HashSet::new();
    let (mut gone, mut without_script) = (HashSet::new(), HashSet::new());
    for node in tree.descendants(Tree::ROOT) {
        // What stood in an element that is gone, or was written anew, with all that it holds.
        if is_gone(tree, node, &gone) {
            gone.insert(node);
            continue;
        }
        match tree.name(node) {
            "" => {}
            // What is in one was looked at with the outermost.
            "noscript" if without_script.contains(&node) => tree.unwrap(node),
            "noscript" => {
                without_script.extend(tree.walk(node));
                noscript(tree, node, place, &shown);
            }
            _ => element(tree, node, place),
        }
        if let Some(src) = tree.attribute(node, "src") {
            shown.insert(src.to_owned());
        }
    }
}

fn is_gone(tree: &Tree, node: NodeId, gone: &HashSet<NodeId>) -> bool {
    tree.parent(node).is_none_or(|parent| {
        parent != Tree::ROOT && (tree.parent(parent).is_none() || gone.contains(&parent))
    })
}

fn element(tree: &mut Tree, node: NodeId, place: &LinkContext<'_>) {
    // Words for those who hear a page are not an author's to choose.
    for name in ["role", "aria-label"] {
        tree.remove_attribute(node, name);
    }
    align(tree, node);
    let name = tree.name(node).to_owned();
    match name.as_str() {
        "h1" => tree.rename(node, "h2"),
        "h5" | "h6" => tree.rename(node, "h4"),
        "iframe" | "embed" | "frame" => media::frame(tree, node, place, "src"),
        "object" => object(tree, node, place),
        "img" | "image" => media::picture(tree, node, place),
        "video" | "audio" => media::player(tree, node, place),
        "source" | "track" => media::source(tree, node, place),
        "a" => anchor(tree, node, place),
        "strike" => tree.rename(node, "s"),
        "tt" => tree.rename(node, "code"),
        "acronym" => tree.rename(node, "abbr"),
        "dir" | "menu" => tree.rename(node, "ul"),
        "legend" => tree.rename(node, "p"),
        "xmp" | "listing" | "plaintext" => tree.rename(node, "pre"),
        "center" => {
            tree.rename(node, "div");
            tree.add_class(node, "align-center");
        }
        "section" if tree.has_class(node, "footnotes") => tree.rename(node, "div"),
        "address" | "article" | "aside" | "dialog" | "fieldset" | "footer" | "form" | "header" | "hgroup"
        | "main" | "nav" | "option" | "search" | "section" => tree.rename(node, "div"),
        "select" | "datalist" | "optgroup" | "button" | "font" => tree.unwrap(node),
        "input" => task(tree, node),
        "math" => {
            let text = tree.inner_text(node);
            let text = tree.create_text(text);
            replace(tree, node, text);
        }
        "b" | "strong" if is_plain(tree, node) => tree.unwrap(node),
        "span" => styled(tree, node),
        "figure" if tree.has_class(node, "wp-block-gallery") => tree.set(node, "class", "gallery"),
        // The block editor's galleries: lists of figures once, figures within a figure now.
        "ul" if tree.has_class(node, "wp-block-gallery") => {
            tree.rename(node, "div");
            tree.set(node, "class", "gallery");
        }
        "ul" if tree.has_class(node, "blocks-gallery-grid") => tree.unwrap(node),
        "li" if tree.has_class(node, "blocks-gallery-item") => tree.unwrap(node),
        "div" if tree.has_class(node, "wp-block-cover") => cover(tree, node, place),
        _ => {}
    }
}

fn align(tree: &mut Tree, node: NodeId) {
    let is_cell = matches!(tree.name(node), "td" | "th");
    if !is_cell
        && !matches!(tree.name(node), "p" | "div" | "section" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
    {
        return;
    }
    match alignment(tree, node) {
        Some("left") if !is_cell => {}
        Some(side) => tree.add_class(node, &format!("align-{side}")),
        None => {}
    }
}

fn anchor(tree: &mut Tree, node: NodeId, place: &LinkContext<'_>) {
    if let Some(name) = tree.attribute(node, "name").map(str::to_owned)
        && tree.attribute(node, "id").is_none()
    {
        tree.set(node, "id", name);
    }
    if let Some(href) = tree.attribute(node, "href") {
        match media::link_address(href, place) {
            Some(href) => {
                // A picture of this site is known by its path, whatever the link to it looked like.
                let picture = place.own.picture(&href).filter(|path| path.starts_with("/media/"));
                tree.set(node, "href", picture.unwrap_or(href));
            }
            None => tree.remove_attribute(node, "href"),
        }
    }
}

/// Something for a plug-in: its address as a link, and what stands in its place.
fn object(tree: &mut Tree, node: NodeId, place: &LinkContext<'_>) {
    // Players of old wrapped the one in the other.
    let holds_frame = tree.walk(node).any(|inner| tree.name(inner) == "embed");
    if !holds_frame {
        let link = media::frame_link(tree, node, place, "data");
        if let Some(link) = link {
            tree.insert_before(node, link);
        }
    }
    tree.unwrap(node);
}

/// A checkbox as the sign of one: it is read where it stands, and nobody can change it. Other inputs hold no text.
fn task(tree: &mut Tree, input: NodeId) {
    let is_box = tree.attribute(input, "type").is_some_and(|kind| kind.eq_ignore_ascii_case("checkbox"));
    if !is_box {
        tree.detach(input);
        return;
    }
    let done = tree.attribute(input, "checked").is_some();
    let mark = tree.create("span");
    tree.set(mark, "class", "task");
    let sign = tree.create_text(if done { "☑" } else { "☐" });
    tree.append(mark, sign);
    let parent = tree.parent(input);
    replace(tree, input, mark);
    if let Some(item) = parent.filter(|&parent| tree.name(parent) == "li") {
        tree.add_class(item, "task");
    }
}

/// What lazy loaders show without a script: a picture that is there already, or one that is not.
fn noscript(tree: &mut Tree, node: NodeId, place: &LinkContext<'_>, shown: &HashSet<String>) {
    for picture in tree.descendants(node) {
        let src = tree.attribute(picture, "src").and_then(|src| media::picture_address(src, place));
        if src.is_some_and(|src| shown.contains(&src)) {
            tree.detach(picture);
        }
    }
    tree.unwrap(node);
}

fn styled(tree: &mut Tree, span: NodeId) {
    let means = emphasis(tree, span);
    for name in means {
        // Around all that is in it so far.
        let element = tree.create(name);
        for child in tree.children(span) {
            tree.append(element, child);
        }
        tree.append(span, element);
    }
    if tree.attribute(span, "id").is_none()
        && tree.attribute(span, "lang").is_none()
        && !tree.has_class(span, "task")
    {
        tree.unwrap(span);
    }
}

fn cover(tree: &mut Tree, node: NodeId, place: &LinkContext<'_>) {
    let style = tree.attribute(node, "style").unwrap_or_default().to_owned();
    let Some(src) = background(&style).and_then(|url| media::picture_address(url, place)) else { return };
    let img = tree.create("img");
    tree.set(img, "src", src);
    tree.set(img, "alt", "");
    match tree.children(node).first() {
        Some(&first) => tree.insert_before(first, img),
        None => tree.append(node, img),
    }
}
