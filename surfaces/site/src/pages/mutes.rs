//! Muting and blocking: an author on their page, whoever wrote a comment, and the list of both (`/settings/blocks`).
//!
//! All of it is the reader's own: each handler begins by asking who it is.

use std::collections::HashMap;

use ::blocks::{Block, How, Target};
use accounts::User;
use axum::extract::State;
use kernel::measure::excerpt;
use kernel::{AuthorId, CommentId, Error, Result, UserId};
use serde::Deserialize;
use web::render::{handle_path, user_path};
use web::session::see_other;
use web::{Form, Path, Query, RequestContext, local};

use super::From;
use crate::codes;
use crate::views::mutes::{Mute, MutePage, MutesPage};
use crate::{Answer, Site};

const PAGE: &str = "/settings/blocks";
const LIST: usize = 50;

/// `how`: mute, block or none.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Said {
    pub(super) how: String,
    #[serde(rename = "return")]
    pub(super) back: String,
}

/// `GET /comment/{id}/mute`
pub async fn ask(State(site): State<Site>, context: RequestContext, Path(id): Path<CommentId>) -> Answer {
    let user = context.viewer.signed_in()?.id;
    let (comment, writer) = site.written(user, id).await?;
    let view = MutePage {
        action: format!("/comment/{id}/mute"),
        about: excerpt(&comment.text, 80),
        about_href: format!("/article/{}#comment-{id}", comment.article),
        name: comment.name,
        muted: site.blocking.of(user).await?.how(Target::User(writer)).map(How::name),
    };
    Ok(site.frame.page(&context, &view).await?)
}

/// `POST /comment/{id}/mute`
pub async fn writer(
    State(site): State<Site>,
    context: RequestContext,
    Path(id): Path<CommentId>,
    Form(sent): Form<Said>,
) -> Answer {
    let user = context.viewer.signed_in()?.id;
    let (_, writer) = site.written(user, id).await?;
    site.block(user, Target::User(writer), &sent.how).await?;
    Ok(see_other(local(&sent.back)))
}

/// `POST /@{handle}/mute`
pub async fn author(
    State(site): State<Site>,
    context: RequestContext,
    Path(handle): Path<String>,
    Form(sent): Form<Said>,
) -> Answer {
    let user = context.viewer.signed_in()?.id;
    let author = site.author_of(&handle).await?;
    site.block(user, Target::Author(author.id), &sent.how).await?;
    Ok(see_other(local(&sent.back)))
}

/// `GET /settings/blocks`
pub async fn list(State(site): State<Site>, context: RequestContext, Query(from): Query<From>) -> Answer {
    let user = context.viewer.signed_in()?.id;
    let page = site.blocking.list(user, from.cursor(), LIST).await?;
    let view = MutesPage { pager: from.pager(PAGE, &page), mutes: site.mutes(&page.items).await? };
    Ok(site.frame.page(&context, &view).await?)
}

/// `kind`: user or author; `id`; `how` as in [`Said`].
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Changed {
    kind: String,
    id: String,
    how: String,
}

/// `POST /settings/blocks`
pub async fn change(State(site): State<Site>, context: RequestContext, Form(sent): Form<Changed>) -> Answer {
    let user = context.viewer.signed_in()?.id;
    let target = Target::named(&sent.kind, &sent.id).ok_or(Error::invalid("id", codes::FORM_UNREADABLE))?;
    site.block(user, target, &sent.how).await?;
    Ok(see_other(PAGE))
}

impl Site {
    pub(super) async fn block(&self, user: UserId, target: Target, how: &str) -> Result<()> {
        match How::named(how) {
            Some(how) => self.blocking.set(user, target, how).await,
            None if how == "none" => self.blocking.lift(user, target).await,
            None => Err(Error::invalid("how", codes::FORM_UNREADABLE)),
        }
    }

    /// A visible comment of somebody else, and who that is. Comments that came from elsewhere are nobody's. Conflict: `block-own`.
    async fn written(&self, user: UserId, id: CommentId) -> Result<(comments::Comment, UserId)> {
        let comment = self.visible_comment(Some(id)).await?.ok_or(Error::NotFound)?;
        self.articles.get_visible(comment.article).await?;
        let writer = comment.by.ok_or(Error::NotFound)?;
        if writer == user {
            return Err(Error::Conflict(::blocks::codes::BLOCK_OWN));
        }
        Ok((comment, writer))
    }

    /// The list with names as they are now.
    async fn mutes(&self, blocks: &[Block]) -> Result<Vec<Mute>> {
        let (mut users, mut authors): (Vec<UserId>, Vec<AuthorId>) = (Vec::new(), Vec::new());
        for block in blocks {
            match block.target {
                Target::User(id) => users.push(id),
                Target::Author(id) => authors.push(id),
            }
        }
        let users: HashMap<UserId, User> =
            self.accounts.get_many(&users).await?.into_iter().map(|user| (user.id, user)).collect();
        let authors = self.authors_by_id(&authors).await?;
        let mute = |block: &Block| {
            let (id, name, href) = match block.target {
                Target::User(id) => {
                    let user = users.get(&id)?;
                    let href = user.has_page().then(|| user_path(user.handle.as_str()));
                    (id.to_string(), user.name.clone(), href)
                }
                Target::Author(id) => {
                    let author = authors.get(&id)?;
                    (id.to_string(), author.name.clone(), Some(handle_path(author.handle.as_str())))
                }
            };
            let (kind, how) = (block.target.kind().name(), block.how.name());
            Some(Mute { kind, id, name, href, how, since: block.at })
        };
        Ok(blocks.iter().filter_map(mute).collect())
    }
}
