//! The name of an object. Only well-formed names reach the disk.

use std::fmt;

/// `<folder>/<name>`: a folder of 32 hexadecimal digits (lower case), a name of up to 32 letters, digits, dashes and
/// dots (lower case, not starting with a dot).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    folder: String,
    name: String,
}

impl Key {
    /// `None` if either part is not well-formed.
    pub fn new(folder: &str, name: &str) -> Option<Self> {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'.';
        let good = is_folder(folder)
            && (1..=32).contains(&name.len())
            && !name.starts_with('.')
            && name.bytes().all(plain);
        good.then(|| Self { folder: folder.to_owned(), name: name.to_owned() })
    }

    pub fn folder(&self) -> &str {
        &self.folder
    }

    pub fn name(&self) -> &str {
        &self.name
    }
}

pub(crate) fn is_folder(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.folder, self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leads_out_of_its_folder() {
        let folder = "0123456789abcdef0123456789abcdef";
        assert!(Key::new(folder, "w640.webp").is_some());
        for name in ["", ".", "..", ".x", "a/b", "../x", "a\\b", "A", "a\0", "a b", &"a".repeat(33)] {
            assert_eq!(Key::new(folder, name), None, "{name:?}");
        }
        for folder in ["", "..", "0123456789ABCDEF0123456789ABCDEF", "0123456789abcdef0123456789abcde/"] {
            assert_eq!(Key::new(folder, "a"), None, "{folder:?}");
        }
    }
}
