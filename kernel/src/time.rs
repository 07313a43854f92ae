//! Points in time: milliseconds since 1970 in UTC, and the clock that says which one it is.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A point in time, as Unix milliseconds (UTC). In JSON it is RFC 3339 text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(i64);

impl Time {
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Reads RFC 3339, e.g. `2024-06-04T11:43:17Z`, to the millisecond.
    pub fn parse(text: &str) -> Option<Self> {
        text.trim().parse::<Timestamp>().ok().map(|t| Self(t.as_millisecond()))
    }

    /// RFC 3339 in UTC, e.g. `2024-06-04T11:43:17Z`.
    pub fn rfc3339(self) -> String {
        self.timestamp().to_string()
    }

    /// The same point for `jiff`; times beyond its range (years ±9999) are held at the range's ends.
    pub fn timestamp(self) -> Timestamp {
        Timestamp::from_millisecond(self.0).unwrap_or(if self.0 < 0 {
            Timestamp::MIN
        } else {
            Timestamp::MAX
        })
    }

    /// Whether something can have been published then. What is not is a zero that a program wrote for "no date": `1970-01-01T00:00:00Z`, or
    /// one before there were newspapers (`0001-01-01`).
    pub const fn is_publication(self) -> bool {
        /// 1600.
        const FIRST: i64 = -11_676_096_000_000;
        self.0 != 0 && self.0 >= FIRST
    }

    #[must_use]
    pub const fn plus(self, span: Duration) -> Self {
        Self(self.0 + span.as_millis() as i64)
    }

    #[must_use]
    pub const fn minus(self, span: Duration) -> Self {
        Self(self.0 - span.as_millis() as i64)
    }

    /// How long ago `earlier` was; zero if it is still to come.
    pub const fn since(self, earlier: Self) -> Duration {
        let millis = self.0 - earlier.0;
        Duration::from_millis(if millis < 0 { 0 } else { millis as u64 })
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.rfc3339())
    }
}
impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("not an RFC 3339 time"))
    }
}

/// Says what time it is. Injected, so that a test can set it.
pub trait Clock: Send + Sync {
    fn now(&self) -> Time;
    /// A point of a clock that only runs: nobody sets it.
    fn instant(&self) -> Instant;
    /// From here on it says what a clock does that says `now` at this moment; by how many milliseconds the machine's own differs.
    fn adjust(&self, now: Time) -> i64;
}

/// The machine's clock, or another that it is adjusted to.
#[derive(Default)]
pub struct SystemClock {
    /// How far it is behind the other (milliseconds).
    behind: AtomicI64,
}

impl SystemClock {
    #[allow(clippy::disallowed_methods, reason = "the one place that asks the machine")]
    fn machine() -> i64 {
        Timestamp::now().as_millisecond()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Time {
        Time(Self::machine() + self.behind.load(Ordering::Relaxed))
    }

    fn adjust(&self, now: Time) -> i64 {
        let behind = now.0 - Self::machine();
        self.behind.store(behind, Ordering::Relaxed);
        behind
    }

    fn instant(&self) -> Instant {
        Instant::now()
    }
}

/// A clock for tests: stands until it is moved.
pub struct ManualClock {
    now: AtomicI64,
    start: Instant,
    /// How far it ran since, in milliseconds.
    ran: AtomicU64,
}

impl ManualClock {
    pub fn at(time: Time) -> Self {
        Self { now: AtomicI64::new(time.0), start: Instant::now(), ran: AtomicU64::new(0) }
    }

    /// Lets it run: the time of day, and [`Clock::instant`].
    pub fn advance(&self, span: Duration) {
        self.now.fetch_add(span.as_millis() as i64, Ordering::Relaxed);
        self.ran.fetch_add(span.as_millis() as u64, Ordering::Relaxed);
    }

    /// Sets the time of day, as an operator does with a machine's clock.
    pub fn set(&self, time: Time) {
        self.now.store(time.0, Ordering::Relaxed);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Time {
        Time(self.now.load(Ordering::Relaxed))
    }

    fn instant(&self) -> Instant {
        self.start + Duration::from_millis(self.ran.load(Ordering::Relaxed))
    }

    /// A test alone moves it.
    fn adjust(&self, _: Time) -> i64 {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_rfc3339() {
        let time = Time::parse("2024-06-04T19:43:17.250+08:00").unwrap();
        assert_eq!(time.rfc3339(), "2024-06-04T11:43:17.25Z");
        assert_eq!(Time::parse("yesterday"), None);
        assert_eq!(Time::from_millis(i64::MAX).timestamp(), Timestamp::MAX);
    }

    #[test]
    fn the_machines_clock_is_adjusted_to_another() {
        let clock = SystemClock::default();
        let (machine, hour) = (clock.now(), Duration::from_hours(1));
        let behind = clock.adjust(machine.plus(hour));
        assert!((3_599_000..=3_600_000).contains(&behind), "{behind}");
        assert!(clock.now() >= machine.plus(hour) && clock.now() < machine.plus(2 * hour));
    }

    #[test]
    fn setting_the_time_of_day_moves_no_instant() {
        let clock = ManualClock::at(Time::from_millis(1_000_000));
        let before = clock.instant();
        clock.set(Time::from_millis(5));
        assert_eq!((clock.now().millis(), clock.instant()), (5, before));
        clock.advance(Duration::from_secs(1));
        assert_eq!((clock.now().millis(), clock.instant()), (1_005, before + Duration::from_secs(1)));
    }
}
