//! Small texts made from values: counts, times, paths.

use jiff::ZonedDateTime;
use jiff::tz::TimeZone;
use kernel::{Locale, Time};

use super::messages::Messages;
use crate::address::path_segment;

/// A number of readers or comments as people say it: `9,999`, `1.2万`, `3.4亿`; in English `12.3k`, `4.5m`.
pub(super) fn count(n: i64, locale: Locale) -> String {
    let steps: [(i64, &str); 2] = match locale {
        Locale::ZhCn => [(100_000_000, "亿"), (10_000, "万")],
        Locale::En => [(1_000_000, "m"), (10_000, "k")],
    };
    let Some(&(step, unit)) = steps.iter().find(|(step, _)| n >= *step) else { return grouped(n) };
    let unit_size = if unit == "k" { 1_000 } else { step };
    // Cut, not rounded: 19,999 readers are not yet two myriads.
    let tenths = n / (unit_size / 10);
    match tenths % 10 {
        0 => format!("{}{unit}", grouped(tenths / 10)),
        rest if tenths < 1_000 || unit == "k" => format!("{}.{rest}{unit}", grouped(tenths / 10)),
        _ => format!("{}{unit}", grouped(tenths / 10)),
    }
}

fn grouped(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut out = if n < 0 { "-".to_owned() } else { String::new() };
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// How long ago, as people say it; `site.js` keeps to the same rules.
pub(super) fn ago(at: Time, now: Time, zone: &TimeZone, messages: &Messages, locale: Locale) -> String {
    let say = |key: &str, args: &[(&str, i64)]| messages.say(locale, key, args);
    let (then, today) =
        (at.timestamp().to_zoned_datetime(zone.clone()), now.timestamp().to_zoned_datetime(zone.clone()));
    if at <= now {
        let minutes = now.since(at).as_secs() as i64 / 60;
        if minutes < 1 {
            return say("time-now", &[]);
        }
        if minutes < 60 {
            return say("time-minutes", &[("n", minutes)]);
        }
        if then.date() == today.date() || minutes < 6 * 60 {
            return say("time-hours", &[("n", minutes / 60)]);
        }
        if today.date().yesterday().is_ok_and(|yesterday| yesterday == then.date()) {
            return messages.say_text(locale, "time-yesterday", &[("time", &clock(&then))]);
        }
    }
    day(&then, (then.year() != today.year()).then_some(then.year()), messages, locale)
}

/// The whole of it: `2024年6月4日 19:43`.
pub(super) fn moment(at: Time, zone: &TimeZone, messages: &Messages, locale: Locale) -> String {
    let then = at.timestamp().to_zoned_datetime(zone.clone());
    format!("{} {}", day(&then, Some(then.year()), messages, locale), clock(&then))
}

fn clock(at: &ZonedDateTime) -> String {
    format!("{:02}:{:02}", at.hour(), at.minute())
}

fn day(at: &ZonedDateTime, year: Option<i16>, messages: &Messages, locale: Locale) -> String {
    let (month, day) = (i64::from(at.month()), i64::from(at.day()));
    match year {
        Some(year) => {
            messages.say(locale, "time-date", &[("year", i64::from(year)), ("month", month), ("day", day)])
        }
        None => messages.say(locale, "time-day", &[("month", month), ("day", day)]),
    }
}

/// The name of the machine in an address, without `www.`; empty where there is none.
pub(super) fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or_default();
    host.strip_prefix("www.").unwrap_or(host)
}

/// The path of a tag's page.
pub fn tag_path(tag: &str) -> String {
    format!("/tag/{}", path_segment(tag))
}

/// The path of an author's page.
pub fn handle_path(handle: &str) -> String {
    format!("/@{}", path_segment(handle))
}

/// The path of a user's page.
pub fn user_path(handle: &str) -> String {
    format!("/user/{}", path_segment(handle))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts() {
        for (n, zh, en) in [
            (0, "0", "0"),
            (9_999, "9,999", "9,999"),
            (12_345, "1.2万", "12.3k"),
            (19_999, "1.9万", "19.9k"),
            (20_000, "2万", "20k"),
            (1_234_567, "123万", "1.2m"),
            (340_000_000, "3.4亿", "340m"),
        ] {
            assert_eq!((count(n, Locale::ZhCn).as_str(), count(n, Locale::En).as_str()), (zh, en));
        }
    }

    #[test]
    fn times_as_people_say_them() {
        let messages = Messages::embedded().unwrap();
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let now = Time::parse("2024-06-05T01:30:00+08:00").unwrap();
        for (at, zh, en) in [
            ("2024-06-05T01:29:30+08:00", "刚刚", "just now"),
            ("2024-06-05T01:27:00+08:00", "3 分钟前", "3 min ago"),
            ("2024-06-04T23:20:00+08:00", "2 小时前", "2 hr ago"),
            ("2024-06-04T18:20:00+08:00", "昨天 18:20", "yesterday 18:20"),
            ("2024-06-03T23:59:00+08:00", "6月3日", "3 June"),
            ("2023-06-04T12:00:00+08:00", "2023年6月4日", "4 June 2023"),
            ("2024-06-05T02:00:00+08:00", "6月5日", "5 June"),
        ] {
            let at = Time::parse(at).unwrap();
            assert_eq!(ago(at, now, &zone, &messages, Locale::ZhCn), zh);
            assert_eq!(ago(at, now, &zone, &messages, Locale::En), en);
        }
        assert_eq!(moment(now, &zone, &messages, Locale::ZhCn), "2024年6月5日 01:30");
        assert_eq!(moment(now, &zone, &messages, Locale::En), "5 June 2024 01:30");
    }

    #[test]
    fn paths_and_hosts() {
        assert_eq!(tag_path("城市 骑行"), "/tag/%E5%9F%8E%E5%B8%82%20%E9%AA%91%E8%A1%8C");
        assert_eq!(handle_path("a.b"), "/@a.b");
        assert_eq!(host("https://user@www.example.org/a?b"), "example.org");
        assert_eq!(host("mailto:a@b"), "");
    }
}
