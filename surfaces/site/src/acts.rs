//! What signed-in readers do: like, keep, follow. Plain forms; afterwards the page that they stood on.

use axum::extract::State;
use follows::SubjectKind;
use kernel::{ArticleId, CommentId, UserId};
use serde::Deserialize;
use web::session::see_other;
use web::{Form, Path, RequestContext, local};

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
        pub async fn $name(State($site): State<Site>, context: RequestContext, Path($on): Path<$id>, Form(sent): Form<Back>) -> Answer {
            let $user: UserId = context.viewer.signed_in()?.id;
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
    follow_channel(String) = |site, user, slug| site.set_follow(user, SubjectKind::Channel, &slug, true);
    unfollow_channel(String) = |site, user, slug| site.set_follow(user, SubjectKind::Channel, &slug, false);
    follow_tag(String) = |site, user, tag| site.set_follow(user, SubjectKind::Tag, &tag, true);
    unfollow_tag(String) = |site, user, tag| site.set_follow(user, SubjectKind::Tag, &tag, false);
    follow_topic(String) = |site, user, slug| site.set_follow(user, SubjectKind::Topic, &slug, true);
    unfollow_topic(String) = |site, user, slug| site.set_follow(user, SubjectKind::Topic, &slug, false);
}
