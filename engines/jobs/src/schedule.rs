//! Work that comes by the clock.

use std::time::Duration;

use jiff::civil::Time as TimeOfDay;
use jiff::tz::TimeZone;
use jiff::{Unit, ZonedDateTime, ZonedDateTimeRound};
use kernel::Time;

/// How often, and when. Turns are points on the clock, not waits since the last one: all processes of a site mean the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Every {
    /// At multiples of it since 1970 (UTC).
    Span(Duration),
    /// At this minute of each hour, in the site's zone (some are half an hour off).
    Hour { minute: i8 },
    /// At this time of each day in the site's zone. Where a change of clocks leaves it out, as much later; where it comes twice, at the first.
    Day { hour: i8, minute: i8 },
}

impl Every {
    /// The last turn that has come by `now`.
    pub fn last(self, now: Time, zone: &TimeZone) -> Time {
        let local = now.timestamp().to_zoned_datetime(zone.clone());
        let found = match self {
            Self::Span(span) => {
                let span = span.as_millis().max(1) as i64;
                return Time::from_millis(now.millis().div_euclid(span) * span);
            }
            Self::Hour { minute } => last_hour(&local, minute),
            Self::Day { hour, minute } => last_day(&local, hour, minute),
        };
        // Times at the ends of the calendar have no turn before them.
        found.map_or(now, |turn| Time::from_millis(turn.timestamp().as_millisecond()))
    }
}

fn last_hour(now: &ZonedDateTime, minute: i8) -> Option<ZonedDateTime> {
    let begun =
        now.round(ZonedDateTimeRound::new().smallest(Unit::Hour).mode(jiff::RoundMode::Trunc)).ok()?;
    let turn = begun.checked_add(jiff::Span::new().minutes(i64::from(minute))).ok()?;
    if turn <= *now { Some(turn) } else { turn.checked_sub(jiff::Span::new().hours(1)).ok() }
}

fn last_day(now: &ZonedDateTime, hour: i8, minute: i8) -> Option<ZonedDateTime> {
    let at = TimeOfDay::new(hour, minute, 0, 0).ok()?;
    let on = |date: jiff::civil::Date| date.to_datetime(at).to_zoned_datetime(now.time_zone().clone()).ok();
    let today = on(now.date())?;
    if today <= *now { Some(today) } else { on(now.date().yesterday().ok()?) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn last(every: Every, now: &str, zone: &str) -> String {
        every.last(Time::parse(now).unwrap(), &TimeZone::get(zone).unwrap()).rfc3339()
    }

    #[test]
    fn turns_are_points_on_the_clock() {
        let minute = Every::Span(Duration::from_mins(1));
        assert_eq!(last(minute, "2024-06-05T10:00:59.999Z", "UTC"), "2024-06-05T10:00:00Z");
        assert_eq!(last(minute, "2024-06-05T10:01:00Z", "UTC"), "2024-06-05T10:01:00Z");
        let hour = Every::Hour { minute: 30 };
        assert_eq!(last(hour, "2024-06-05T10:29:00Z", "UTC"), "2024-06-05T09:30:00Z");
        assert_eq!(last(hour, "2024-06-05T10:30:00Z", "UTC"), "2024-06-05T10:30:00Z");
        // Kathmandu is 5:45 ahead.
        assert_eq!(last(hour, "2024-06-05T10:44:00Z", "Asia/Kathmandu"), "2024-06-05T09:45:00Z");
        let day = Every::Day { hour: 7, minute: 0 };
        assert_eq!(last(day, "2024-06-04T22:59:59Z", "Asia/Shanghai"), "2024-06-03T23:00:00Z");
        assert_eq!(last(day, "2024-06-04T23:00:00Z", "Asia/Shanghai"), "2024-06-04T23:00:00Z");
    }

    #[test]
    fn a_change_of_clocks_neither_leaves_a_day_out_nor_doubles_it() {
        let night = Every::Day { hour: 2, minute: 30 };
        // In Oslo 2:00 became 3:00 on 31 March 2024, and 3:00 became 2:00 on 27 October.
        assert_eq!(last(night, "2024-03-31T06:00:00Z", "Europe/Oslo"), "2024-03-31T01:30:00Z");
        assert_eq!(last(night, "2024-10-27T00:29:00Z", "Europe/Oslo"), "2024-10-26T00:30:00Z");
        assert_eq!(last(night, "2024-10-27T00:30:00Z", "Europe/Oslo"), "2024-10-27T00:30:00Z");
        assert_eq!(
            last(night, "2024-10-27T01:30:00Z", "Europe/Oslo"),
            "2024-10-27T00:30:00Z",
            "not again an hour later"
        );
    }
}
