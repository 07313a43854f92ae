//! What is to be sent: which template, to whom, filled with what.

use kernel::{Error, Locale, Result, Time};
use serde::Serialize;
use serde_json::Value;
use url::Url;

use crate::address::Address;

/// What a mail says: typed, so that a template gets what it asks for, and the check of a theme has something to fill it with.
pub trait Content: Serialize {
    /// `x` has its templates in `mail/x.html` and `mail/x.txt`. Stable: it is stored.
    const TEMPLATE: &'static str;

    /// Realistic ones, the longest and the emptiest among them.
    fn samples(locale: Locale) -> Vec<Self>
    where
        Self: Sized;
}

/// A mail that is to be sent.
#[derive(Clone)]
pub struct Letter {
    pub template: &'static str,
    pub to: Address,
    /// The reader's.
    pub locale: Locale,
    /// IANA name of the zone in which the reader reads times; without, the site's.
    pub zone: Option<String>,
    /// What the template is filled with; `letter` in it. Kept until the mail is sent, and in no log.
    pub values: Value,
    /// Of digests and other mail that comes by itself: where one click ends it. Such mail has no limit by address.
    pub digest: Option<Unsubscribe>,
    /// A warning: no limit by address holds it back, or whoever does what it warns of would only have to reach that first. Also what has a limit of
    /// its own, and must not be kept away by other mail.
    pub is_warning: bool,
    /// A newer letter of the same template and key takes the place of one that still waits. Ids only.
    pub key: Option<String>,
}

impl Letter {
    pub fn new<C: Content>(content: &C, to: Address, locale: Locale) -> Result<Self> {
        let values = serde_json::to_value(content).map_err(Error::internal)?;
        Ok(Self {
            template: C::TEMPLATE,
            to,
            locale,
            zone: None,
            values,
            digest: None,
            is_warning: false,
            key: None,
        })
    }

    #[must_use]
    pub fn with_zone(self, zone: Option<String>) -> Self {
        Self { zone, ..self }
    }

    #[must_use]
    pub fn with_key(self, key: String) -> Self {
        Self { key: Some(key), ..self }
    }

    #[must_use]
    pub fn as_warning(self) -> Self {
        Self { is_warning: true, ..self }
    }

    #[must_use]
    pub fn with_unsubscribe(self, unsubscribe: Unsubscribe) -> Self {
        Self { digest: Some(unsubscribe), ..self }
    }
}

/// Where one click ends mail of a kind (RFC 8058): the address takes a POST from anybody who has it, and asks for nothing more.
#[derive(Clone)]
pub struct Unsubscribe {
    pub(crate) url: String,
}

/// The longest line of a header is 998 bytes (RFC 5322, section 2.1.1), and an address in it cannot be folded.
const LONGEST: usize = 900;

impl Unsubscribe {
    pub fn new(url: &str) -> Result<Self> {
        // As it is parsed it is ASCII, without spaces and brackets.
        let url = Url::parse(url).map_err(Error::internal)?;
        if !matches!(url.scheme(), "http" | "https") || url.as_str().len() > LONGEST {
            return Err(Error::internal("mail cannot be ended at such an address"));
        }
        Ok(Self { url: url.into() })
    }

    pub(crate) fn stored(url: String) -> Self {
        Self { url }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// One click counts only by HTTPS (RFC 8058, section 3.1).
    pub(crate) fn is_one_click(&self) -> bool {
        self.url.starts_with("https://")
    }
}

/// Says that mail arrives.
#[derive(Serialize)]
pub struct TestLetter {
    /// When it was asked for, to tell one from another.
    pub asked_at: Time,
}

impl Content for TestLetter {
    const TEMPLATE: &'static str = "test";

    fn samples(_: Locale) -> Vec<Self> {
        vec![Self { asked_at: Time::from_millis(1_717_553_000_000) }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_ends_mail_fits_a_header() {
        let url = Unsubscribe::new("https://news.example/off?a=潮 汐<x>\r\nBcc: y").unwrap();
        assert_eq!(url.url(), "https://news.example/off?a=%E6%BD%AE%20%E6%B1%90%3Cx%3EBcc:%20y");
        assert!(url.is_one_click() && !Unsubscribe::new("http://a.example/").unwrap().is_one_click());
        for url in
            ["mailto:a@b.example", "javascript:1", "/off", &format!("https://a.example/{}", "a".repeat(900))]
        {
            assert!(Unsubscribe::new(url).is_err(), "{url}");
        }
    }
}
