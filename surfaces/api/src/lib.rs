//! The JSON API: reading for everybody, writing with a token, and its description for programs and people.
//!
//! Handlers say who may call them by what they take: [`token::Token`] is a user with a token; whoever changes an article goes
//! through `Api::own`. What may be read is decided by `articles` and `comments` alone.

mod answer;
mod article;
pub mod codes;
mod cors;
mod describe;
mod discovery;
mod docs;
mod editors;
mod error;
mod input;
mod lists;
mod media;
mod reading;
mod responses;
mod show;
mod state;
mod token;
mod view;
mod writing;

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{DefaultBodyLimit, MatchedPath, Request};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header;
use kernel::{Error, Result, Throttle};
use web::routing::{Methods, Router, any, delete, get, post};
use web::{CachePolicy, CancelOnDisconnect, RouteParams, limited};

use error::ApiError;
pub use error::problem;
use state::Api;
pub use state::Services;

/// The longest JSON body: an article of 2 MiB, escaped.
const BODY: u64 = 8 << 20;
/// All others are a few fields.
const SHORT: u64 = 64 << 10;
/// The longest upload: a picture of 20 MiB and what a form puts around it.
const UPLOAD: u64 = (20 << 20) + (64 << 10);
/// Requests that a token's user may make in a minute.
const PACE: u32 = 600;

/// Every path of the API, as it stands in the description.
fn endpoints() -> Vec<(&'static str, Methods<Api>)> {
    vec![
        ("/api/v1/articles", get(reading::list).post(writing::create)),
        ("/api/v1/articles/{id}", get(reading::get).put(writing::edit).delete(writing::delete)),
        ("/api/v1/articles/{id}/comments", get(reading::comments)),
        ("/api/v1/articles/{id}/related", get(discovery::related)),
        ("/api/v1/articles/{id}/submit", post(writing::submit)),
        ("/api/v1/articles/{id}/withdraw", post(writing::withdraw)),
        ("/api/v1/articles/{id}/retract", post(writing::retract)),
        ("/api/v1/hot", get(discovery::hot)),
        ("/api/v1/search", get(discovery::search)),
        ("/api/v1/search/suggest", get(discovery::suggest)),
        ("/api/v1/headlines", get(editors::headlines)),
        ("/api/v1/topics", get(editors::topics)),
        ("/api/v1/topics/{slug}", get(editors::topic)),
        ("/api/v1/channels", get(lists::channels)),
        ("/api/v1/authors/{handle}", get(lists::author)),
        ("/api/v1/media/{hash}", delete(media::delete)),
        ("/api/v1/media", post(media::upload)),
    ]
}

/// Fails only when the docs page cannot be drawn.
pub fn routes(services: Services) -> Result<Router> {
    let frame = services.frame.clone();
    let described =
        serde_json::to_value(describe::description(&frame.setup().url)).map_err(Error::internal)?;
    let page = Bytes::from(docs::page(&described, &frame)?);
    let described = Bytes::from(serde_json::to_vec(&described).map_err(Error::internal)?);
    let api =
        Api { services: Arc::new(services), pace: Arc::new(Throttle::new(PACE, Duration::from_mins(1))) };

    let mut router = Router::new();
    for (path, methods) in endpoints() {
        router = router.route(path, methods);
    }
    let router = router
        .route("/api/openapi.json", get(async move || fixed("application/json", described.clone())))
        .route("/api/docs", get(async move || fixed("text/html; charset=utf-8", page.clone())))
        .route("/api/docs.css", get(async || fixed("text/css; charset=utf-8", docs::STYLE.into())))
        .route("/api", any(unknown))
        .route("/api/", any(unknown))
        .route("/api/{*rest}", any(unknown))
        .method_not_allowed_fallback(async || ApiError::wrong_method())
        .route_layer(from_fn(measured))
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(frame, error::explain))
        .layer(from_fn(cors::open))
        .with_state(api);
    Ok(router)
}

/// What pages that are kept read of the query.
pub const PARAMS: [RouteParams; 3] = [("/api/docs", &[]), ("/api/docs.css", &[]), ("/api/openapi.json", &[])];

/// How much of a body is read. Who may send one, handlers ask before they take it.
async fn measured(route: MatchedPath, request: Request, next: Next) -> Response {
    let limit = match route.as_str() {
        "/api/v1/media" => {
            CancelOnDisconnect::allow(&request);
            UPLOAD
        }
        "/api/v1/articles" | "/api/v1/articles/{id}" => BODY,
        _ => SHORT,
    };
    limited(limit, request, next).await
}

async fn unknown() -> ApiError {
    ApiError::unknown_path()
}

/// What stays as it is while the program runs.
fn fixed(kind: &'static str, body: Bytes) -> Response {
    let mut response = ([(header::CONTENT_TYPE, kind)], body).into_response();
    let shows = CachePolicy { tags: Vec::new(), keep: Duration::from_hours(1), reads: None };
    response.extensions_mut().insert(shows);
    response
}

#[cfg(test)]
mod tests;
