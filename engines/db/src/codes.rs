//! Codes of what can be wrong here. Each has its words in the locale files, which `server/src/app/tests/codes.rs` asks for.

kernel::codes! {
    errors {
        DATABASE_URL = "database-url";
        TEXT_NUL = "text-nul";
    }
    conflicts {
        EXISTS = "exists";
    }
}
