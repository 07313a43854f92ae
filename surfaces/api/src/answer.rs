//! Answers with more to them than their JSON.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, Uri, header};
use kernel::Cursor;
use serde::Serialize;

use crate::Api;
use crate::view;

impl Api {
    /// A page of a list; where it goes on is in its `Link` too (RFC 8288).
    pub fn paged<T: Serialize>(&self, uri: &Uri, items: Vec<T>, next: Option<Cursor>) -> Response {
        self.linked(uri, next, view::Page { items, next })
    }

    pub fn linked(&self, uri: &Uri, next: Option<Cursor>, body: impl Serialize) -> Response {
        let mut response = Json(body).into_response();
        let link = next.map(|next| format!("<{}>; rel=\"next\"", self.next_address(uri, next)));
        if let Some(link) = link.and_then(|link| HeaderValue::try_from(link).ok()) {
            response.headers_mut().insert(header::LINK, link);
        }
        response
    }

    /// The same address with another cursor.
    fn next_address(&self, uri: &Uri, next: Cursor) -> String {
        let query = uri.query().unwrap_or_default().split('&');
        let kept = query.filter(|pair| !pair.is_empty() && !pair.starts_with("cursor="));
        let pairs: Vec<String> = kept.map(str::to_owned).chain([format!("cursor={next}")]).collect();
        self.address(&format!("{}?{}", uri.path(), pairs.join("&")))
    }
}

/// Something new, and where it is.
pub fn created(location: &str, body: impl Serialize) -> Response {
    let mut response = (StatusCode::CREATED, Json(body)).into_response();
    if let Ok(location) = HeaderValue::try_from(location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}
