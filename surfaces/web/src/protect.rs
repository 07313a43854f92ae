//! Headers that every answer has: those that protect the reader, and the choices that stick.

use http::{HeaderMap, HeaderName, HeaderValue, header};
use kernel::Locale;

use crate::context::{asked, is_navigation};
use crate::session;
use crate::setup::Setup;

/// Nobody frames the pages, nothing runs or loads from elsewhere but pictures and media that articles show.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: http: data:; \
    media-src 'self' https: http:; connect-src 'self'; font-src 'self'; manifest-src 'self'; form-action 'self'; \
    frame-ancestors 'none'; base-uri 'none'";

/// Browsers that have been here once come back by HTTPS only, for a year (RFC 6797).
const HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000");

pub(crate) fn protect(headers: &mut HeaderMap, cookies: Cookies, setup: &Setup) {
    const FIXED: [(HeaderName, &str); 4] = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "strict-origin-when-cross-origin"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ];
    for (name, value) in FIXED {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if setup.secure() {
        headers.entry(header::STRICT_TRANSPORT_SECURITY).or_insert(HSTS);
    }
    for (name, value) in cookies.into_iter().flatten() {
        session::set_plain(headers, name, value, setup.secure());
    }
}

/// Choices made in the address that are to stick.
pub(crate) type Cookies = [Option<(&'static str, &'static str)>; 2];

/// Only where the reader goes to the address: a picture or a script that fetches it chooses nothing for them.
pub(crate) fn chosen(uri: &http::Uri, headers: &HeaderMap) -> Cookies {
    if uri.query().is_none() || !is_navigation(headers) {
        return [None, None];
    }
    let edition = match asked(uri, "edition") {
        Some("care") => Some(("edition", "care")),
        Some("standard") => Some(("edition", "standard")),
        _ => None,
    };
    let lang = asked(uri, "lang").and_then(Locale::of).map(|locale| ("lang", locale.tag()));
    [edition, lang]
}
