//! Who may do what.

use accounts::{Role, User};
use axum::extract::State;
use kernel::{Error, Handle, Page, Result, UserId};
use serde::Deserialize;
use web::render::Form as Filled;
use web::{Form, Path, Query, RequestContext, session};

use crate::codes;
use crate::layout::Asked;
use crate::views::parts::{Filter, Who};
use crate::views::users::{Member, Row, Users};
use crate::{Admin, Answer};

/// `GET /admin/users?role=&q=&cursor=`: newest first, those of a role, or the one of that handle
pub async fn list(State(admin): State<Admin>, context: RequestContext, Query(asked): Query<Asked>) -> Answer {
    context.viewer.require(Role::Operator)?;
    let role = Role::named(&asked.role);
    let page = if !asked.q.trim().is_empty() {
        let found = match Handle::new(&asked.q) {
            Ok(handle) => admin.accounts.find_by_handle(&handle).await?,
            Err(_) => None,
        };
        Page { items: found.into_iter().collect(), next: None }
    } else if let Some(role) = role {
        admin.accounts.holding(role, asked.from()).await?
    } else {
        admin.accounts.list(asked.from()).await?
    };
    let here =
        role.map_or_else(|| "/admin/users".to_owned(), |role| format!("/admin/users?role={}", role.name()));
    let row = |user: &User| Row {
        id: user.id,
        who: user.into(),
        roles: user.roles.iter().map(Role::name).collect(),
        since: user.created_at,
        suspended: user.suspended_at.is_some(),
    };
    let view = Users {
        layout: admin.layout(&context.viewer, "users", &asked.done).await?,
        filters: Filter::all("all", "/admin/users", "role", Role::ALL.map(Role::name), &asked.role),
        paging: asked.paging(&here, &page),
        rows: page.items.iter().map(row).collect(),
        q: asked.q,
    };
    Ok(admin.frame.page(&context, &view).await?)
}

/// `GET /admin/users/{id}`
pub async fn show(
    State(admin): State<Admin>,
    context: RequestContext,
    Path(id): Path<UserId>,
    Query(asked): Query<Asked>,
) -> Answer {
    context.viewer.require(Role::Operator)?;
    let user = admin.accounts.find(id).await?.ok_or(Error::NotFound)?;
    let form = Filled::sent(user.roles.iter().map(|role| (role.name(), "1")));
    let view = admin.member(&context, &user, &asked.done, form).await?;
    Ok(admin.frame.page(&context, &view).await?)
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    reviewer: String,
    editor: String,
    operator: String,
}

impl Fields {
    fn wants(&self, role: Role) -> bool {
        let ticked = match role {
            Role::Reviewer => &self.reviewer,
            Role::Editor => &self.editor,
            Role::Operator => &self.operator,
        };
        !ticked.is_empty()
    }
}

/// `POST /admin/users/{id}`: `reviewer`, `editor`, `operator`. Operators keep their own role, so that a site never ends without one.
pub async fn save(
    State(admin): State<Admin>,
    context: RequestContext,
    Path(id): Path<UserId>,
    Form(fields): Form<Fields>,
) -> Answer {
    let operator = context.viewer.require(Role::Operator)?;
    let user = admin.accounts.find(id).await?.ok_or(Error::NotFound)?;
    if user.deleted_at.is_some() {
        return Err(Error::Conflict(codes::USER_DELETED).into());
    }
    if user.id == operator.id && !fields.wants(Role::Operator) {
        let ticked = Role::ALL.into_iter().filter(|&role| fields.wants(role));
        let form =
            Filled::sent(ticked.map(|role| (role.name(), "1"))).with_error("operator", codes::ROLE_OWN);
        let view = admin.member(&context, &user, "", form).await?;
        return Ok(admin.frame.refused(&context, &view).await?);
    }
    for role in Role::ALL {
        match (user.roles.has(role), fields.wants(role)) {
            (false, true) => admin.accounts.by(operator.id).grant(id, role).await?,
            (true, false) => admin.accounts.by(operator.id).revoke(id, role).await?,
            _ => {}
        }
    }
    Ok(session::see_other(&format!("/admin/users/{id}?done=saved")))
}

impl Admin {
    async fn member(
        &self,
        context: &RequestContext,
        user: &User,
        done: &str,
        form: Filled,
    ) -> Result<Member> {
        Ok(Member {
            layout: self.layout(&context.viewer, "users", done).await?,
            id: user.id,
            who: user.into(),
            region: user.region.clone(),
            since: user.created_at,
            authors: self.authors.owned_by(user.id).await?.iter().map(Who::from).collect(),
            roles: Role::ALL.map(Role::name),
            form,
            own: context.viewer.user().is_some_and(|viewer| viewer.id == user.id),
            suspended: user.suspended_at,
            deleted: user.deleted_at.is_some(),
            sessions: self.accounts.sessions(user.id).await?,
            tokens: self.accounts.tokens(user.id).await?,
        })
    }
}
