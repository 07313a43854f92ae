//! Codes of what can be wrong here. Each has its words in the locale files, which `server/src/app/tests/codes.rs` asks for.

kernel::codes! {
    errors {
        COMMENT_EMPTY = "comment-empty";
        COMMENT_LONG = "comment-long";
    }
    conflicts {
        COMMENT_ERASED = "comment-erased";
        COMMENT_REMOVED = "comment-removed";
        DECIDE_OWN = "decide-own";
    }
}
