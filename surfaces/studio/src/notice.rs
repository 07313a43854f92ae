//! What a page says of a write that led to it.

use web::render::{Notice, Tone};

/// What can have been done, as addresses say it after a write.
pub const DONE: [&str; 14] = [
    "ready",
    "deleted",
    "deleted-picture",
    "saved",
    "saved-still",
    "uploaded",
    "uploaded-still",
    "submitted",
    "scheduled",
    "published",
    "withdrawn",
    "retracted",
    "profile",
    "profile-waits",
];

/// What was done, from the address that a write led to. Only codes of ours become words.
pub fn notice(done: &str) -> Option<Notice> {
    DONE.contains(&done).then(|| Notice { tone: Tone::Good, code: format!("desk-{done}") })
}
