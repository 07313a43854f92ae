//! An XML file as a row of small trees, one in memory at a time.

mod decode;

use std::io::BufRead;

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;

use decode::Decoded;

/// Deeper trees are no feed.
const DEPTH: usize = 100;

/// An element with all it holds.
#[derive(Debug, Default)]
pub struct Node {
    pub name: String,
    attributes: Vec<(String, String)>,
    parts: Vec<Part>,
}

#[derive(Debug)]
enum Part {
    Text(String),
    Node(Node),
}

impl Node {
    pub fn children<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.parts.iter().filter_map(move |part| match part {
            Part::Node(node) if node.name == name => Some(node),
            _ => None,
        })
    }

    pub fn child(&self, name: &str) -> Option<&Self> {
        self.parts.iter().find_map(|part| match part {
            Part::Node(node) if node.name == name => Some(node),
            _ => None,
        })
    }

    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// All text inside, that of inner elements included.
    pub fn text(&self) -> String {
        let mut out = String::new();
        self.add_text(&mut out);
        out
    }

    fn add_text(&self, out: &mut String) {
        for part in &self.parts {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Node(node) => node.add_text(out),
            }
        }
    }

    /// The trimmed text of a child, if there is any.
    pub fn value(&self, child: &str) -> Option<String> {
        let text = self.child(child)?.text();
        let trimmed = text.trim();
        (!trimmed.is_empty()).then(|| trimmed.to_owned())
    }

    /// What is inside, as markup (Atom's `type="xhtml"`).
    pub fn markup(&self) -> String {
        let mut out = String::new();
        self.add_markup(&mut out);
        out
    }

    fn add_markup(&self, out: &mut String) {
        for part in &self.parts {
            match part {
                Part::Text(text) => out.push_str(&quick_xml::escape::partial_escape(text.as_str())),
                Part::Node(node) => {
                    let name = node.name.rsplit(':').next().unwrap_or_default();
                    out.push('<');
                    out.push_str(name);
                    for (key, value) in &node.attributes {
                        let value = quick_xml::escape::escape(value.as_str());
                        out.extend([" ", key, "=\"", &value, "\""]);
                    }
                    out.push('>');
                    node.add_markup(out);
                    if !matches!(name, "br" | "img" | "hr" | "source" | "track" | "wbr") {
                        out.extend(["</", name, ">"]);
                    }
                }
            }
        }
    }

    fn add(&mut self, text: &str) {
        match self.parts.last_mut() {
            Some(Part::Text(last)) => last.push_str(text),
            _ => self.parts.push(Part::Text(text.to_owned())),
        }
    }
}

/// Where and why a file could not be read any further.
#[derive(Debug)]
pub struct Broken {
    pub byte: u64,
    pub line: u64,
    pub why: String,
}

impl Broken {
    pub fn reason(&self) -> String {
        format!(
            "the XML can't be read beyond byte {}, line {}: {}; what stands before it is in",
            self.byte, self.line, self.why
        )
    }
}

/// The elements below the containers (`rss`, `channel`, `rdf:RDF`, `feed`), in the file's order.
pub struct Records<R> {
    reader: Reader<Decoded<R>>,
    buffer: Vec<u8>,
    open: Vec<String>,
    /// The outermost element, empty of content.
    pub root: Option<Node>,
    /// The line on which the last element began.
    pub line: u64,
}

impl<R: BufRead> Records<R> {
    pub fn new(raw: R) -> std::io::Result<Self> {
        let mut reader = Reader::from_reader(Decoded::new(raw)?);
        let config = reader.config_mut();
        config.allow_dangling_amp = true;
        config.expand_empty_elements = true;
        Ok(Self { reader, buffer: Vec::new(), open: Vec::new(), root: None, line: 1 })
    }

    /// Bytes of the file read so far.
    pub fn bytes(&self) -> u64 {
        self.reader.get_ref().bytes()
    }

