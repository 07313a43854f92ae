//! Names and tags to be completed while they are typed: each stands in the term dictionary under all that one may begin to type.

use crate::schema::folded;
use crate::sound;

/// Between the parts of a term; stands in no name.
pub const GAP: char = '\0';
const AUTHOR: char = 'a';
const TAG: char = 't';

/// An author or a tag that begins as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    Author { name: String, handle: String },
    Tag(String),
}

/// Under what an author and tags are found: key, kind, what is shown.
pub fn keys(author_name: &str, handle: &str, tags: &[String]) -> Vec<String> {
    let mut out = Vec::new();
    let mut add = |keys: &[&str], kind: char, shown: &str| {
        for key in keys {
            let mut all = vec![folded(key)];
            if let Some((whole, initials)) = sound::spelled(key) {
                all.extend([whole, initials]);
            }
            out.extend(
                all.into_iter().filter(|key| !key.is_empty()).map(|key| format!("{key}{GAP}{kind}{shown}")),
            );
        }
    };
    let clean = |text: &str| text.replace(GAP, "");
    let (name, handle) = (clean(author_name), clean(handle));
    if !name.is_empty() {
        add(&[&name, &handle], AUTHOR, &format!("{name}{GAP}{handle}"));
    }
    for tag in tags {
        add(&[&clean(tag)], TAG, &clean(tag));
    }
    out.sort_unstable();
    out.dedup();
    out
}

impl Entry {
    /// Of what a term says after its key: kind, what is shown.
    pub(crate) fn read(entry: &str) -> Option<Self> {
        if let Some(tag) = entry.strip_prefix(TAG) {
            return Some(Self::Tag(tag.to_owned()));
        }
        let (name, handle) = entry.strip_prefix(AUTHOR)?.split_once(GAP)?;
        Some(Self::Author { name: name.to_owned(), handle: handle.to_owned() })
    }
}
