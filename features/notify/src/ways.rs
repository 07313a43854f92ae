//! Ways to be told, and when somebody wants a digest.

use std::collections::HashMap;

use jiff::civil::Time as TimeOfDay;
use jiff::tz::TimeZone;
use kernel::{Error, Invalid, Result, Time};

use crate::codes;
use crate::kind::Kind;

/// How somebody is told. Its name is stored and stays; `notify-way-<name>` says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Way {
    /// At `/notifications`, and as a number in the bar.
    Site,
    /// By mail, some minutes later.
    Mail,
    /// In the mail that sums up a day or a week.
    Digest,
    /// In browsers that were chosen for it (Web Push).
    Push,
}

impl Way {
    pub const ALL: [Self; 4] = [Self::Site, Self::Mail, Self::Digest, Self::Push];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Site => "site",
            Self::Mail => "mail",
            Self::Digest => "digest",
            Self::Push => "push",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.name() == name)
    }
}

impl Kind {
    /// Whether it is told so to whoever chose nothing (docs/adr/0034).
    pub const fn is_usual(self, way: Way) -> bool {
        match way {
            // Of a channel there would be news all day: it is read where it stands.
            Way::Site => !matches!(self, Self::Tag | Self::Channel),
            // Somebody waits for it, and may not look for days.
            Way::Mail => matches!(self, Self::Decision),
            // Nobody gets one who did not ask for digests.
            Way::Digest => matches!(self, Self::Answer | Self::Mention | Self::Article | Self::Topic),
            // In browsers that were chosen for it.
            Way::Push => matches!(self, Self::Answer | Self::Mention | Self::Decision),
        }
    }
}

/// Some of the ways.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ways(u8);

impl Ways {
    /// Those of whoever chose nothing.
    pub fn usual(kind: Kind) -> Self {
        Way::ALL.into_iter().fold(Self::default(), |ways, way| ways.set(way, kind.is_usual(way)))
    }

    #[must_use]
    pub const fn set(self, way: Way, on: bool) -> Self {
        let bit = 1 << way as u8;
        if on { Self(self.0 | bit) } else { Self(self.0 & !bit) }
    }

    pub const fn has(self, way: Way) -> bool {
        self.0 & (1 << way as u8) != 0
    }

    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// How often somebody is sent a digest, and when. Its name is stored and stays; `notify-every-<name>` says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Every {
    Day,
    Week,
}

impl Every {
    pub const ALL: [Self; 2] = [Self::Day, Self::Week];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|every| every.name() == name)
    }
}

/// When somebody is sent a digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digest {
    pub every: Every,
    /// 0 to 23, on the user's clock.
    pub hour: i64,
    /// 1 is Monday, 7 Sunday; of those by the week alone.
    pub weekday: i64,
}

impl Digest {
    /// As chosen in a form: `every` is empty for no digests. Code: `digest-form`, at the field that is wrong.
    pub fn typed(every: &str, hour: &str, weekday: &str) -> Result<Option<Self>> {
        if every.is_empty() {
            return Ok(None);
        }
        let mut errors = Invalid::default();
        let number = |typed: &str, least: i64, most: i64| {
            typed.parse::<i64>().ok().filter(|number| (least..=most).contains(number))
        };
        let (every, hour, weekday) = (Every::named(every), number(hour, 0, 23), number(weekday, 1, 7));
        for (field, is_wrong) in [
            ("digest", every.is_none()),
            ("digest_hour", hour.is_none()),
            ("digest_weekday", weekday.is_none()),
        ] {
            if is_wrong {
                errors.add(field, codes::DIGEST_FORM);
            }
        }
        match (every, hour, weekday) {
            (Some(every), Some(hour), Some(weekday)) => Ok(Some(Self { every, hour, weekday })),
            _ => Err(Error::Invalid(errors)),
        }
    }

    /// The first turn after `now`. Where a change of clocks leaves it out, as much later; where it comes twice, at the first.
    pub(crate) fn next(self, now: Time, zone: &TimeZone) -> Time {
        let local = now.timestamp().to_zoned_datetime(zone.clone());
        // Times at the ends of the calendar have no turn.
        let later = || now.plus(std::time::Duration::from_hours(24));
        let Ok(at) = TimeOfDay::new(self.hour as i8, 0, 0, 0) else { return later() };
        let mut date = local.date();
        // Eight: today's may be over.
        for _ in 0..8 {
            let is_day =
                self.every == Every::Day || i64::from(date.weekday().to_monday_one_offset()) == self.weekday;
            if is_day && let Ok(turn) = date.to_datetime(at).to_zoned_datetime(zone.clone()) {
                let turn = Time::from_millis(turn.timestamp().as_millisecond());
                if turn > now {
                    return turn;
                }
            }
            let Ok(tomorrow) = date.tomorrow() else { break };
            date = tomorrow;
        }
        later()
    }
}

