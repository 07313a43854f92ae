//! `/api/v1/articles` and what hangs on an article: open to everybody.

use articles::Card;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use comments::Sort;
use http::Uri;
use kernel::{ArticleId, AuthorId, Cursor, Error, Handle, Slug, Tag};
use web::Path;

use crate::codes;
use crate::error::Result;
use crate::input::Params;
use crate::responses::{BadParameters, Gone, NotFound, Unauthorized};
use crate::token::Token;
use crate::{Api, show, view};

/// Cards looked at for one page where filters are combined.
const LOOKED_AT: usize = 1_000;
const STEP: usize = 200;

#[derive(Default)]
struct Filters {
    channel: Option<Slug>,
    author: Option<AuthorId>,
    tag: Option<Tag>,
}

/// List articles
///
/// Newest first. Where several filters are given, articles meet all of them; a page may then be shorter than `limit`
/// although the list goes on.
#[utoipa::path(
    get,
    path = "/api/v1/articles",
    operation_id = "listArticles",
    tag = "Reading",
    params(
        ("channel" = Option<String>, Query, description = "Slug of a channel.", example = "tech"),
        ("author" = Option<String>, Query, description = "Handle of an author.", example = "nanpo"),
        ("tag" = Option<String>, Query, description = "A tag.", example = "潮汐"),
        ("cursor" = Option<String>, Query, description = "Where to go on: `next` of the page before."),
        ("limit" = Option<usize>, Query, description = "Articles on a page; 20 where it is not given.", minimum = 1, maximum = 100),
    ),
    responses(
        (status = 200, description = "A page of articles.", body = view::Page<view::Card>,
            headers(("Link" = String, description = "`<…>; rel=\"next\"` while the list goes on."))),
        BadParameters,
    ),
)]
pub async fn list(State(api): State<Api>, uri: Uri, mut params: Params) -> Result<Response> {
    let (from, limit) = (params.cursor(), params.limit());
    let channel = params.read("channel", Slug::new);
    let author = params.read("author", Handle::new);
    let tag = params.read("tag", Tag::new);
    api.check_channel(channel.as_ref(), &mut params).await?;
    let author = api.author_asked(author.as_ref(), &mut params).await?;
    params.finish()?;
    let page = api.filtered(&Filters { channel, author, tag }, from, limit).await?;
    Ok(api.paged(&uri, api.cards(page.items).await?, page.next))
}

impl Api {
    /// A filter by a channel that is not there is a mistake, not an empty list.
    pub async fn check_channel(&self, channel: Option<&Slug>, params: &mut Params) -> kernel::Result<()> {
        let Some(slug) = channel else { return Ok(()) };
        if !self.articles.channels().await?.iter().any(|channel| channel.slug == *slug) {
            params.refuse("channel", codes::CHANNEL_UNKNOWN);
        }
        Ok(())
    }

    /// The author of the handle that was asked for; likewise.
    pub async fn author_asked(
        &self,
        handle: Option<&Handle>,
        params: &mut Params,
    ) -> kernel::Result<Option<AuthorId>> {
        let Some(handle) = handle else { return Ok(None) };
        let author = self.authors.find_by_handle(handle).await?;
        if author.is_none() {
            params.refuse("author", codes::AUTHOR_UNKNOWN);
        }
        Ok(author.map(|author| author.id))
    }

    async fn filtered(
        &self,
        filters: &Filters,
        from: Cursor,
        limit: usize,
    ) -> kernel::Result<kernel::Page<Card>> {
        let given = [filters.channel.is_some(), filters.author.is_some(), filters.tag.is_some()];
        if given.into_iter().filter(|&given| given).count() < 2 {
            return self.narrowest(filters, from, limit).await;
        }
        let fits = |card: &Card| {
            filters.channel.as_ref().is_none_or(|slug| card.channel == *slug)
                && filters.author.is_none_or(|author| card.author == author)
        };
        let (mut from, mut items) = (from, Vec::new());
        for _ in 0..LOOKED_AT / STEP {
            let page = self.narrowest(filters, from, STEP).await?;
            for card in page.items {
                from = Cursor { key: card.published_at.millis(), id: card.id.raw() };
                if fits(&card) {
                    items.push(card);
                }
                if items.len() == limit {
                    return Ok(kernel::Page { items, next: Some(from) });
                }
            }
            if page.next.is_none() {
                return Ok(kernel::Page { items, next: None });
            }
        }
        Ok(kernel::Page { items, next: Some(from) })
    }

