//! Who decided what and why: every line, newest first.

use std::collections::HashMap;

use ::comments::Comment;
use accounts::Action;
use axum::extract::State;
use kernel::measure::excerpt;
use kernel::{ArticleId, CommentId};
use moderation::Decision;
use web::{Query, RequestContext};

use crate::layout::Asked;
use crate::views::decisions::{Decisions, Line};
use crate::views::reports::About;
use crate::{Admin, Answer};

/// Each line names an article or a comment, which may have to be fetched by itself.
const PAGE: usize = 30;
/// So much of a comment tells which one it is (characters).
const BEGINNING: usize = 40;

/// `GET /admin/decisions?cursor=`
pub async fn show(State(admin): State<Admin>, context: RequestContext, Query(asked): Query<Asked>) -> Answer {
    context.viewer.require(Action::SeeDecisions)?;
    let page = admin.moderation.log(asked.from(), PAGE).await?;
    let paging = asked.paging("/admin/decisions", &page);
    let articles: HashMap<ArticleId, About> =
        admin.abouts(page.items.iter().map(|decision| decision.article)).await?;
    let mut comments = HashMap::<CommentId, Comment>::new();
    for id in page.items.iter().filter_map(|decision| decision.comment) {
        if let Some(comment) = admin.comments.find(id).await? {
            comments.insert(id, comment);
        }
    }
    let users = admin.users_of(page.items.iter().map(|decision| decision.by)).await?;
    let line = |decision: Decision| Line {
        about: articles.get(&decision.article).cloned(),
        comment: decision.comment,
        words: decision.comment.and_then(|id| comments.get(&id)).map(|c| excerpt(&c.text, BEGINNING)),
        verdict: decision.verdict,
        code: decision.code,
        note: decision.note,
        by: users.get(&decision.by).cloned(),
        at: decision.at,
    };
    let view = Decisions {
        layout: admin.layout(&context.viewer, "decisions", "").await?,
        lines: page.items.into_iter().map(line).collect(),
        paging,
    };
    Ok(admin.frame.page(&context, &view).await?)
}
