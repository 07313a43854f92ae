//! Pictures, films, sounds and frames: where they come from, and a link where they can't be shown.

use kernel::markup::{NodeId, Tree};

use super::context::{LinkContext, replace};

/// Attributes in which pages keep a picture's address until a script loads it.
const LAZY: [&str; 8] = [
    "data-src",
    "data-original",
    "data-lazy-src",
    "data-actualsrc",
    "data-original-src",
    "data-url",
    "zoomfile",
    "file",
];

/// An address as it stood in a page of the place's base. Anchors on the page stay.
fn whole(address: &str, place: &LinkContext<'_>) -> Option<String> {
    let address = address.trim();
    match place.base {
        Some(base) if !address.starts_with('#') => base.join(address).ok().map(String::from),
        _ => Some(address.to_owned()),
    }
}

pub fn picture_address(address: &str, place: &LinkContext<'_>) -> Option<String> {
    if address.trim().is_empty() {
        return None;
    }
    place.own.picture(&whole(address, place)?)
}

pub fn link_address(address: &str, place: &LinkContext<'_>) -> Option<String> {
    let plain = place.own.link(address);
    let absolute = address.contains(':') && plain.is_some();
    if place.base.is_none() || absolute { plain } else { place.own.link(&whole(address, place)?) }
}

pub fn picture(tree: &mut Tree, img: NodeId, place: &LinkContext<'_>) {
    let tiny = |name| {
        tree.attribute(img, name).is_some_and(|size| matches!(size.trim().trim_end_matches("px"), "0" | "1"))
    };
    if tiny("width") && tiny("height") {
        tree.detach(img); // it counts visitors
        return;
    }
    tree.rename(img, "img");
    let named = |name: &&str| tree.attribute(img, name).and_then(|address| picture_address(address, place));
    let src = LAZY.iter().find_map(named).or_else(|| named(&"src"));
    let src =
        src.or_else(|| candidates(tree, img).iter().find_map(|address| picture_address(address, place)));
    let own_set = candidates(tree, img).iter().all(|address| address.starts_with("/media/"));
    if !own_set {
        tree.remove_attribute(img, "srcset");
    }
    if let Some(src) = src {
        tree.set(img, "src", src);
    } else {
        let alt = tree.attribute(img, "alt").unwrap_or_default().trim().to_owned();
        let address = tree.attribute(img, "src").unwrap_or_default().to_owned();
        instead(tree, img, &address, &alt, place);
    }
}

/// The addresses of a `srcset`.
fn candidates(tree: &Tree, of: NodeId) -> Vec<String> {
    let set = tree.attribute(of, "srcset").or_else(|| tree.attribute(of, "data-srcset")).unwrap_or_default();
    set.split([',', ' ', '\n', '\t']).filter(|part| part.contains('/')).take(20).map(str::to_owned).collect()
}

/// A link to what can't be shown, or at least the words for it, or where it lies.
fn instead(tree: &mut Tree, node: NodeId, address: &str, words: &str, place: &LinkContext<'_>) {
    let address = address.trim();
    let scheme = address.split_once(':').map_or("", |(scheme, _)| scheme).to_ascii_lowercase();
    // The picture itself, or nothing that anybody could look up.
    let tells = !matches!(scheme.as_str(), "data" | "blob" | "javascript");
    let link = if tells { web_link(address, place) } else { None };
    match link {
        Some(href) => {
            let link = linked(tree, &href, words);
            replace(tree, node, link);
        }
        None if words.is_empty() && tells && !address.is_empty() => {
            let code = tree.create("code");
            let address = tree.create_text(address);
            tree.append(code, address);
            replace(tree, node, code);
        }
        None if words.is_empty() => tree.detach(node),
        None => {
            let words = tree.create_text(words);
            replace(tree, node, words);
        }
    }
}

fn web_link(address: &str, place: &LinkContext<'_>) -> Option<String> {
    link_address(address, place).filter(|link| link.starts_with("http://") || link.starts_with("https://"))
}

fn linked(tree: &mut Tree, href: &str, words: &str) -> NodeId {
    let link = tree.create("a");
    tree.set(link, "href", href);
    let words = tree.create_text(if words.is_empty() { href } else { words });
    tree.append(link, words);
    link
}

/// What a frame shows, as a link.
pub fn frame(tree: &mut Tree, frame: NodeId, place: &LinkContext<'_>, name: &str) {
    match frame_link(tree, frame, place, name) {
        Some(link) => replace(tree, frame, link),
        None => tree.detach(frame),
    }
}

pub fn frame_link(tree: &mut Tree, frame: NodeId, place: &LinkContext<'_>, name: &str) -> Option<NodeId> {
    let lazy = LAZY.iter().find_map(|name| tree.attribute(frame, name));
    let href = tree
        .attribute(frame, name)
        .and_then(|address| web_link(address, place))
        .or_else(|| lazy.and_then(|address| web_link(address, place)))?;
    let words = tree.attribute(frame, "title").unwrap_or_default().trim().to_owned();
    Some(linked(tree, &href, &words))
}

pub fn player(tree: &mut Tree, player: NodeId, place: &LinkContext<'_>) {
    sources(tree, player, place);
    let has_source = tree.children(player).into_iter().any(|child| tree.name(child) == "source");
    if tree.attribute(player, "src").is_none() && !has_source {
        tree.unwrap(player);
    }
}

/// Of a `<picture>` only what this site has in several sizes; of a player every source that may be played.
pub fn source(tree: &mut Tree, source: NodeId, place: &LinkContext<'_>) {
    sources(tree, source, place);
    let sets = candidates(tree, source);
    let own_set = !sets.is_empty() && sets.iter().all(|address| address.starts_with("/media/"));
    if tree.attribute(source, "src").is_none() && !own_set {
        tree.detach(source);
    }
}

fn sources(tree: &mut Tree, node: NodeId, place: &LinkContext<'_>) {
    let lazy = LAZY.iter().find_map(|name| tree.attribute(node, name)).map(str::to_owned);
    if let Some(lazy) = lazy.filter(|_| tree.attribute(node, "src").is_none_or(str::is_empty)) {
        tree.set(node, "src", lazy);
    }
    for name in ["src", "poster"] {
        let Some(address) = tree.attribute(node, name).map(str::to_owned) else { continue };
        if let Some(address) = picture_address(&address, place) {
            tree.set(node, name, address);
            continue;
        }
        tree.remove_attribute(node, name);
        let is_player = matches!(tree.name(node), "video" | "audio");
        if let Some(href) = web_link(&address, place).filter(|_| name == "src" && is_player) {
            let link = linked(tree, &href, "");
            tree.insert_before(node, link);
        }
    }
}
