//! What every kind of source is read into.

use articles::Draft;
use kernel::Time;

use crate::Source;

/// What the articles' outside ids begin with, if the caller has said so.
pub struct Origin(pub Option<String>);

impl Origin {
    pub fn name_or(&self, source: Source, host: Option<&str>) -> String {
        self.0.clone().or_else(|| host.map(str::to_owned)).unwrap_or_else(|| source.name().to_owned())
    }
}

/// One article as it stood in a source. Its channel and cover are still names.
#[derive(Debug, Default)]
pub struct Entry {
    /// Number of the line (JSONL) or of the item, from 1.
    pub record: u64,
    pub line: Option<u64>,
    /// Where it ends in the file, in bytes.
    pub end: u64,
    pub external_id: String,
    /// The author as the source names them; a handle is made of it.
    pub author: String,
    pub author_name: Option<String>,
    /// `channel` and `covers` are empty.
    pub draft: Draft,
    /// The channels it may go to, the likeliest first.
    pub sections: Vec<Section>,
    /// A picture beside the file, relative to it.
    pub cover: Option<String>,
    /// Readers could not see it, so here they can't either.
    pub hidden: bool,
    pub published_at: Option<Time>,
    pub edited_at: Option<Time>,
    pub comments: Vec<Said>,
}

/// What a source calls a channel.
#[derive(Debug)]
pub struct Section {
    pub slug: String,
    pub name: Option<String>,
    /// Whether to make the channel where there is none.
    pub make: bool,
}

/// A comment.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    pub external_id: String,
    pub parent: Option<String>,
    pub name: String,
    pub text: String,
    /// The article's own time where it is not known.
    pub at: Option<Time>,
}

#[derive(Debug)]
pub enum Found {
    Entry(Box<Entry>),
    Problem {
        record: u64,
        line: Option<u64>,
        reason: String,
    },
    /// Something left out on purpose: its kind, and how many.
    Skipped(String, u64),
}

/// Text without the character that no database keeps.
pub fn without_nul(text: String) -> String {
    if text.contains('\0') { text.replace('\0', "") } else { text }
}
