//! Who may do what: the one table, and the roles that the site made of actions.

use accounts::{Action, AnyRole, CustomRole, Role, TypedRole, User};
use axum::extract::State;
use kernel::{Error, Result, Slug};
use web::render::Form as Filled;
use web::{Form, Path, Query, RequestContext, session};

use crate::codes;
use crate::layout::Asked;
use crate::views::permissions::{ActionBox, Column, EditedRole, Permissions, Row};
use crate::{Admin, Answer};

/// What a form sends: fields by name, an action's where its box is ticked.
type Sent = Vec<(String, String)>;

/// `GET /admin/permissions`
pub async fn list(State(admin): State<Admin>, context: RequestContext, Query(asked): Query<Asked>) -> Answer {
    context.viewer.require(Action::ManagePermissions)?;
    let view = admin.permissions(&context, &asked.done, Filled::default()).await?;
    Ok(admin.frame.page(&context, &view).await?)
}

/// `POST /admin/permissions`: `slug`, `title`, and the names of actions
pub async fn add(State(admin): State<Admin>, context: RequestContext, Form(sent): Form<Sent>) -> Answer {
    let by = context.viewer.require(Action::ManagePermissions)?;
    let actions = ticked(&sent);
    let typed = TypedRole { name: field(&sent, "slug"), title: field(&sent, "title"), actions: &actions };
    match admin.accounts.create_role(Some(by), typed).await {
        Ok(role) => {
            log_change(by, &role.name, "made");
            Ok(session::see_other("/admin/permissions?done=role"))
        }
        Err(Error::Invalid(errors)) => {
            let view = admin.permissions(&context, "", typed_form(&sent).refused(&errors)).await?;
            Ok(admin.frame.refused(&context, &view).await?)
        }
        Err(error) => Err(error.into()),
    }
}

/// `GET /admin/permissions/{role}`
pub async fn show(State(admin): State<Admin>, context: RequestContext, Path(name): Path<Slug>) -> Answer {
    let by = context.viewer.require(Action::ManagePermissions)?;
    let role = admin.role_to_give(by, &name).await?;
    let view = admin.edited_role(by, &context, role).await?;
    Ok(admin.frame.page(&context, &view).await?)
}

/// `POST /admin/permissions/{role}`: `title`, and the names of actions
pub async fn save(
    State(admin): State<Admin>,
    context: RequestContext,
    Path(name): Path<Slug>,
    Form(sent): Form<Sent>,
) -> Answer {
    let by = context.viewer.require(Action::ManagePermissions)?;
    let actions = ticked(&sent);
    let typed = TypedRole { title: field(&sent, "title"), actions: &actions, ..TypedRole::default() };
    match admin.accounts.update_role(Some(by), &name, typed).await {
        Ok(()) => {
            log_change(by, &name, "changed");
            Ok(session::see_other("/admin/permissions?done=role"))
        }
        Err(Error::Invalid(errors)) => {
            let role = admin.role_to_give(by, &name).await?;
            let form = typed_form(&sent).refused(&errors);
            let view = EditedRole { form, ..admin.edited_role(by, &context, role).await? };
            Ok(admin.frame.refused(&context, &view).await?)
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /admin/permissions/{role}/remove`: `sure`
pub async fn remove(
    State(admin): State<Admin>,
    context: RequestContext,
    Path(name): Path<Slug>,
    Form(sent): Form<Sent>,
) -> Answer {
    let by = context.viewer.require(Action::ManagePermissions)?;
    if field(&sent, "sure").is_empty() {
        let role = admin.role_to_give(by, &name).await?;
        let end = Filled::default().with_error("sure", codes::SURE_MISSING);
        let view = EditedRole { end, ..admin.edited_role(by, &context, role).await? };
        return Ok(admin.frame.refused(&context, &view).await?);
    }
    admin.accounts.delete_role(Some(by), &name).await?;
    log_change(by, &name, "removed");
    Ok(session::see_other("/admin/permissions?done=role-removed"))
}

fn field<'a>(sent: &'a [(String, String)], name: &str) -> &'a str {
    sent.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.as_str())
}

fn ticked(sent: &[(String, String)]) -> Vec<&str> {
    let is_action = |(name, value): &&(String, String)| Action::named(name).is_some() && !value.is_empty();
    sent.iter().filter(is_action).map(|(name, _)| name.as_str()).collect()
}

fn typed_form(sent: &[(String, String)]) -> Filled {
    Filled::sent(sent.iter().map(|(name, value)| (name.as_str(), value.as_str())))
}

fn boxes(by: &User) -> Vec<ActionBox> {
    let boxed = |action: &Action| ActionBox { name: action.name(), fixed: !by.may(*action) };
    Action::ALL.iter().map(boxed).collect()
}

/// Who did it stands in the log.
fn log_change(by: &User, role: &Slug, what: &str) {
    tracing::info!(operator = %by.handle, %role, "a role was {what}");
}

impl Admin {
    /// A role that `by` may give, and so change.
    async fn role_to_give(&self, by: &User, name: &Slug) -> Result<CustomRole> {
        let role = self.accounts.get_custom_role(name).await?;
        if by.may_give(&AnyRole::Custom(role.name.clone()), role.actions) {
            Ok(role)
        } else {
            Err(Error::Denied)
        }
    }

    async fn permissions(&self, context: &RequestContext, done: &str, form: Filled) -> Result<Permissions> {
        let by = context.viewer.signed_in()?;
        let built_in = Role::ALL
            .map(|role| (Column { name: role.name().to_owned(), title: None, href: None }, role.actions()));
        let custom = self.accounts.custom_roles().await?.into_iter().map(|role| {
            let may = by.may_give(&AnyRole::Custom(role.name.clone()), role.actions);
            let href = may.then(|| format!("/admin/permissions/{}", role.name));
            (Column { name: role.name.into(), title: Some(role.title), href }, role.actions)
        });
        let (roles, sets): (Vec<_>, Vec<_>) = built_in.into_iter().chain(custom).unzip();
        let row = |action: &Action| Row {
            action: action.name(),
            may: sets.iter().map(|set| set.has(*action)).collect(),
        };
        Ok(Permissions {
            layout: self.layout(&context.viewer, "permissions", done).await?,
            rows: Action::ALL.iter().map(row).collect(),
            roles,
            actions: boxes(by),
            form,
        })
    }

    async fn edited_role(&self, by: &User, context: &RequestContext, role: CustomRole) -> Result<EditedRole> {
        let ticked = role.actions.iter().map(|action| (action.name(), "1"));
        Ok(EditedRole {
            layout: self.layout(&context.viewer, "permissions", "").await?,
            holders: self.accounts.count_holding(&role.name).await?,
            actions: boxes(by),
            form: Filled::sent(ticked.chain([("title", role.title.as_str())])),
            end: Filled::default(),
            name: role.name.into(),
            title: role.title,
        })
    }
}
