//! What an author does with an article besides writing it.

use axum::body::Body;
use axum::extract::State;
use http::Response;
use kernel::{ArticleId, Error};
use serde::Deserialize;
use web::{Failure, Form, Path, RequestContext, session};

use crate::Studio;
use crate::write::outcome;

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct When {
    publish_at: String,
}

/// `POST /studio/article/{id}/submit`: `publish_at` in the site's zone, or nothing
pub async fn submit(
    State(studio): State<Studio>,
    context: RequestContext,
    Path(id): Path<ArticleId>,
    Form(when): Form<When>,
) -> Result<Response<Body>, Failure> {
    let article = studio.own(&context.viewer, id).await?;
    match studio.send_in(&context, id, &when.publish_at).await {
        Ok(article) => Ok(to(id, outcome(&article))),
        Err(Error::Invalid(errors)) => {
            let (author, owned) = studio.writer(&context, &article).await?;
            let newest = studio.articles.newest(id).await?.ok_or(Error::NotFound)?;
            let mut form = studio.editor_page(author.id, &newest, None).await?;
            form.publish_at = when.publish_at;
            studio.incomplete(&context, &author, &owned, &article, &form, &errors).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /studio/article/{id}/withdraw`
pub async fn withdraw(
    State(studio): State<Studio>,
    context: RequestContext,
    Path(id): Path<ArticleId>,
) -> Result<Response<Body>, Failure> {
    studio.own(&context.viewer, id).await?;
    studio.articles.withdraw(id).await?;
    Ok(to(id, "withdrawn"))
}

/// `POST /studio/article/{id}/retract`
pub async fn retract(
    State(studio): State<Studio>,
    context: RequestContext,
    Path(id): Path<ArticleId>,
) -> Result<Response<Body>, Failure> {
    studio.own(&context.viewer, id).await?;
    let by = context.viewer.signed_in()?.id;
    studio.articles.by(by).retract(id).await?;
    Ok(to(id, "retracted"))
}

fn to(id: ArticleId, done: &str) -> Response<Body> {
    session::see_other(&format!("/studio/article/{id}?done={done}"))
}
