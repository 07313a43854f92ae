//! Forms and queries whose mistakes become the site's own errors.

use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, RawForm, Request};
use http::request::Parts;
use http::{HeaderValue, Method, header};
use kernel::Error;
use serde::de::DeserializeOwned;

use crate::codes;
use crate::{Failure, nul};

/// The fields of a submitted form. Structs for it have `#[serde(default)]` strings, so that a missing field is an empty one
/// and the handler can say what is wrong with it.
pub struct Form<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Form<T> {
    type Rejection = Failure;
    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let unreadable = || Failure(Error::invalid("form", codes::FORM_UNREADABLE));
        let RawForm(form) = RawForm::from_request(request, state).await.map_err(|_| unreadable())?;
        let clean = Request::new(Body::from(nul::of_form(&form).into_owned()));
        let (mut parts, body) = clean.into_parts();
        let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
        parts.method = Method::POST;
        parts.headers.insert(header::CONTENT_TYPE, kind);
        let fields = axum::Form::from_request(Request::from_parts(parts, body), state).await;
        fields.map(|axum::Form(fields)| Self(fields)).map_err(|_| unreadable())
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
