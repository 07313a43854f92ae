//! What waits, and the way there.

use accounts::Role;
use axum::extract::State;
use web::RequestContext;

use crate::layout::one_of;
use crate::views::front::Front;
use crate::{Admin, Answer};

/// `GET /admin`: for everybody with a role
pub async fn show(State(admin): State<Admin>, context: RequestContext) -> Answer {
    one_of(&context.viewer, &Role::ALL)?;
    let operator = context.viewer.user().is_some_and(|user| user.may(Role::Operator));
    let view = Front {
        layout: admin.layout(&context.viewer, "front", "").await?,
        unfinished: operator && !admin.missing().await?.nothing(),
    };
    Ok(admin.frame.page(&context, &view).await?)
}
