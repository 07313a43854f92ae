//! What leads to an article: search, what is close to another one, what is hot. Open to everybody.

use articles::Document;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use http::Uri;
use kernel::{ArticleId, Cursor, Error, Handle, Slug, Time};
use recommend::Span;
use search::{Marked, Order, Query};
use web::{Path, RequestContext};

use crate::codes;
use crate::error::Result;
use crate::input::Params;
use crate::responses::{BadParameters, Gone, NotFound, TooMany};
use crate::{Api, view};

/// List related articles
///
/// Close in content, the closest first: never the article itself or a copy, at most two of one author.
#[utoipa::path(
    get,
    path = "/api/v1/articles/{id}/related",
    operation_id = "listRelatedArticles",
    tag = "Reading",
    params(
        ("id" = String, Path, description = "The article.", example = "4T5uJcKzRGx"),
        ("limit" = Option<usize>, Query, description = "Articles at most; 10 where it is not given.", minimum = 1, maximum = 20),
    ),
    responses((status = 200, description = "Related articles.", body = view::Cards), NotFound, Gone, BadParameters),
)]
pub async fn related(
    State(api): State<Api>,
    Path(id): Path<ArticleId>,
    mut params: Params,
) -> Result<Json<view::Cards>> {
    let limit = params.limit_of(10, 20);
    params.finish()?;
    let seen = [id];
    let (seen, related) = tokio::join!(api.articles.cards(&seen), api.related.of(id, limit));
    if seen?.is_empty() {
        // Why not, its state says.
        api.articles.get_visible(id).await?;
    }
    Ok(Json(view::Cards { items: api.picked(related?).await? }))
}

/// List hot articles
///
/// What is read, liked and talked about now or over a day or a week, across the site or in one channel; authors take turns.
#[utoipa::path(
    get,
    path = "/api/v1/hot",
    operation_id = "listHotArticles",
    tag = "Reading",
    params(
        ("channel" = Option<String>, Query, description = "Slug of a channel.", example = "tech"),
        ("span" = Option<String>, Query, description = "`now` (where it is not given), `day` or `week`.", example = "day"),
        ("limit" = Option<usize>, Query, description = "Articles at most; 20 where it is not given.", minimum = 1, maximum = 50),
    ),
    responses((status = 200, description = "Hot articles.", body = view::Cards), BadParameters),
)]
pub async fn hot(State(api): State<Api>, mut params: Params) -> Result<Json<view::Cards>> {
    let limit = params.limit_of(20, 50);
    let channel = params.read("channel", Slug::new);
    let span = |name: &str| Span::named(name).ok_or_else(|| Error::invalid("span", codes::SPAN_UNKNOWN));
    let span = params.read("span", span).unwrap_or_default();
    api.check_channel(channel.as_ref(), &mut params).await?;
    params.finish()?;
    let hot = match channel {
        Some(slug) => api.hot.of_channel_over(&slug, span, limit).await?,
        None => api.hot.over(span, limit).await?,
    };
    Ok(Json(view::Cards { items: api.picked(hot).await? }))
}

