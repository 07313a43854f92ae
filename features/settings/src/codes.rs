//! Codes of what can be wrong here. Each has its words in the locale files, which `server/src/app/tests/codes.rs` asks for.

kernel::codes! {
    errors {
        COLOUR_CONTRAST = "colour-contrast";
        COLOUR_FORM = "setting-colour";
        SETTING_EMPTY = "setting-empty";
        SETTING_LONG = "setting-long";
        SETTING_CHOICE = "setting-choice";
        SETTING_NUMBER = "setting-number";
        SETTING_LOW = "setting-low";
        SETTING_HIGH = "setting-high";
        SETTING_EMAIL = "setting-email";
        ZONE_UNKNOWN = "zone-unknown";
    }
    conflicts {
        SETTING_FIXED = "setting-fixed";
    }
}
