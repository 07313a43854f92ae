//! Codes of conflicts that this crate gives; their words are in the locale files.

kernel::codes! {
    errors {}
    conflicts {
        JOB_NOT_FAILED = "job-not-failed";
    }
}
