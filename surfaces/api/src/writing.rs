//! Writing articles with a token. Who may: users who own the author that the article is of ([`Api::own`]).

use articles::Draft;
use authors::Author;
use axum::Extension;
use axum::Json as Answer;
use axum::extract::{FromRequest, Request, State};
use axum::response::Response;
use http::StatusCode;
use kernel::{ArticleId, Error, Handle, Region, Time};
use web::{Path, RequestContext};

use crate::answer::created;
use crate::codes;
use crate::error::{ApiError, InvalidField, Result};
use crate::input::{Json, MaybeJson};
use crate::responses::{
    BadBody, Conflict, Forbidden, Gone, Invalid, NotFound, TooLarge, TooMany, Unauthorized, WrongMediaType,
};
use crate::token::{Token, Writer};
use crate::view::{ArticleInput, Submission};
use crate::{Api, view};

/// Create an article
///
/// It begins as a draft, which may be incomplete. Submit it to have it published.
#[utoipa::path(
    post,
    path = "/api/v1/articles",
    operation_id = "createArticle",
    tag = "Writing",
    request_body = ArticleInput,
    security(("token" = [])),
    responses(
        (status = 201, description = "The draft.", body = view::Article,
            headers(("Location" = String, description = "Where the article is."))),
        BadBody,
        Unauthorized,
        Forbidden,
        TooLarge,
        WrongMediaType,
        Invalid,
        TooMany,
    ),
)]
pub async fn create(
    State(api): State<Api>,
    token: Writer,
    context: Option<Extension<RequestContext>>,
    Json(input): Json<ArticleInput>,
) -> Result<Response> {
    let mut errors = Vec::new();
    if input.version.is_some() {
        errors.push(InvalidField::new("version", codes::FIELD_UNKNOWN));
    }
    let author = api.author_to_write_for(&token, input.author.as_deref()).await?;
    let draft = Draft { region: api.region(context), ..api.draft(input, errors).await? };
    let article = api.articles.create(author.id, token.id(), draft).await?;
    let location = api.address(&format!("/api/v1/articles/{}", article.id));
    Ok(created(&location, api.own_article(article).await?))
}

/// Edit an article
///
/// Replaces the whole manuscript: a field that is left out is emptied. `version` is the version that the edit is based on; if
/// somebody saved meanwhile, nothing happens. What readers see of a live article stays as it is until it is submitted again.
#[utoipa::path(
    put,
    path = "/api/v1/articles/{id}",
    operation_id = "editArticle",
    tag = "Writing",
    params(("id" = String, Path, description = "The article.", example = "4T5uJcKzRGx")),
    request_body(content = ArticleInput, example = json!({
        "version": 1, "title": "潮汐表是怎样做出来的", "body": "从一根刻度尺说起。", "channel": "science"
    })),
    security(("token" = [])),
    responses(
        (status = 200, description = "The article with its new version.", body = view::Article),
        BadBody,
        Unauthorized,
        Forbidden,
        NotFound,
        Conflict,
        Gone,
        TooLarge,
        WrongMediaType,
        Invalid,
        TooMany,
    ),
)]
pub async fn edit(
    State(api): State<Api>,
    token: Token,
    Path(id): Path<ArticleId>,
    context: Option<Extension<RequestContext>>,
    request: Request,
) -> Result<Answer<view::Article>> {
    // Before the text is read.
    api.own(&token, id).await?;
    let Json(input) = Json::<ArticleInput>::from_request(request, &api).await?;
    let mut errors = Vec::new();
    if input.author.is_some() {
        errors.push(InvalidField::new("author", codes::FIELD_UNKNOWN));
    }
    let Some(version) = input.version else {
        errors.push(InvalidField::new("version", codes::VERSION_EMPTY));
        return Err(ApiError::invalid(errors));
    };
    let draft = Draft { region: api.region(context), ..api.draft(input, errors).await? };
    let article = api.articles.edit(id, token.id(), draft, version).await?;
    Ok(Answer(api.own_article(article).await?))
}

/// Submit an article
///
/// Asks for publication, at `publish_at` if that is given. Whether it is live, scheduled or waits for review after that is in
/// `desk.state`. For a live article: asks that its newest version be shown.
#[utoipa::path(
    post,
    path = "/api/v1/articles/{id}/submit",
    operation_id = "submitArticle",
    tag = "Writing",
    params(("id" = String, Path, description = "The article.", example = "4T5uJcKzRGx")),
    request_body = Option<Submission>,
    security(("token" = [])),
    responses(
        (status = 200, description = "The article as it stands now.", body = view::Article),
        BadBody,
        Unauthorized,
        Forbidden,
        NotFound,
        Conflict,
        Gone,
        WrongMediaType,
        Invalid,
        TooMany,
    ),
)]
pub async fn submit(
    State(api): State<Api>,
    token: Token,
    Path(id): Path<ArticleId>,
    MaybeJson(submission): MaybeJson<Submission>,
) -> Result<Answer<view::Article>> {
    api.own(&token, id).await?;
    let at = match submission.publish_at {
        Some(text) => {
            let at = Time::parse(&text).ok_or_else(|| Error::invalid("publish_at", codes::TIME_FORM))?;
            if at <= api.env.now() {
                return Err(Error::invalid("publish_at", codes::TIME_PAST).into());
            }
            Some(at)
        }
        None => None,
    };
    let article = api.articles.by(token.id()).submit(id, at).await?;
    Ok(Answer(api.own_article(article).await?))
}

