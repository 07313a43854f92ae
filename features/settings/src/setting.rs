//! What a setting is: declared once, beside the feature that reads it.

use std::marker::PhantomData;

use kernel::{Colour, Locale, name};

use crate::codes;

/// How a value is asked for, and its bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// `on` or `off`.
    Switch,
    /// From the first to the last.
    Number(i64, i64),
    /// One line of at most so many characters, which may be empty.
    Line(usize),
    /// The same, which may not.
    Needed(usize),
    /// One of these; the message `setting-<name>-<choice>` says it.
    Choice(&'static [&'static str]),
    /// IANA name of a time zone.
    Zone,
    /// An address for letters, or nothing.
    Email,
    /// `#rrggbb` that can be read on all of these, or nothing.
    Colour(&'static [Colour]),
    /// The hash of a picture that was uploaded, or nothing. It has a form of its own, with a file.
    Picture,
}

/// Text of any size can be read from this contrast on (WCAG 2.2, 1.4.3).
pub const READABLE: f64 = 4.5;

/// What is wrong with a value: the message `error-<code>`, in which `limit` fills `{ $limit }`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wrong {
    pub code: &'static str,
    pub limit: Option<i64>,
}

const fn wrong(code: &'static str) -> Wrong {
    Wrong { code, limit: None }
}

const fn beyond(code: &'static str, limit: i64) -> Wrong {
    Wrong { code, limit: Some(limit) }
}

impl Input {
    /// A value as it is stored, out of what somebody typed.
    pub fn tidy(self, text: &str) -> Result<String, Wrong> {
        let text = name::one_line(text);
        match self {
            Self::Switch if !matches!(text.as_str(), "on" | "off") => Err(wrong(codes::SETTING_CHOICE)),
            Self::Choice(among) if !among.contains(&text.as_str()) => Err(wrong(codes::SETTING_CHOICE)),
            Self::Number(least, most) => match text.parse::<i64>() {
                Err(_) => Err(wrong(codes::SETTING_NUMBER)),
                Ok(number) if number < least => Err(beyond(codes::SETTING_LOW, least)),
                Ok(number) if number > most => Err(beyond(codes::SETTING_HIGH, most)),
                Ok(number) => Ok(number.to_string()),
            },
            Self::Needed(_) if text.is_empty() => Err(wrong(codes::SETTING_EMPTY)),
            Self::Needed(most) | Self::Line(most) if text.chars().count() > most => {
                Err(beyond(codes::SETTING_LONG, most as i64))
            }
            Self::Zone if jiff::tz::TimeZone::get(&text).is_err() => Err(wrong(codes::ZONE_UNKNOWN)),
            Self::Colour(_) if text.is_empty() => Ok(text),
            Self::Colour(surfaces) => match Colour::parse(&text) {
                None => Err(wrong(codes::COLOUR_FORM)),
                Some(colour) if colour.least_contrast(surfaces) < READABLE => {
                    Err(wrong(codes::COLOUR_CONTRAST))
                }
                Some(colour) => Ok(colour.to_string()),
            },
            Self::Picture if !text.bytes().all(|byte| byte.is_ascii_hexdigit()) || text.len() > HASH_MAX => {
                Err(wrong(codes::SETTING_CHOICE))
            }
            Self::Email if !text.is_empty() && !is_email(&text) => Err(wrong(codes::SETTING_EMAIL)),
            _ => Ok(text),
        }
    }
}

/// Of a picture's hash, in digits.
const HASH_MAX: usize = 64;

/// The longest address (RFC 5321, section 4.5.3.1.3).
const EMAIL_MAX: usize = 254;

/// Whether this can be an address; whether it is one, only a letter tells.
fn is_email(text: &str) -> bool {
    let Some((local, host)) = text.rsplit_once('@') else { return false };
    let odd =
        |c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | ',' | ';' | '?' | '&');
    text.len() <= EMAIL_MAX
        && !local.is_empty()
        && host.contains('.')
        && !host.starts_with('.')
        && !text.contains(odd)
}

/// Time zones to choose among, by their IANA names, without those that stand for others.
pub fn zones() -> Vec<String> {
    let mut zones: Vec<String> = jiff::tz::db()
        .available()
        .map(|zone| zone.as_str().to_owned())
        .filter(|zone| zone.contains('/') || zone == "UTC")
        .filter(|zone| !zone.starts_with("Etc/") && !zone.starts_with("posix") && !zone.starts_with("right"))
        .collect();
    zones.sort_unstable();
    zones
}

/// What the values of a setting are in code.
pub trait Value: Default + 'static {
    /// Out of text that [`Input::tidy`] made.
    fn read(text: &str) -> Self;
}

impl Value for bool {
    fn read(text: &str) -> Self {
        text == "on"
    }
}

impl Value for i64 {
    fn read(text: &str) -> Self {
        text.parse().unwrap_or_default()
    }
}

impl Value for String {
    fn read(text: &str) -> Self {
        text.to_owned()
    }
}

impl Value for Locale {
    fn read(text: &str) -> Self {
        Self::of(text).unwrap_or_default()
    }
}

/// A setting with values of a type. Its words are the messages `setting-<name>` and `setting-<name>-what`, with `-` for `.` in the name.
pub struct Setting<T: Value> {
    of: Declared,
    value: PhantomData<fn() -> T>,
}

/// A setting, whatever its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Declared {
    /// As it is stored, and named on the command line: `<feature>.<what>`.
    pub name: &'static str,
    pub input: Input,
    pub default: &'static str,
}

impl Declared {
    /// What messages are called that speak of it.
    pub fn message(&self) -> String {
        self.name.replace('.', "-")
    }

    /// Those of one feature stand together.
    pub fn feature(&self) -> &'static str {
        self.name.split('.').next().unwrap_or_default()
    }
}

impl<T: Value> Setting<T> {
    pub const fn new(name: &'static str, input: Input, default: &'static str) -> Self {
        Self { of: Declared { name, input, default }, value: PhantomData }
    }

    pub const fn declared(&self) -> &Declared {
        &self.of
    }
}
