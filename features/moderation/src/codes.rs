//! Codes of what can be wrong here. Each has its words in the locale files, which `server/src/app/tests/codes.rs` asks for.

kernel::codes! {
    errors {
        CODE_EMPTY = "code-empty";
        CONTACT_LONG = "contact-long";
        COPYRIGHT_CONTACT = "copyright-contact";
        COPYRIGHT_TEXT = "copyright-text";
        NOTE_LONG = "note-long";
        REASON_EMPTY = "reason-empty";
        REPORT_LONG = "report-long";
    }
    conflicts {
        DECIDE_OWN = "decide-own";
        REPORT_CLOSED = "report-closed";
    }
}
