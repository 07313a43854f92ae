//! How much a user may upload: so that nobody fills the site's disk.

use std::time::Duration;

use db::Conn;
use kernel::{Error, Quota, Result, Time, UserId};

use crate::codes;
use crate::store::{self, Used};

/// Pictures within an hour: a reporter's whole day.
const HOUR_PICTURES: i64 = 500;
/// What they take on the disk, in MiB.
const HOUR_MEGABYTES: i64 = 1_024;
const PICTURES: i64 = 50_000;
const MEGABYTES: i64 = 20_480;

const HOUR: Duration = Duration::from_hours(1);

/// Asked before a picture is looked into. Errors: [`Error::Quota`] with `pictures-hour`, `picture-bytes-hour`, `pictures-all`,
/// `picture-bytes-all`. What the user deletes makes room.
pub async fn check(on: &impl Conn, user: UserId, now: Time) -> Result<()> {
    let all = store::used(on, user, Time::from_millis(0)).await?;
    let hour = store::used(on, user, now.minus(HOUR)).await?;
    refuse(&all, &hour, now)
}

fn refuse(all: &Used, hour: &Used, now: Time) -> Result<()> {
    // The oldest of this hour makes room next.
    let wait = hour.oldest.map_or(HOUR, |oldest| HOUR.saturating_sub(now.since(oldest)));
    let limits = [
        (all.pictures, PICTURES, PICTURES, codes::PICTURES_ALL, None),
        (all.bytes, MEGABYTES << 20, MEGABYTES, codes::PICTURE_BYTES_ALL, None),
        (hour.pictures, HOUR_PICTURES, HOUR_PICTURES, codes::PICTURES_HOUR, Some(wait)),
        (hour.bytes, HOUR_MEGABYTES << 20, HOUR_MEGABYTES, codes::PICTURE_BYTES_HOUR, Some(wait)),
    ];
    match limits.into_iter().find(|(used, most, ..)| used >= most) {
        Some((_, _, limit, code, wait)) => Err(Error::Quota(Quota { code, limit, wait })),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_limit_says_which_it_is_and_when_it_ends() {
        let now = Time::from_millis(10 * 3_600_000);
        let used = |pictures, megabytes: i64| Used {
            pictures,
            bytes: megabytes << 20,
            oldest: Some(now.minus(Duration::from_mins(50))),
        };
        let refused = |all: Used, hour: Used| match refuse(&all, &hour, now) {
            Err(Error::Quota(quota)) => Some((quota.code, quota.wait.map(|wait| wait.as_secs()))),
            Ok(()) => None,
            Err(other) => panic!("{other}"),
        };
        let few = used(1, 1);
        let soon = Some(10 * 60);
        assert_eq!(
            refused(used(PICTURES - 1, MEGABYTES - 1), used(HOUR_PICTURES - 1, HOUR_MEGABYTES - 1)),
            None
        );
        assert_eq!(refused(few, used(HOUR_PICTURES, 1)), Some(("pictures-hour", soon)));
        assert_eq!(refused(few, used(1, HOUR_MEGABYTES)), Some(("picture-bytes-hour", soon)));
        assert_eq!(refused(used(PICTURES, 1), few), Some(("pictures-all", None)));
        assert_eq!(refused(used(1, MEGABYTES), few), Some(("picture-bytes-all", None)));
    }
}
