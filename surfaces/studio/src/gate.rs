//! Who may send something here, and how much: asked before any of it is read.

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::Method;
use kernel::Error;
use web::{CancelOnDisconnect, Failure, RequestContext, limited, rescued};

use crate::Studio;

/// A form with pictures may be this long (bytes): one for each place of the desk, of the largest size, and a long text.
const PICTURES: u64 = 85 << 20;
/// The longest text, as a form that is not made for texts sends it: three bytes for one.
const TEXT: u64 = 8 << 20;
/// An ordinary form.
const PLAIN: u64 = 64 << 10;
/// What somebody gets back who is not signed in and has no session that may have ended while they wrote.
pub const RESCUED: u64 = 1 << 20;

/// Authors send what their forms hold. Of others nothing is read, but for the text of somebody whose session ended over it.
pub async fn gate(
    State(studio): State<Studio>,
    context: RequestContext,
    route: MatchedPath,
    request: Request,
    next: Next,
) -> Response {
    let method = request.method();
    if matches!(*method, Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    let (desk, limit) = match route.as_str() {
        "/studio/new" | "/studio/article/{id}" => (true, PICTURES),
        "/studio/pictures" | "/studio/profile" => (false, PICTURES),
        "/studio/preview" => (false, TEXT),
        _ => (false, PLAIN),
    };
    // What nobody waits for is not drawn, and each picture is taken in whole or not at all.
    if matches!(route.as_str(), "/studio/preview" | "/studio/pictures") {
        CancelOnDisconnect::allow(&request);
    }
    match context.viewer.user() {
        Some(user) => match studio.authors.owned_by(user.id).await {
            Ok(owned) if !owned.is_empty() => limited(limit, request, next).await,
            Ok(_) => Failure(Error::Denied).into_response(),
            Err(error) => Failure(error).into_response(),
        },
        None if desk => {
            // Its files are read past, not kept.
            let limit = if context.session.is_some() { PICTURES } else { RESCUED };
            rescued(limit, request, next).await
        }
        None => Failure(Error::SignIn).into_response(),
    }
}
