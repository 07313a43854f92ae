//! Bringing articles in: Byline's own JSON lines, WordPress exports, RSS and Atom files. And reads, from tables ([`reads`]).
//!
//! A thread reads the file and makes [`entry::Entry`]s of it, a batch at a time; the importer writes each batch in one transaction.
//! Memory does not grow with the file. Everything is known by its outside id, so an import that was broken off goes on where it was,
//! and one that is run again changes nothing.

mod dates;
mod entry;
mod feed;
mod html;
mod jsonl;
mod language;
mod names;
mod out;
mod problem;
mod read;
mod reads;
mod run;
mod wordpress;
mod xml;

use std::collections::BTreeMap;

use kernel::Slug;

pub use reads::{ReadsImporter, ReadsReport};
pub use run::Importer;

/// Kinds of files that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Jsonl,
    Wordpress,
    Rss,
}

impl Source {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Jsonl => "jsonl",
            Self::Wordpress => "wordpress",
            Self::Rss => "rss",
        }
    }
}

#[derive(Clone, Debug)]
pub struct Options {
    /// What outside ids begin with. Where it is not given: `jsonl`, or the host of the blog or feed.
    pub source_name: Option<String>,
    /// Where articles go whose channel is not known; made if it is missing.
    pub default_channel: Slug,
    /// Whether WordPress categories make channels that the site has not got.
    pub channels_from_categories: bool,
}

/// Is told how it goes.
pub trait Progress: Sync {
    fn total_bytes(&self, bytes: u64);
    fn at_byte(&self, byte: u64);
    /// `record` is the number of the line (JSONL, CSV) or item, from 1.
    fn problem(&self, record: u64, line: Option<u64>, reason: &str);
}

/// What an import came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub articles_new: u64,
    /// Were here before.
    pub articles_known: u64,
    pub comments_new: u64,
    pub authors_new: u64,
    /// How often [`Progress::problem`] was told of one.
    pub problems: u64,
    /// What is left out on purpose, by kind: pages, menus, pings, tags that can't be one … `password` counts
    /// articles that came in as drafts because they had one.
    pub skipped_by_kind: BTreeMap<String, u64>,
}

#[cfg(test)]
use testing::SCHEMA;
#[cfg(test)]
mod tests;
