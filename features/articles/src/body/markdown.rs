//! CommonMark with tables, strikethrough, autolinks, footnotes and tasks (GitHub's dialect), to HTML that is not yet safe.

use std::cell::Cell;
use std::collections::HashMap;

use comrak::nodes::{Node, NodeValue};
use comrak::{Arena, Options, format_html, try_parse_document};
use kernel::markup::TooComplex;

use super::addresses::{stopped, unstopped};
use super::definitions::neutralised;
use super::punctuation::PLACEHOLDER;
use super::tags::{Ends, begins_unknown, escape_unmeant, is_of_head};

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
    // It would leave out those that nothing refers to.
    options.parse.leave_footnote_definitions = true;
    options.extension.tasklist = true;
    options.extension.cjk_friendly_emphasis = true;
    options.render.r#unsafe = true; // the sanitiser follows

    let arena = Arena::new();
    let source = source.replace("\r\n", "\n").replace('\r', "\n").replace(PLACEHOLDER, "");
    let source = neutralised(&source);
    let source = stopped(&source);
    let (asked, gone) = (Cell::new(0), Cell::new(false));
    let stop = || {
        asked.set(asked.get() + 1);
        gone.set(cancelled());
        gone.get() || asked.get() * STEPS_AT_ONCE > STEPS
    };
    let root = try_parse_document(&arena, &source, &options, &stop)
        .map_err(|_| if gone.get() { TooComplex::Cancelled } else { TooComplex::Work })?;
    let nodes = within_bounds(root)?;
    place_notes(&arena, root, &nodes);
    keep_cells(&arena, &source, &nodes);
    keep_tags(&nodes);
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

/// Notes go to the end, in the order of the marks that lead to them. What nothing leads to is text, where it stands.
fn place_notes<'a>(arena: &'a Arena<'a>, root: Node<'a>, nodes: &[Node<'a>]) {
    let mut numbers: HashMap<String, u32> = HashMap::new();
    for node in nodes {
        if let NodeValue::FootnoteReference(mark) = &node.data().value {
            numbers.insert(mark.name.clone(), mark.ix);
        }
    }
    let mut notes = Vec::new();
    for &node in nodes {
        let NodeValue::FootnoteDefinition(note) = node.data().value.clone() else { continue };
        if note.total_references > 0 {
            notes.push((numbers.get(&note.name).copied(), node));
            continue;
        }
        let name = arena.alloc(NodeValue::Text(format!("[^{}]: ", note.name).into()).into());
        let first = node.first_child().filter(|first| matches!(first.data().value, NodeValue::Paragraph));
        if let Some(first) = first {
            first.prepend(name);
        } else {
            let paragraph = arena.alloc(NodeValue::Paragraph.into());
            paragraph.append(name);
            node.prepend(paragraph);
        }
        lift(node);
    }
    notes.sort_by_key(|(number, _)| *number);
    for (_, note) in notes {
        root.append(note);
    }
}

/// Puts what a node holds in its place.
fn lift(node: Node<'_>) {
    while let Some(child) = node.first_child() {
        node.insert_before(child);
    }
    node.detach();
}

/// Cells beyond those of the table's head are left out by the parser: their words go into the last one of their row.
fn keep_cells<'a>(arena: &'a Arena<'a>, source: &str, nodes: &[Node<'a>]) {
    let lines: Vec<&str> = source.lines().collect();
    let mut columns = 0;
    for node in nodes {
        match &node.data().value {
            NodeValue::Table(table) => columns = table.num_columns,
            NodeValue::TableRow(false) => {
                let start = node.data().sourcepos.start;
                let line = lines.get(start.line.saturating_sub(1));
                let row = line.and_then(|line| line.get(start.column.saturating_sub(1)..));
                if let (Some(more), Some(last)) =
                    (row.and_then(|row| excess(row, columns)), node.last_child())
                {
                    last.append(arena.alloc(NodeValue::Text(format!(" | {more}").into()).into()));
                }
            }
            _ => {}
        }
    }
}

/// What stands in a row behind so many cells.
fn excess(row: &str, columns: usize) -> Option<String> {
    let row = row.trim();
    let row = row.strip_prefix('|').unwrap_or(row);
    let (mut bars, mut escaped) = (0, false);
    let at = row.find(|c| {
        bars += usize::from(c == '|' && !escaped);
        escaped = c == '\\' && !escaped;
        bars == columns
    })?;
    let more = row[at + 1..].trim();
    let more = more.strip_suffix('|').unwrap_or(more).trim();
    (!more.is_empty()).then(|| more.replace("\\|", "|"))
}

/// Makes text of tags that nobody means as such. From the end, so that each is known to be closed or not.
fn keep_tags(nodes: &[Node<'_>]) {
    let (mut inline, mut blocks) = (Ends::default(), Ends::default());
    for node in nodes.iter().rev() {
        let before = node.previous_sibling().and_then(|before| match &before.data().value {
            NodeValue::Text(text) => text.chars().next_back(),
            _ => None,
        });
        let mut data = node.data_mut();
        match &mut data.value {
            NodeValue::HtmlInline(tag)
                if is_of_head(tag) || begins_unknown(tag) || inline.leave_open(tag, before) =>
            {
                let text = std::mem::take(tag);
                data.value = NodeValue::Text(text.into());
            }
            NodeValue::HtmlBlock(block) => block.literal = escape_unmeant(&block.literal, &mut blocks),
            value if value.block() => inline = Ends::default(),
            _ => {}
        }
    }
}

/// What is no markup after all is text: a single `~` (3~5 is a range), what looks like an address and is none (`<std::string>`).
fn keep_text<'a>(arena: &'a Arena<'a>, node: Node<'a>) {
    let is_tilde = matches!(node.data().value, NodeValue::Subscript);
    if is_tilde {
        let tilde = || arena.alloc(NodeValue::Text("~".into()).into());
        node.insert_before(tilde());
        node.insert_after(tilde());
        lift(node);
        return;
    }
    let unmeant = match &node.data().value {
        NodeValue::Link(link) if !leads_anywhere(&link.url) => {
            let words = node.first_child().filter(|words| words.next_sibling().is_none());
            let is_bare = words.is_some_and(|words| match &words.data().value {
                NodeValue::Text(text) => *text == link.url,
                _ => false,
            });
            is_bare.then(|| format!("<{}>", link.url))
        }
        _ => None,
    };
    if let Some(text) = unmeant {
        while let Some(child) = node.first_child() {
            child.detach();
        }
        node.data_mut().value = NodeValue::Text(text.into());
    }
}

/// Whether what has the form of an address has a scheme by which people write addresses.
fn leads_anywhere(url: &str) -> bool {
    let scheme = url.split_once(':').map_or("", |(scheme, _)| scheme);
    ["http", "https", "mailto", "tel", "ftp", "xmpp"].iter().any(|known| scheme.eq_ignore_ascii_case(known))
}
