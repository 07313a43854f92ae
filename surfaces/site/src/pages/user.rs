//! `/user/{handle}`: what a user shows of themselves, and what they said.

use std::collections::{HashMap, HashSet};

use ::blocks::codes::BLOCK_OWN;
use ::blocks::{How, Target};
use accounts::User;
use axum::extract::State;
use comments::Comment;
use kernel::{ArticleId, AuthorId, Cursor, Error, Handle, Page, Result, UserId};
use web::render::user_path;
use web::session::see_other;
use web::{CachePolicy, CacheTag, Form, Path, Query, RequestContext, local};

use super::mutes::Said as Muted;
use super::{From, KEEP};
use crate::compose::cover;
use crate::views::mutes::MutePage;
use crate::views::user::{Said, UserPage};
use crate::{Answer, Site};

const PAGE: usize = 30;
/// Parts that are looked through for comments under articles that are still there.
const PARTS: usize = 4;

/// `GET /user/{handle}`
pub async fn show(
    State(site): State<Site>,
    context: RequestContext,
    Path(handle): Path<String>,
    Query(from): Query<From>,
) -> Answer {
    let user = site.user_of(&handle).await?;
    let profile = site.accounts.profile(user.id).await?;
    let (page, looked_at) = site.said_by(user.id, from.cursor()).await?;
    // Also those that are not to be seen: one that comes back brings what was said under it.
    let articles = looked_at.into_iter().map(CacheTag::Article);
    let tags = articles.chain([CacheTag::User(user.id)]).collect();
    let avatar = match &profile.avatar {
        Some(hash) if !profile.held => site.media.find(hash).await?.map(|picture| cover(&picture)),
        _ => None,
    };
    let href = user_path(user.handle.as_str());
    let view = UserPage {
        pager: from.pager(&href, &page),
        handle: user.handle.to_string(),
        name: user.name,
        href,
        avatar,
        bio: if profile.held { String::new() } else { profile.bio },
        since: user.created_at,
        comments: page.items,
        index: site.settings.get(&accounts::settings::INDEX_USERS),
    };
    Ok(site.frame.shared(&context, &view, CachePolicy { tags, keep: KEEP, reads: None }).await?)
}

/// `GET /user/{handle}/mute`
pub async fn ask_mute(
    State(site): State<Site>,
    context: RequestContext,
    Path(handle): Path<String>,
) -> Answer {
    let by = context.viewer.signed_in()?.id;
    let user = site.other_user(by, &handle).await?;
    let href = user_path(user.handle.as_str());
    let view = MutePage {
        action: format!("{href}/mute"),
        about: format!("@{}", user.handle),
        about_href: href,
        muted: site.blocking.of(by).await?.how(Target::User(user.id)).map(How::name),
        name: user.name,
    };
    Ok(site.frame.page(&context, &view).await?)
}

/// `POST /user/{handle}/mute`: `how` (mute, block, none), `return`
pub async fn mute(
    State(site): State<Site>,
    context: RequestContext,
    Path(handle): Path<String>,
    Form(sent): Form<Muted>,
) -> Answer {
    let by = context.viewer.signed_in()?.id;
    let user = site.other_user(by, &handle).await?;
    site.block(by, Target::User(user.id), &sent.how).await?;
    Ok(see_other(local(&sent.back)))
}

impl Site {
    /// The user of that handle, where others may look at their page.
    pub(crate) async fn user_of(&self, handle: &str) -> Result<User> {
        let handle = Handle::new(handle).map_err(|_| Error::NotFound)?;
        let user = self.accounts.find_by_handle(&handle).await?;
        user.filter(User::has_page).ok_or(Error::NotFound)
    }

    /// The same, who is somebody else. Conflict: `block-own`.
    async fn other_user(&self, by: UserId, handle: &str) -> Result<User> {
        let user = self.user_of(handle).await?;
        if user.id == by { Err(Error::Conflict(BLOCK_OWN)) } else { Ok(user) }
    }

    /// A part of what the user said under articles that everybody may see, and all articles that were looked at for it. What they say in
    /// the threads of authors that they own they say as the author: that they are one is not told here.
    async fn said_by(&self, user: UserId, from: Cursor) -> Result<(Page<Said>, HashSet<ArticleId>)> {
        let owned: HashSet<AuthorId> =
            self.authors.owned_by(user).await?.into_iter().map(|author| author.id).collect();
        let (mut said, mut looked_at, mut from) = (Vec::new(), HashSet::new(), from);
        let mut next = None;
        for _ in 0..PARTS {
            let part = self.comments.by_user(user, from, PAGE).await?;
            let ids: HashSet<ArticleId> = part.items.iter().map(|comment| comment.article).collect();
            let cards = self.articles.cards(&ids.iter().copied().collect::<Vec<_>>()).await?;
            let cards: HashMap<ArticleId, _> = cards.into_iter().map(|card| (card.id, card)).collect();
            looked_at.extend(ids);
            let shown = |comment: Comment| {
                let card = cards.get(&comment.article).filter(|card| !owned.contains(&card.author))?;
                Some(Said {
                    id: comment.id,
                    text: comment.text,
                    at: comment.created_at,
                    likes: comment.likes,
                    article: card.id,
                    title: card.title.clone(),
                    language: card.language.clone(),
                })
            };
            said.extend(part.items.into_iter().filter_map(shown));
            next = part.next;
            match part.next {
                Some(cursor) if said.len() < PAGE / 2 => from = cursor,
                _ => break,
            }
        }
        Ok((Page { items: said, next }, looked_at))
    }
}
