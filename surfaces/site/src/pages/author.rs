//! `/@{handle}` and its archive.

use authors::Author;
use axum::extract::State;
use kernel::{Cursor, Error, Handle};
use web::render::handle_path;
use web::{CacheTag, Path, Query, RequestContext};

use super::{From, list_policy};
use crate::compose::plain;
use crate::views::author::{AuthorArchive, AuthorHome};
use crate::{Answer, Site};

const PAGE: usize = 30;
const POPULAR: usize = 5;

impl Site {
    pub(crate) async fn author_of(&self, handle: &str) -> kernel::Result<Author> {
        let handle = Handle::new(handle).map_err(|_| Error::NotFound)?;
        self.authors.find_by_handle(&handle).await?.ok_or(Error::NotFound)
    }
}

pub async fn show(State(site): State<Site>, context: RequestContext, Path(handle): Path<String>) -> Answer {
    let locale = context.variant.locale;
    let author = site.author_of(&handle).await?;
    let page = site.articles.by_author(author.id, Cursor::START, PAGE).await?;
    // By likes among the newest hundred.
    let recent = site.articles.by_author(author.id, Cursor::START, 100).await?.items;
    let likes = site.follows.like_counts(&recent.iter().map(|card| card.id).collect::<Vec<_>>()).await?;
    let mut popular = recent;
    popular.retain(|card| likes.contains_key(&card.id));
    popular.sort_by_key(|card| std::cmp::Reverse(likes.get(&card.id).copied()));
    popular.truncate(POPULAR);
    let lists = [plain(&page.items), plain(&popular)];
    let policy = list_policy(&lists, figures(&author));
    let mut done = site.card_lists(&lists, locale).await?.into_iter();
    let view = AuthorHome {
        author: site.author_card(&author, site.follow_of(&context.rendered_for, &author).await?).await?,
        latest: done.next().unwrap_or_default(),
        popular: done.next().unwrap_or_default(),
        all: page.next.map(|_| format!("{}/articles", handle_path(author.handle.as_str()))),
    };
    Ok(site.frame.shared(&context, &view, policy).await?)
}

pub async fn archive(
    State(site): State<Site>,
    context: RequestContext,
    Path(handle): Path<String>,
    Query(from): Query<From>,
) -> Answer {
    let author = site.author_of(&handle).await?;
    let page = site.articles.by_author(author.id, from.cursor(), PAGE).await?;
    let pager = from.pager(&format!("{}/articles", handle_path(author.handle.as_str())), &page);
    let policy = list_policy(&[plain(&page.items)], figures(&author));
    let view = AuthorArchive {
        author: site.author_card(&author, site.follow_of(&context.rendered_for, &author).await?).await?,
        cards: site.cards(plain(&page.items), context.variant.locale).await?,
        pager,
    };
    Ok(site.frame.shared(&context, &view, policy).await?)
}

fn figures(author: &Author) -> [CacheTag; 3] {
    [CacheTag::Author(author.id), CacheTag::Followers(author.id), CacheTag::NewOfAuthor(author.id)]
}
