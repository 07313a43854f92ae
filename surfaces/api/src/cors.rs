//! What pages of other sites may read (the Fetch standard, "CORS protocol").
//!
//! What everybody may read, a program in a page of any site may. It reads as nobody: no cookie counts under `/api/`, and no page may send
//! a token or write, for a token in a page is a token that is lost.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};

/// What of an answer a page may see beside its body.
const EXPOSED: HeaderValue = HeaderValue::from_static("ETag, Link, Retry-After");
/// Headers that a read may carry beside those that need no leave.
const ALLOWED: HeaderValue = HeaderValue::from_static("If-None-Match, If-Modified-Since");
const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD");
/// A day; browsers keep the answer no longer.
const KEEP: HeaderValue = HeaderValue::from_static("86400");

/// Around every route.
pub async fn open(request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let asks = *request.method() == Method::OPTIONS;
    let with_token = request.headers().contains_key(header::AUTHORIZATION);
    let response = next.run(request).await;
    if asks && response.status() == StatusCode::METHOD_NOT_ALLOWED {
        return options(response.headers());
    }
    let mut response = response;
    if reads && !with_token {
        let headers = response.headers_mut();
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    }
    response
}

/// What can be done at an address, and what of it by pages of other sites. `known` has the `Allow` of the route.
fn options(known: &HeaderMap) -> Response {
    let allow = known.get(header::ALLOW).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    let with_options = if allow.is_empty() { "OPTIONS".to_owned() } else { format!("{allow},OPTIONS") };
    if let Ok(allow) = HeaderValue::try_from(with_options) {
        headers.insert(header::ALLOW, allow);
    }
    if allow.split(',').any(|method| method == "GET") {
        let say: [(HeaderName, HeaderValue); 4] = [
            (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
            (header::ACCESS_CONTROL_ALLOW_METHODS, METHODS),
            (header::ACCESS_CONTROL_ALLOW_HEADERS, ALLOWED),
            (header::ACCESS_CONTROL_MAX_AGE, KEEP),
        ];
        headers.extend(say);
    }
    response
}
