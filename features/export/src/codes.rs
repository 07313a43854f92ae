//! Codes of what can be wrong here. Each has its words in the locale files, which `server/src/app/tests/codes.rs` asks for.

kernel::codes! {
    errors {
    }
    conflicts {
        EXPORT_OFTEN = "export-often";
        EXPORT_RUNNING = "export-running";
    }
}