/// Search articles
///
/// Articles with all the words of `q`, best first; where they are few, then those with what is spelled or pronounced alike, or with
/// some of the words. `q` may hold "phrases", `-without`, `author:`, `tag:` or `#tag`, `title:` and `channel:`.
#[utoipa::path(
    get,
    path = "/api/v1/search",
    operation_id = "searchArticles",
    tag = "Reading",
    params(
        ("q" = String, Query, description = "What to look for.", example = "潮汐表"),
        ("channel" = Option<String>, Query, description = "Slug of a channel.", example = "tech"),
        ("author" = Option<String>, Query, description = "Handle of an author.", example = "nanpo"),
        ("tag" = Option<String>, Query, description = "A tag.", example = "潮汐"),
        ("kind" = Option<String>, Query, description = "`gallery`, `video`, `audio`, or a declaration: `original`, `reprint`, `ai`, `fiction`, `opinion`.", example = "original"),
        ("since" = Option<String>, Query, description = "Not older than this; RFC 3339.", example = "2024-06-01T00:00:00Z"),
        ("order" = Option<String>, Query, description = "`best` (where it is not given) or `newest`.", example = "newest"),
        ("cursor" = Option<String>, Query, description = "Where to go on: `next` of the page before."),
        ("limit" = Option<usize>, Query, description = "Articles on a page; 20 where it is not given.", minimum = 1, maximum = 100),
    ),
    responses(
        (status = 200, description = "A page of what was found.", body = view::Results,
            headers(("Link" = String, description = "`<…>; rel=\"next\"` while the list goes on."))),
        BadParameters,
        TooMany,
    ),
)]
pub async fn search(
    State(api): State<Api>,
    context: RequestContext,
    uri: Uri,
    mut params: Params,
) -> Result<Response> {
    let limit = params.limit();
    // Results are ranked anew each time, so their cursor is a count.
    let offset = params.read("cursor", offset).unwrap_or(0);
    let text = params.text("q").filter(|text| !kernel::text::shows_nothing(text));
    if text.is_none() {
        params.refuse("q", codes::QUERY_EMPTY);
    }
    let channel = params.read("channel", Slug::new);
    let author = params.read("author", Handle::new);
    let since = params
        .read("since", |text| Time::parse(text).ok_or_else(|| Error::invalid("since", codes::TIME_FORM)));
    let tag = params.text("tag");
    let kind = params.read("kind", |name| {
        let known = Document::all_kinds().find(|kind| *kind == name);
        known.map(str::to_owned).ok_or_else(|| Error::invalid("kind", codes::ARTICLE_KIND_UNKNOWN))
    });
    let order = params.read("order", |name| match name {
        "best" => Ok(Order::Best),
        "newest" => Ok(Order::Newest),
        _ => Err(Error::invalid("order", codes::ORDER_UNKNOWN)),
    });
    let permit = api.search.admit(context.network).await?;
    api.check_channel(channel.as_ref(), &mut params).await?;
    let author = api.author_asked(author.as_ref(), &mut params).await?;
    params.finish()?;

    let (text, order) = (text.unwrap_or_default(), order.unwrap_or_default());
    let partial = !api.search.is_ready();
    let found = api
        .search
        .query(&Query { text, author, channel, tag, kind, since, order, offset, limit }, &permit)
        .await?;
    let more = !found.hits.is_empty() && offset + limit < found.total.min(DEEPEST);
    let next = more.then(|| Cursor { key: (offset + limit) as i64, id: 0 });
    let hits = found.hits.iter().map(|hit| (pieces(&hit.title), pieces(&hit.passage), hit.why()));
    let cards = api.cards(found.hits.iter().map(|hit| hit.card.clone()).collect()).await?;
    let hit = |(article, (title, passage, why))| view::Hit { article, title, passage, why };
    let items = cards.into_iter().zip(hits).map(hit).collect();
    let search::Results { total, whole, alike, instead, related, .. } = found;
    let relaxed = whole == 0 && total > alike;
    let results = view::Results { items, total, partial, whole, alike, relaxed, instead, related, next };
    Ok(api.linked(&uri, next, results))
}

/// Suggest what to search for
///
/// Popular searches, authors, tags and titles that begin as typed or have it; pinyin is understood.
#[utoipa::path(
    get,
    path = "/api/v1/search/suggest",
    operation_id = "suggestSearches",
    tag = "Reading",
    params(("q" = String, Query, description = "What is being typed.", example = "潮")),
    responses((status = 200, description = "Suggestions.", body = view::Suggestions), BadParameters, TooMany),
)]
pub async fn suggest(
    State(api): State<Api>,
    context: RequestContext,
    mut params: Params,
) -> Result<Json<view::Suggestions>> {
    let typed = params.text("q").unwrap_or_default();
    params.finish()?;
    let permit = api.search.admit(context.network).await?;
    let partial = !api.search.is_ready();
    let search::Suggestions { queries, authors, tags, titles } = api.search.suggest(&typed, &permit).await?;
    let author = |(name, handle)| view::SuggestedAuthor { handle, name };
    let title = |(id, title)| view::SuggestedTitle { id, title };
    Ok(Json(view::Suggestions {
        queries,
        authors: authors.into_iter().map(author).collect(),
        tags,
        titles: titles.into_iter().map(title).collect(),
        partial,
    }))
}

/// Beyond this many, nobody looks.
const DEEPEST: usize = 1_000;

fn offset(text: &str) -> kernel::Result<usize> {
    match text.parse() {
        Ok(Cursor { key, id: 0 }) if (0..DEEPEST as i64).contains(&key) => Ok(key as usize),
        _ => Err(Error::invalid("cursor", codes::CURSOR_FORM)),
    }
}

fn pieces(marked: &Marked) -> Vec<view::Piece> {
    let piece = |(text, mark): (&str, bool)| view::Piece { text: text.to_owned(), mark };
    marked.pieces().into_iter().map(piece).collect()
}
