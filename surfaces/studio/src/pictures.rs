//! One's own pictures, and bringing in more.

use articles::Format;
use axum::body::Body;
use axum::extract::{Multipart, State};
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use kernel::{Cursor, Invalid, Locale};
use media::{Motion, Picture};
use serde::Deserialize;
use serde_json::json;
use web::render::Form;
use web::{BodyMeter, Failure, Query, RequestContext, session};

use crate::Studio;
use crate::codes;
use crate::insert;
use crate::upload::Sent;
use crate::views::list::NoAuthor;
use crate::views::parts::Paging;
use crate::views::pictures::{Pictures, Shot};

const PAGE: usize = 24;

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    author: String,
    cursor: String,
    done: String,
}

/// `GET /studio/pictures?author=&cursor=`
pub async fn list(
    State(studio): State<Studio>,
    context: RequestContext,
    Query(asked): Query<Asked>,
) -> Result<Response<Body>, Failure> {
    context.viewer.signed_in()?;
    studio.show(&context, &asked, Form::default()).await
}

/// `POST /studio/pictures`: files `picture`, and what the first shows: `picture_alt`. For scripts JSON
/// `{pictures: [{hash, url, markdown, html}], error, note}`, else back to the list.
pub async fn upload(
    State(studio): State<Studio>,
    context: RequestContext,
    headers: HeaderMap,
    meter: BodyMeter,
    form: Multipart,
) -> Result<Response<Body>, Failure> {
    let user = context.viewer.signed_in()?;
    studio.author_for(&context.viewer, "").await?.ok_or(kernel::Error::Denied)?;
    let sent = Sent::read(form, &studio.uploads, &meter).await?;
    let mut sent = sent.keep(&studio.media, user.id).await?;
    if sent.pictures.is_empty() && sent.errors.0.is_empty() {
        sent.errors.add("picture", codes::PICTURE_NONE);
    }
    let accepts = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if accepts.contains("application/json") {
        return Ok(studio.as_json(&sent, context.variant.locale));
    }
    if sent.errors.0.is_empty() {
        let done = if sent.stopped() { "uploaded-still" } else { "uploaded" };
        return Ok(session::see_other(&format!("/studio/pictures?done={done}")));
    }
    let errors = Form::default().refused(&sent.errors);
    let mut response = studio.show(&context, &Asked::default(), errors).await?;
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(response)
}

impl Studio {
    async fn show(
        &self,
        context: &RequestContext,
        asked: &Asked,
        form: Form,
    ) -> Result<Response<Body>, Failure> {
        let user = context.viewer.signed_in()?;
        let Some((author, owned)) = self.author_for(&context.viewer, &asked.author).await? else {
            return Ok(self.frame.page(context, &NoAuthor {}).await?);
        };
        let from = asked.cursor.parse().unwrap_or(Cursor::START);
        let page = self.media.owned_by(user.id, from, PAGE).await?;
        let view = Pictures {
            layout: Self::layout("pictures", &author, &owned, &asked.done),
            form,
            shots: page
                .items
                .iter()
                .map(|p| Shot {
                    picture: p.into(),
                    markdown: insert::line(p, Format::Markdown, ""),
                    stopped: p.motion == Motion::Dropped,
                })
                .collect(),
            paging: Paging {
                next: page.next.map(|next| format!("/studio/pictures?cursor={next}")),
                first: (from != Cursor::START).then(|| "/studio/pictures".to_owned()),
            },
        };
        Ok(self.frame.page(context, &view).await?)
    }

    fn as_json(&self, sent: &Sent, locale: Locale) -> Response<Body> {
        let shown = |(n, (_, picture)): (usize, &(_, Picture))| {
            let alt = if n == 0 { sent.text("picture_alt") } else { "" };
            let line = |format| insert::line(picture, format, alt);
            json!({
                "hash": picture.hash,
                "url": picture.url(640),
                "markdown": line(Format::Markdown),
                "html": line(Format::Html),
            })
        };
        let pictures: Vec<_> = sent.pictures.iter().enumerate().map(shown).collect();
        let error = self.first_error(&sent.errors, locale);
        let note = || self.frame.theme().messages().say(locale, "notice-desk-uploaded-still", &[]);
        let note = sent.stopped().then(note);
        let answer = json!({ "pictures": pictures, "error": error, "note": note });
        let mut response = Response::new(Body::from(answer.to_string()));
        let failed =
            if sent.errors.0.is_empty() { StatusCode::CREATED } else { StatusCode::UNPROCESSABLE_ENTITY };
        *response.status_mut() = failed;
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        response
    }

    /// In words, for the script to show as it is.
    pub fn first_error(&self, errors: &Invalid, locale: Locale) -> Option<String> {
        let error = errors.0.first()?;
        let key = format!("error-{}", error.code);
        Some(self.frame.theme().messages().say(locale, &key, &[("limit", error.limit.unwrap_or(0))]))
    }
}
