//! Bare addresses in texts as links, wherever a text comes from.

use std::collections::HashSet;

use kernel::markup::{NodeId, Tree};

use crate::body::addresses::bare;

/// Links made in one body; more addresses stay text.
const LINKS: usize = 10_000;
/// In which an address is something else: a link already, or what somebody typed.
const VERBATIM: [&str; 16] = [
    "a",
    "code",
    "pre",
    "kbd",
    "samp",
    "tt",
    "xmp",
    "listing",
    "plaintext",
    "textarea",
    "script",
    "style",
    "title",
    "template",
    "svg",
    "math",
];

pub fn link(tree: &mut Tree) {
    let mut verbatim: HashSet<NodeId> = HashSet::new();
    let mut links = 0;
    for node in tree.descendants(Tree::ROOT) {
        if VERBATIM.contains(&tree.name(node)) && !verbatim.contains(&node) {
            verbatim.extend(tree.descendants(node));
        }
        if tree.text(node).is_none() || tree.parent(node).is_none() || verbatim.contains(&node) {
            continue;
        }
        let text = whole_text(tree, node);
        let mut done = 0;
        for found in bare(&text).into_iter().take(LINKS - links) {
            let before = tree.create_text(&text[done..found.at.start]);
            tree.insert_before(node, before);
            let address = &text[found.at.clone()];
            let link = tree.create("a");
            tree.set(link, "href", format!("{}{address}", found.before));
            let words = tree.create_text(address);
            tree.append(link, words);
            tree.insert_before(node, link);
            done = found.at.end;
            links += 1;
        }
        if done > 0 {
            tree.set_text(node, text[done..].to_owned());
        }
    }
}

/// The text of a node, together with that of the texts behind it: elements that stood around them are gone.
fn whole_text(tree: &mut Tree, node: NodeId) -> String {
    let mut text = tree.text(node).unwrap_or_default().to_owned();
    let own = text.len();
    while let Some((next, more)) = tree.next(node).and_then(|next| Some((next, tree.text(next)?))) {
        text.push_str(more);
        tree.detach(next);
    }
    if text.len() > own {
        tree.set_text(node, text.clone());
    }
    text
}
