//! Pieces that many pages share.

use kernel::{ArticleId, Time};
use recommend::Why;
use serde::Serialize;

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

/// The message `why-<code>`. Whom and what it names stands here; what it does not name is empty, so that equal reasons are equal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Reason {
    pub code: &'static str,
    pub name: String,
    /// The article's author.
    pub author: String,
    /// The article's channel.
    pub channel: String,
}

impl Reason {
    pub fn of(why: &Why, author: &str, channel: &str) -> Self {
        let named = |by: &[&str], name: &str| {
            if by.contains(&why.code()) { name.to_owned() } else { String::new() }
        };
        Self {
            code: why.code(),
            name: why.name().unwrap_or_default().to_owned(),
            author: named(&["followed", "your-author"], author),
            channel: named(&["same-channel", "your-channel", "followed-channel"], channel),
        }
    }
}

/// Articles of a list that were chosen for several reasons. The reason that most of them share is said once, by the list; a card
/// keeps its own only where that differs.
#[derive(Clone, Debug, Default, Serialize)]
pub struct CardList {
    pub cards: Vec<Card>,
    pub why: Option<Reason>,
    /// Whether some cards keep a reason of their own.
    pub mixed: bool,
}

impl CardList {
    pub fn new(mut cards: Vec<Card>) -> Self {
        let why = take_shared(cards.iter_mut().map(|card| &mut card.why));
        let mixed = cards.iter().any(|card| card.why.is_some());
        Self { cards, why, mixed }
    }
}

/// Takes the reason that most of a list's cards share from all that have it. One that stands on a single card stays there.
pub fn take_shared<'a>(cards: impl Iterator<Item = &'a mut Option<Reason>>) -> Option<Reason> {
    let cards: Vec<&mut Option<Reason>> = cards.collect();
    let mut counts: Vec<(&Reason, usize)> = Vec::new();
    for reason in cards.iter().filter_map(|why| Option::as_ref(why)) {
        match counts.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, n)) => *n += 1,
            None => counts.push((reason, 1)),
        }
    }
    // Of two that are shared by as many, the one that comes first.
    let (shared, most) = counts.into_iter().rev().max_by_key(|&(_, n)| n)?;
    // What says nothing about some of the cards cannot be said of all.
    if most < 2 || cards.iter().any(|why| why.is_none()) {
        return None;
    }
    let shared = shared.clone();
    for why in cards {
        if why.as_ref() == Some(&shared) {
            *why = None;
        }
    }
    Some(shared)
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

/// `author-card-follow`: the button that follows an author, or stops; for those who are signed in, the ways to mute and block.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Follow {
    pub handle: String,
    pub name: String,
    pub following: bool,
    /// The reader owns this author: nothing to follow.
    pub own: bool,
    /// `mute` or `block`, where the reader did so.
    pub muted: Option<&'static str>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(code: &'static str) -> Reason {
        Reason { code, ..Reason::default() }
    }

    #[test]
    fn a_reason_stands_once_in_a_list_and_on_cards_where_it_differs() {
        let check = |mut list: Vec<Option<Reason>>, shared: Option<Reason>, left: &[Option<Reason>]| {
            assert_eq!(take_shared(list.iter_mut()), shared);
            assert_eq!(list, left);
        };
        let (hot, new) = (|| Some(reason("hot")), || Some(reason("new")));
        check(vec![hot(), new(), hot()], hot(), &[None, new(), None]);
        check(vec![hot(), hot()], hot(), &[None, None]);
        check(vec![new(), hot(), hot(), new()], new(), &[None, hot(), hot(), None]);
        check(vec![hot(), new()], None, &[hot(), new()]);
        check(vec![hot(), None, hot()], None, &[hot(), None, hot()]);
        check(vec![hot()], None, &[hot()]);
        check(vec![], None, &[]);
    }

    #[test]
    fn reasons_are_equal_where_they_say_the_same() {
        let of = |why: &Why, author: &str| Reason::of(why, author, "城市");
        assert_eq!(of(&Why::Hot, "a"), of(&Why::Hot, "b"));
        assert_ne!(of(&Why::Followed, "a"), of(&Why::Followed, "b"));
        assert_ne!(of(&Why::SameTag("x".into()), "a"), of(&Why::SameTag("y".into()), "a"));
    }
}
