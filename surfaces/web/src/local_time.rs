//! Times as people type them: `<input type="datetime-local">`, in the site's zone.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use kernel::Time;

/// The time that `text` names in `zone`; `None` where it is none. Hours that a clock skips or repeats are taken as `jiff` does: later, or
/// the first.
pub fn read(text: &str, zone: &str) -> Option<Time> {
    let at: DateTime = text.trim().parse().ok()?;
    let at = zone_of(zone).to_timestamp(at).ok()?;
    Some(Time::from_millis(at.as_millisecond()))
}

/// As the browser wants it, to the minute.
pub fn write(at: Time, zone: &str) -> String {
    let at = at.timestamp().to_zoned_datetime(zone_of(zone));
    format!("{:04}-{:02}-{:02}T{:02}:{:02}", at.year(), at.month(), at.day(), at.hour(), at.minute())
}

fn zone_of(zone: &str) -> TimeZone {
    TimeZone::get(zone).unwrap_or(TimeZone::UTC)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_the_site_is_read_and_written() {
        let at = Time::parse("2024-06-06T00:30:00Z").unwrap();
        assert_eq!(read(" 2024-06-06T08:30 ", "Asia/Shanghai"), Some(at));
        assert_eq!(write(at, "Asia/Shanghai"), "2024-06-06T08:30");
        assert_eq!(write(at, "No/Where"), "2024-06-06T00:30");
        for text in ["", "soon", "2024-06-31T08:30", "2024-06-06T25:00"] {
            assert_eq!(read(text, "UTC"), None, "{text}");
        }
    }
}
