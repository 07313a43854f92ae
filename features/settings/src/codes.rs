//! Codes of what can be wrong here. Each has its words in the locale files, which `server/src/app/tests/codes.rs` asks for.

kernel::codes! {
    errors {
        SITE_NAME_EMPTY = "site-name-empty";
        SITE_NAME_LONG = "site-name-long";
        TAGLINE_LONG = "tagline-long";
        ZONE_UNKNOWN = "zone-unknown";
    }
    conflicts {}
}