    /// The next element, or `None` at the file's proper end.
    pub fn next(&mut self) -> Result<Option<Node>, Broken> {
        let mut tree: Vec<Node> = Vec::new();
        self.reader.get_mut().refill();
        loop {
            self.buffer.clear();
            let line = self.reader.get_ref().line();
            let event = match self.reader.read_event_into(&mut self.buffer) {
                Ok(event) => event,
                Err(error) => {
                    let byte = self.reader.error_position().max(1);
                    return Err(Broken { byte, line, why: error.to_string() });
                }
            };
            match event {
                Event::Start(start) if tree.is_empty() && is_container(&self.open, start.name().as_ref()) => {
                    self.open.push(start.name().as_ref().to_owned());
                    self.root.get_or_insert_with(|| node(&start));
                }
                Event::Start(start) => {
                    if tree.is_empty() {
                        self.line = line;
                    }
                    tree.push(node(&start));
                    if tree.len() > DEPTH {
                        let byte = self.reader.buffer_position();
                        return Err(Broken { byte, line, why: "elements are nested too deeply".to_owned() });
                    }
                }
                Event::End(_) => {
                    let Some(done) = tree.pop() else {
                        self.open.pop();
                        continue;
                    };
                    match tree.last_mut() {
                        Some(parent) => parent.parts.push(Part::Node(done)),
                        None => return Ok(Some(done)),
                    }
                }
                Event::Text(text) => add(&mut tree, &text.xml10_content()),
                Event::CData(text) => add(&mut tree, &text.xml10_content()),
                Event::GeneralRef(reference) => add(&mut tree, &resolved(&reference)),
                Event::Eof => return self.end(&tree),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) | Event::Empty(_) => {}
            }
        }
    }

    fn end(&self, tree: &[Node]) -> Result<Option<Node>, Broken> {
        let unclosed = tree.first().map(|node| &node.name).or(self.open.last());
        let why = match unclosed {
            Some(name) => format!("the file ends inside <{name}>"),
            None if self.root.is_none() => "there is no <rss> or <feed> in it".to_owned(),
            None => return Ok(None),
        };
        Err(Broken { byte: self.bytes(), line: self.reader.get_ref().line(), why })
    }
}

fn is_container(open: &[String], name: &str) -> bool {
    match name {
        "rss" | "rdf:RDF" | "feed" => open.is_empty(),
        "channel" => open.len() == 1,
        _ => false,
    }
}

fn node(start: &BytesStart<'_>) -> Node {
    let mut attributes = start.attributes();
    let attributes = attributes.with_checks(false).flatten().map(|attribute| {
        let value =
            attribute.normalized_value(XmlVersion::Implicit1_0).unwrap_or_else(|_| attribute.value.clone());
        (attribute.key.as_ref().to_owned(), value.into_owned())
    });
    Node { name: start.name().as_ref().to_owned(), attributes: attributes.collect(), parts: Vec::new() }
}

fn add(tree: &mut [Node], text: &str) {
    if let Some(node) = tree.last_mut() {
        node.add(text);
    }
}

/// `&amp;` and `&#8217;` as what they stand for. Others (`&nbsp;`) stay: the text is HTML more often than not, and is decoded as such.
fn resolved(reference: &BytesRef<'_>) -> String {
    match reference.resolve_char_ref() {
        Ok(Some(c)) => c.to_string(),
        Err(_) => String::new(),
        Ok(None) => {
            let name = reference.xml10_content();
            resolve_xml_entity(&name).map_or_else(|| format!("&{name};"), str::to_owned)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trees_one_after_another() {
        let xml = "<?xml version='1.0'?>\n<rss><channel>\n<title>A &amp; B &nbsp;&#65; & C</title>\n<item x='1&amp;2'><a>1<![CDATA[<b>]]></a><a/></item></channel></rss>";
        let mut records = Records::new(xml.as_bytes()).unwrap();
        let title = records.next().unwrap().unwrap();
        assert_eq!((title.text().as_str(), records.line), ("A & B &nbsp;A & C", 3));
        let item = records.next().unwrap().unwrap();
        assert_eq!((item.attribute("x"), item.value("a").as_deref()), (Some("1&2"), Some("1<b>")));
        assert_eq!(item.children("a").count(), 2);
        assert!(records.next().unwrap().is_none());
        assert_eq!(records.root.unwrap().name, "rss");
        assert_eq!(xml.len() as u64, records.reader.get_ref().bytes());
    }

    #[test]
    fn says_where_it_breaks() {
        let broken = |xml: &str| {
            let mut records = Records::new(xml.as_bytes()).unwrap();
            loop {
                match records.next() {
                    Ok(Some(_)) => {}
                    Ok(None) => panic!("not broken: {xml}"),
                    Err(broken) => return broken,
                }
            }
        };
        assert_eq!(broken("<rss><channel>\n<item>\n<a>").line, 3);
        assert_eq!(broken("<rss>\n<channel>\n<item><![CDATA[ x\ny\nz").line, 3);
        assert_eq!(broken("<rss><channel><item><a>\n</b></item>").line, 2);
        assert!(broken("{\"id\": 1}").why.contains("no <rss>"));
        assert!(broken(&"<a>".repeat(1_000)).why.contains("deeply"));
    }

    #[test]
    fn inner_markup_is_markup_again() {
        let xml = "<feed><entry><content><div xmlns='http://www.w3.org/1999/xhtml'>a &lt; b<br/><xhtml:em>c</xhtml:em></div></content></entry></feed>";
        let entry = Records::new(xml.as_bytes()).unwrap().next().unwrap().unwrap();
        let markup = entry.child("content").unwrap().markup();
        assert_eq!(markup, "<div xmlns=\"http://www.w3.org/1999/xhtml\">a &lt; b<br><em>c</em></div>");
    }
}
