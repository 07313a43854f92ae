//! What robots may read (RFC 9309).

use axum::extract::State;
use axum::response::Response;

use crate::{Feeds, page};

/// Pages that are somebody's own, or lists without end. Everything else is open.
const CLOSED: [&str; 17] = [
    "/admin/",
    "/api/v1/search",
    "/favourites",
    "/following",
    "/for-you",
    "/history",
    "/login",
    "/logout",
    "/notifications",
    "/preview/",
    "/reset",
    "/search",
    "/settings/",
    "/signup",
    "/studio/",
    "/unsubscribe",
    "/verify",
];

pub async fn robots(State(feeds): State<Feeds>) -> Response {
    let closed = CLOSED.map(|path| format!("Disallow: {path}\n")).concat();
    let maps =
        ["/sitemap.xml", "/news-sitemap.xml"].map(|file| format!("Sitemap: {}\n", feeds.address(file)));
    let text = format!("User-agent: *\n{closed}\n{}", maps.concat());
    page("text/plain; charset=utf-8", text, Vec::new(), 60)
}