/// From when until when nothing is to be heard, over midnight where `until` is the earlier: minutes after midnight, on the user's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, db::FromQueryResult)]
pub struct Quiet {
    #[sea_orm(from_alias = "quiet_from")]
    pub from: i64,
    #[sea_orm(from_alias = "quiet_until")]
    pub until: i64,
}

impl Quiet {
    /// As typed: `22:30`, or nothing in both. Codes: `quiet-form`, `quiet-half`.
    pub fn typed(from: &str, until: &str) -> Result<Option<Self>> {
        let (from, until) = (from.trim(), until.trim());
        let mut errors = Invalid::default();
        for (field, typed, other) in [("quiet_from", from, until), ("quiet_until", until, from)] {
            if typed.is_empty() && !other.is_empty() {
                errors.add(field, codes::QUIET_HALF);
            } else if !typed.is_empty() && minutes(typed).is_none() {
                errors.add(field, codes::QUIET_FORM);
            }
        }
        errors.check()?;
        Ok(minutes(from).zip(minutes(until)).map(|(from, until)| Self { from, until }))
    }

    /// As it is typed: `22:30`.
    pub fn clock(minutes: i64) -> String {
        format!("{:02}:{:02}", minutes / 60, minutes % 60)
    }

    /// Where `now` is in them, when they end.
    pub(crate) fn end(self, now: Time, zone: &TimeZone) -> Option<Time> {
        let local = now.timestamp().to_zoned_datetime(zone.clone());
        let minute = 60 * i64::from(local.hour()) + i64::from(local.minute());
        let is_quiet = if self.from <= self.until {
            (self.from..self.until).contains(&minute)
        } else {
            minute >= self.from || minute < self.until
        };
        if !is_quiet {
            return None;
        }
        let at = TimeOfDay::new((self.until / 60) as i8, (self.until % 60) as i8, 0, 0).ok()?;
        let date = if minute < self.until { local.date() } else { local.date().tomorrow().ok()? };
        let end = date.to_datetime(at).to_zoned_datetime(zone.clone()).ok()?;
        Some(Time::from_millis(end.timestamp().as_millisecond())).filter(|end| *end > now)
    }
}

/// Browsers send `22:30`, some with seconds.
fn minutes(typed: &str) -> Option<i64> {
    let mut parts = typed.split(':');
    let mut part = |most: i64| {
        let digits = parts.next()?;
        let fits = (1..=2).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse::<i64>().ok().filter(|number| fits && *number <= most)
    };
    let (hour, minute) = (part(23)?, part(59)?);
    parts.next().is_none_or(|seconds| seconds.len() == 2).then_some(60 * hour + minute)
}

/// What a user wants to be told of, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choices {
    /// What differs from the usual.
    pub(crate) other: HashMap<(Kind, Way), bool>,
    pub quiet: Option<Quiet>,
    pub digest: Option<Digest>,
}

impl Choices {
    pub fn wants(&self, kind: Kind, way: Way) -> bool {
        self.other.get(&(kind, way)).copied().unwrap_or(kind.is_usual(way))
    }

