//! `/api/v1/media`. Who may: users who write for an author.

use axum::extract::{FromRequest, Multipart, Request, State};
use axum::response::Response;
use bytes::Bytes;
use kernel::Error;
use utoipa::ToSchema;

use crate::answer::created;
use crate::describe::{BadBody, Forbidden, Invalid, TooLarge, TooMany, Unauthorized, WrongMediaType};
use crate::fault::{Fault, Result};
use crate::input::{body, broken, media_type};
use crate::token::Token;
use crate::{Api, view};

/// A picture in a form.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form; its fields are read one by one")]
struct Upload {
    /// JPEG, PNG, WebP, GIF or AVIF, up to 20 MiB and 50 megapixels.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Upload a picture
///
/// As the field `file` of a form, or as the body itself. The same bytes are the same picture, however often they are sent.
/// What is stored are its pixels only: places and names in the file are dropped.
#[utoipa::path(
    post,
    path = "/api/v1/media",
    operation_id = "uploadPicture",
    tag = "Writing",
    request_body(content((Upload = "multipart/form-data"), ("image/*"))),
    security(("token" = [])),
    responses(
        (status = 201, description = "The picture.", body = view::Picture,
            headers(("Location" = String, description = "Where the picture is."))),
        BadBody,
        Unauthorized,
        Forbidden,
        TooLarge,
        WrongMediaType,
        Invalid,
        TooMany,
    ),
)]
pub async fn upload(State(api): State<Api>, token: Token, request: Request) -> Result<Response> {
    if api.authors.owned_by(token.id()).await?.is_empty() {
        return Err(Error::Denied.into());
    }
    let bytes = match media_type(request.headers()).as_str() {
        "multipart/form-data" => file_of(request, &api).await?,
        kind if kind.starts_with("image/") || kind == "application/octet-stream" => {
            body(request, &api).await?
        }
        _ => return Err(Fault::wrong_media_type()),
    };
    if bytes.is_empty() {
        return Err(Error::invalid("file", "file-empty").into());
    }
    let picture = api.media.upload(Some(token.id()), bytes).await.map_err(of_the_form)?;
    let picture = api.picture(&picture);
    Ok(created(&picture.url.clone(), picture))
}

/// What the shelf calls the picture is called `file` here.
fn of_the_form(error: Error) -> Error {
    match error {
        Error::Invalid(mut wrong) => {
            wrong.0.iter_mut().for_each(|wrong| wrong.field = "file");
            Error::Invalid(wrong)
        }
        other => other,
    }
}

async fn file_of(request: Request, api: &Api) -> Result<Bytes> {
    let form = Multipart::from_request(request, api).await;
    let mut form = form.map_err(|error| broken(error.status(), &error.body_text()))?;
    loop {
        let field = form.next_field().await.map_err(|error| broken(error.status(), &error.body_text()))?;
        match field {
            Some(field) if field.name() == Some("file") => {
                return field.bytes().await.map_err(|error| broken(error.status(), &error.body_text()));
            }
            Some(_) => {}
            None => return Err(Error::invalid("file", "file-empty").into()),
        }
    }
}
