//! The fields of the index, and a document in them.

use kernel::{ArticleId, AuthorId, Slug, Time};
use tantivy::TantivyDocument;
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::TokenizerManager;

use crate::fold::fold;
use crate::sketch::Sketch;
use crate::words::{GramTokenizer, WordTokenizer, characters};

/// Counts up whenever fields or words change (a new jieba or stemmer too): an index of another version is thrown away and built anew.
pub const VERSION: u32 = 3;

/// What is to be found.
#[derive(Clone, Debug)]
pub struct Document {
    pub id: ArticleId,
    pub author: AuthorId,
    /// Name and handle of the author.
    pub author_name: String,
    pub channel: Slug,
    pub title: String,
    /// Subtitle and body as plain text.
    pub text: String,
    pub tags: Vec<String>,
    pub published_at: Time,
}

#[derive(Clone, Copy, Debug)]
pub struct Fields {
    pub id: Field,
    pub author: Field,
    pub channel: Field,
    pub time: Field,
    pub title: Field,
    pub body: Field,
    pub tags: Field,
    pub name: Field,
    /// All of title, body, tags and name once more, as [`crate::words::grams`].
    pub grams: Field,
    /// [`crate::words::characters`] of the title, and of a text that is no longer than one.
    pub characters: Field,
    pub sketch: Field,
}

/// In fast fields the time is addressed by name.
pub const TIME: &str = "time";
pub const ID: &str = "id";
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
        author: schema.add_i64_field("author", INDEXED | FAST),
        channel: schema.add_text_field("channel", STRING),
        time: schema.add_i64_field(TIME, INDEXED | FAST),
        title: schema.add_text_field("title", phrases.clone() | STORED),
        body: schema.add_text_field("body", phrases | STORED),
        tags: schema.add_text_field("tags", words.clone()),
        name: schema.add_text_field("name", words | STORED),
        grams: schema.add_text_field("grams", indexed("grams", IndexRecordOption::Basic, false)),
        characters: schema.add_text_field("characters", indexed("raw", IndexRecordOption::Basic, true)),
        sketch: schema.add_u64_field(SKETCH, FAST),
    };
    (schema.build(), fields)
}

pub fn tokenizers() -> TokenizerManager {
    let manager = TokenizerManager::default();
    manager.register("words", WordTokenizer);
    manager.register("grams", GramTokenizer);
    manager
}

/// A text that is no longer, in characters, says too little in its words to tell what is about the same.
const SHORT: usize = 100;

pub fn is_short(text: &str) -> bool {
    text.chars().nth(SHORT).is_none()
}

/// The title, and the text where it is short.
pub fn short(title: &str, text: &str) -> String {
    if is_short(text) { format!("{title}\n{text}") } else { title.to_owned() }
}

impl Fields {
    pub fn document(&self, of: &Document) -> TantivyDocument {
        let mut doc = TantivyDocument::with_capacity(of.text.len() * 2 + 1_024);
        doc.add_i64(self.id, of.id.raw());
        doc.add_i64(self.author, of.author.raw());
        doc.add_text(self.channel, of.channel.as_str());
        doc.add_i64(self.time, of.published_at.millis());
        doc.add_text(self.title, &of.title);
        doc.add_text(self.body, &of.text);
        doc.add_text(self.name, &of.author_name);
        doc.add_text(self.grams, &of.title);
        doc.add_text(self.grams, &of.text);
        doc.add_text(self.grams, &of.author_name);
        for tag in &of.tags {
            doc.add_text(self.tags, tag);
            doc.add_text(self.grams, tag);
        }
        for gram in characters(&fold(&short(&of.title, &of.text))) {
            doc.add_text(self.characters, gram);
        }
        for word in Sketch::of(&format!("{}\n{}", of.title, of.text)).words() {
            doc.add_u64(self.sketch, word);
        }
        doc
    }
}
