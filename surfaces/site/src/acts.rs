//! What signed-in readers do: like, keep, follow, comment. Plain forms; afterwards the page that they stood on.

use axum::extract::State;
use kernel::{ArticleId, CommentId, Error, UserId};
use serde::Deserialize;
use web::session::see_other;
use web::{Failure, Form, Path, Visit, local};

use crate::views::comments::CommentsPage;
use crate::views::parts::Pager;
use crate::{Answer, Site};

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Back {
    #[serde(rename = "return")]
    back: String,
}

/// Handlers of one form button: who, what, done, back.
macro_rules! act {
    ($($name:ident($id:ty) = |$site:ident, $user:ident, $on:ident| $deed:expr;)+) => {$(
        pub async fn $name(State($site): State<Site>, visit: Visit, Path($on): Path<$id>, Form(sent): Form<Back>) -> Answer {
            let $user: UserId = visit.viewer.signed_in()?.id;
            $deed.await?;
            Ok(see_other(local(&sent.back)))
        }
    )+};
}

act! {
    like(ArticleId) = |site, user, id| site.follows.like(user, id);
    unlike(ArticleId) = |site, user, id| site.follows.unlike(user, id);
    favourite(ArticleId) = |site, user, id| site.follows.favourite(user, id);
    unfavourite(ArticleId) = |site, user, id| site.follows.unfavourite(user, id);
    like_comment(CommentId) = |site, user, id| site.comments.like(user, id);
    unlike_comment(CommentId) = |site, user, id| site.comments.unlike(user, id);
    follow(String) = |site, user, handle| async { site.follows.follow(user, site.author_of(&handle).await?.id).await };
    unfollow(String) = |site, user, handle| async { site.follows.unfollow(user, site.author_of(&handle).await?.id).await };
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct NewComment {
    text: String,
    parent: String,
}

pub async fn comment(
    State(site): State<Site>,
    visit: Visit,
    Path(id): Path<ArticleId>,
    Form(sent): Form<NewComment>,
) -> Answer {
    let user = visit.viewer.signed_in()?;
    let parent: Option<CommentId> = match sent.parent.as_str() {
        "" => None,
        text => Some(text.parse().map_err(|_| Failure(Error::NotFound))?),
    };
    match site.comments.post_from(user, id, parent, &sent.text, site.frame.region(&visit)).await {
        Ok(comment) if comment.state.is_visible() => {
            Ok(see_other(&format!("/article/{id}#comment-{}", comment.id)))
        }
        Ok(_) => Ok(see_other(&format!("/article/{id}#comment-form"))),
        Err(Error::Invalid(wrong)) => {
            let article = site.articles.get_visible(id).await?;
            let mut mine = site.my_comments(&visit.viewer, id, parent).await?;
            mine.form = web::render::Form::sent([("text", sent.text.as_str())]).refused(&wrong);
            let view = CommentsPage {
                article: id,
                title: article.draft.title,
                language: article.language,
                total: site.comments.counts(&[id]).await?.get(&id).copied().unwrap_or(0),
                sort: "new",
                floors: Vec::new(),
                mine,
                pager: Pager { next: None, first: true },
            };
            Ok(site.frame.refused(&visit, &view).await?)
        }
        Err(error) => Err(error.into()),
    }
}
