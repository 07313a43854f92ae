//! Line ends within a paragraph. They are shown as spaces, which the scripts of China and Japan don't have.

use std::collections::HashSet;

use kernel::markup::{NodeId, Tree};

/// Signs between which a line end is nothing: Han, kana and their punctuation (the rule for segment breaks of CSS Text 3, 4.1.2).
/// Between a Han character and a Latin letter the space stays: many set one there on purpose.
fn is_wide(c: char) -> bool {
    matches!(c,
        '\u{2e80}'..='\u{2fdf}' | '\u{3005}'..='\u{3007}' | '\u{3021}'..='\u{3029}' | '\u{3031}'..='\u{312f}'
        | '\u{31a0}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff10}'..='\u{ff19}' | '\u{ff21}'..='\u{ff3a}'
        | '\u{ff41}'..='\u{ff5a}' | '\u{ff66}'..='\u{ff9f}' | '\u{20000}'..='\u{3ffff}')
}

/// Punctuation that brings its own room: next to it nothing needs a space.
fn is_full_sign(c: char) -> bool {
    matches!(c, '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3020}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff01}'..='\u{ff0f}'
        | '\u{ff1a}'..='\u{ff20}' | '\u{ff3b}'..='\u{ff40}' | '\u{ff5b}'..='\u{ff65}')
}

/// Quotation marks, dashes, dots that Chinese shares with scripts that have spaces: they are wide where their neighbour is.
fn is_shared_sign(c: char) -> bool {
    matches!(c, '\u{b7}' | '\u{2014}' | '\u{2018}' | '\u{2019}' | '\u{201c}' | '\u{201d}' | '\u{2026}')
}

fn joined(before: char, after: char) -> bool {
    let fits = |c: char| is_wide(c) || is_shared_sign(c);
    is_full_sign(before)
        || is_full_sign(after)
        || (is_wide(before) && fits(after))
        || (fits(before) && is_wide(after))
}

const INLINE: [&str; 24] = [
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "em", "i", "ins", "kbd", "mark", "q", "s", "samp",
    "small", "span", "strong", "sub", "sup", "time", "u", "var",
];

/// Takes out the line ends that would be gaps.
pub fn join_lines(tree: &mut Tree) {
    // The last sign of the line so far, and white space with a line end behind it at the end of a text.
    let mut before: Option<char> = None;
    let mut open: Option<(NodeId, usize)> = None;
    let mut verbatim: HashSet<NodeId> = HashSet::new();
    for node in tree.descendants(Tree::ROOT) {
        let name = tree.name(node);
        if !name.is_empty() {
            if name == "pre" && !verbatim.contains(&node) {
                verbatim.extend(tree.descendants(node));
            }
            if !INLINE.contains(&name) {
                (before, open) = (None, None);
            }
            continue;
        }
        let Some(text) = tree.text(node) else { continue };
        if verbatim.contains(&node) {
            continue;
        }
        let text = text.to_owned();
        if let Some(first) = text.chars().find(|c| !c.is_ascii_whitespace())
            && let Some((at, from)) = open.take()
            && before.is_some_and(|before| joined(before, first))
        {
            let kept = tree.text(at).map(|whole| whole[..from].to_owned()).unwrap_or_default();
            tree.set_text(at, kept);
        }
        let (kept, last, tail) = without_gaps(&text, before);
        if let Some(last) = last {
            before = Some(last);
            open = None;
        }
        if let Some(from) = tail {
            open = Some((node, from));
        }
        if kept.len() != text.len() {
            tree.set_text(node, kept);
        }
    }
}

/// A text without its gaps, its last sign, and where white space with a line end begins at its end.
fn without_gaps(text: &str, mut before: Option<char>) -> (String, Option<char>, Option<usize>) {
    let mut kept = String::with_capacity(text.len());
    let mut last = None;
    let mut rest = text;
    loop {
        let words = rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len());
        kept.push_str(&rest[..words]);
        if let Some(c) = rest[..words].chars().next_back() {
            (before, last) = (Some(c), Some(c));
        }
        rest = &rest[words..];
        if rest.is_empty() {
            return (kept, last, None);
        }
        let space = rest.find(|c: char| !c.is_ascii_whitespace()).unwrap_or(rest.len());
        let after = rest[space..].chars().next();
        let breaks = rest[..space].contains('\n');
        if after.is_none() && breaks {
            let from = kept.len();
            kept.push_str(rest);
            return (kept, last, Some(from));
        }
        let gap = breaks && before.zip(after).is_some_and(|(before, after)| joined(before, after));
        if !gap {
            kept.push_str(&rest[..space]);
        }
        rest = &rest[space..];
    }
}
