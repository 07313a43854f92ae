//! Codes of what can be wrong here. Each has its words in the locale files, which `server/src/app/tests/codes.rs` asks for.

kernel::codes! {
    errors {
        CHANNEL_EMPTY = "channel-empty";
        CODE_EMPTY = "code-empty";
        HANDLE_UNKNOWN = "handle-unknown";
        NUMBER_FORM = "number-form";
        ROLE_OWN = "role-own";
        SURE_MISSING = "sure-missing";
        THING_EMPTY = "thing-empty";
        TIME_UNCLEAR = "time-unclear";
    }
    conflicts {
        MODEL_NOT_NEWEST = "model-not-newest";
        USER_DELETED = "user-deleted";
    }
}
