//! Who may send something is asked before any of it is read: layers around routes. What a handler must know of the sender beyond
//! that (is this article theirs?), it asks itself.

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kernel::Error;

use crate::{Failure, Visit};

/// Lets only those who are signed in write, but for the routes in `open`, by their patterns. A route that nobody thought of is closed.
pub async fn writes_need_sign_in(open: &[&str], request: Request, next: Next) -> Response {
    let extensions = request.extensions();
    let reads = extensions.get::<Visit>().is_some_and(|visit| visit.is_get);
    let known = extensions.get::<Visit>().is_some_and(|visit| visit.viewer.user().is_some());
    let open = extensions.get::<MatchedPath>().is_some_and(|route| open.contains(&route.as_str()));
    if reads || known || open {
        return next.run(request).await;
    }
    Failure(Error::SignIn).into_response()
}
