//! `/api/v1/media`. Who may: users who write for an author.

use articles::Use;
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::response::Response;
use http::StatusCode;
use kernel::Error;
use utoipa::ToSchema;
use web::{BodyMeter, Path, TempUpload};

use crate::answer::created;
use crate::codes;
use crate::error::{ApiError, Result};
use crate::input::{broken, media_type};
use crate::responses::{
    BadBody, Conflict, Forbidden, Invalid, NotFound, TooLarge, TooMany, Unauthorized, WrongMediaType,
};
use crate::token::{Token, Writer};
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
/// What is stored are its pixels only: places and names in the file are dropped. Until something published shows it, only its owners and
/// reviewers see it, signed in; its addresses answer 404 to everybody else.
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
pub async fn upload(
    State(api): State<Api>,
    writer: Writer,
    meter: BodyMeter,
    request: Request,
) -> Result<Response> {
    let file = match media_type(request.headers()).as_str() {
        "multipart/form-data" => file_of(request, &api, &meter).await?,
        kind if kind.starts_with("image/") || kind == "application/octet-stream" => {
            api.uploads.body(request.into_body(), LONGEST, &meter).await.map_err(cut_short)?
        }
        _ => return Err(ApiError::wrong_media_type()),
    };
    let file = file.ok_or_else(ApiError::too_large)?;
    if file.is_empty() {
        return Err(Error::invalid("file", codes::FILE_EMPTY).into());
    }
    let picture = api.media.upload_file(Some(writer.id()), file.path()).await.map_err(of_the_form)?;
    let picture = api.picture(&picture);
    Ok(created(&picture.url.clone(), picture))
}

/// Delete a picture
///
/// Ends your claim to a picture that you uploaded. Unless somebody else has one too, it goes for good in all its sizes, and its addresses
/// answer 410. While readers see it in an article or beside a name of yours, or will when what waits for review is approved: 409.
#[utoipa::path(
    delete,
    path = "/api/v1/media/{hash}",
    operation_id = "deletePicture",
    tag = "Writing",
    params(("hash" = String, Path, description = "The picture.", example = "9f86d081884c7d659a2feaa0c55ad015")),
    security(("token" = [])),
    responses(
        (status = 204, description = "It is no longer yours."),
        Unauthorized,
        Forbidden,
        NotFound,
        Conflict,
        TooMany,
    ),
)]
pub async fn delete(State(api): State<Api>, token: Token, Path(hash): Path<String>) -> Result<StatusCode> {
    let user = token.id();
    if !api.media.owners(&hash).await?.contains(&user) {
        return Err(Error::NotFound.into());
    }
    let mine = api.authors.owned_by(user).await?;
    let (own, others): (Vec<_>, Vec<_>) = api
        .articles
        .uses(&hash, USES)
        .await?
        .into_iter()
        .partition(|one| mine.iter().any(|author| author.id == one.author));
    let wearers = api.authors.wearers(&hash).await?;
    let is_own_avatar = mine.iter().any(|author| wearers.contains(&author.id));
    if is_own_avatar || own.iter().any(Use::is_needed) {
        return Err(Error::Conflict(codes::PICTURE_USED).into());
    }
    let used = !others.is_empty() || !wearers.is_empty();
    api.media.delete(user, &hash, used).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Articles that are looked at for where a picture is used.
const USES: usize = 200;

fn cut_short(error: Error) -> ApiError {
    match error {
        Error::Invalid(_) => ApiError::malformed("The picture did not arrive whole.".to_owned()),
        other => other.into(),
    }
}

/// A picture's bytes.
const LONGEST: u64 = (::media::MAX_MEGABYTES as u64) << 20;

/// What the shelf calls the picture is called `file` here.
fn of_the_form(error: Error) -> Error {
    match error {
        Error::Invalid(mut errors) => {
            errors.0.iter_mut().for_each(|errors| errors.field = "file");
            Error::Invalid(errors)
        }
        other => other,
    }
}

async fn file_of(request: Request, api: &Api, meter: &BodyMeter) -> Result<Option<TempUpload>> {
    let form = Multipart::from_request(request, api).await;
    let mut form = form.map_err(|error| broken(error.status(), &error.body_text()))?;
    loop {
        let field = form.next_field().await.map_err(|error| broken(error.status(), &error.body_text()))?;
        match field {
            Some(field) if field.name() == Some("file") => {
                return api.uploads.field(field, LONGEST, meter).await.map_err(cut_short);
            }
            Some(_) => {}
            None => return Err(Error::invalid("file", codes::FILE_EMPTY).into()),
        }
    }
}
