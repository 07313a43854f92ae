//! What XML can hold, and how it is written.

use std::io;

use kernel::Result;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

pub type Xml = Writer<Vec<u8>>;

/// The text without the characters that XML 1.0 cannot hold even escaped (section 2.2): most controls, and two non-characters.
pub fn clean(text: &str) -> String {
    let fits = |c: &char| match c {
        '\t' | '\n' | '\r' => true,
        '\u{fffe}' | '\u{ffff}' => false,
        c => !c.is_ascii_control() || *c == '\u{7f}',
    };
    text.chars().filter(fits).collect()
}

/// A whole document: the declaration, then what `root` writes.
pub fn document(root: impl FnOnce(&mut Xml) -> io::Result<()>) -> Result<Vec<u8>> {
    let mut xml = Writer::new(Vec::new());
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    root(&mut xml)?;
    Ok(xml.into_inner())
}

/// `<name>text</name>`
pub fn text(xml: &mut Xml, name: &str, text: &str) -> io::Result<()> {
    xml.create_element(name).write_text_content(BytesText::new(&clean(text))).map(drop)
}

#[cfg(test)]
mod tests {
    #[test]
    fn cleans_what_xml_cannot_hold() {
        assert_eq!(super::clean("a\u{0}\u{b}\u{1f}\tb\n\u{ffff}潮"), "a\tb\n潮");
    }
}
