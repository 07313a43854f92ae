//! What a page says of a write that led to it.

use web::render::{Notice, Tone};

/// What can have been done: messages `notice-admin-…`.
pub const DONE: [&str; 45] = [
    "approved",
    "returned",
    "retracted",
    "restored",
    "report-upheld",
    "report-rejected",
    "released",
    "removed",
    "application-approved",
    "application-rejected",
    "saved",
    "owner-added",
    "owner-removed",
    "channel",
    "channel-merged",
    "channel-removed",
    "model-withdrawn",
    "placed",
    "moved",
    "unplaced",
    "topic",
    "topic-published",
    "topic-withdrawn",
    "topic-added",
    "topic-dropped",
    "suspended",
    "user-restored",
    "user-deleted",
    "signed-out",
    "session-ended",
    "token-revoked",
    "profile-approved",
    "profile-returned",
    "profile-shown",
    "profile-cleared",
    "event-retry",
    "event-dropped",
    "consumer-rebuild",
    "settings",
    "role",
    "role-removed",
    "job-retry",
    "job-dropped",
    "mail-test",
    "factors-reset",
];

/// What was done, from the address that a write led to. Only codes of ours become words.
pub fn notice(done: &str) -> Option<Notice> {
    DONE.contains(&done).then(|| Notice { tone: Tone::Good, code: format!("admin-{done}") })
}
