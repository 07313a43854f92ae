//! Comments: those that wait before anybody but their writer sees them, and any other, to be removed or put back.

use ::comments::{Comment, Sort, State as CommentState};
use accounts::Action;
use axum::extract::State;
use http::StatusCode;
use kernel::{ArticleId, CommentId, Error, Result};
use serde::Deserialize;
use web::percent;
use web::render::Form as Filled;
use web::{Form, Path, Query, RequestContext, session};

use crate::layout::Asked;
use crate::views::comments::{Decision, Held, Item};
use crate::views::parts::Paging;
use crate::{Admin, Answer};

const PAGE: usize = 30;

/// `GET /admin/comments?q=&cursor=`: what is held; or a comment by its address; or, by an article's address, all that stand under it
pub async fn list(State(admin): State<Admin>, context: RequestContext, Query(asked): Query<Asked>) -> Answer {
    context.viewer.require(Action::ModerateComments)?;
    let q = asked.words();
    if let Some(id) = comment_at(&q)
        && admin.comments.find(id).await?.is_some()
    {
        return Ok(session::see_other(&format!("/admin/comments/{id}")));
    }
    let (comments, paging) = if q.is_empty() {
        let page = admin.comments.held(asked.from(), PAGE).await?;
        let paging = asked.paging("/admin/comments", &page);
        (page.items, paging)
    } else if let Some(article) = article_at(&q) {
        let page = admin.comments.thread(article, Sort::New, asked.from(), PAGE).await?;
        let paging = asked.paging(&format!("/admin/comments?q={}", percent(&q)), &page);
        (page.items.into_iter().map(|floor| floor.comment).collect(), paging)
    } else {
        (Vec::new(), Paging::default())
    };
    let view = Held {
        layout: admin.layout(&context.viewer, "comments", &asked.done).await?,
        q,
        items: admin.said(&context, comments).await?,
        paging,
    };
    Ok(admin.frame.page(&context, &view).await?)
}

/// The comment that an address names: `…#comment-ID`, `/comment/ID/…`, or its id alone.
fn comment_at(text: &str) -> Option<CommentId> {
    let after = |mark| text.rsplit_once(mark).map(|(_, rest): (&str, &str)| rest);
    let name = after("#comment-").or_else(|| after("/comment/")).or_else(|| after("/admin/comments/"));
    name.unwrap_or(text).split(['/', '?', '#']).next()?.parse().ok()
}

/// The article that an address names: `/article/ID…`.
fn article_at(text: &str) -> Option<ArticleId> {
    text.rsplit_once("/article/")?.1.split(['/', '?', '#']).next()?.parse().ok()
}

/// `GET /admin/comments/{id}`
pub async fn show(
    State(admin): State<Admin>,
    context: RequestContext,
    Path(id): Path<CommentId>,
    Query(asked): Query<Asked>,
) -> Answer {
    context.viewer.require(Action::ModerateComments)?;
    let view = admin.decision(&context, id, &asked.done).await?;
    Ok(admin.frame.page(&context, &view).await?)
}

/// `POST /admin/comments/{id}/release`
pub async fn release(
    State(admin): State<Admin>,
    context: RequestContext,
    Path(id): Path<CommentId>,
) -> Answer {
    context.viewer.require(Action::ModerateComments)?;
    let decided = admin.moderation.release_comment(&context.viewer, id).await;
    admin.done(&context, id, decided, "released", &Fields::default()).await
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    code: String,
    note: String,
}

/// `POST /admin/comments/{id}/remove`: `code`, `note`
pub async fn remove(
    State(admin): State<Admin>,
    context: RequestContext,
    Path(id): Path<CommentId>,
    Form(fields): Form<Fields>,
) -> Answer {
    context.viewer.require(Action::ModerateComments)?;
    let decided = admin.moderation.remove_comment(&context.viewer, id, &fields.code, &fields.note).await;
    admin.done(&context, id, decided, "removed", &fields).await
}

impl Admin {
    async fn done(
        &self,
        context: &RequestContext,
        id: CommentId,
        decided: Result<()>,
        done: &str,
        fields: &Fields,
    ) -> Answer {
        match decided {
            Ok(()) => Ok(session::see_other(&format!("/admin/comments/{id}?done={done}"))),
            Err(Error::Invalid(errors)) => {
                let mut view = self.decision(context, id, "").await?;
                view.form =
                    Filled::sent([("code", fields.code.as_str()), ("note", &fields.note)]).refused(&errors);
                Ok(self.frame.refused(context, &view).await?)
            }
            Err(Error::Conflict(code)) => {
                let view = Decision { conflict: Some(code), ..self.decision(context, id, "").await? };
                let mut response = self.frame.page(context, &view).await?;
                *response.status_mut() = StatusCode::CONFLICT;
                Ok(response)
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn decision(&self, context: &RequestContext, id: CommentId, done: &str) -> Result<Decision> {
        let comment = self.comments.find(id).await?.ok_or(Error::NotFound)?;
        let state = comment.state;
        let removed_for = comment.removed_for.clone();
        let item = self.said(context, vec![comment]).await?.pop().ok_or(Error::NotFound)?;
        let decisions = self.moderation.decisions_on_comment(id).await?;
        Ok(Decision {
            layout: self.layout(&context.viewer, "comments", done).await?,
            item,
            removed_for,
            can_release: state != CommentState::Live,
            can_remove: state != CommentState::Removed,
            codes: moderation::RETRACT_CODES,
            form: Filled::default(),
            decisions: self.decided_by(decisions).await?,
            conflict: None,
        })
    }

    async fn said(&self, context: &RequestContext, comments: Vec<Comment>) -> Result<Vec<Item>> {
        let articles = self.abouts(comments.iter().map(|comment| comment.article)).await?;
        let users = self.users_of(comments.iter().filter_map(|comment| comment.by)).await?;
        let viewer = context.viewer.user().map(|user| user.id);
        let item = |comment: Comment| Item {
            id: comment.id,
            own: comment.by.is_some() && comment.by == viewer,
            state: comment.state.name(),
            about: articles.get(&comment.article).cloned(),
            by: comment.by.and_then(|id| users.get(&id).cloned()),
            name: comment.name,
            region: comment.region,
            text: comment.text,
            at: comment.created_at,
        };
        Ok(comments.into_iter().map(item).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_name_comments_and_articles() {
        let (comment, article) = (CommentId::new(77_777), ArticleId::new(88_888));
        for text in [
            format!("https://news.example/article/{article}#comment-{comment}"),
            format!("/article/{article}/comments?sort=new#comment-{comment}"),
            format!("/comment/{comment}/report"),
            comment.to_string(),
        ] {
            assert_eq!(comment_at(&text), Some(comment), "{text}");
        }
        for text in [
            format!("https://news.example/article/{article}"),
            format!("/article/{article}/comments?sort=new"),
        ] {
            assert_eq!((comment_at(&text), article_at(&text)), (None, Some(article)), "{text}");
        }
        assert_eq!((comment_at("a word or two"), article_at("a word or two")), (None, None));
    }
}
