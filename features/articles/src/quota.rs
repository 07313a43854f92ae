//! How much an author may add: so that nobody fills the site's disk, by mistake (a program that saves in a loop) or on purpose.

use std::time::Duration;

use db::FromQueryResult;
use kernel::{Error, Quota, Result, Time};

use crate::codes;

/// Saves in an hour: one every two seconds is no person's pace, but a busy agency's program may have it.
pub const HOUR_REVISIONS: i64 = 2_000;
/// Text in an hour, in MiB.
pub const HOUR_MEGABYTES: i64 = 128;
/// Saves in all.
pub const REVISIONS: i64 = 200_000;
/// Text in all, in MiB.
pub const MEGABYTES: i64 = 4_096;

const HOUR: i64 = 3_600_000;

/// What an author has added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Usage {
    pub hour_revisions: i64,
    pub hour_bytes: i64,
    pub revisions: i64,
    pub bytes: i64,
}

/// The number of the hour in which that is.
pub const fn hour_of(now: Time) -> i64 {
    now.millis().div_euclid(HOUR)
}

/// Errors: [`Error::Quota`] with `revisions-hour`, `text-hour`, `revisions-all`, `text-all`.
pub fn check(used: &Usage, now: Time) -> Result<()> {
    let left = Duration::from_millis((HOUR - now.millis().rem_euclid(HOUR)) as u64);
    let limits = [
        (used.revisions, REVISIONS, REVISIONS, codes::REVISIONS_ALL, None),
        (used.bytes, MEGABYTES << 20, MEGABYTES, codes::TEXT_ALL, None),
        (used.hour_revisions, HOUR_REVISIONS, HOUR_REVISIONS, codes::REVISIONS_HOUR, Some(left)),
        (used.hour_bytes, HOUR_MEGABYTES << 20, HOUR_MEGABYTES, codes::TEXT_HOUR, Some(left)),
    ];
    match limits.into_iter().find(|(used, most, ..)| used > most) {
        Some((_, _, limit, code, wait)) => Err(Error::Quota(Quota { code, limit, wait })),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_limit_says_which_it_is_and_when_it_ends() {
        let now = Time::parse("2024-06-05T10:45:00Z").unwrap();
        let refused = |used: Usage| match check(&used, now) {
            Err(Error::Quota(quota)) => Some((quota.code, quota.wait.map(|wait| wait.as_secs()))),
            Ok(()) => None,
            Err(other) => panic!("{other}"),
        };
        let none = Usage { hour_revisions: 0, hour_bytes: 0, revisions: 0, bytes: 0 };
        let full = Usage {
            hour_revisions: HOUR_REVISIONS,
            hour_bytes: HOUR_MEGABYTES << 20,
            revisions: REVISIONS,
            bytes: MEGABYTES << 20,
        };
        assert_eq!((refused(none), refused(full)), (None, None));
        let hour = Some(15 * 60);
        assert_eq!(
            refused(Usage { hour_revisions: HOUR_REVISIONS + 1, ..none }),
            Some(("revisions-hour", hour))
        );
        assert_eq!(
            refused(Usage { hour_bytes: (HOUR_MEGABYTES << 20) + 1, ..none }),
            Some(("text-hour", hour))
        );
        assert_eq!(refused(Usage { revisions: REVISIONS + 1, ..none }), Some(("revisions-all", None)));
        assert_eq!(refused(Usage { bytes: (MEGABYTES << 20) + 1, ..none }), Some(("text-all", None)));
    }
}
