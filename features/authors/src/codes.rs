//! Codes of what can be wrong here. Each has its words in the locale files, which `server/src/app/tests/codes.rs` asks for.

kernel::codes! {
    errors {
        BIO_LONG = "bio-long";
        CODE_EMPTY = "code-empty";
        FIELD_LONG = "field-long";
        HANDLE_ALIKE = "handle-alike";
        HANDLE_FORM = "handle-form";
        HANDLE_TAKEN = "handle-taken";
        NAME_EMPTY = "name-empty";
        NAME_LONG = "name-long";
        NAME_MIXED = "name-mixed";
        NAME_RESERVED = "name-reserved";
        NAME_TAKEN = "name-taken";
        NOTE_LONG = "note-long";
        REASON_LONG = "reason-long";
        REGION_LONG = "region-long";
    }
    conflicts {
        APPLICATION_DECIDED = "application-decided";
        APPLICATION_OPEN = "application-open";
        CHANGE_DECIDED = "change-decided";
        DECIDE_OWN = "decide-own";
        OWN_ACCOUNT = "own-account";
        PICTURE_MISSING = "picture-missing";
        USER_OWNS_AUTHORS = "user-owns-authors";
    }
}
