//! Forms and queries whose mistakes become the site's own errors.

use axum::extract::{FromRequest, FromRequestParts, Request};
use http::request::Parts;
use kernel::Error;
use serde::de::DeserializeOwned;

use crate::Failure;

/// The fields of a submitted form. Structs for it have `#[serde(default)]` strings, so that a missing field is an empty one
/// and the handler can say what is wrong with it.
pub struct Form<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Form<T> {
    type Rejection = Failure;
    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        match axum::Form::from_request(request, state).await {
            Ok(axum::Form(fields)) => Ok(Self(fields)),
            Err(_) => Err(Failure(Error::invalid("form", "form-unreadable"))),
        }
    }
}

/// The parameters of an address. What can't be read is as good as not given.
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Default> FromRequestParts<S> for Query<T> {
    type Rejection = std::convert::Infallible;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let query = axum::extract::Query::<T>::from_request_parts(parts, state).await;
        Ok(Self(query.map(|q| q.0).unwrap_or_default()))
    }
}

/// A part of the path that must parse; what does not is not found.
pub struct Path<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let path = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        path.map(|p| Self(p.0)).map_err(|_| Failure(Error::NotFound))
    }
}
