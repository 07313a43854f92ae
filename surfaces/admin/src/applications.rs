//! 入驻申请: who asks to publish here, and the answer.

use ::authors::{Application, State};
use accounts::Action;
use axum::extract;
use kernel::{ApplicationId, Error, Result};
use serde::Deserialize;
use web::render::Form as Filled;
use web::{Form, Path, Query, RequestContext, session};

use crate::layout::Asked;
use crate::views::applications::{Applications, Asking, Row};
use crate::views::parts::{Filter, Who};
use crate::{Admin, Answer};

/// `GET /admin/applications?state=&cursor=`: open ones, or those that are decided
pub async fn list(
    extract::State(admin): extract::State<Admin>,
    context: RequestContext,
    Query(asked): Query<Asked>,
) -> Answer {
    context.viewer.require(Action::DecideApplications)?;
    let state = State::named(&asked.state).unwrap_or(State::Open);
    let page = admin.authors.applications(Some(state), asked.from()).await?;
    let here = format!("/admin/applications?state={}", state.name());
    let users = admin.users_of(page.items.iter().map(|application| application.user)).await?;
    let row = |application: &Application| Row {
        id: application.id,
        name: application.name.clone(),
        handle: application.handle.to_string(),
        kind: application.kind.name(),
        by: users.get(&application.user).cloned(),
        at: application.created_at,
        state: application.state.name(),
        own: context.viewer.user().is_some_and(|user| user.id == application.user),
    };
    let decided = [State::Approved, State::Rejected].map(State::name);
    let view = Applications {
        layout: admin.layout(&context.viewer, "applications", &asked.done).await?,
        filters: Filter::all("open", "/admin/applications", "state", decided, &asked.state),
        changes: if state == State::Open { admin.changes_waiting().await? } else { Vec::new() },
        rows: page.items.iter().map(row).collect(),
        paging: asked.paging(&here, &page),
    };
    Ok(admin.frame.page(&context, &view).await?)
}

/// `GET /admin/applications/{id}`
pub async fn show(
    extract::State(admin): extract::State<Admin>,
    context: RequestContext,
    Path(id): Path<ApplicationId>,
) -> Answer {
    context.viewer.require(Action::DecideApplications)?;
    let view = admin.asking(&context, id).await?;
    Ok(admin.frame.page(&context, &view).await?)
}

/// `POST /admin/applications/{id}/approve`: makes the author
pub async fn approve(
    extract::State(admin): extract::State<Admin>,
    context: RequestContext,
    Path(id): Path<ApplicationId>,
) -> Answer {
    let by = context.viewer.require(Action::DecideApplications)?;
    let decided = admin.authors.approve(by, id).await.map(drop);
    admin.answered(&context, id, decided, "approved", &Fields::default()).await
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    code: String,
    note: String,
}

/// `POST /admin/applications/{id}/reject`: `code`, `note`
pub async fn reject(
    extract::State(admin): extract::State<Admin>,
    context: RequestContext,
    Path(id): Path<ApplicationId>,
    Form(fields): Form<Fields>,
) -> Answer {
    let by = context.viewer.require(Action::DecideApplications)?;
    let decided = admin.authors.reject(by, id, &fields.code, &fields.note).await;
    admin.answered(&context, id, decided, "rejected", &fields).await
}

impl Admin {
    async fn answered(
        &self,
        context: &RequestContext,
        id: ApplicationId,
        decided: Result<()>,
        done: &str,
        fields: &Fields,
    ) -> Answer {
        match decided {
            Ok(()) => Ok(session::see_other(&format!("/admin/applications?done=application-{done}"))),
            // No reason was chosen; or the handle has been taken meanwhile, which is a reason to choose.
            Err(Error::Invalid(errors)) => {
                let mut view = self.asking(context, id).await?;
                view.form =
                    Filled::sent([("code", fields.code.as_str()), ("note", &fields.note)]).refused(&errors);
                Ok(self.frame.refused(context, &view).await?)
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn asking(&self, context: &RequestContext, id: ApplicationId) -> Result<Asking> {
        let application = self.authors.application(id).await?.ok_or(Error::NotFound)?;
        let users =
            self.users_of([Some(application.user), application.decided_by].into_iter().flatten()).await?;
        let owned = self.authors.owned_by(application.user).await?;
        Ok(Asking {
            own: context.viewer.user().is_some_and(|user| user.id == application.user),
            layout: self.layout(&context.viewer, "applications", "").await?,
            id,
            state: application.state.name(),
            name: application.name,
            handle: application.handle.to_string(),
            kind: application.kind.name(),
            bio: application.bio,
            reason: application.reason,
            by: users.get(&application.user).cloned(),
            owned: owned.iter().map(Who::from).collect(),
            at: application.created_at,
            code: application.code,
            note: application.note,
            decided_by: application.decided_by.and_then(|id| users.get(&id).cloned()),
            decided_at: application.decided_at,
            codes: ::authors::REJECT_CODES,
            form: Filled::default(),
        })
    }
}
