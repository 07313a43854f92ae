//! The bits of a page that differ from reader to reader. In a cached page they are drawn for a visitor; the script then asks
//! `/-/slots?path=…` for `{slot: html}` and puts them in place of `data-slot="slot"`. Whether somebody is signed in stands in
//! `page.viewer`.

use kernel::{ArticleId, CommentId, Locale};
use serde::Serialize;
use web::render::{Form, Part};

use super::floors::Comment;
use super::parts::{CardList, Follow};
use super::samples;

/// `user-menu`: sign in, or who is signed in. All of it comes from `page.viewer`.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct UserMenu {}

impl Part for UserMenu {
    const TEMPLATE: &'static str = "parts/slot-user-menu.html";

    fn samples(_: Locale) -> Vec<Self> {
        vec![Self {}]
    }
}

impl Part for Follow {
    const TEMPLATE: &'static str = "parts/slot-author-card-follow.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let plain = samples::follow(locale);
        let muted = |how| Self { muted: Some(how), ..plain.clone() };
        vec![
            Self { following: true, ..plain.clone() },
            Self { own: true, ..plain.clone() },
            muted("mute"),
            muted("block"),
            plain,
        ]
    }
}

/// `actions`: like, favourite, follow; for those who work on the article, the ways to their desks.
#[derive(Clone, Debug, Serialize)]
pub struct Actions {
    pub article: ArticleId,
    pub likes: i64,
    pub liked: bool,
    pub favourited: bool,
    /// The reader is a reviewer or an editor.
    pub review: bool,
    pub follow: Follow,
}

impl Actions {
    pub fn sample(locale: Locale) -> Self {
        let (liked, favourited, review) = (false, false, false);
        Self {
            article: samples::ARTICLE,
            likes: 128,
            liked,
            favourited,
            review,
            follow: samples::follow(locale),
        }
    }
}

impl Part for Actions {
    const TEMPLATE: &'static str = "parts/slot-actions.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let plain = Self::sample(locale);
        let own = Self { follow: Follow { own: true, ..plain.follow.clone() }, ..plain.clone() };
        let busy = Self { liked: true, favourited: true, likes: 12_345, review: true, ..plain.clone() };
        vec![busy, Self { review: true, ..own.clone() }, own, plain]
    }
}

/// `my-comments`: the form to write one (or why not), and the reader's own that are held back from others.
#[derive(Clone, Debug, Serialize)]
pub struct MyComments {
    pub article: ArticleId,
    /// What the form was sent with and what is wrong with it; fields `text`, `parent`.
    pub form: Form,
    pub held: Vec<Comment>,
    /// What reviewers took away of the reader's, with the reason.
    pub removed: Vec<Comment>,
    /// Those on this page that the reader likes; the script marks their buttons.
    pub liked: Vec<CommentId>,
}

impl MyComments {
    pub fn sample() -> Self {
        Self {
            article: samples::ARTICLE,
            form: Form::default(),
            held: vec![],
            removed: vec![],
            liked: vec![],
        }
    }
}

impl Part for MyComments {
    const TEMPLATE: &'static str = "parts/slot-my-comments.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let plain = Self::sample();
        let busy = Self {
            form: Form::default().with("text", "<b>").with_error("text", "comment-long"),
            held: vec![samples::comment(locale, 1)],
            removed: vec![Comment { removed_for: Some("abuse".into()), ..samples::comment(locale, 3) }],
            liked: vec![CommentId::new(40)],
            ..plain.clone()
        };
        vec![plain, busy]
    }
}

/// `reply`: the form that answers a comment, right under it.
#[derive(Clone, Debug, Serialize)]
pub struct Reply {
    pub article: ArticleId,
    pub to: Comment,
    /// What the form was sent with and what is wrong with it; field `text`.
    pub form: Form,
    /// The page that it stands on.
    pub at: String,
    /// Why the reader cannot answer this person: the message `conflict-…`.
    pub refused: Option<&'static str>,
}

impl Reply {
    pub fn sample(locale: Locale) -> Self {
        let at = format!("/article/{}/comments?sort=new", samples::ARTICLE);
        let to = samples::comment(locale, 2);
        Self { article: samples::ARTICLE, to, form: Form::default(), at, refused: None }
    }
}

impl Part for Reply {
    const TEMPLATE: &'static str = "parts/slot-reply.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let plain = Self::sample(locale);
        let form = Form::default().with("text", "<b>").with_error("text", "comment-long");
        let refused = Self { refused: Some("blocked"), ..plain.clone() };
        vec![Self { form, ..plain.clone() }, refused, plain]
    }
}

/// `liked`: the comments that the reader likes, for the script, where no `my-comments` says it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Liked {
    pub liked: Vec<CommentId>,
}

impl Part for Liked {
    const TEMPLATE: &'static str = "parts/slot-liked.html";

    fn samples(_: Locale) -> Vec<Self> {
        vec![Self::default(), Self { liked: vec![CommentId::new(40), CommentId::new(41)] }]
    }
}

/// `muted`: what the script takes out of a page that is kept for everybody. Without the script, the page is drawn without it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Muted {
    /// Handles, as cards name their authors (`data-author`).
    pub authors: Vec<String>,
    /// Comments under the page's article (`data-floor`).
    pub comments: Vec<CommentId>,
}

impl Part for Muted {
    const TEMPLATE: &'static str = "parts/slot-muted.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let authors = (0..2).map(|n| samples::author(locale, n).handle).collect();
        vec![Self::default(), Self { authors, comments: vec![CommentId::new(40), CommentId::new(41)] }]
    }
}

/// `subject-follow`: the button that follows a channel, a tag or a topic, or stops.
#[derive(Clone, Debug, Default, Serialize)]
pub struct SubjectFollow {
    /// Of its page; `…/follow` and `…/unfollow` are below it.
    pub path: String,
    pub following: bool,
}

impl Part for SubjectFollow {
    const TEMPLATE: &'static str = "parts/slot-subject-follow.html";

    fn samples(_: Locale) -> Vec<Self> {
        let plain = Self { path: "/channel/city".into(), following: false };
        vec![Self { following: true, ..plain.clone() }, plain]
    }
}

/// `following-front`: on the home page, the newest of what the reader follows.
#[derive(Clone, Debug, Default, Serialize)]
pub struct FollowingFront {
    pub list: CardList,
}

impl Part for FollowingFront {
    const TEMPLATE: &'static str = "parts/slot-following-front.html";

    fn samples(locale: Locale) -> Vec<Self> {
        vec![Self::default(), Self { list: CardList::new(samples::followed(locale, 6)) }]
    }
}
