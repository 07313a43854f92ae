//! How many attributes a tag has that has not ended yet.

/// Attributes of one tag, its repetitions too, before its end. The tokenizer compares each one's name with all before it, and says nothing until the tag ends. More than an
/// element may have: a `<b` in a text may be no tag, and then every word behind it looks like one.
pub(super) const UNENDED: usize = 4_000;

/// Reads what follows a `<` as the tokenizer does.
#[derive(Default)]
pub(super) struct OpenTag {
    pub attributes: usize,
    at: At,
}

#[derive(Clone, Copy, Default)]
enum At {
    #[default]
    Start,
    /// A comment or a text, which has no attributes.
    NoTag,
    TagName,
    Between,
    Name,
    AfterName,
    Equals,
    Value,
    Quoted(u8),
}

impl OpenTag {
    pub fn read(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.at = self.next(byte);
        }
    }

    fn next(&mut self, byte: u8) -> At {
        let space = byte.is_ascii_whitespace();
        match self.at {
            At::Start if matches!(byte, b'<' | b'/') => At::Start,
            At::Start if byte.is_ascii_alphabetic() => At::TagName,
            At::Start | At::NoTag => At::NoTag,
            At::TagName | At::Between if space || matches!(byte, b'/' | b'>') => At::Between,
            At::TagName => At::TagName,
            At::Name | At::AfterName if byte == b'=' => At::Equals,
            At::Name | At::AfterName if matches!(byte, b'/' | b'>') => At::Between,
            At::Name | At::AfterName if space => At::AfterName,
            At::Name => At::Name,
            At::Between | At::AfterName => {
                self.attributes += 1;
                At::Name
            }
            At::Equals if space => At::Equals,
            At::Equals if matches!(byte, b'"' | b'\'') => At::Quoted(byte),
            At::Value if space => At::Between,
            At::Equals | At::Value if byte == b'>' => At::Between,
            At::Equals | At::Value => At::Value,
            At::Quoted(quote) if byte == quote => At::Between,
            At::Quoted(quote) => At::Quoted(quote),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_counted_as_the_tokenizer_finds_them() {
        for (tag, count) in [
            ("p a b=1 c = \"x y\" d='z'e/f", 6),
            ("/p a b", 2),
            ("p", 0),
            ("p\n=a\t=\"b c\"", 1),
            ("p a=x/y b=\"<\"", 2),
            ("!-- a b c", 0),
            ("?php a b c", 0),
            ("3 a b c", 0),
        ] {
            let mut open = OpenTag::default();
            open.read(tag.as_bytes());
            assert_eq!(open.attributes, count, "{tag}");
        }
    }
}
