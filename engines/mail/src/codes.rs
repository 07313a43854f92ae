//! Codes of what can be wrong here; their words are in the locale files.

kernel::codes! {
    errors {
        ADDRESS_FORM = "address-form";
        ADDRESS_REFUSED = "address-refused";
    }
    conflicts {}
}