    /// The list of the filter that leaves the least.
    async fn narrowest(
        &self,
        filters: &Filters,
        from: Cursor,
        limit: usize,
    ) -> kernel::Result<kernel::Page<Card>> {
        match filters {
            Filters { tag: Some(tag), .. } => self.articles.by_tag(tag, from, limit).await,
            Filters { author: Some(author), .. } => self.articles.by_author(*author, from, limit).await,
            Filters { channel: Some(slug), .. } => self.articles.by_channel(slug, from, limit).await,
            _ => self.articles.latest(from, limit).await,
        }
    }
}

/// Get an article
///
/// Everybody may read what is live. Those who write for its author see it in any state when they ask with their token,
/// and how it stands in `desk`.
#[utoipa::path(
    get,
    path = "/api/v1/articles/{id}",
    operation_id = "getArticle",
    tag = "Reading",
    params(("id" = String, Path, description = "The article.", example = "4T5uJcKzRGx")),
    security((), ("token" = [])),
    responses(
        (status = 200, description = "The article.", body = view::Article),
        Unauthorized,
        NotFound,
        Gone,
    ),
)]
pub async fn get(
    State(api): State<Api>,
    Path(id): Path<ArticleId>,
    token: Option<Token>,
) -> Result<Json<view::Article>> {
    if let Some(token) = token {
        let article = api.articles.get(id).await?;
        if api.authors.owns(token.id(), article.author).await? {
            return Ok(Json(api.own_article(article).await?));
        }
    }
    let article = api.articles.get_visible(id).await?;
    Ok(Json(api.article(article).await?))
}

/// List comments
///
/// Those that everybody may see, each with the comments that it answers.
#[utoipa::path(
    get,
    path = "/api/v1/articles/{id}/comments",
    operation_id = "listComments",
    tag = "Reading",
    params(
        ("id" = String, Path, description = "The article.", example = "4T5uJcKzRGx"),
        ("sort" = Option<String>, Query, description = "`hot` (where it is not given) or `new`.", example = "new"),
        ("cursor" = Option<String>, Query, description = "Where to go on: `next` of the page before."),
        ("limit" = Option<usize>, Query, description = "Comments on a page; 20 where it is not given.", minimum = 1, maximum = 100),
    ),
    responses(
        (status = 200, description = "A page of comments.", body = view::Page<view::Floor>,
            headers(("Link" = String, description = "`<…>; rel=\"next\"` while the list goes on."))),
        NotFound,
        Gone,
        BadParameters,
    ),
)]
pub async fn comments(
    State(api): State<Api>,
    Path(id): Path<ArticleId>,
    uri: Uri,
    mut params: Params,
) -> Result<Response> {
    let (from, limit) = (params.cursor(), params.limit());
    let sort = |name: &str| Sort::named(name).ok_or_else(|| Error::invalid("sort", codes::SORT_UNKNOWN));
    let sort = params.read("sort", sort).unwrap_or_default();
    params.finish()?;
    let article = api.articles.get_visible(id).await?;
    let owners = api.authors.owners(article.author).await?;
    let page = api.comments.thread(id, sort, from, limit).await?;
    let floor = |floor: comments::Floor| view::Floor {
        comment: show::comment(floor.comment, &owners),
        quotes: floor.quotes.into_iter().map(|quote| show::comment(quote, &owners)).collect(),
    };
    Ok(api.paged(&uri, page.items.into_iter().map(floor).collect(), page.next))
}
