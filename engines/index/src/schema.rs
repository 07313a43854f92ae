//! The fields of the index, and a document in them.

use kernel::{ArticleId, AuthorId, Slug, Time};
use tantivy::TantivyDocument;
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, NumericOptions, STORED, STRING, Schema, TextFieldIndexing,
    TextOptions,
};
use tantivy::tokenizer::TokenizerManager;

use crate::entries;
use crate::fold::fold;
use crate::ngrams::ngrams;
use crate::sketch::Sketch;
use crate::sound::SoundTokenizer;
use crate::words::{GramTokenizer, WordTokenizer};

/// Counts up whenever fields or words change (a new jieba or stemmer too): an index of another version is thrown away and built anew.
pub const VERSION: u32 = 6;

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

#[derive(Clone, Copy, Debug)]
pub struct Fields {
    pub id: Field,
    pub author: Field,
    pub channel: Field,
    pub kind: Field,
    /// Tags as they are, folded.
    pub tag: Field,
    pub time: Field,
    pub title: Field,
    pub body: Field,
    pub tags: Field,
    /// Name and handle of the author.
    pub name: Field,
    /// All of title, body, tags and name once more, as [`crate::words::grams`].
    pub grams: Field,
    /// How title, tags and name are pronounced.
    pub sound: Field,
    /// [`crate::ngrams`] of the title, and of a text that is no longer than one.
    pub ngrams: Field,
    /// Names and tags, to be completed: [`crate::entries`].
    pub entries: Field,
    pub sketch: Field,
}

/// Fast fields are addressed by name.
pub const AUTHOR: &str = "author";
pub const CHANNEL: &str = "channel";
pub const ID: &str = "id";
pub const TIME: &str = "time";
pub const SIGNS: &str = "ngrams";
pub const SKETCH: &str = "sketch";

pub fn schema() -> (Schema, Fields) {
    let indexed = |tokenizer, record, norms| {
        let indexing = TextFieldIndexing::default().set_tokenizer(tokenizer).set_index_option(record);
        TextOptions::default().set_indexing_options(indexing.set_fieldnorms(norms))
    };
    let phrases = indexed("words", IndexRecordOption::WithFreqsAndPositions, true);
    let words = indexed("words", IndexRecordOption::WithFreqs, true);
    let mut schema = Schema::builder();
    let fields = Fields {
        id: schema.add_i64_field(ID, INDEXED | FAST),
        author: schema.add_i64_field(AUTHOR, INDEXED | FAST),
        channel: schema.add_text_field(CHANNEL, STRING | FAST),
        kind: schema.add_text_field("kind", STRING),
        tag: schema.add_text_field("tag", STRING),
        time: schema.add_i64_field(TIME, INDEXED | FAST),
        title: schema.add_text_field("title", phrases.clone() | STORED),
        body: schema.add_text_field("body", phrases | STORED),
        tags: schema.add_text_field("tags", words.clone() | STORED),
        name: schema.add_text_field("name", words | STORED),
        grams: schema.add_text_field("grams", indexed("grams", IndexRecordOption::Basic, false)),
        sound: schema
            .add_text_field("sound", indexed("sound", IndexRecordOption::WithFreqsAndPositions, false)),
        ngrams: schema
            .add_u64_field(SIGNS, NumericOptions::default().set_indexed().set_fieldnorm().set_fast()),
        entries: schema.add_text_field("entries", STRING),
        sketch: schema.add_u64_field(SKETCH, FAST),
    };
    (schema.build(), fields)
}

pub fn tokenizers() -> TokenizerManager {
    let manager = TokenizerManager::default();
    manager.register("words", WordTokenizer);
    manager.register("grams", GramTokenizer);
    manager.register("sound", SoundTokenizer);
    manager
}

/// A text that is no longer, in characters, says too little in its words to tell what is about the same.
const SHORT: usize = 100;

pub fn is_short(text: &str) -> bool {
    text.chars().nth(SHORT).is_none()
}

/// A tag as it is looked for.
pub fn folded(text: &str) -> String {
    fold(text).chars.into_iter().collect()
}

/// The author's name as it is stored: name and handle.
pub fn name_of(name: &str, handle: &str) -> String {
    format!("{name} {handle}")
}

impl Fields {
    pub fn document(&self, of: &Document) -> TantivyDocument {
        let name = name_of(&of.author_name, &of.handle);
        let mut doc = TantivyDocument::with_capacity(of.text.len() * 2 + 1_024);
        doc.add_i64(self.id, of.id.raw());
        doc.add_i64(self.author, of.author.raw());
        doc.add_text(self.channel, of.channel.as_str());
        doc.add_i64(self.time, of.published_at.millis());
        doc.add_text(self.title, &of.title);
        doc.add_text(self.body, &of.text);
        doc.add_text(self.name, &name);
        for text in [&of.title, &of.text, &name] {
            doc.add_text(self.grams, text);
        }
        for text in [&of.title, &of.author_name] {
            doc.add_text(self.sound, text);
        }
        for tag in &of.tags {
            doc.add_text(self.tag, folded(tag));
            doc.add_text(self.tags, tag);
            doc.add_text(self.grams, tag);
            doc.add_text(self.sound, tag);
        }
        for kind in &of.kinds {
            doc.add_text(self.kind, kind);
        }
        for entry in entries::of(of) {
            doc.add_text(self.entries, entry);
        }
        let short = if is_short(&of.text) { format!("{}\n{}", of.title, of.text) } else { of.title.clone() };
        for sign in ngrams(&fold(&short)) {
            doc.add_u64(self.ngrams, sign);
        }
        for word in Sketch::of(&format!("{}\n{}", of.title, of.text)).words() {
            doc.add_u64(self.sketch, word);
        }
        doc
    }
}
