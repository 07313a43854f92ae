//! A tree as HTML again, for the sanitiser.

use super::tree::{Kind, NodeId, Tree};

/// Elements without content.
const VOID: [&str; 14] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr",
];
/// Elements whose content is no text for readers.
const UNSEEN: [&str; 9] =
    ["script", "style", "template", "title", "iframe", "noembed", "noframes", "svg", "math"];

/// Longest value of an attribute, in bytes; longer ones are left out.
pub(super) const VALUE: usize = 8_192;
/// For the sanitiser, a text is divided into parts of so many bytes, by comments that it takes out: when it writes a text it looks, at
/// each sign that needs an escape, through all of the rest (html5ever 0.40, `write_escaped`).
const PART: usize = 4_096;

fn write_text(out: &mut String, text: &str, part: usize) {
    let mut rest = text;
    while rest.len() > part {
        let mut end = part;
        while !rest.is_char_boundary(end) {
            end -= 1;
        }
        out.push_str(&escape(&rest[..end]));
        out.push_str("<!---->");
        rest = &rest[end..];
    }
    out.push_str(&escape(rest));
}

pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

impl Tree {
    pub fn to_html(&self) -> String {
        self.write(usize::MAX)
    }

    /// Each text in parts.
    pub(super) fn to_html_in_parts(&self) -> String {
        self.write(PART)
    }

    fn write(&self, part: usize) -> String {
        let mut out = String::new();
        // What is still to be written: a node, or the end of one.
        let mut stack: Vec<(NodeId, bool)> = self.children_backwards(Self::ROOT);
        while let Some((id, ends)) = stack.pop() {
            if ends {
                out.extend(["</", self.written_name(id), ">"]);
                continue;
            }
            match &self.node(id).kind {
                Kind::Text(text) => write_text(&mut out, text, part),
                Kind::Element { attributes, .. } => {
                    let name = self.written_name(id);
                    if UNSEEN.contains(&name) {
                        continue;
                    }
                    // The sanitiser would take what is in it for text.
                    if name == "noscript" {
                        stack.extend(self.children_backwards(id));
                        continue;
                    }
                    out.extend(["<", name]);
                    for (name, value) in
                        attributes.iter().filter(|(name, value)| is_plain(name) && value.len() <= VALUE)
                    {
                        out.extend([" ", name, "=\"", &escape(value), "\""]);
                    }
                    out.push('>');
                    if VOID.contains(&name) {
                        continue;
                    }
                    // The parser takes the first line end in a `<pre>` for layout of the source.
                    let first = self.node(id).first.and_then(|first| self.text(first));
                    if name == "pre" && first.is_some_and(|text| text.starts_with('\n')) {
                        out.push('\n');
                    }
                    stack.push((id, true));
                    stack.extend(self.children_backwards(id));
                }
                Kind::Root | Kind::Other => {}
            }
        }
        out
    }

    /// Elements whose text is not parsed are written as one whose text is.
    fn written_name(&self, id: NodeId) -> &str {
        match self.name(id) {
            "xmp" | "listing" | "plaintext" | "textarea" => "pre",
            name => name,
        }
    }

    fn children_backwards(&self, of: NodeId) -> Vec<(NodeId, bool)> {
        self.children(of).into_iter().rev().map(|child| (child, false)).collect()
    }
}

fn is_plain(name: &str) -> bool {
    name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':'))
}
