//! Codes of what can be wrong here. Each has its words in the locale files, which `server/src/app/tests/codes.rs` asks for.

kernel::codes! {
    errors {
        COMMENT_BLOCKED = "comment-blocked";
        COMMENT_BLOCKING = "comment-blocking";
        COMMENT_GONE = "comment-gone";
        COMMENT_OFTEN = "comment-often";
        FORM_UNREADABLE = "form-unreadable";
        HANDLE_ALIKE = "handle-alike";
        KIND_UNKNOWN = "kind-unknown";
        NAME_TAKEN = "name-taken";
        RESET_OFTEN = "reset-often";
        RESET_SURE = "reset-sure";
        WHO_EMPTY = "who-empty";
        WISH_AUTHOR = "wish-author";
        WISH_FORM = "wish-form";
    }
    conflicts {}
}
