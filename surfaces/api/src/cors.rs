//! What pages of other sites may read (the Fetch standard, "CORS protocol").
//!
//! What everybody may read, a program in a page of any site may. It reads as nobody: no cookie counts under `/api/`, and no page may send
//! a token or write, for a token in a page is a token that is lost.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, Method, StatusCode, header};

/// What of an answer a page may see beside its body.
const EXPOSED: HeaderValue = HeaderValue::from_static("ETag, Link, Retry-After, X-Request-Id");
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
    let readable = is_readable(request.uri().path());
    let mut response = next.run(request).await;
    if asks && response.status() == StatusCode::METHOD_NOT_ALLOWED {
        return options(readable);
    }
    if reads && !with_token {
        let headers = response.headers_mut();
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    }
    response
}

/// Whether something can be read at an address. Which methods it has is told by the router, later than this.
fn is_readable(path: &str) -> bool {
    let verb =
        path.strip_prefix("/api/v1/articles/").and_then(|rest| rest.split_once('/')).map(|(_, verb)| verb);
    path != "/api/v1/media" && !matches!(verb, Some("submit" | "withdraw" | "retract"))
}

/// What pages of other sites may do at an address. The router adds `Allow`.
fn options(readable: bool) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    if readable {
        let say: [(HeaderName, HeaderValue); 4] = [
            (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
            (header::ACCESS_CONTROL_ALLOW_METHODS, METHODS),
            (header::ACCESS_CONTROL_ALLOW_HEADERS, ALLOWED),
            (header::ACCESS_CONTROL_MAX_AGE, KEEP),
        ];
        response.headers_mut().extend(say);
    }
    response
}
