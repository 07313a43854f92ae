//! Times as they are counted by: five minutes in memory, hours in the tables.

use kernel::Time;
use serde::{Deserialize, Serialize};

const HOUR: i64 = 3_600_000;

/// Five minutes, by their number since 1970: sums are kept apart that long until they are written by the hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
pub struct Slot(i64);

impl Slot {
    const LENGTH: i64 = 300_000;

    pub fn of(time: Time) -> Self {
        Self(time.millis().div_euclid(Self::LENGTH))
    }

    pub fn begins(self) -> Time {
        Time::from_millis(self.0 * Self::LENGTH)
    }

    pub fn hour(self) -> i64 {
        hour(self.begins())
    }
}

/// Hours since 1970, UTC.
pub fn hour(time: Time) -> i64 {
    time.millis().div_euclid(HOUR)
}

/// The time that stands for an hour (since 1970, UTC): its middle, as far as it has come.
pub fn middle_of_hour(hour: i64, now: Time) -> Time {
    Time::from_millis(hour * HOUR + HOUR / 2).min(now)
}
