//! Codes of what can be wrong here. Each has its words in the locale files, which `server/src/app/tests/codes.rs` asks for.

kernel::codes! {
    errors {
        WISH_FORM = "wish-form";
        WISHES_MANY = "wishes-many";
    }
    conflicts {
        LEARNING_OFF = "learning-off";
    }
}
