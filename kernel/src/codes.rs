//! Codes of what can be wrong here. Each has its words in the locale files, which `server/src/app/tests/codes.rs` asks for.

crate::codes! {
    errors {
        HANDLE_FORM = "handle-form";
        HANDLE_MIXED = "handle-mixed";
        HANDLE_RESERVED = "handle-reserved";
        SLUG_FORM = "slug-form";
        TAG_FORM = "tag-form";
    }
    conflicts {}
}
