//! How an article will look.

use accounts::Action;
use articles::{Draft, Format};
use axum::body::Body;
use axum::extract::State;
use http::{HeaderValue, Response, StatusCode, header};
use kernel::{ArticleId, Error, Invalid, Locale, lang};
use serde::Deserialize;
use web::render::ArticleText;
use web::{Failure, Form, Path, RequestContext};

use crate::Studio;
use crate::views::preview::Preview;

/// `GET /studio/article/{id}/preview`: for its owners, and for who reads it at `/admin/review/{id}`
pub async fn page(
    State(studio): State<Studio>,
    context: RequestContext,
    Path(id): Path<ArticleId>,
) -> Result<Response<Body>, Failure> {
    let user = context.viewer.signed_in()?;
    let article = studio.articles.get(id).await?;
    let own = studio.authors.owns(user.id, article.author).await?;
    if !own && !context.viewer.may(Action::ReadSubmissions) {
        return Err(Error::NotFound.into());
    }
    // What was not sent in is its author's own.
    if !own && article.state == articles::State::Draft {
        return Err(Error::NotFound.into());
    }
    let sent_in = own || article.pending || article.state == articles::State::Submitted;
    let (draft, html) = if sent_in {
        let newest = studio.articles.newest(id).await?.ok_or(Error::NotFound)?;
        let html = studio.articles.preview(Some(article.author), &newest).await?;
        (newest, html)
    } else {
        (article.draft.clone(), article.html.clone())
    };
    let author = studio.authors.find(article.author).await?.ok_or(Error::NotFound)?;
    let view = Preview {
        back: if own { format!("/studio/article/{id}") } else { format!("/admin/review/{id}") },
        article: ArticleText::new(draft, html, article.language.clone()),
        author: author.name,
    };
    Ok(studio.frame.page(&context, &view).await?)
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    format: String,
    body: String,
}

/// `POST /studio/preview`: `format`, `body`; answers the body as readers would see it, or in words (422) why it can't be shown
pub async fn fragment(
    State(studio): State<Studio>,
    context: RequestContext,
    Form(typed): Form<Typed>,
) -> Result<Response<Body>, Failure> {
    let user = context.viewer.signed_in()?;
    let format = Format::named(&typed.format).unwrap_or_default();
    let draft = Draft { format, body: typed.body, ..Draft::default() }.tidy();
    let shown = match draft {
        Ok(draft) => studio.articles.preview_while_typing(user.id, &draft).await,
        Err(error) => Err(error),
    };
    let html = match shown {
        Ok(html) => html,
        Err(Error::Invalid(errors)) => return Ok(studio.refused(&errors, context.variant.locale)),
        Err(error) => return Err(error.into()),
    };
    let language = lang::guess(&html.text());
    let html: String = html.into();
    let mut response = Response::new(Body::from(html));
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    if language != lang::UNKNOWN {
        response.headers_mut().insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language));
    }
    Ok(response)
}

impl Studio {
    /// What is wrong with a text, for the script to show as it is.
    fn refused(&self, errors: &Invalid, locale: Locale) -> Response<Body> {
        let mut response = Response::new(Body::from(self.first_error(errors, locale).unwrap_or_default()));
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        let kind = HeaderValue::from_static("text/plain; charset=utf-8");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        response
    }
}
