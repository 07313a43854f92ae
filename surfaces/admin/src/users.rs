//! Users, and who holds which role.

use accounts::{Action, Actions, AnyRole, Role, User};
use axum::extract::State;
use kernel::{Error, Handle, Page, Result, UserId};
use web::render::Form as Filled;
use web::{Form, Path, Query, RequestContext, session};

use crate::codes;
use crate::layout::Asked;
use crate::views::parts::{Filter, Who};
use crate::views::users::{Member, RoleBox, Row, Users};
use crate::{Admin, Answer};

/// `GET /admin/users?role=&q=&cursor=`: newest first, those of a role, or the one of that handle
pub async fn list(State(admin): State<Admin>, context: RequestContext, Query(asked): Query<Asked>) -> Answer {
    context.viewer.require(Action::ManageUsers)?;
    let custom = admin.accounts.custom_roles().await?;
    let role = admin.accounts.find_role(&asked.role).await?;
    let here = role.as_ref().map_or_else(|| "/admin/users".to_owned(), address);
    let page = if !asked.q.trim().is_empty() {
        let found = match Handle::new(&asked.q) {
            Ok(handle) => admin.accounts.find_by_handle(&handle).await?,
            Err(_) => None,
        };
        Page { items: found.into_iter().collect(), next: None }
    } else if let Some(role) = &role {
        admin.accounts.holding(role.clone(), asked.from()).await?
    } else {
        admin.accounts.list(asked.from()).await?
    };
    let row = |user: &User| Row {
        id: user.id,
        who: user.into(),
        roles: user.roles.iter().map(Role::name).collect(),
        custom_roles: custom
            .iter()
            .filter(|role| user.custom_roles.has(&role.name))
            .map(|role| role.title.clone())
            .collect(),
        since: user.created_at,
        suspended: user.suspended_at.is_some(),
    };
    let mut filters = Filter::all("all", "/admin/users", "role", Role::ALL.map(Role::name), &asked.role);
    filters[0].here = role.is_none();
    filters.extend(custom.iter().map(|one| {
        let of = AnyRole::Custom(one.name.clone());
        let (title, href) = (Some(one.title.clone()), address(&of));
        Filter { name: "custom", title, href, here: role.as_ref() == Some(&of) }
    }));
    let view = Users {
        layout: admin.layout(&context.viewer, "users", &asked.done).await?,
        filters,
        paging: asked.paging(&here, &page),
        rows: page.items.iter().map(row).collect(),
        q: asked.q,
    };
    Ok(admin.frame.page(&context, &view).await?)
}

/// The list of those who hold a role.
fn address(role: &AnyRole) -> String {
    format!("/admin/users?role={role}")
}

/// `GET /admin/users/{id}`
pub async fn show(
    State(admin): State<Admin>,
    context: RequestContext,
    Path(id): Path<UserId>,
    Query(asked): Query<Asked>,
) -> Answer {
    context.viewer.require(Action::ManageUsers)?;
    let user = admin.accounts.find(id).await?.ok_or(Error::NotFound)?;
    let choices = admin.choices().await?;
    let held = choices.iter().filter(|choice| choice.is_held_by(&user));
    let form = Filled::sent(held.map(|choice| (choice.field.as_str(), "1")));
    let view = admin.member(&context, &user, choices, &asked.done, form).await?;
    Ok(admin.frame.page(&context, &view).await?)
}

/// `POST /admin/users/{id}`: `reviewer`, `editor`, `operator`, and `role.<name>` for each role that the site made. Operators keep their own
/// role, so that a site never ends without one; roles that the sender may not give stay as they are.
pub async fn save(
    State(admin): State<Admin>,
    context: RequestContext,
    Path(id): Path<UserId>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Answer {
    let by = context.viewer.require(Action::ManagePermissions)?;
    let user = admin.accounts.find(id).await?.ok_or(Error::NotFound)?;
    if user.deleted_at.is_some() {
        return Err(Error::Conflict(codes::USER_DELETED).into());
    }
    let ticked = |field: &str| sent.iter().any(|(name, value)| name == field && !value.is_empty());
    let choices = admin.choices().await?;
    if user.id == by.id && user.roles.has(Role::Operator) && !ticked(Role::Operator.name()) {
        let kept = choices.iter().filter(|choice| ticked(&choice.field));
        let form = Filled::sent(kept.map(|choice| (choice.field.as_str(), "1")))
            .with_error("operator", codes::ROLE_OWN);
        let view = admin.member(&context, &user, choices, "", form).await?;
        return Ok(admin.frame.refused(&context, &view).await?);
    }
    for choice in choices {
        if !by.may_give(&choice.role, choice.actions) {
            continue;
        }
        match (choice.is_held_by(&user), ticked(&choice.field)) {
            (false, true) => admin.accounts.grant(Some(by), id, choice.role).await?,
            (true, false) => admin.accounts.revoke(Some(by), id, choice.role).await?,
            _ => {}
        }
    }
    Ok(session::see_other(&format!("/admin/users/{id}?done=saved")))
}

/// A role that somebody may hold.
struct Choice {
    role: AnyRole,
    /// What the form calls it.
    field: String,
    /// Of a role that the site made.
    title: Option<String>,
    actions: Actions,
}

impl Choice {
    fn is_held_by(&self, user: &User) -> bool {
        match &self.role {
            AnyRole::BuiltIn(role) => user.roles.has(*role),
            AnyRole::Custom(name) => user.custom_roles.has(name),
        }
    }
}

impl Admin {
    /// All roles there are.
    async fn choices(&self) -> Result<Vec<Choice>> {
        let built_in = Role::ALL.map(|role| Choice {
            role: role.into(),
            field: role.name().to_owned(),
            title: None,
            actions: role.actions(),
        });
        let custom = self.accounts.custom_roles().await?.into_iter().map(|role| Choice {
            field: format!("role.{}", role.name),
            role: role.name.into(),
            title: Some(role.title),
            actions: role.actions,
        });
        Ok(built_in.into_iter().chain(custom).collect())
    }

    async fn member(
        &self,
        context: &RequestContext,
        user: &User,
        choices: Vec<Choice>,
        done: &str,
        form: Filled,
    ) -> Result<Member> {
        let by = context.viewer.signed_in()?;
        let factors = self.accounts.factors(user.id).await?;
        let boxed = |choice: Choice| RoleBox {
            fixed: !by.may_give(&choice.role, choice.actions),
            field: choice.field,
            title: choice.title,
        };
        Ok(Member {
            layout: self.layout(&context.viewer, "users", done).await?,
            id: user.id,
            who: user.into(),
            region: user.region.clone(),
            since: user.created_at,
            authors: self.authors.owned_by(user.id).await?.iter().map(Who::from).collect(),
            roles: choices.into_iter().map(boxed).collect(),
            gives: by.may(Action::ManagePermissions),
            looks_after: by.may_look_after(user).is_ok(),
            form,
            own: by.id == user.id,
            suspended: user.suspended_at,
            deleted: user.deleted_at.is_some(),
            sessions: self.accounts.sessions(user.id).await?,
            tokens: self.accounts.tokens(user.id).await?,
            totp: factors.totp.is_some(),
            passkeys: factors.passkeys,
        })
    }
}
