//! Codes of what can be wrong here. Each has its words in the locale files, which `server/src/app/tests/codes.rs` asks for.

kernel::codes! {
    errors {
        PICTURE_BROKEN = "picture-broken";
        PICTURE_BYTES_ALL = "picture-bytes-all";
        PICTURE_BYTES_HOUR = "picture-bytes-hour";
        PICTURE_COSTLY = "picture-costly";
        PICTURE_LARGE = "picture-large";
        PICTURE_PIXELS = "picture-pixels";
        PICTURE_TYPE = "picture-type";
        PICTURES_ALL = "pictures-all";
        PICTURES_HOUR = "pictures-hour";
    }
    conflicts {}
}
