//! 举报 and 侵权投诉: what people say is wrong, and what came of it.

use std::collections::{HashMap, HashSet};

use accounts::{Action, Viewer};
use articles::State as ArticleState;
use axum::extract::State;
use http::StatusCode;
use kernel::{ArticleId, CommentId, Error, ReportId, Result, UserId};
use moderation::{Outcome, Report};
use serde::Deserialize;
use web::render::Form as Filled;
use web::{Form, Path, Query, RequestContext, session};

use crate::codes;
use crate::layout::Asked;
use crate::views::parts::Filter;
use crate::views::reports::{About, Case, Item, Reports, Words};
use crate::{Admin, Answer};

/// Each names an article, which may have to be fetched one by one.
const PAGE: usize = 20;

/// `GET /admin/reports?state=closed&cursor=`: open ones, or those that are closed
pub async fn list(State(admin): State<Admin>, context: RequestContext, Query(asked): Query<Asked>) -> Answer {
    context.viewer.require(Action::HandleReports)?;
    let open = asked.state != "closed";
    let here = if open { "/admin/reports" } else { "/admin/reports?state=closed" };
    let page = admin.moderation.reports(open, asked.from(), PAGE).await?;
    let paging = asked.paging(here, &page);
    let view = Reports {
        layout: admin.layout(&context.viewer, "reports", &asked.done).await?,
        filters: Filter::all("open", "/admin/reports", "state", ["closed"], &asked.state),
        items: admin.reported(&context.viewer, page.items).await?,
        paging,
    };
    Ok(admin.frame.page(&context, &view).await?)
}

/// `GET /admin/reports/{id}`: one report, what it is about, and what would follow
pub async fn show(State(admin): State<Admin>, context: RequestContext, Path(id): Path<ReportId>) -> Answer {
    context.viewer.require(Action::HandleReports)?;
    let view = admin.case(&context, id).await?;
    Ok(admin.frame.page(&context, &view).await?)
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    outcome: String,
    /// Why what it names is taken away.
    code: String,
}

/// `POST /admin/reports/{id}`: `outcome` = `upheld` (what it names is taken away, for the reason `code`) | `rejected`
pub async fn close(
    State(admin): State<Admin>,
    context: RequestContext,
    Path(id): Path<ReportId>,
    Form(fields): Form<Fields>,
) -> Answer {
    context.viewer.require(Action::HandleReports)?;
    let closed = match Outcome::named(&fields.outcome) {
        Some(outcome) => {
            admin.moderation.close(&context.viewer, id, outcome, &fields.code).await.map(|()| outcome)
        }
        None => Err(Error::invalid("code", codes::CODE_EMPTY)),
    };
    match closed {
        Ok(outcome) => Ok(session::see_other(&format!("/admin/reports?done=report-{}", outcome.name()))),
        Err(Error::Invalid(errors)) => {
            let mut view = admin.case(&context, id).await?;
            view.form = Filled::sent([("code", fields.code.as_str())]).refused(&errors);
            Ok(admin.frame.refused(&context, &view).await?)
        }
        // Somebody else was faster, or it is the viewer's own affair: the page says so, and shows how it stands.
        Err(Error::Conflict(code)) => {
            let view = Case { conflict: Some(code), ..admin.case(&context, id).await? };
            let mut response = admin.frame.page(&context, &view).await?;
            *response.status_mut() = StatusCode::CONFLICT;
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

impl Admin {
    async fn case(&self, context: &RequestContext, id: ReportId) -> Result<Case> {
        let report = self.moderation.find_report(id).await?.ok_or(Error::NotFound)?;
        let code = report.reason.code();
        let item = self.reported(&context.viewer, vec![report]).await?.pop().ok_or(Error::NotFound)?;
        Ok(Case {
            layout: self.layout(&context.viewer, "reports", "").await?,
            item,
            codes: moderation::RETRACT_CODES,
            form: Filled::default().with("code", code),
            conflict: None,
        })
    }

    async fn reported(&self, viewer: &Viewer, reports: Vec<Report>) -> Result<Vec<Item>> {
        let mut own = HashSet::new();
        if let Some(user) = viewer.user() {
            for report in &reports {
                if self.moderation.is_own_report(user.id, report).await? {
                    own.insert(report.id);
                }
            }
        }
        let articles = self.abouts(reports.iter().map(|report| report.article)).await?;
        let mut comments = HashMap::<CommentId, Words>::new();
        for id in reports.iter().filter_map(|report| report.comment) {
            if let Some(comment) = self.comments.find(id).await? {
                comments.insert(
                    id,
                    Words { shown: comment.state.is_visible(), name: comment.name, text: comment.text },
                );
            }
        }
        let people: Vec<UserId> =
            reports.iter().flat_map(|report| [report.by, report.closed_by]).flatten().collect();
        let users = self.users_of(people).await?;
        let item = |report: Report| Item {
            id: report.id,
            own: own.contains(&report.id),
            code: report.code,
            reason: report.reason.name(),
            about: articles.get(&report.article).cloned(),
            comment: report.comment.and_then(|id| comments.get(&id).cloned()),
            text: report.text,
            contact: report.contact,
            by: report.by.and_then(|id| users.get(&id).cloned()),
            at: report.created_at,
            outcome: report.outcome.map(Outcome::name),
            closed_by: report.closed_by.and_then(|id| users.get(&id).cloned()),
            closed_at: report.closed_at,
        };
        Ok(reports.into_iter().map(item).collect())
    }

    /// Articles by id, whatever became of them.
    pub async fn abouts(
        &self,
        ids: impl IntoIterator<Item = ArticleId>,
    ) -> Result<HashMap<ArticleId, About>> {
        let ids: Vec<ArticleId> = ids.into_iter().collect();
        let mut found = HashMap::new();
        for card in self.articles.cards(&ids).await? {
            let state = ArticleState::Live.name();
            found.insert(card.id, About { id: card.id, title: card.title, language: card.language, state });
        }
        let others: Vec<ArticleId> = ids.into_iter().filter(|id| !found.contains_key(id)).collect();
        for id in others {
            let article = self.articles.get(id).await?;
            let (title, state) = (article.draft.title, article.state.name());
            found.insert(id, About { id, title, language: article.language, state });
        }
        Ok(found)
    }
}
