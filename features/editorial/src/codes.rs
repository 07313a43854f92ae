//! Codes of what can be wrong here. Each has its words in the locale files, which `server/src/app/tests/codes.rs` asks for.

kernel::codes! {
    errors {
        ARTICLE_NOT_LIVE = "article-not-live";
        ENDS_BEFORE = "ends-before";
        ENDS_PAST = "ends-past";
        FIELD_LONG = "field-long";
        PLACED_ALREADY = "placed-already";
        SLOT_FULL = "slot-full";
        THING_OTHER = "thing-other";
        TOPIC_EMPTY = "topic-empty";
        TOPIC_FULL = "topic-full";
        TOPIC_TAKEN = "topic-taken";
        TOPIC_TITLE_EMPTY = "topic-title-empty";
        TOPIC_UNKNOWN = "topic-unknown";
    }
    conflicts {
        PLACEMENT_OVER = "placement-over";
    }
}
