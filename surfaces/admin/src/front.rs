//! What waits, and the way there.

use axum::extract::State;
use web::RequestContext;

use crate::setup::may_finish;
use crate::views::front::Front;
use crate::{Admin, Answer};

/// `GET /admin`: for whoever may do anything here
pub async fn show(State(admin): State<Admin>, context: RequestContext) -> Answer {
    let user = context.viewer.require_staff()?;
    let view = Front {
        layout: admin.layout(&context.viewer, "front", "").await?,
        unfinished: may_finish(user) && !admin.missing().await?.nothing(),
    };
    Ok(admin.frame.page(&context, &view).await?)
}
