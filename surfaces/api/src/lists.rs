//! Channels and authors: open to everybody.

use axum::Json;
use axum::extract::State;
use kernel::{Error, Handle};
use web::Path;

use crate::error::Result;
use crate::responses::NotFound;
use crate::{Api, view};

/// List channels
///
/// In the site's order.
#[utoipa::path(
    get,
    path = "/api/v1/channels",
    operation_id = "listChannels",
    tag = "Reading",
    responses((status = 200, description = "All channels.", body = view::Channels)),
)]
pub async fn channels(State(api): State<Api>) -> Result<Json<view::Channels>> {
    let channel = |channel: articles::Channel| view::Channel {
        url: api.address(&format!("/channel/{}", channel.slug)),
        slug: channel.slug,
        name: view::Names { zh: channel.zh, en: channel.en },
        colour: channel.colour,
    };
    Ok(Json(view::Channels { items: api.articles.channels().await?.into_iter().map(channel).collect() }))
}

/// Get an author
#[utoipa::path(
    get,
    path = "/api/v1/authors/{handle}",
    operation_id = "getAuthor",
    tag = "Reading",
    params(("handle" = String, Path, description = "The author's handle, without `@`.", example = "nanpo")),
    responses((status = 200, description = "The author.", body = view::Author), NotFound),
)]
pub async fn author(State(api): State<Api>, Path(handle): Path<Handle>) -> Result<Json<view::Author>> {
    let author = api.authors.find_by_handle(&handle).await?.ok_or(Error::NotFound)?;
    let articles = api.articles.counts_by_author(&[author.id]).await?;
    let avatar = match &author.avatar {
        Some(hash) => api.media.find(hash).await?,
        None => None,
    };
    Ok(Json(view::Author {
        byline: api.byline(&author),
        kind: author.kind.name(),
        bio: author.bio,
        field: author.field,
        place: author.region,
        avatar: avatar.map(|picture| api.picture(&picture)),
        articles: articles.get(&author.id).copied().unwrap_or(0),
        created_at: author.created_at,
    }))
}
