//! A document, and how it is put into the fields of the index.

use kernel::{ArticleId, AuthorId, Slug, Time};
use tantivy::TantivyDocument;

use crate::entries;
use crate::fold::fold;
use crate::ngrams::ngrams;
use crate::schema::{Fields, folded};
use crate::sketch::Sketch;

/// What is to be found.
#[derive(Clone, Debug)]
pub struct Document {
    pub id: ArticleId,
    pub author: AuthorId,
    pub author_name: String,
    pub handle: String,
    pub channel: Slug,
    pub title: String,
    /// Subtitle and body as plain text.
    pub text: String,
    pub tags: Vec<String>,
    /// What it is, in its owner's words: what it can be narrowed down to by.
    pub kinds: Vec<String>,
    pub published_at: Time,
}

/// A text that is no longer, in characters, says too little in its words to tell what is about the same.
const SHORT: usize = 100;

pub fn is_short(text: &str) -> bool {
    text.chars().nth(SHORT).is_none()
}

/// The author's name as it is stored: name and handle.
pub fn name_of(name: &str, handle: &str) -> String {
    format!("{name} {handle}")
}

impl Document {
    /// As it stands in the index.
    pub(crate) fn in_fields(&self, fields: &Fields) -> TantivyDocument {
        let name = name_of(&self.author_name, &self.handle);
        let mut doc = TantivyDocument::with_capacity(self.text.len() * 2 + 1_024);
        doc.add_i64(fields.id, self.id.raw());
        doc.add_i64(fields.author, self.author.raw());
        doc.add_text(fields.channel, self.channel.as_str());
        doc.add_i64(fields.time, self.published_at.millis());
        doc.add_text(fields.title, &self.title);
        doc.add_text(fields.body, &self.text);
        doc.add_text(fields.name, &name);
        for text in [&self.title, &self.text, &name] {
            doc.add_text(fields.grams, text);
        }
        for text in [&self.title, &self.author_name] {
            doc.add_text(fields.sound, text);
        }
        for tag in &self.tags {
            doc.add_text(fields.tag, folded(tag));
            doc.add_text(fields.tags, tag);
            doc.add_text(fields.grams, tag);
            doc.add_text(fields.sound, tag);
        }
        for kind in &self.kinds {
            doc.add_text(fields.kind, kind);
        }
        for entry in entries::keys(&self.author_name, &self.handle, &self.tags) {
            doc.add_text(fields.entries, entry);
        }
        let short =
            if is_short(&self.text) { format!("{}\n{}", self.title, self.text) } else { self.title.clone() };
        for ngram in ngrams(&fold(&short)) {
            doc.add_u64(fields.ngrams, ngram);
        }
        for word in Sketch::of(&format!("{}\n{}", self.title, self.text)).words() {
            doc.add_u64(fields.sketch, word);
        }
        doc
    }
}
