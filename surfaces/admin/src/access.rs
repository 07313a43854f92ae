//! Letting users in and out: what is open, what is shut, and who is deleted.

use accounts::Action;
use axum::extract::State;
use kernel::{Error, Result, TokenId, UserId};
use web::{Path, RequestContext, session};

use crate::views::access::Deleting;
use crate::views::parts::Who;
use crate::{Admin, Answer};

/// `POST /admin/users/{id}/suspend`
pub async fn suspend(State(admin): State<Admin>, context: RequestContext, Path(id): Path<UserId>) -> Answer {
    let operator = context.viewer.require(Action::ManageUsers)?;
    admin.accounts.suspend(Some(operator), id).await?;
    Ok(back(id, "suspended"))
}

/// `POST /admin/users/{id}/restore`
pub async fn restore(State(admin): State<Admin>, context: RequestContext, Path(id): Path<UserId>) -> Answer {
    let operator = context.viewer.require(Action::ManageUsers)?;
    admin.accounts.restore(Some(operator), id).await?;
    Ok(back(id, "user-restored"))
}

/// `POST /admin/users/{id}/sign-out`: every session and every key to the API
pub async fn sign_out(State(admin): State<Admin>, context: RequestContext, Path(id): Path<UserId>) -> Answer {
    let operator = context.viewer.require(Action::ManageUsers)?;
    admin.accounts.end_all_access(Some(operator), id).await?;
    Ok(back(id, "signed-out"))
}

/// `POST /admin/users/{id}/reset-factors`: for somebody who lost them
pub async fn reset_factors(
    State(admin): State<Admin>,
    context: RequestContext,
    Path(id): Path<UserId>,
) -> Answer {
    let operator = context.viewer.require(Action::ManageUsers)?;
    admin.accounts.reset_factors(Some(operator), id).await?;
    Ok(back(id, "factors-reset"))
}

/// `POST /admin/users/{id}/sessions/{session}/end`
pub async fn end_session(
    State(admin): State<Admin>,
    context: RequestContext,
    Path((id, session)): Path<(UserId, String)>,
) -> Answer {
    let operator = context.viewer.require(Action::ManageUsers)?;
    operator.may_look_after(&admin.accounts.find(id).await?.ok_or(Error::NotFound)?)?;
    admin.accounts.by(operator.id).end_session(id, &session).await?;
    Ok(back(id, "session-ended"))
}

/// `POST /admin/users/{id}/tokens/{token}/revoke`
pub async fn revoke_token(
    State(admin): State<Admin>,
    context: RequestContext,
    Path((id, token)): Path<(UserId, TokenId)>,
) -> Answer {
    let operator = context.viewer.require(Action::ManageUsers)?;
    operator.may_look_after(&admin.accounts.find(id).await?.ok_or(Error::NotFound)?)?;
    admin.accounts.by(operator.id).delete_token(id, token).await?;
    Ok(back(id, "token-revoked"))
}

/// `GET /admin/users/{id}/delete`: what would go and what would stay
pub async fn ask_delete(
    State(admin): State<Admin>,
    context: RequestContext,
    Path(id): Path<UserId>,
) -> Answer {
    context.viewer.require(Action::ManageUsers)?;
    let view = admin.deleting(&context, id).await?;
    Ok(admin.frame.page(&context, &view).await?)
}

/// `POST /admin/users/{id}/delete`
pub async fn delete(State(admin): State<Admin>, context: RequestContext, Path(id): Path<UserId>) -> Answer {
    let operator = context.viewer.require(Action::ManageUsers)?;
    // It stands in comments for readers of every language: the site's own.
    let name = admin.frame.theme().messages().say(admin.frame.setup().locale.get(), "user-deleted", &[]);
    match admin.erasure.delete(Some(operator), id, &name).await {
        Ok(()) => Ok(session::see_other("/admin/users?done=user-deleted")),
        Err(Error::Conflict(authors::codes::USER_OWNS_AUTHORS)) => {
            let view = admin.deleting(&context, id).await?;
            Ok(admin.frame.refused(&context, &view).await?)
        }
        Err(error) => Err(error.into()),
    }
}

fn back(id: UserId, done: &str) -> http::Response<axum::body::Body> {
    session::see_other(&format!("/admin/users/{id}?done={done}"))
}

impl Admin {
    async fn deleting(&self, context: &RequestContext, id: UserId) -> Result<Deleting> {
        let preview = self.erasure.preview(id).await?;
        Ok(Deleting {
            layout: self.layout(&context.viewer, "users", "").await?,
            id,
            who: (&preview.user).into(),
            own: context.viewer.user().is_some_and(|user| user.id == id),
            comments: preview.comments,
            shared: preview.shared.iter().map(Who::from).collect(),
            sole: preview.sole.iter().map(Who::from).collect(),
        })
    }
}
