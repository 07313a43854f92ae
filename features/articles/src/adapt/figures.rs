//! Paragraphs that hold nothing but pictures become figures, several a gallery; a picture's title is its caption.

use kernel::markup::{NodeId, Tree};

use super::context::replace;

pub fn make_figures(tree: &mut Tree) {
    for paragraph in tree.descendants(Tree::ROOT) {
        if tree.name(paragraph) != "p" {
            continue;
        }
        let Some(pictures) = only_pictures(tree, paragraph) else { continue };
        if pictures.len() > 1 {
            let gallery = tree.create("div");
            tree.set(gallery, "class", "gallery");
            for picture in pictures {
                let figure = figure(tree, picture);
                tree.append(gallery, figure);
            }
            replace(tree, paragraph, gallery);
        } else {
            let figure = figure(tree, pictures[0]);
            replace(tree, paragraph, figure);
        }
    }
}

fn figure(tree: &mut Tree, picture: NodeId) -> NodeId {
    let caption = tree.attribute(picture, "title").unwrap_or_default().trim().to_owned();
    let figure = tree.create("figure");
    tree.append(figure, picture);
    if !caption.is_empty() {
        let words = tree.create_text(caption);
        let element = tree.create("figcaption");
        tree.append(element, words);
        tree.append(figure, element);
    }
    figure
}

/// The pictures of a paragraph that holds them, line breaks and white space only.
fn only_pictures(tree: &Tree, paragraph: NodeId) -> Option<Vec<NodeId>> {
    let mut pictures = Vec::new();
    for child in tree.children(paragraph) {
        match tree.name(child) {
            "img" => pictures.push(child),
            "br" => {}
            "" if tree.text(child).is_none_or(|text| text.trim().is_empty()) => {}
            _ => return None,
        }
    }
    (!pictures.is_empty()).then_some(pictures)
}
