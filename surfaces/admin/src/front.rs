//! What waits, and the way there.

use accounts::Role;
use axum::extract::State;
use web::Visit;

use crate::around::one_of;
use crate::views::front::Front;
use crate::{Admin, Answer};

/// `GET /admin`: for everybody with a role
pub async fn show(State(admin): State<Admin>, visit: Visit) -> Answer {
    one_of(&visit.viewer, &Role::ALL)?;
    let operator = visit.viewer.user().is_some_and(|user| user.may(Role::Operator));
    let view = Front {
        around: admin.around(&visit.viewer, "front", "").await?,
        unfinished: operator && !admin.missing().await?.nothing(),
    };
    Ok(admin.frame.page(&visit, &view).await?)
}
