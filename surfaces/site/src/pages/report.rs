//! 举报 and 侵权投诉: anybody may say what is wrong with an article or a comment.

use axum::extract::State;
use kernel::measure::excerpt;
use kernel::{ArticleId, CommentId, Error, ReportId, UserId};
use moderation::{NewProfileReport, NewReport, Reason};
use serde::Deserialize;
use web::render::{Form as Filled, user_path};
use web::{Form, Path, Query, RequestContext};

use crate::views::report::Report;
use crate::{Answer, Site};

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asks {
    kind: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    reason: String,
    text: String,
    contact: String,
}

/// What is reported.
struct Subject {
    article: ArticleId,
    comment: Option<CommentId>,
    view: Report,
}

impl Site {
    async fn article_subject(&self, id: ArticleId) -> kernel::Result<Subject> {
        let article = self.articles.get_visible(id).await?;
        let (action, decide) = (format!("/article/{id}/report"), format!("/admin/review/{id}"));
        Ok(Subject {
            article: id,
            comment: None,
            view: view("article", action, article.draft.title, format!("/article/{id}"), decide),
        })
    }

    async fn comment_subject(&self, id: CommentId) -> kernel::Result<Subject> {
        let comment = self
            .comments
            .find(id)
            .await?
            .filter(|comment| comment.state.is_visible())
            .ok_or(Error::NotFound)?;
        self.articles.get_visible(comment.article).await?;
        let href = format!("/article/{}#comment-{id}", comment.article);
        let (action, decide) = (format!("/comment/{id}/report"), format!("/admin/comments/{id}"));
        let view = view("comment", action, excerpt(&comment.text, 80), href, decide);
        Ok(Subject { article: comment.article, comment: Some(id), view })
    }
}

impl Site {
    async fn user_subject(&self, handle: &str) -> kernel::Result<(UserId, Report)> {
        let user = self.user_of(handle).await?;
        let href = user_path(user.handle.as_str());
        let decide = "/admin/profiles".to_owned();
        Ok((user.id, view("user", format!("{href}/report"), user.name, href, decide)))
    }
}

fn view(on: &'static str, action: String, about: String, about_href: String, decide: String) -> Report {
    let reasons = Reason::ALL.into_iter().filter(|reason| *reason != Reason::Copyright);
    Report {
        kind: "report",
        on,
        action,
        about,
        about_href,
        decide,
        reasons: reasons.map(|reason| reason.name().to_owned()).collect(),
        form: Filled::default(),
        done: None,
    }
}

pub async fn article(
    State(site): State<Site>,
    context: RequestContext,
    Path(id): Path<ArticleId>,
    Query(asks): Query<Asks>,
) -> Answer {
    let subject = site.article_subject(id).await?;
    let kind = if asks.kind == "copyright" { "copyright" } else { "report" };
    Ok(site.frame.page(&context, &Report { kind, ..subject.view }).await?)
}

pub async fn comment(State(site): State<Site>, context: RequestContext, Path(id): Path<CommentId>) -> Answer {
    let subject = site.comment_subject(id).await?;
    Ok(site.frame.page(&context, &subject.view).await?)
}

pub async fn send_article(
    State(site): State<Site>,
    context: RequestContext,
    Path(id): Path<ArticleId>,
    Form(fields): Form<Fields>,
) -> Answer {
    let subject = site.article_subject(id).await?;
    submit(&site, &context, subject, fields).await
}

pub async fn send_comment(
    State(site): State<Site>,
    context: RequestContext,
    Path(id): Path<CommentId>,
    Form(fields): Form<Fields>,
) -> Answer {
    let subject = site.comment_subject(id).await?;
    submit(&site, &context, subject, fields).await
}

/// `GET /user/{handle}/report`
pub async fn user(State(site): State<Site>, context: RequestContext, Path(handle): Path<String>) -> Answer {
    let (_, view) = site.user_subject(&handle).await?;
    Ok(site.frame.page(&context, &view).await?)
}

/// `POST /user/{handle}/report`
pub async fn send_user(
    State(site): State<Site>,
    context: RequestContext,
    Path(handle): Path<String>,
    Form(fields): Form<Fields>,
) -> Answer {
    let (about, view) = site.user_subject(&handle).await?;
    let report = NewProfileReport {
        about,
        reason: Reason::named(&fields.reason),
        text: fields.text.clone(),
        contact: Some(fields.contact.clone()),
        by: context.viewer.user().map(|user| user.id),
    };
    let made = site.moderation.report_profile(report, &context.network.to_string()).await;
    answer(&site, &context, view, &fields, made).await
}

async fn submit(site: &Site, context: &RequestContext, subject: Subject, fields: Fields) -> Answer {
    let Subject { article, comment, mut view } = subject;
    if fields.reason == Reason::Copyright.name() {
        view.kind = "copyright";
    }
    let report = NewReport {
        article,
        comment,
        reason: Reason::named(&fields.reason),
        text: fields.text.clone(),
        contact: Some(fields.contact.clone()),
        by: context.viewer.user().map(|user| user.id),
    };
    let made = site.moderation.report(report, &context.network.to_string()).await;
    answer(site, context, view, &fields, made).await
}

/// The number of what was taken in, or what is wrong beside what was typed.
async fn answer(
    site: &Site,
    context: &RequestContext,
    mut view: Report,
    fields: &Fields,
    made: kernel::Result<ReportId>,
) -> Answer {
    match made {
        Ok(number) => {
            view.done = Some(number.to_string());
            Ok(site.frame.page(context, &view).await?)
        }
        Err(Error::Invalid(errors)) => {
            let typed = [("reason", &fields.reason), ("text", &fields.text), ("contact", &fields.contact)];
            view.form = Filled::sent(typed.map(|(name, value)| (name, value.as_str()))).refused(&errors);
            Ok(site.frame.refused(context, &view).await?)
        }
        Err(error) => Err(error.into()),
    }
}
