//! Cookies: the session's, and the plain ones that keep a reader's choices.

use axum::body::Body;
use events::Position;
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};

use crate::address::percent;
use crate::context::cookie;

/// The session's cookie. On HTTPS it has the prefix that lets no other host of the domain and no plain connection set it
/// (RFC 6265bis, 4.1.3.2).
const NAME: &str = "session";
const HOST_NAME: &str = "__Host-session";

/// Says that this browser wrote something a moment ago.
const WROTE: &str = "wrote";
const HOST_WROTE: &str = "__Host-wrote";

/// Followers of the journal have caught up by then, on other nodes too (seconds).
const MOMENT: u32 = 5;
/// 400 days, the longest that browsers keep a cookie (seconds). When a session ends the server decides.
const LONG: u32 = 400 * 24 * 3600;
/// A year: choices of language, edition, text size (seconds).
const YEAR: u32 = 365 * 24 * 3600;

/// The session that a browser says it has. On HTTPS only the name with the prefix is believed: under the other one anybody on a
/// neighbouring host or a plain connection could have put a session of their own.
pub fn token(headers: &HeaderMap, secure: bool) -> Option<&str> {
    cookie(headers, if secure { HOST_NAME } else { NAME })
}

/// Where the journal stood when the browser wrote something a moment ago, on whatever node.
pub fn wrote_at(headers: &HeaderMap, secure: bool) -> Option<Position> {
    cookie(headers, if secure { HOST_WROTE } else { WROTE })?.parse().ok()
}

/// Whether the browser wrote something a moment ago.
pub fn wrote(headers: &HeaderMap, secure: bool) -> bool {
    cookie(headers, if secure { HOST_WROTE } else { WROTE }).is_some()
}

/// Signs the browser in: scripts can't read the cookie, other sites' forms don't send it.
pub fn set(headers: &mut HeaderMap, token: &str, secure: bool) {
    if secure {
        put(headers, &format!("{NAME}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"), secure);
    }
    let name = if secure { HOST_NAME } else { NAME };
    put(headers, &format!("{name}={token}; Path=/; Max-Age={LONG}; HttpOnly; SameSite=Lax"), secure);
}

/// Signs the browser out.
pub fn clear(headers: &mut HeaderMap, secure: bool) {
    for name in [NAME, HOST_NAME].into_iter().take(if secure { 2 } else { 1 }) {
        put(headers, &format!("{name}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"), secure);
    }
}

/// Keeps a choice that is no secret.
pub fn set_plain(headers: &mut HeaderMap, name: &str, value: &str, secure: bool) {
    put(headers, &format!("{name}={value}; Path=/; Max-Age={YEAR}; SameSite=Lax"), secure);
}

/// The pages of the next moments are drawn anew for this browser, by a node that has heard of all up to `position`: what was written is on
/// them.
pub fn set_wrote(headers: &mut HeaderMap, position: Option<Position>, secure: bool) {
    let name = if secure { HOST_WROTE } else { WROTE };
    let at = position.map_or_else(|| "1".to_owned(), |position| position.to_string());
    put(headers, &format!("{name}={at}; Path=/; Max-Age={MOMENT}; HttpOnly; SameSite=Lax"), secure);
}

/// The cookie of a browser in which somebody signed in before: it stays when they sign out.
const DEVICE: &str = "device";
const HOST_DEVICE: &str = "__Host-device";

/// What [`set_device`] gave the browser.
pub fn device(headers: &HeaderMap, secure: bool) -> Option<&str> {
    cookie(headers, if secure { HOST_DEVICE } else { DEVICE })
}

/// Lets the browser be known at the next sign-in.
pub fn set_device(headers: &mut HeaderMap, token: &str, secure: bool) {
    let name = if secure { HOST_DEVICE } else { DEVICE };
    put(headers, &format!("{name}={token}; Path=/; Max-Age={LONG}; HttpOnly; SameSite=Lax"), secure);
}

/// The cookie of a browser whose sign-in waits for its second step.
const PENDING: &str = "pending";
const HOST_PENDING: &str = "__Host-pending";
/// As long as the server lets it wait (seconds).
const PENDING_LIFE: u32 = 600;

/// What [`set_pending`] gave the browser.
pub fn pending(headers: &HeaderMap, secure: bool) -> Option<&str> {
    cookie(headers, if secure { HOST_PENDING } else { PENDING })
}

/// Lets this browser, and no other, take the second step.
pub fn set_pending(headers: &mut HeaderMap, token: &str, secure: bool) {
    let name = if secure { HOST_PENDING } else { PENDING };
    put(headers, &format!("{name}={token}; Path=/; Max-Age={PENDING_LIFE}; HttpOnly; SameSite=Lax"), secure);
}

pub fn clear_pending(headers: &mut HeaderMap, secure: bool) {
    let name = if secure { HOST_PENDING } else { PENDING };
    put(headers, &format!("{name}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"), secure);
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

#[cfg(test)]
mod tests {
    use super::*;

    fn cookies(headers: &HeaderMap) -> Vec<&str> {
        headers.get_all(header::SET_COOKIE).iter().map(|value| value.to_str().unwrap()).collect()
    }

    #[test]
    fn on_https_no_other_host_can_set_the_session() {
        let mut headers = HeaderMap::new();
        set(&mut headers, "t", true);
        let set_cookies = cookies(&headers);
        assert!(set_cookies.iter().any(|cookie| {
            cookie.starts_with("__Host-session=t; Path=/;")
                && cookie.ends_with("; Secure")
                && !cookie.contains("Domain")
        }));
        assert!(set_cookies.iter().any(|cookie| cookie.starts_with("session=; Path=/; Max-Age=0;")));

        let mut headers = HeaderMap::new();
        set(&mut headers, "t", false);
        assert!(cookies(&headers)[0].starts_with("session=t; "), "plain HTTP stays usable");
    }

    #[test]
    fn on_https_a_session_that_anybody_could_have_put_is_none() {
        let with = |cookies: &'static str| {
            HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_static(cookies))])
        };
        let (plain, both) = (with("lang=en; session=planted"), with("session=planted; __Host-session=own"));
        assert_eq!((token(&plain, true), token(&plain, false)), (None, Some("planted")));
        assert_eq!(token(&both, true), Some("own"));
    }
}
