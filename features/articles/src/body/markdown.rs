//! CommonMark with tables, strikethrough, autolinks, footnotes and tasks (GitHub's dialect), to HTML that is not yet safe.

use std::cell::Cell;

use comrak::nodes::{Node, NodeValue};
use comrak::{Arena, Options, format_html, try_parse_document};
use kernel::markup::TooComplex;

use super::addresses::{stopped, unstopped};
use super::tags::{begins_unknown, escape_unknown};

/// Quotes and lists within one another, and emphasis and links.
const DEPTH: usize = 100;
/// Lines, inlines and nodes of the longest text that people write stay below half of it.
const STEPS: usize = 600_000;
/// The parser asks whether to go on after so many steps.
const STEPS_AT_ONCE: usize = 256;

pub fn to_html(source: &str, cancelled: &dyn Fn() -> bool) -> Result<String, TooComplex> {
    if source.lines().any(|line| markers(line) > DEPTH) {
        return Err(TooComplex::Depth(DEPTH));
    }
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    // So that a single `~` is told from two; it is put back below.
    options.extension.subscript = true;
    options.extension.autolink = true;
    options.extension.footnotes = true;
    options.extension.tasklist = true;
    options.extension.cjk_friendly_emphasis = true;
    options.render.r#unsafe = true; // the sanitiser follows

    let arena = Arena::new();
    let source = stopped(source);
    let (asked, gone) = (Cell::new(0), Cell::new(false));
    let stop = || {
        asked.set(asked.get() + 1);
        gone.set(cancelled());
        gone.get() || asked.get() * STEPS_AT_ONCE > STEPS
    };
    let root = try_parse_document(&arena, &source, &options, &stop)
        .map_err(|_| if gone.get() { TooComplex::Cancelled } else { TooComplex::Work })?;
    let nodes = within_bounds(root)?;
    for node in nodes {
        keep_text(&arena, node);
    }
    let mut html = String::new();
    format_html(root, &options, &mut html).map_err(|_| TooComplex::Work)?;
    Ok(unstopped(html))
}

/// How many quotes and list items a line begins.
fn markers(line: &str) -> usize {
    let mut rest = line.as_bytes();
    let mut count = 0;
    loop {
        rest = rest.trim_ascii_start();
        let digits = rest.iter().take(9).take_while(|b| b.is_ascii_digit()).count();
        let spaced = |at: usize| rest.get(at).is_none_or(u8::is_ascii_whitespace);
        let len = match rest.first() {
            Some(b'>') => 1,
            Some(b'-' | b'+' | b'*') if spaced(1) => 1,
            Some(b'0'..=b'9') if matches!(rest.get(digits), Some(b'.' | b')')) && spaced(digits + 1) => {
                digits + 1
            }
            _ => return count,
        };
        count += 1;
        rest = &rest[len..];
    }
}

/// All nodes in the order of the document, where none stands too deep.
fn within_bounds(root: Node<'_>) -> Result<Vec<Node<'_>>, TooComplex> {
    let mut all = Vec::new();
    let mut stack = vec![(root, 0)];
    while let Some((node, depth)) = stack.pop() {
        // Each quote or list of a line makes two.
        if depth > 2 * DEPTH {
            return Err(TooComplex::Depth(DEPTH));
        }
        if all.len() > STEPS {
            return Err(TooComplex::Work);
        }
        all.push(node);
        stack.extend(node.reverse_children().map(|child| (child, depth + 1)));
    }
    Ok(all)
}

/// What is no markup after all is text: a single `~` (3~5 is a range), what looks like a tag and is none (`Vec<String>`).
fn keep_text<'a>(arena: &'a Arena<'a>, node: Node<'a>) {
    let is_tilde = matches!(node.data().value, NodeValue::Subscript);
    if is_tilde {
        let tilde = || arena.alloc(NodeValue::Text("~".into()).into());
        node.insert_before(tilde());
        while let Some(child) = node.first_child() {
            node.insert_before(child);
        }
        node.insert_before(tilde());
        node.detach();
        return;
    }
    let mut data = node.data_mut();
    match &mut data.value {
        NodeValue::HtmlInline(literal) if begins_unknown(literal) => {
            let literal = std::mem::take(literal);
            data.value = NodeValue::Text(literal.into());
        }
        NodeValue::HtmlBlock(block) => block.literal = escape_unknown(&block.literal),
        _ => {}
    }
}
