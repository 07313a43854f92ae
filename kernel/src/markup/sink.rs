//! What the tree builder of the HTML standard builds into, counting as it goes.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use html5ever::interface::{Attribute, ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::{ExpandedName, QualName};

use super::tree::{Kind, Limits, NodeId, TooComplex, Tree};
use super::write::VALUE;

/// Attributes that hold words, which may come to stand as text.
const WORDS: [&str; 2] = ["alt", "title"];

#[derive(Clone)]
pub(super) struct Handle {
    id: NodeId,
    name: Option<Rc<QualName>>,
}

pub(super) struct Sink {
    tree: RefCell<Tree>,
    limits: Limits,
    /// How deep each node stands, or stood when it came in.
    depths: RefCell<Vec<u32>>,
    work: Cell<u64>,
    /// Bytes of values so far.
    values: Cell<usize>,
    exceeded: Cell<Option<TooComplex>>,
}

impl Sink {
    pub fn new(limits: Limits) -> Self {
        let mut tree = Tree { nodes: Vec::new() };
        tree.push(Kind::Root);
        Self {
            tree: RefCell::new(tree),
            limits,
            depths: vec![0].into(),
            work: Cell::new(0),
            values: Cell::new(0),
            exceeded: Cell::new(None),
        }
    }

    pub fn exceeded(&self) -> Option<TooComplex> {
        self.exceeded.get()
    }

    /// The tree, its root being what was built within `<html>`.
    pub fn finish(self) -> Result<Tree, TooComplex> {
        if let Some(why) = self.exceeded.get() {
            return Err(why);
        }
        let mut tree = self.tree.into_inner();
        for top in tree.children(Tree::ROOT) {
            tree.unwrap(top);
        }
        if tree.depth() > self.limits.depth {
            return Err(TooComplex::Depth(self.limits.depth));
        }
        Ok(tree)
    }

    pub fn exceed(&self, why: TooComplex) {
        if self.exceeded.get().is_none() {
            self.exceeded.set(Some(why));
        }
    }

    fn worked(&self, steps: u64) {
        let work = self.work.get() + steps;
        self.work.set(work);
        if work > self.limits.work {
            self.exceed(TooComplex::Work);
        }
    }

    fn create(&self, kind: Kind, name: Option<Rc<QualName>>) -> Handle {
        let id = self.tree.borrow_mut().push(kind);
        self.depths.borrow_mut().push(0);
        if id.0 as usize > self.limits.nodes {
            self.exceed(TooComplex::Work);
        }
        Handle { id, name }
    }

    fn deepen(&self, child: NodeId, parent: NodeId) {
        let mut depths = self.depths.borrow_mut();
        let depth = depths[parent.0 as usize] + 1;
        depths[child.0 as usize] = depth;
        // The one more is `<html>`, which goes in the end.
        if depth as usize > self.limits.depth + 1 {
            self.exceed(TooComplex::Depth(self.limits.depth));
        }
    }

    /// Joins text to a text that stands before it.
    fn joined(&self, before: Option<NodeId>, text: &str) -> bool {
        let Some(before) = before else { return false };
        match &mut self.tree.borrow_mut().node_mut(before).kind {
            Kind::Text(whole) => {
                whole.push_str(text);
                true
            }
            _ => false,
        }
    }
}

impl TreeSink for Sink {
    type Handle = Handle;
    type Output = ();
    type ElemName<'a> = ExpandedName<'a>;

    fn finish(self) {}

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Handle {
        Handle { id: Tree::ROOT, name: None }
    }

    fn elem_name<'a>(&'a self, target: &'a Handle) -> ExpandedName<'a> {
        self.worked(1);
        target.name.as_ref().expect("only elements are asked for their names").expanded()
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, _: ElementFlags) -> Handle {
        let attributes: Vec<_> = attributes
            .into_iter()
            .take(self.limits.attributes)
            .map(|attribute| (attribute.name.local.to_string(), attribute.value.to_string()))
            .filter(|(name, value)| value.len() <= VALUE || WORDS.contains(&name.as_str()))
            .collect();
        let values = self.values.get() + attributes.iter().map(|(_, value)| value.len()).sum::<usize>();
        self.values.set(values);
        if values > self.limits.values {
            self.exceed(TooComplex::Work);
        }
        let shared = Some(Rc::new(name.clone()));
        self.create(Kind::Element { name, attributes }, shared)
    }

    fn create_comment(&self, _: StrTendril) -> Handle {
        self.create(Kind::Other, None)
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Handle {
        self.create(Kind::Other, None)
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        let child = match child {
            NodeOrText::AppendNode(node) => node,
            NodeOrText::AppendText(text) => {
                let last = self.tree.borrow().node(parent.id).last;
                if self.joined(last, &text) {
                    return;
                }
                self.create(Kind::Text(text.to_string()), None)
            }
        };
        self.deepen(child.id, parent.id);
        self.tree.borrow_mut().append(parent.id, child.id);
    }

    fn append_based_on_parent_node(&self, element: &Handle, previous: &Handle, child: NodeOrText<Handle>) {
        if self.tree.borrow().parent(element.id).is_some() {
            self.append_before_sibling(element, child);
        } else {
            self.append(previous, child);
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    /// Nobody reads a template's content; it stays outside the tree.
    fn get_template_contents(&self, target: &Handle) -> Handle {
        let contents = self.create(Kind::Other, None);
        let mut depths = self.depths.borrow_mut();
        depths[contents.id.0 as usize] = depths[target.id.0 as usize];
        drop(depths);
        contents
    }

    fn same_node(&self, x: &Handle, y: &Handle) -> bool {
        self.worked(1);
        x.id == y.id
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Handle, child: NodeOrText<Handle>) {
        let (parent, previous) = {
            let tree = self.tree.borrow();
            (tree.parent(sibling.id), tree.node(sibling.id).previous)
        };
        let child = match child {
            NodeOrText::AppendNode(node) => node,
            NodeOrText::AppendText(text) => {
                if self.joined(previous, &text) {
                    return;
                }
                self.create(Kind::Text(text.to_string()), None)
            }
        };
        if let Some(parent) = parent {
            self.deepen(child.id, parent);
        }
        self.tree.borrow_mut().insert_before(sibling.id, child.id);
    }

    fn add_attrs_if_missing(&self, _: &Handle, _: Vec<Attribute>) {}

    fn remove_from_parent(&self, target: &Handle) {
        self.tree.borrow_mut().detach(target.id);
    }

    fn reparent_children(&self, node: &Handle, new_parent: &Handle) {
        let children = self.tree.borrow().children(node.id);
        self.worked(children.len() as u64);
        for child in children {
            self.deepen(child, new_parent.id);
            self.tree.borrow_mut().append(new_parent.id, child);
        }
    }
}
