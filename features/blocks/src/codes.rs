//! Codes of what can be wrong here. Each has its words in the locale files, which `server/src/app/tests/codes.rs` asks for.

kernel::codes! {
    errors {}
    conflicts {
        BLOCKED = "blocked";
        BLOCKING = "blocking";
        BLOCKS_MANY = "blocks-many";
        BLOCK_OWN = "block-own";
    }
}
