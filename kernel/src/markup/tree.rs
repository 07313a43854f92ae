//! HTML from anywhere as a tree that can be changed. Building it is bounded: the tree builder of the HTML standard does work that
//! grows with the square of what is nested, left open or repeated, so what goes beyond [`Limits`] is refused before it is done.

use std::cell::{Cell, RefCell};

use html5ever::interface::{ElementFlags, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::State;
use html5ever::tokenizer::{
    BufferQueue, ParseError, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use html5ever::{LocalName, QualName, local_name, ns};

use super::attributes::{OpenTag, UNENDED};
use super::sink::{Handle, Sink};
use super::unclosed::text_of_unclosed;

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

/// Bytes that go to the tokenizer at once: between two pieces the limits are looked at.
const PIECE: usize = 1_024;
/// How often a changed tree is read again until nothing in it moves: a few times for tables in forms in tables.
const ROUNDS: usize = 5;
/// How often what was begun and never ended is taken for text, before it is left out as browsers do.
const RETRIES: usize = 4;

impl Tree {
    pub const ROOT: NodeId = NodeId(0);

    /// The tree of a fragment, as it would be within a `<div>`. `cancelled` is asked now and then.
    pub fn parse(html: &str, limits: Limits, cancelled: &dyn Fn() -> bool) -> Result<Self, TooComplex> {
        let mut html = text_of_unclosed(html);
        if let Some(at) = html.rfind("<!--").filter(|&at| !html[at..].contains("-->")) {
            html.to_mut().replace_range(at..=at, "&lt;");
        }
        for _ in 0..RETRIES {
            let (tree, open) = Self::parse_once(&html, limits, cancelled)?;
            let Some(at) = open else { return Ok(tree) };
            html.to_mut().replace_range(at..=at, "&lt;");
        }
        Self::parse_once(&html, limits, cancelled).map(|(tree, _)| tree)
    }

    /// Also says where a tag begins that the text ends in.
    fn parse_once(
        html: &str,
        limits: Limits,
        cancelled: &dyn Fn() -> bool,
    ) -> Result<(Self, Option<usize>), TooComplex> {
        let sink = Sink::new(limits);
        let around = QualName::new(None, ns!(html), local_name!("div"));
        let context = sink.create_element(around, Vec::new(), ElementFlags::default());
        let builder = TreeBuilder::new_for_fragment(
            sink,
            context,
            None,
            // The site's own scripts don't make up for what stands in `<noscript>`.
            TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() },
        );
        let guard = Guard { builder, limits, heard: Cell::new(true) };
        let options = TokenizerOpts { initial_state: Some(State::Data), ..TokenizerOpts::default() };
        let tokenizer = Tokenizer::new(guard, options);
        let queue = BufferQueue::default();
        let (mut at, mut pieces) = (0, 0_u32);
        let (mut silent_from, mut tag) = (None, OpenTag::default());
        while at < html.len() {
            let end = piece_end(html, at);
            tokenizer.sink.heard.set(false);
            queue.push_back(StrTendril::from_slice(&html[at..end]));
            while !matches!(tokenizer.feed(&queue), html5ever::TokenizerResult::Done) {}
            if tokenizer.sink.heard.get() {
                (silent_from, tag) = (None, OpenTag::default());
            } else {
                let begun = html.as_bytes()[..at].ends_with(b"<");
                silent_from = silent_from.or(Some(if begun { at - 1 } else { at }));
                tag.read(&html.as_bytes()[at..end]);
            }
            if let Some(why) = tokenizer.sink.builder.sink.exceeded() {
                return Err(why);
            }
            if tag.attributes > UNENDED {
                return Err(TooComplex::Attributes(limits.attributes));
            }
            pieces += 1;
            if pieces % 256 == 0 && cancelled() {
                return Err(TooComplex::Cancelled);
            }
            at = end;
        }
        tokenizer.end();
        let tree = tokenizer.sink.builder.sink.finish()?;
        let open = silent_from.filter(|&at| html[at..].starts_with('<') && !html[at..].starts_with("<!"));
        Ok((tree, open))
    }

    /// The tree that a parser makes of this one, and would make of that one again. Elements that may not stand in one another are
    /// moved or opened anew when they are read; where all has settled, a parser only appends, so that the time of one without
    /// bounds, too, grows with the length.
    pub(super) fn converged(&self, limits: Limits, cancelled: &dyn Fn() -> bool) -> Result<Self, TooComplex> {
        let mut html = self.to_html();
        for _ in 0..ROUNDS {
            let tree = Self::parse(&html, limits, cancelled)?;
            let again = tree.to_html();
            if again == html {
                return Ok(tree);
            }
            if cancelled() {
                return Err(TooComplex::Cancelled);
            }
            html = again;
        }
        Err(TooComplex::Work)
    }

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

/// A piece ends behind a `<`: unless that stands within a tag or a comment, the tokenizer has said all that stands before it. So where it
/// is silent over a whole piece, what it reads began with the `<` before that.
fn piece_end(html: &str, from: usize) -> usize {
    let mut end = (from + PIECE).min(html.len());
    while !html.is_char_boundary(end) {
        end -= 1;
    }
    html.as_bytes()[from..end].iter().position(|&b| b == b'<').map_or(end, |at| from + at + 1)
}

/// Notes whether the tokenizer has come to the end of anything, and how many attributes it has found: also those of end tags and of
/// tags that the tree builder passes over.
struct Guard {
    builder: TreeBuilder<Handle, Sink>,
    limits: Limits,
    heard: Cell<bool>,
}

impl TokenSink for Guard {
    type Handle = Handle;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<Handle> {
        if !matches!(token, ParseError(_) | Token::EOFToken) {
            self.heard.set(true);
        }
        if let Token::TagToken(tag) = &token
            && tag.attrs.len() > self.limits.attributes
        {
            self.builder.sink.exceed(TooComplex::Attributes(self.limits.attributes));
        }
        self.builder.process_token(token, line)
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

pub(super) type Shared = RefCell<Tree>;
