//! Decisions about articles.

use accounts::Action;
use articles::Verdict;
use axum::extract::State;
use http::StatusCode;
use kernel::{ArticleId, Error, Invalid};
use moderation::Read;
use serde::Deserialize;
use web::render::Form as Filled;
use web::{Form, Path, RequestContext, session};

use crate::views::review::Review;
use crate::{Admin, Answer};

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    /// The revision that was read, and what it looked like.
    version: String,
    digest: String,
    code: String,
    note: String,
    /// Why it is retracted: that form stands beside the other.
    retract: String,
}

impl Fields {
    fn read(&self) -> Read {
        Read { version: self.version.parse().unwrap_or(0), digest: self.digest.clone() }
    }
}

/// `POST /admin/review/{id}/approve`: `version`, `digest`
pub async fn approve(
    State(admin): State<Admin>,
    context: RequestContext,
    Path(id): Path<ArticleId>,
    Form(fields): Form<Fields>,
) -> Answer {
    context.viewer.require(Action::ReviewArticles)?;
    admin.decide(&context, id, Verdict::Approve(fields.read()), &fields).await
}

/// `POST /admin/review/{id}/return`: `version`, `digest`, `code`, `note`
pub async fn send_back(
    State(admin): State<Admin>,
    context: RequestContext,
    Path(id): Path<ArticleId>,
    Form(fields): Form<Fields>,
) -> Answer {
    context.viewer.require(Action::ReviewArticles)?;
    let verdict =
        Verdict::Return { read: Some(fields.read()), code: fields.code.clone(), note: fields.note.clone() };
    admin.decide(&context, id, verdict, &fields).await
}

/// `POST /admin/review/{id}/retract`: `retract` the code
pub async fn retract(
    State(admin): State<Admin>,
    context: RequestContext,
    Path(id): Path<ArticleId>,
    Form(fields): Form<Fields>,
) -> Answer {
    context.viewer.require(Action::RetractArticles)?;
    admin.decide(&context, id, Verdict::Retract { code: fields.retract.clone() }, &fields).await
}

/// `POST /admin/review/{id}/restore`
pub async fn restore(
    State(admin): State<Admin>,
    context: RequestContext,
    Path(id): Path<ArticleId>,
) -> Answer {
    context.viewer.require(Action::RestoreArticles)?;
    admin.decide(&context, id, Verdict::Restore, &Fields::default()).await
}

impl Admin {
    async fn decide(
        &self,
        context: &RequestContext,
        id: ArticleId,
        verdict: Verdict,
        fields: &Fields,
    ) -> Answer {
        let next = match verdict {
            Verdict::Approve(_) => "/admin/review?done=approved".to_owned(),
            Verdict::Return { .. } => "/admin/review?done=returned".to_owned(),
            Verdict::Retract { .. } => format!("/admin/review/{id}?done=retracted"),
            Verdict::Restore => format!("/admin/review/{id}?done=restored"),
        };
        let retracts = matches!(verdict, Verdict::Retract { .. });
        match self.moderation.decide(&context.viewer, id, verdict).await {
            Ok(_) => Ok(session::see_other(&next)),
            Err(Error::Invalid(errors)) => {
                let view = refused(self.review(context, id, "").await?, retracts, fields, &errors);
                Ok(self.frame.refused(context, &view).await?)
            }
            Err(Error::Conflict(code)) => {
                // The author may have taken it back to the desk: then there is nothing to read here any more.
                let Ok(mut view) = self.review(context, id, "").await else {
                    return Err(Error::Conflict(code).into());
                };
                view.conflict = Some(code);
                view.changed_since = self.changed_since(id, fields.read().version, view.version).await?;
                let mut response = self.frame.page(context, &view).await?;
                *response.status_mut() = StatusCode::CONFLICT;
                Ok(response)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// In what the revision that is shown now differs from the one that was read, where that is known.
    async fn changed_since(&self, id: ArticleId, read: i64, now: i64) -> kernel::Result<Vec<&'static str>> {
        let Some(before) = self.articles.draft_at(id, read).await? else { return Ok(Vec::new()) };
        let Some(after) = self.articles.draft_at(id, now).await? else { return Ok(Vec::new()) };
        Ok(after.changes(&before))
    }
}

/// The page again, with what was typed and what is wrong with it in the form that was sent.
fn refused(mut view: Review, retracts: bool, fields: &Fields, errors: &Invalid) -> Review {
    if retracts {
        view.retracting = Filled::sent([("retract", fields.retract.as_str())]);
        for error in &errors.0 {
            view.retracting = view.retracting.with_error("retract", error.code);
        }
    } else {
        let typed = [("code", fields.code.as_str()), ("note", &fields.note)];
        view.returning = Filled::sent(typed).refused(errors);
    }
    view
}
