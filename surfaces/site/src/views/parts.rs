//! Pieces that many pages share.

use kernel::{ArticleId, Time};
use recommend::Why;
use serde::Serialize;

use super::slots::Follow;

/// A picture as a list or a page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cover {
    pub src: String,
    /// `/media/…/w320.webp 320w, …`; empty where there is one size only.
    pub srcset: String,
    pub width: u32,
    pub height: u32,
    /// `#rrggbb`, for the placeholder.
    pub colour: String,
    /// Empty where the picture says nothing that the words beside it don't.
    pub alt: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AuthorRef {
    pub name: String,
    pub handle: String,
    pub verified: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChannelRef {
    pub slug: String,
    /// In the page's language.
    pub name: String,
}

/// An article in a list.
#[derive(Clone, Debug, Serialize)]
pub struct Card {
    pub id: ArticleId,
    pub title: String,
    pub subtitle: Option<String>,
    pub excerpt: String,
    /// BCP 47, of title and excerpt.
    pub language: String,
    /// Without one, the page sets a cover in type.
    pub cover: Option<Cover>,
    pub author: AuthorRef,
    pub channel: ChannelRef,
    pub at: Time,
    pub comments: i64,
    /// `articles::Declaration::name`: `original`, `reprint`, `ai`, `fiction`, `opinion`.
    pub declarations: Vec<&'static str>,
    /// Why it is there; none where the list as a whole says it.
    pub why: Option<Reason>,
}

/// The message `why-<code>`, which may speak of the article's author and channel, and of `name`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    pub code: &'static str,
    pub name: String,
}

impl Reason {
    pub fn of(why: &Why) -> Self {
        Self { code: why.code(), name: why.name().unwrap_or_default().to_owned() }
    }
}

/// A page as it will be: when, and the way to another time and back to the desk.
#[derive(Clone, Debug, Serialize)]
pub struct Preview {
    pub at: Time,
    /// `at` as a form has it, in the site's zone.
    pub local: String,
    /// Where the form asks for another time.
    pub action: String,
    pub back: String,
}

impl Preview {
    pub(super) fn sample(action: &str) -> Self {
        Self {
            at: Time::from_millis(1_717_632_000_000),
            local: "2024-06-06T08:00".to_owned(),
            action: action.to_owned(),
            back: "/admin/headlines".to_owned(),
        }
    }
}

/// A publishing account with its figures.
#[derive(Clone, Debug, Serialize)]
pub struct AuthorCard {
    pub author: AuthorRef,
    /// `person`, `media`, `company`, `government` or `other`: the message `kind-…`.
    pub kind: &'static str,
    pub avatar: Option<Cover>,
    /// The verified field.
    pub field: Option<String>,
    pub bio: String,
    pub region: Option<String>,
    pub articles: i64,
    pub followers: i64,
    pub follow: Follow,
}

/// One channel's headline (要闻), picked by an editor, else by heat.
#[derive(Clone, Debug, Serialize)]
pub struct Headline {
    pub channel: ChannelRef,
    pub card: Card,
}

/// Cards under a channel's name: a tab of the features strip, a front of the home page.
#[derive(Clone, Debug, Serialize)]
pub struct Strip {
    pub channel: ChannelRef,
    pub cards: Vec<Card>,
}

/// The way on through a list: the whole address of the next part.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Pager {
    pub next: Option<String>,
    /// Whether this is the first part; on later ones the way back to it is shown.
    pub first: bool,
}
