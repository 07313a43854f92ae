//! Cross-site request forgery. A write is taken only from this site's own pages, which every current browser attests with
//! `Sec-Fetch-Site` or `Origin`; a request with neither comes from a program, which has no cookies to be abused.
//! (The manner of Go's `http.CrossOriginProtection`; docs/adr/0005.) Pages need no tokens, so one cached page serves everybody.

use http::{HeaderMap, Method, header};

/// Whether a request of this method and these headers may change something. `own` is the site's public host.
pub fn allows(method: &Method, headers: &HeaderMap, own: &str) -> bool {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return true;
    }
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match text("sec-fetch-site") {
        Some("same-origin" | "none") => return true,
        Some(_) => return false,
        None => {}
    }
    let Some(origin) = text(header::ORIGIN.as_str()) else { return true };
    let host = origin.split_once("://").map_or("", |(_, host)| host);
    !host.is_empty() && (Some(host) == text(header::HOST.as_str()) || host == own)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn writes_come_from_own_pages() {
        let check = |method: Method, pairs: &[(&'static str, &'static str)], want: bool| {
            let mut headers = HeaderMap::new();
            headers.insert("host", HeaderValue::from_static("news.example"));
            for (name, value) in pairs {
                headers.insert(*name, HeaderValue::from_static(value));
            }
            assert_eq!(allows(&method, &headers, "public.example"), want, "{method} {pairs:?}");
        };
        check(Method::GET, &[("sec-fetch-site", "cross-site")], true);
        check(Method::POST, &[("sec-fetch-site", "same-origin")], true);
        check(Method::POST, &[("sec-fetch-site", "cross-site")], false);
        check(Method::POST, &[("sec-fetch-site", "same-site")], false);
        check(Method::POST, &[("origin", "https://evil.example")], false);
        check(Method::POST, &[("origin", "null")], false);
        check(Method::POST, &[("origin", "http://news.example")], true);
        check(Method::POST, &[("origin", "https://public.example")], true);
        check(Method::POST, &[], true);
    }
}
