//! Slashes at the end of an address.

use axum::body::Body;
use axum::response::IntoResponse;
use http::{HeaderValue, Response, StatusCode, header};

use crate::context;

/// The address that a path with slashes at its end stands for; nothing for one that has none, or would lead to another site.
pub(crate) fn without_slash(uri: &http::Uri) -> Option<String> {
    let path = uri.path();
    let trimmed = path.trim_end_matches('/');
    let trimmed = if trimmed.is_empty() { "/" } else { trimmed };
    if trimmed == path || context::local(trimmed) != trimmed {
        return None;
    }
    Some(uri.query().map_or_else(|| trimmed.to_owned(), |query| format!("{trimmed}?{query}")))
}

/// For good, and with the same method (RFC 9110, section 15.4.9).
pub(crate) fn moved(address: &str) -> Response<Body> {
    let mut response = StatusCode::PERMANENT_REDIRECT.into_response();
    if let Ok(address) = HeaderValue::try_from(address) {
        response.headers_mut().insert(header::LOCATION, address);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slashes_at_the_end_lead_to_the_address_without() {
        let check = |uri: &str, want: Option<&str>| {
            assert_eq!(without_slash(&uri.parse().unwrap()).as_deref(), want, "{uri}");
        };
        check("/latest/", Some("/latest"));
        check("/channel/tech//?cursor=a%2F&b=/", Some("/channel/tech?cursor=a%2F&b=/"));
        check("//", Some("/"));
        check("/", None);
        check("/latest", None);
        check("/?a=/", None);
        for elsewhere in ["//evil.example/", "///evil.example/", "/\\evil.example/", "//evil.example//?a"] {
            check(elsewhere, None);
        }
    }
}
