//! A handler's error on its way out. The front turns it into a page, a problem document (RFC 9457) or a way to sign in.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use kernel::{Error, Quota};

/// What handlers return when something is wrong.
#[derive(Debug)]
pub struct Failure(pub Error);

impl<E: Into<Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

/// When to come again where a part of the site does not answer.
pub const BUSY: Duration = Duration::from_secs(5);

/// Carried by the response until the front has drawn it.
#[derive(Clone)]
pub struct Cause(pub Arc<Error>);

/// Whether the answer could not be made because something that it needs is gone.
pub fn is_unavailable<B>(response: &http::Response<B>) -> bool {
    let cause = response.extensions().get::<Cause>();
    cause.is_some_and(|Cause(error)| matches!(**error, Error::Unavailable(_)))
}

pub fn status(error: &Error) -> StatusCode {
    match error {
        Error::NotFound => StatusCode::NOT_FOUND,
        Error::Gone(_) => StatusCode::GONE,
        Error::SignIn => StatusCode::UNAUTHORIZED,
        Error::Denied => StatusCode::FORBIDDEN,
        Error::Conflict(_) => StatusCode::CONFLICT,
        Error::TooMany(_) | Error::Quota(Quota { wait: Some(_), .. }) => StatusCode::TOO_MANY_REQUESTS,
        Error::Quota(_) | Error::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Error::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
        Error::Busy(_) | Error::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
        Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// What a handler said when it panicked.
pub fn message(panic: &Box<dyn Any + Send>) -> String {
    let text = panic
        .downcast_ref::<&str>()
        .map(|s| (*s).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned());
    format!("a handler panicked: {}", text.unwrap_or_default())
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = status(&self.0).into_response();
        let wait = match &self.0 {
            Error::TooMany(wait) | Error::Busy(wait) | Error::Quota(Quota { wait: Some(wait), .. }) => {
                Some(*wait)
            }
            Error::Unavailable(_) => Some(BUSY),
            _ => None,
        };
        if let Some(wait) = wait {
            response.headers_mut().insert(http::header::RETRY_AFTER, wait.as_secs().max(1).into());
        }
        response.extensions_mut().insert(Cause(Arc::new(self.0)));
        response
    }
}