    pub fn set(&mut self, kind: Kind, way: Way, wanted: bool) {
        if wanted == kind.is_usual(way) {
            self.other.remove(&(kind, way));
        } else {
            self.other.insert((kind, way), wanted);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> Time {
        Time::parse(text).unwrap()
    }

    fn shanghai() -> TimeZone {
        TimeZone::get("Asia/Shanghai").unwrap()
    }

    #[test]
    fn some_of_the_ways() {
        let ways = Ways::default().set(Way::Push, true).set(Way::Mail, true).set(Way::Mail, false);
        assert!(ways.has(Way::Push) && !ways.has(Way::Mail) && !ways.is_empty());
        assert!(ways.set(Way::Push, false).is_empty());
        assert_eq!(Way::ALL.map(|way| Way::named(way.name())), Way::ALL.map(Some));
        assert_eq!(Every::ALL.map(|every| Every::named(every.name())), Every::ALL.map(Some));
        for kind in Kind::ALL {
            assert_eq!(Ways::usual(kind).has(Way::Site), !matches!(kind, Kind::Tag | Kind::Channel));
        }
    }

    #[test]
    fn digests_come_at_their_hour_on_the_clock_of_a_zone() {
        let daily = Digest { every: Every::Day, hour: 7, weekday: 1 };
        let next = |digest: Digest, now: &str| digest.next(time(now), &shanghai()).rfc3339();
        // 18:00 on a Wednesday there.
        assert_eq!(next(daily, "2024-06-05T10:00:00Z"), "2024-06-05T23:00:00Z");
        assert_eq!(next(daily, "2024-06-05T22:59:59.999Z"), "2024-06-05T23:00:00Z");
        assert_eq!(next(daily, "2024-06-05T23:00:00Z"), "2024-06-06T23:00:00Z", "its own turn is over");
        let weekly = |weekday| Digest { every: Every::Week, weekday, hour: 18 };
        assert_eq!(next(weekly(3), "2024-06-05T10:00:00Z"), "2024-06-12T10:00:00Z");
        assert_eq!(next(weekly(3), "2024-06-05T09:59:00Z"), "2024-06-05T10:00:00Z");
        assert_eq!(next(weekly(7), "2024-06-05T10:00:00Z"), "2024-06-09T10:00:00Z");
        // In Oslo 2:00 became 3:00 on 31 March 2024.
        let oslo = TimeZone::get("Europe/Oslo").unwrap();
        let night = Digest { hour: 2, ..daily };
        assert_eq!(night.next(time("2024-03-30T12:00:00Z"), &oslo).rfc3339(), "2024-03-31T01:00:00Z");
    }

    #[test]
    fn a_digest_is_chosen_whole() {
        let digest = Digest { every: Every::Week, hour: 7, weekday: 7 };
        assert_eq!(Digest::typed("week", "7", "7").unwrap(), Some(digest));
        assert_eq!(Digest::typed("", "99", "x").unwrap(), None);
        let Err(Error::Invalid(errors)) = Digest::typed("hour", "24", "0") else { panic!("taken") };
        let fields: Vec<_> = errors.0.iter().map(|error| error.field).collect();
        assert_eq!(fields, ["digest", "digest_hour", "digest_weekday"]);
    }

    #[test]
    fn quiet_hours_end() {
        let night = Quiet { from: 22 * 60 + 30, until: 7 * 60 };
        let end = |quiet: Quiet, now: &str| quiet.end(time(now), &shanghai()).map(Time::rfc3339);
        assert_eq!(end(night, "2024-06-05T14:29:00Z"), None);
        assert_eq!(end(night, "2024-06-05T14:30:00Z").as_deref(), Some("2024-06-05T23:00:00Z"));
        assert_eq!(end(night, "2024-06-05T22:59:59Z").as_deref(), Some("2024-06-05T23:00:00Z"));
        assert_eq!(end(night, "2024-06-05T23:00:00Z"), None);
        let noon = Quiet { from: 720, until: 780 };
        assert_eq!(end(noon, "2024-06-05T04:30:00Z").as_deref(), Some("2024-06-05T05:00:00Z"));
        assert_eq!(end(Quiet { from: 600, until: 600 }, "2024-06-05T02:00:00Z"), None, "no time at all");
    }

    #[test]
    fn quiet_hours_have_two_ends() {
        let typed = |from, until| Quiet::typed(from, until);
        assert_eq!(typed("22:30", " 07:00 ").unwrap(), Some(Quiet { from: 1_350, until: 420 }));
        assert_eq!(typed("0:00", "23:59:00").unwrap(), Some(Quiet { from: 0, until: 1_439 }));
        assert_eq!(typed("", " ").unwrap(), None);
        assert_eq!((Quiet::clock(1_350), Quiet::clock(65)), ("22:30".into(), "01:05".into()));
        let codes = |from, until| match typed(from, until) {
            Err(Error::Invalid(errors)) => errors.0.iter().map(|e| (e.field, e.code)).collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        };
        assert_eq!(codes("22:30", ""), [("quiet_until", "quiet-half")]);
        assert_eq!(codes("24:00", "7"), [("quiet_from", "quiet-form"), ("quiet_until", "quiet-form")]);
        assert_eq!(codes("-1:00", "+7:00"), [("quiet_from", "quiet-form"), ("quiet_until", "quiet-form")]);
    }

    #[test]
    fn only_what_differs_is_a_choice() {
        let mut choices = Choices::default();
        assert!(choices.wants(Kind::Answer, Way::Site));
        choices.set(Kind::Answer, Way::Site, false);
        assert!(!choices.wants(Kind::Answer, Way::Site) && choices.other.len() == 1);
        choices.set(Kind::Answer, Way::Site, true);
        assert_eq!(choices, Choices::default());
    }
}
