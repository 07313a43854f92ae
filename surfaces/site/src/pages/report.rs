//! 举报 and 侵权投诉: anybody may say what is wrong with an article or a comment.

use axum::extract::State;
use kernel::measure::excerpt;
use kernel::{ArticleId, CommentId, Error};
use moderation::{NewReport, Reason};
use serde::Deserialize;
use web::render::Form as Filled;
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
    match site.moderation.report(report, &context.network.to_string()).await {
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
