//! What filters and functions know of the page that is being rendered.

use std::sync::Arc;

use jiff::tz::TimeZone;
use kernel::{Locale, Time};
use minijinja::value::Object;
use minijinja::{Error, ErrorKind, State, Value};

use super::{Messages, PageLayout};

/// Stands in every context as `scope`; templates have no use for it.
#[derive(Clone)]
pub(super) struct Scope {
    pub messages: Arc<Messages>,
    pub locale: Locale,
    pub now: Time,
    pub zone: TimeZone,
    /// The page's own path and query, without what the switches put there.
    pub here: Arc<str>,
}

impl Scope {
    pub fn new(messages: Arc<Messages>, page: &PageLayout) -> Self {
        let zone = TimeZone::get(&page.zone).unwrap_or_else(|error| {
            tracing::error!(zone = page.zone, %error, "no such time zone; using UTC");
            TimeZone::UTC
        });
        Self { messages, locale: page.locale, now: page.now, zone, here: page.here().into() }
    }

    /// The scope of the page that `state` renders.
    pub fn of(state: &State<'_, '_>) -> Result<Arc<Self>, Error> {
        state
            .lookup("scope")
            .and_then(|value| value.downcast_object::<Self>())
            .ok_or_else(|| Error::new(ErrorKind::InvalidOperation, "rendered without a page"))
    }

    pub fn into_value(self) -> Value {
        Value::from_object(self)
    }
}

impl std::fmt::Debug for Scope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scope").field("locale", &self.locale).field("now", &self.now).finish_non_exhaustive()
    }
}

impl Object for Scope {}
