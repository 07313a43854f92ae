//! HTML as a tree that can be changed, and how much of it one may hold.

use html5ever::{LocalName, QualName, ns};

/// A place in a [`Tree`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NodeId(pub(super) u32);

#[derive(Debug)]
pub(super) enum Kind {
    Root,
    Element {
        name: QualName,
        attributes: Vec<(String, String)>,
    },
    Text(String),
    /// Comments and the like, which nobody sees.
    Other,
}

#[derive(Debug)]
pub(super) struct Node {
    pub parent: Option<NodeId>,
    pub previous: Option<NodeId>,
    pub next: Option<NodeId>,
    pub first: Option<NodeId>,
    pub last: Option<NodeId>,
    pub kind: Kind,
}

#[derive(Debug)]
pub struct Tree {
    pub(super) nodes: Vec<Node>,
}

/// How much a tree may hold. Documents that people write stay far below.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Elements within one another.
    pub depth: usize,
    /// Attributes of one element.
    pub attributes: usize,
    /// Elements, texts and comments.
    pub nodes: usize,
    /// Steps of the tree builder: looks at open elements, moves of nodes.
    pub work: u64,
    /// Bytes of the values of all attributes: an element that is left open is opened again with all of them.
    pub values: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: 200, attributes: 200, nodes: 120_000, work: 20_000_000, values: 8 << 20 }
    }
}

/// Why a tree was not built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TooComplex {
    #[error("elements are nested more than {0} deep")]
    Depth(usize),
    #[error("an element has more than {0} attributes")]
    Attributes(usize),
    #[error("too many elements, or too wrongly nested ones")]
    Work,
    #[error("whoever asked has gone")]
    Cancelled,
}

impl Tree {
    pub const ROOT: NodeId = NodeId(0);

    /// The children of a node, in order.
    pub fn children(&self, of: NodeId) -> Vec<NodeId> {
        let mut all = Vec::new();
        let mut next = self.node(of).first;
        while let Some(child) = next {
            all.push(child);
            next = self.node(child).next;
        }
        all
    }

    /// Everything below a node, in the order of the document.
    pub fn descendants(&self, of: NodeId) -> Vec<NodeId> {
        self.walk(of).collect()
    }

    /// The same, one at a time.
    pub fn walk(&self, of: NodeId) -> impl Iterator<Item = NodeId> {
        let down = move |node| self.node(node).first.or_else(|| self.after(node, of));
        std::iter::successors(self.node(of).first, move |&node| down(node))
    }

    /// What follows a node and all that it holds, within `root`.
    fn after(&self, node: NodeId, root: NodeId) -> Option<NodeId> {
        let mut node = node;
        loop {
            if let Some(next) = self.node(node).next {
                return Some(next);
            }
            node = self.node(node).parent.filter(|&parent| parent != root)?;
        }
    }

    /// The name of an HTML element; `svg` and `math` stand for all that is in them. Nothing for what is no element.
    pub fn name(&self, of: NodeId) -> &str {
        match &self.node(of).kind {
            Kind::Element { name, .. } if name.ns == ns!(html) => &name.local,
            Kind::Element { name, .. } if name.ns == ns!(svg) => "svg",
            Kind::Element { .. } => "math",
            _ => "",
        }
    }

    pub fn rename(&mut self, element: NodeId, to: &str) {
        if let Kind::Element { name, .. } = &mut self.node_mut(element).kind {
            *name = QualName::new(None, ns!(html), LocalName::from(to));
        }
    }

