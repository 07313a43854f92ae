//! The fields of the index.

use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, NumericOptions, STORED, STRING, Schema, TextFieldIndexing,
    TextOptions,
};
use tantivy::tokenizer::TokenizerManager;

use crate::fold::fold;
use crate::sound::SoundTokenizer;
use crate::words::{GramTokenizer, WordTokenizer};

/// Counts up whenever fields or words change (a new jieba or stemmer too): an index of another version is thrown away and built anew.
pub const VERSION: u32 = 6;

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
pub const NGRAMS: &str = "ngrams";
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
            .add_u64_field(NGRAMS, NumericOptions::default().set_indexed().set_fieldnorm().set_fast()),
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

/// A tag as it is looked for.
pub fn folded(text: &str) -> String {
    fold(text).chars.into_iter().collect()
}
