//! Anchors on the page: headings, what somebody named, footnotes. Their ids are prefixed, so that they are never those of the page
//! around them, and links to them are led there.

use std::collections::{HashMap, HashSet};

use kernel::markup::{NodeId, Tree};
use percent_encoding::percent_decode_str;

/// Longest id, in characters.
const LONGEST: usize = 60;
/// Bytes of a heading that its id is made of: more than the longest has, whatever signs are left out.
const HEADING: usize = 1_024;

#[derive(Default)]
struct Anchors {
    /// New ids by what links may call them.
    named: HashMap<String, String>,
    taken: HashSet<String>,
    /// How many already begin so: a thousand headings of one name are numbered in one pass.
    counts: HashMap<String, usize>,
    /// Headings of one name, in order.
    namesakes: HashMap<String, Vec<String>>,
    /// Notes, and the marks that lead to them.
    numbered: HashSet<NodeId>,
}

pub fn link_places(tree: &mut Tree) {
    let nodes = tree.descendants(Tree::ROOT);
    let mut places = Anchors::default();
    footnotes(tree, &nodes, &mut places);
    for &node in &nodes {
        let heading = matches!(tree.name(node), "h2" | "h3" | "h4");
        let old = tree.attribute(node, "id").map(str::to_owned);
        if places.numbered.contains(&node) {
            continue;
        }
        let written = old.as_deref().map(cleaned).filter(|id| !id.is_empty());
        let slug = if heading { slug(&tree.beginning(node, HEADING)) } else { String::new() };
        let wanted = match (&written, heading) {
            (Some(id), _) => id.strip_prefix("h-").unwrap_or(id).to_owned(),
            (None, true) => slug.clone(),
            (None, false) => {
                tree.remove_attribute(node, "id");
                continue;
            }
        };
        let new = places.unique(&format!("h-{}", if wanted.is_empty() { "x" } else { &wanted }));
        for name in [old, written].into_iter().flatten().filter(|name| !name.is_empty()) {
            places.named.entry(name).or_insert_with(|| new.clone());
        }
        if heading && !slug.is_empty() {
            places.namesakes.entry(slug).or_default().push(new.clone());
        }
        tree.set(node, "id", new);
    }
    places.name_headings();
    for node in nodes {
        let Some(fragment) = tree.attribute(node, "href").and_then(|href| href.strip_prefix('#')) else {
            continue;
        };
        if let Some(id) = places.find(fragment) {
            tree.set(node, "href", format!("#{id}"));
        }
    }
}

impl Anchors {
    fn unique(&mut self, id: &str) -> String {
        loop {
            let count = self.counts.entry(id.to_owned()).or_default();
            *count += 1;
            let id = if *count == 1 { id.to_owned() } else { format!("{id}-{count}") };
            if self.taken.insert(id.clone()) {
                return id;
            }
        }
    }

    /// By their words; a name that somebody gave goes before. The second of one name is called `-1` by well-known renderers.
    fn name_headings(&mut self) {
        let mut later = Vec::new();
        for (slug, ids) in std::mem::take(&mut self.namesakes) {
            for (n, id) in ids.into_iter().enumerate() {
                if n == 0 {
                    self.named.entry(format!("#{slug}")).or_insert(id);
                } else {
                    later.push((format!("#{slug}-{n}"), id));
                }
            }
        }
        for (name, id) in later {
            self.named.entry(name).or_insert(id);
        }
    }

    fn find(&self, fragment: &str) -> Option<String> {
        let decoded = percent_decode_str(fragment).decode_utf8_lossy().into_owned();
        [fragment, &decoded, &cleaned(&decoded), &format!("#{}", slug(&decoded))]
            .into_iter()
            .find_map(|name| self.named.get(name))
            .cloned()
    }
}

/// Letters, digits and what joins them.
fn cleaned(id: &str) -> String {
    id.chars()
        .map(|c| if c.is_whitespace() { '-' } else { c })
        .filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
        .take(LONGEST)
        .collect()
}

/// What a heading is called in links, as well-known renderers of Markdown call it.
fn slug(text: &str) -> String {
    cleaned(&text.trim().to_lowercase().split_whitespace().collect::<Vec<_>>().join("-")).replace('.', "")
}

/// Numbers the notes and the marks that lead to them, whatever their author calls them.
fn footnotes(tree: &mut Tree, nodes: &[NodeId], places: &mut Anchors) {
    let mut numbers: HashMap<String, usize> = HashMap::new();
    let mut within: HashSet<NodeId> = HashSet::new();
    for &node in nodes {
        let is_notes = tree.name(node) == "div" && tree.has_class(node, "footnotes");
        if is_notes {
            tree.set(node, "role", "doc-endnotes");
        }
        let inside = tree.parent(node).is_some_and(|parent| within.contains(&parent));
        if is_notes || inside {
            within.insert(node);
        }
        let Some(old) = tree.attribute(node, "id").map(str::to_owned) else { continue };
        if !inside || tree.name(node) != "li" || numbers.contains_key(&old) {
            continue;
        }
        let number = numbers.len() + 1;
        set(tree, node, old.clone(), format!("fn-{number}"), places);
        numbers.insert(old, number);
    }
    let mut times: HashMap<usize, usize> = HashMap::new();
    for &node in nodes {
        if tree.name(node) != "a" {
            continue;
        }
        if tree.attribute(node, "data-footnote-ref").is_some() {
            let target =
                tree.attribute(node, "href").and_then(|href| href.strip_prefix('#')).unwrap_or_default();
            let Some(&number) = numbers.get(target) else { continue };
            let time = times.entry(number).or_default();
            *time += 1;
            let new = if *time == 1 { format!("fnref-{number}") } else { format!("fnref-{number}-{time}") };
            let old = tree.attribute(node, "id").unwrap_or_default().to_owned();
            set(tree, node, old, new, places);
            tree.set(node, "role", "doc-noteref");
        } else if let Some(number) = tree.attribute(node, "data-footnote-backref-idx").map(str::to_owned) {
            tree.set(node, "role", "doc-backlink");
            tree.set(node, "aria-label", format!("↩ {number}"));
        }
    }
}

fn set(tree: &mut Tree, node: NodeId, old: String, new: String, places: &mut Anchors) {
    places.taken.insert(new.clone());
    if !old.is_empty() {
        places.named.insert(old, new.clone());
    }
    tree.set(node, "id", new);
    places.numbered.insert(node);
}
