//! Cookies: the session's, and the plain ones that keep a reader's choices.

use axum::body::Body;
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};

/// The session's cookie.
pub const NAME: &str = "session";

/// Says that this browser wrote something a moment ago.
pub const WROTE: &str = "wrote";

/// Followers of the journal have caught up by then, on other nodes too (seconds).
const MOMENT: u32 = 5;
/// 400 days, the longest that browsers keep a cookie (seconds). When a session ends the server decides.
const LONG: u32 = 400 * 24 * 3600;
/// A year: choices of language, edition, text size (seconds).
const YEAR: u32 = 365 * 24 * 3600;

/// Signs the browser in: scripts can't read the cookie, other sites' forms don't send it.
pub fn set(headers: &mut HeaderMap, token: &str, secure: bool) {
    put(headers, &format!("{NAME}={token}; Path=/; Max-Age={LONG}; HttpOnly; SameSite=Lax"), secure);
}

/// Signs the browser out.
pub fn clear(headers: &mut HeaderMap, secure: bool) {
    put(headers, &format!("{NAME}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"), secure);
}

/// Keeps a choice that is no secret.
pub fn set_plain(headers: &mut HeaderMap, name: &str, value: &str, secure: bool) {
    put(headers, &format!("{name}={value}; Path=/; Max-Age={YEAR}; SameSite=Lax"), secure);
}

/// The pages of the next moments are drawn anew for this browser: what was written is on them.
pub fn set_wrote(headers: &mut HeaderMap, secure: bool) {
    put(headers, &format!("{WROTE}=1; Path=/; Max-Age={MOMENT}; HttpOnly; SameSite=Lax"), secure);
}

/// The cookie of a browser in which somebody signed in before: it stays when they sign out.
const DEVICE: &str = "device";
const HOST_DEVICE: &str = "__Host-device";

/// What [`set_device`] gave the browser.
pub fn device(headers: &HeaderMap, secure: bool) -> Option<&str> {
    crate::visit::cookie(headers, if secure { HOST_DEVICE } else { DEVICE })
}

/// Lets the browser be known at the next sign-in.
pub fn set_device(headers: &mut HeaderMap, token: &str, secure: bool) {
    let name = if secure { HOST_DEVICE } else { DEVICE };
    put(headers, &format!("{name}={token}; Path=/; Max-Age={LONG}; HttpOnly; SameSite=Lax"), secure);
}

fn put(headers: &mut HeaderMap, cookie: &str, secure: bool) {
    let cookie = if secure { format!("{cookie}; Secure") } else { cookie.to_owned() };
    if let Ok(value) = HeaderValue::try_from(cookie) {
        headers.append(header::SET_COOKIE, value);
    }
}

/// Shows the sign-in page, which goes back to `path` of this site.
pub fn to_sign_in(path: &str) -> Response<Body> {
    see_other(&format!("/login?return={}", percent(path)))
}

/// After a write: look there (303).
pub fn see_other(path: &str) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    let location = HeaderValue::try_from(path).unwrap_or_else(|_| HeaderValue::from_static("/"));
    response.headers_mut().insert(header::LOCATION, location);
    response
}

/// What was here is there from now on (301).
pub fn moved(path: &str) -> Response<Body> {
    let mut response = see_other(path);
    *response.status_mut() = StatusCode::MOVED_PERMANENTLY;
    response
}

/// Percent-encodes all but unreserved characters and `/` (RFC 3986).
pub fn percent(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~' | b'/') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        out
    })
}