    pub fn attribute(&self, of: NodeId, name: &str) -> Option<&str> {
        let Kind::Element { attributes, .. } = &self.node(of).kind else { return None };
        attributes.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    pub fn set(&mut self, of: NodeId, name: &str, value: impl Into<String>) {
        let Kind::Element { attributes, .. } = &mut self.node_mut(of).kind else { return };
        match attributes.iter_mut().find(|(n, _)| n == name) {
            Some((_, old)) => *old = value.into(),
            None => attributes.push((name.to_owned(), value.into())),
        }
    }

    pub fn remove_attribute(&mut self, of: NodeId, name: &str) {
        if let Kind::Element { attributes, .. } = &mut self.node_mut(of).kind {
            attributes.retain(|(n, _)| n != name);
        }
    }

    pub fn has_class(&self, of: NodeId, class: &str) -> bool {
        self.attribute(of, "class").is_some_and(|all| all.split_ascii_whitespace().any(|c| c == class))
    }

    pub fn add_class(&mut self, of: NodeId, class: &str) {
        if !self.has_class(of, class) {
            let all = self.attribute(of, "class").map_or_else(String::new, |all| format!("{all} "));
            self.set(of, "class", all + class);
        }
    }

    pub fn parent(&self, of: NodeId) -> Option<NodeId> {
        self.node(of).parent
    }

    /// What stands behind a node, within the same element.
    pub fn next(&self, of: NodeId) -> Option<NodeId> {
        self.node(of).next
    }

    /// The text of a text node.
    pub fn text(&self, of: NodeId) -> Option<&str> {
        match &self.node(of).kind {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn set_text(&mut self, of: NodeId, text: String) {
        if let Kind::Text(old) = &mut self.node_mut(of).kind {
            *old = text;
        }
    }

    /// All text below a node.
    pub fn inner_text(&self, of: NodeId) -> String {
        self.walk(of).filter_map(|node| self.text(node)).collect()
    }

    /// The beginning of all text below a node, some `max` bytes of it.
    pub fn beginning(&self, of: NodeId, max: usize) -> String {
        let mut out = String::new();
        for text in self.walk(of).filter_map(|node| self.text(node)) {
            out.push_str(&text[..text.floor_char_boundary(max - out.len())]);
            if out.len() + 4 > max {
                break;
            }
        }
        out
    }

    pub fn create(&mut self, name: &str) -> NodeId {
        let name = QualName::new(None, ns!(html), LocalName::from(name));
        self.push(Kind::Element { name, attributes: Vec::new() })
    }

    pub fn create_text(&mut self, text: impl Into<String>) -> NodeId {
        self.push(Kind::Text(text.into()))
    }

    pub fn append(&mut self, parent: NodeId, child: NodeId) {
        self.detach(child);
        let last = self.node(parent).last;
        let node = self.node_mut(child);
        (node.parent, node.previous) = (Some(parent), last);
        match last {
            Some(last) => self.node_mut(last).next = Some(child),
            None => self.node_mut(parent).first = Some(child),
        }
        self.node_mut(parent).last = Some(child);
    }

    /// `node` comes to stand before `sibling`, which has a parent.
    pub fn insert_before(&mut self, sibling: NodeId, node: NodeId) {
        self.detach(node);
        let (parent, previous) = (self.node(sibling).parent, self.node(sibling).previous);
        let Some(parent) = parent else { return };
        let new = self.node_mut(node);
        (new.parent, new.previous, new.next) = (Some(parent), previous, Some(sibling));
        self.node_mut(sibling).previous = Some(node);
        match previous {
            Some(previous) => self.node_mut(previous).next = Some(node),
            None => self.node_mut(parent).first = Some(node),
        }
    }

    /// Takes a node, with all that it holds, out of the tree.
    pub fn detach(&mut self, node: NodeId) {
        let gone = self.node_mut(node);
        let (parent, previous, next) = (gone.parent.take(), gone.previous.take(), gone.next.take());
        let Some(parent) = parent else { return };
        match previous {
            Some(previous) => self.node_mut(previous).next = next,
            None => self.node_mut(parent).first = next,
        }
        match next {
            Some(next) => self.node_mut(next).previous = previous,
            None => self.node_mut(parent).last = previous,
        }
    }

    /// Puts what an element holds in its place.
    pub fn unwrap(&mut self, element: NodeId) {
        for child in self.children(element) {
            self.insert_before(element, child);
        }
        self.detach(element);
    }

    pub(super) fn push(&mut self, kind: Kind) -> NodeId {
        let id = NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(Node { parent: None, previous: None, next: None, first: None, last: None, kind });
        id
    }

    pub(super) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    pub(super) fn node_mut(&mut self, id: NodeId) -> &mut Node {
        &mut self.nodes[id.0 as usize]
    }

    /// How deep the deepest node stands.
    pub(super) fn depth(&self) -> usize {
        let (mut deepest, mut depth) = (0, 0_usize);
        let mut at = Self::ROOT;
        loop {
            if let Some(first) = self.node(at).first {
                (at, depth) = (first, depth + 1);
                deepest = deepest.max(depth);
                continue;
            }
            loop {
                if at == Self::ROOT {
                    return deepest;
                }
                if let Some(next) = self.node(at).next {
                    at = next;
                    break;
                }
                let Some(parent) = self.node(at).parent else { return deepest };
                (at, depth) = (parent, depth - 1);
            }
        }
    }
}
