//! Invitations: links by which somebody makes an account.

use std::collections::HashMap;

use accounts::{
    Action, AnyRole, CustomRole, Invitation, InvitationId, Role, SignUpUse, TypedInvitation, User,
};
use axum::extract::State;
use http::{HeaderValue, header};
use kernel::{Error, Result, Time, UserId};
use serde::Deserialize;
use web::render::Form as Filled;
use web::{Form, Path, Query, RequestContext, session};

use crate::layout::Asked;
use crate::views::invitations::{Choice, Invitations, Row};
use crate::views::parts::Who;
use crate::{Admin, Answer};

/// `GET /admin/invitations?cursor=`: newest first
pub async fn list(State(admin): State<Admin>, context: RequestContext, Query(asked): Query<Asked>) -> Answer {
    context.viewer.require(Action::InviteUsers)?;
    let view = admin.invitations(&context, &asked, fresh()).await?;
    Ok(admin.frame.page(&context, &view).await?)
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Sent {
    uses: String,
    days: String,
    email: String,
    role: String,
}

/// `POST /admin/invitations`: answers with the link itself, which is kept nowhere, unless it is mailed.
pub async fn add(State(admin): State<Admin>, context: RequestContext, Form(sent): Form<Sent>) -> Answer {
    let by = context.viewer.require(Action::InviteUsers)?;
    let Sent { uses, days, email, role } = &sent;
    let typed = TypedInvitation { uses, days, email, role };
    match admin.accounts.invite(Some(by), typed, context.variant.locale).await {
        Ok((_, Some(token))) => {
            let view = admin.invitations(&context, &Asked::default(), fresh()).await?;
            let view = Invitations { made: Some(token), ..view };
            let mut response = admin.frame.page(&context, &view).await?;
            response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            Ok(response)
        }
        Ok((_, None)) => Ok(session::see_other("/admin/invitations?done=invited")),
        Err(Error::Invalid(errors)) => {
            let typed = [("uses", uses.as_str()), ("days", days), ("email", email), ("role", role)];
            let form = Filled::sent(typed).refused(&errors);
            let view = admin.invitations(&context, &Asked::default(), form).await?;
            Ok(admin.frame.refused(&context, &view).await?)
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /admin/invitations/{id}/revoke`
pub async fn revoke(
    State(admin): State<Admin>,
    context: RequestContext,
    Path(id): Path<InvitationId>,
) -> Answer {
    let by = context.viewer.require(Action::InviteUsers)?;
    admin.accounts.revoke_invitation(Some(by), id).await?;
    Ok(session::see_other("/admin/invitations?done=invitation-revoked"))
}

/// For one person, for a week.
fn fresh() -> Filled {
    Filled::default().with("uses", "1").with("days", "7")
}

impl Admin {
    async fn invitations(
        &self,
        context: &RequestContext,
        asked: &Asked,
        form: Filled,
    ) -> Result<Invitations> {
        let by = context.viewer.signed_in()?;
        let custom = self.accounts.custom_roles().await?;
        let page = self.accounts.invitations(asked.from()).await?;
        let makers = self.users_of(page.items.iter().filter_map(|one| one.made_by)).await?;
        let paging = asked.paging("/admin/invitations", &page);
        Ok(Invitations {
            layout: self.layout(&context.viewer, "invitations", &asked.done).await?,
            rows: page.items.into_iter().map(|one| row(one, &custom, &makers, context.now)).collect(),
            paging,
            made: None,
            roles: choices(by, &custom),
            form,
            closed: self.accounts.sign_up_use() == SignUpUse::Closed,
        })
    }
}

fn row(one: Invitation, custom: &[CustomRole], makers: &HashMap<UserId, Who>, now: Time) -> Row {
    let title = custom.iter().find(|role| Some(role.name.as_str()) == one.role.as_deref());
    let state = match one.wrong(now) {
        None => "open",
        Some(accounts::codes::INVITATION_REVOKED) => "revoked",
        Some(accounts::codes::INVITATION_USED) => "used",
        Some(_) => "late",
    };
    Row {
        id: one.id,
        by: one.made_by.and_then(|by| makers.get(&by).cloned()),
        role_title: title.map(|role| role.title.clone()),
        role: one.role.filter(|role| Role::named(role).is_some()),
        address: one.address,
        used: one.used,
        most: one.most,
        until: one.expires_at,
        state,
    }
}

/// The roles that `by` may give.
fn choices(by: &User, custom: &[CustomRole]) -> Vec<Choice> {
    let built_in = Role::ALL.into_iter().filter(|role| by.may_give(&AnyRole::BuiltIn(*role), role.actions()));
    let built_in = built_in.map(|role| Choice { name: role.name().to_owned(), title: None });
    let custom = custom.iter().filter(|role| by.may_give(&AnyRole::Custom(role.name.clone()), role.actions));
    let custom = custom.map(|role| Choice { name: role.name.to_string(), title: Some(role.title.clone()) });
    built_in.chain(custom).collect()
}
