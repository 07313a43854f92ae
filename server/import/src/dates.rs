//! Points in time as blogs and feeds write them.

use jiff::civil::{Date, DateTime};
use jiff::fmt::rfc2822;
use jiff::tz::Offset;
use kernel::Time;

/// `2010-10-05 07:27:25`, taken as UTC. `None` for WordPress's "no date", `0000-00-00 00:00:00`.
pub fn database(text: &str) -> Option<Time> {
    let time: DateTime = text.trim().parse().ok()?;
    civil(time)
}

/// What feeds write: RFC 2822 (RSS), RFC 3339 or its first part alone (Atom, Dublin Core).
pub fn feed(text: &str) -> Option<Time> {
    const MAIL: rfc2822::DateTimeParser = rfc2822::DateTimeParser::new().relaxed_weekday(true);
    let text = text.trim();
    Time::parse(text)
        .or_else(|| MAIL.parse_timestamp(text).ok().map(|t| Time::from_millis(t.as_millisecond())))
        .or_else(|| text.parse::<Date>().ok().and_then(|date| civil(date.at(0, 0, 0, 0))))
        .filter(|&time| sensible(time))
}

fn civil(time: DateTime) -> Option<Time> {
    let stamp = Offset::UTC.to_timestamp(time).ok()?;
    Some(Time::from_millis(stamp.as_millisecond())).filter(|&time| sensible(time))
}

/// From the year 1 on: WordPress writes -0001 for "no date".
const fn sensible(time: Time) -> bool {
    const YEAR_ONE: i64 = -62_135_596_800_000;
    time.millis() >= YEAR_ONE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn database_dates() {
        assert_eq!(database("2010-10-05 07:27:25").unwrap().rfc3339(), "2010-10-05T07:27:25Z");
        for none in ["0000-00-00 00:00:00", "", "soon", "2010-13-05 07:27:25"] {
            assert_eq!(database(none), None, "{none}");
        }
    }

    #[test]
    fn feed_dates() {
        for (text, want) in [
            ("Tue, 05 Oct 2010 07:27:25 +0800", "2010-10-04T23:27:25Z"),
            ("Mon, 5 Oct 2010 07:27:25 GMT", "2010-10-05T07:27:25Z"), // it was a Tuesday
            ("2010-10-05T07:27:25+08:00", "2010-10-04T23:27:25Z"),
            ("2010-10-05", "2010-10-05T00:00:00Z"),
        ] {
            assert_eq!(feed(text).map(Time::rfc3339).as_deref(), Some(want), "{text}");
        }
        assert_eq!(feed("Mon, 30 Nov -0001 00:00:00 +0000"), None);
    }
}
