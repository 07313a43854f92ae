//! Mail about archives.

use kernel::{Locale, Time};
use mail::Content;
use serde::Serialize;

/// An archive is ready: a link to it.
#[derive(Serialize)]
pub struct ExportReady {
    pub handle: String,
    pub token: String,
    pub megabytes: i64,
    /// Until then the link opens it.
    pub until: Time,
}

impl Content for ExportReady {
    const TEMPLATE: &'static str = "export_ready";

    fn samples(_: Locale) -> Vec<Self> {
        let sample = |handle: &str, megabytes| Self {
            handle: handle.into(),
            token: "aZ09-_x".repeat(7)[..43].to_owned(),
            megabytes,
            until: Time::from_millis(1_717_553_000_000),
        };
        vec![sample("linqiu", 1), sample(&"长".repeat(40), 5_120)]
    }
}
