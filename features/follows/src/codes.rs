//! Codes of what can be wrong here. Each has its words in the locale files, which `server/src/app/tests/codes.rs` asks for.

kernel::codes! {
    errors {}
    conflicts {
        FOLLOWS_MANY = "follows-many";
    }
}
