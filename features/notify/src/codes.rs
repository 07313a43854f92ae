//! Codes of what can be wrong here. Each has its words in the locale files, which `server/src/app/tests/codes.rs` asks for.

kernel::codes! {
    errors {
        DEVICE_FORM = "device-form";
        DIGEST_ADDRESS = "digest-address";
        DIGEST_EMPTY = "digest-empty";
        DIGEST_FORM = "digest-form";
        QUIET_FORM = "quiet-form";
        QUIET_HALF = "quiet-half";
    }
    conflicts {}
}
