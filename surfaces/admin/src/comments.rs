//! Comments that wait before anybody but their writer sees them.

use ::comments::Comment;
use accounts::Role;
use axum::extract::State;
use kernel::CommentId;
use web::{Path, Query, Visit, session};

use crate::around::Asked;
use crate::views::comments::{Held, Item};
use crate::{Admin, Answer};

const PAGE: usize = 30;

/// `GET /admin/comments?cursor=`
pub async fn list(State(admin): State<Admin>, visit: Visit, Query(asked): Query<Asked>) -> Answer {
    visit.viewer.require(Role::Reviewer)?;
    let page = admin.comments.held(asked.from(), PAGE).await?;
    let paging = asked.paging("/admin/comments", &page);
    let articles = admin.abouts(page.items.iter().map(|comment| comment.article)).await?;
    let users = admin.users_of(page.items.iter().filter_map(|comment| comment.by)).await?;
    let item = |comment: Comment| Item {
        id: comment.id,
        about: articles.get(&comment.article).cloned(),
        by: comment.by.and_then(|id| users.get(&id).cloned()),
        name: comment.name,
        region: comment.region,
        text: comment.text,
        at: comment.created_at,
    };
    let view = Held {
        around: admin.around(&visit.viewer, "comments", &asked.done).await?,
        items: page.items.into_iter().map(item).collect(),
        paging,
    };
    Ok(admin.frame.page(&visit, &view).await?)
}

/// `POST /admin/comments/{id}/release`
pub async fn release(State(admin): State<Admin>, visit: Visit, Path(id): Path<CommentId>) -> Answer {
    visit.viewer.require(Role::Reviewer)?;
    admin.comments.release(&visit.viewer, id).await?;
    Ok(session::see_other("/admin/comments?done=released"))
}

/// `POST /admin/comments/{id}/remove`
pub async fn remove(State(admin): State<Admin>, visit: Visit, Path(id): Path<CommentId>) -> Answer {
    visit.viewer.require(Role::Reviewer)?;
    admin.comments.remove(&visit.viewer, id).await?;
    Ok(session::see_other("/admin/comments?done=removed"))
}
