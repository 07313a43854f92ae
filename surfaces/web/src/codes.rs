//! Codes of what can be wrong here. Each has its words in the locale files, which `server/src/app/tests/codes.rs` asks for.

kernel::codes! {
    errors {
        AGAIN_EMPTY = "again-empty";
        FORM_UNREADABLE = "form-unreadable";
        PICTURE_BUSY = "picture-busy";
        PICTURE_LARGE = "picture-large";
        STORAGE_FULL = "storage-full";
    }
    conflicts {}
}
