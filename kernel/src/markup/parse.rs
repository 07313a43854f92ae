//! HTML from anywhere as a [`Tree`]. Building it is bounded: the tree builder of the HTML standard does work that grows with the square
//! of what is nested, left open or repeated, so what goes beyond [`Limits`] is refused before it is done.

use std::cell::Cell;

use html5ever::interface::{ElementFlags, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::State;
use html5ever::tokenizer::{
    BufferQueue, ParseError, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use html5ever::{QualName, local_name, ns};

use super::attributes::{OpenTag, UNENDED};
use super::sink::{Handle, Sink};
use super::tree::{Limits, TooComplex, Tree};
use super::unclosed::text_of_unclosed;

/// Bytes that go to the tokenizer at once: between two pieces the limits are looked at.
const PIECE: usize = 1_024;
/// How often a changed tree is read again until nothing in it moves: a few times for tables in forms in tables.
const ROUNDS: usize = 5;
/// How often what was begun and never ended is taken for text, before it is left out as browsers do.
const RETRIES: usize = 4;

impl Tree {
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
