//! Who may send something is asked before any of it is read: layers around routes. What a handler must know of the sender beyond
//! that (is this article theirs?), it asks itself.

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kernel::Error;

use crate::routing::Endpoint;
use crate::{Failure, RequestContext};

/// Lets only those who are signed in write, but for the routes in `open`, by their patterns. A route that nobody thought of is closed;
/// a method that a route does not know is left to the router, which says so.
pub async fn writes_need_sign_in(
    open: &[&str],
    known: &[Endpoint],
    request: Request,
    next: Next,
) -> Response {
    let extensions = request.extensions();
    let context = extensions.get::<RequestContext>();
    let (reads, signed_in) = (
        context.is_some_and(|context| context.is_get),
        context.is_some_and(|context| context.viewer.user().is_some()),
    );
    let route = extensions.get::<MatchedPath>().map(MatchedPath::as_str);
    let open = route.is_some_and(|route| open.contains(&route));
    let writes = |endpoint: &Endpoint| {
        Some(endpoint.path.as_str()) == route
            && (endpoint.method == "ANY" || request.method() == endpoint.method)
    };
    if reads || signed_in || open || !known.iter().any(writes) {
        return next.run(request).await;
    }
    Failure(Error::SignIn).into_response()
}