/// Withdraw an article
///
/// Takes a submitted or scheduled article back to the desk.
#[utoipa::path(
    post,
    path = "/api/v1/articles/{id}/withdraw",
    operation_id = "withdrawArticle",
    tag = "Writing",
    params(("id" = String, Path, description = "The article.", example = "4T5uJcKzRGx")),
    security(("token" = [])),
    responses(
        (status = 200, description = "The article as it stands now.", body = view::Article),
        Unauthorized,
        Forbidden,
        NotFound,
        Conflict,
        Gone,
        TooMany,
    ),
)]
pub async fn withdraw(
    State(api): State<Api>,
    token: Token,
    Path(id): Path<ArticleId>,
) -> Result<Answer<view::Article>> {
    api.own(&token, id).await?;
    let article = api.articles.by(token.id()).withdraw(id).await?;
    Ok(Answer(api.own_article(article).await?))
}

/// Retract an article
///
/// Takes a live article from the readers, who find the reason `author` in its place. A scheduled one will not appear.
#[utoipa::path(
    post,
    path = "/api/v1/articles/{id}/retract",
    operation_id = "retractArticle",
    tag = "Writing",
    params(("id" = String, Path, description = "The article.", example = "4T5uJcKzRGx")),
    security(("token" = [])),
    responses(
        (status = 200, description = "The article as it stands now.", body = view::Article),
        Unauthorized,
        Forbidden,
        NotFound,
        Conflict,
        Gone,
        TooMany,
    ),
)]
pub async fn retract(
    State(api): State<Api>,
    token: Token,
    Path(id): Path<ArticleId>,
) -> Result<Answer<view::Article>> {
    api.own(&token, id).await?;
    let article = api.articles.by(token.id()).retract(id).await?;
    Ok(Answer(api.own_article(article).await?))
}

/// Delete a draft
///
/// Removes an article that was never published, with all its revisions. One that waits for review is withdrawn first; one that was
/// published is retracted instead.
#[utoipa::path(
    delete,
    path = "/api/v1/articles/{id}",
    operation_id = "deleteArticle",
    tag = "Writing",
    params(("id" = String, Path, description = "The article.", example = "4T5uJcKzRGx")),
    security(("token" = [])),
    responses(
        (status = 204, description = "It is gone."),
        Unauthorized,
        Forbidden,
        NotFound,
        Conflict,
        Gone,
        TooMany,
    ),
)]
pub async fn delete(State(api): State<Api>, token: Token, Path(id): Path<ArticleId>) -> Result<StatusCode> {
    api.own(&token, id).await?;
    api.moderation.delete_unpublished(id).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl Api {
    /// Where a request comes from, as the site finds out.
    fn region(&self, context: Option<Extension<RequestContext>>) -> Option<Region> {
        self.frame.region(&context?.0)
    }

    /// The author of that handle, or the only one, that the token's user owns.
    async fn author_to_write_for(&self, token: &Token, handle: Option<&str>) -> Result<Author> {
        let mut owned = self.authors.owned_by(token.id()).await?;
        let Some(handle) = handle else {
            return match owned.len() {
                0 => Err(Error::Denied.into()),
                1 => Ok(owned.remove(0)),
                _ => Err(Error::invalid("author", codes::AUTHOR_EMPTY).into()),
            };
        };
        let handle = Handle::new(handle).map_err(|_| Error::invalid("author", codes::HANDLE_FORM))?;
        if let Some(at) = owned.iter().position(|author| author.handle == handle) {
            return Ok(owned.remove(at));
        }
        match self.authors.find_by_handle(&handle).await? {
            Some(_) => Err(Error::Denied.into()),
            None => Err(Error::invalid("author", codes::AUTHOR_UNKNOWN).into()),
        }
    }

    /// What was written, in the features' words; `wrong` is what is known to be wrong already.
    async fn draft(&self, input: ArticleInput, mut errors: Vec<InvalidField>) -> Result<Draft> {
        let draft = input.draft(&mut errors)?;
        let covers = self.articles.check_covers(&draft.covers).await?;
        errors.extend(covers.0.into_iter().map(InvalidField::from));
        if errors.is_empty() { Ok(draft) } else { Err(ApiError::invalid(errors)) }
    }
}
