//! What a reader follows: what is new of it, and all of it.

use follows::Which;
use kernel::Locale;
use serde::Serialize;
use web::render::{PageLayout, View, tag_path};

use super::parts::{AuthorCard, Card, Pager};
use super::samples;

/// Something that one follows or could follow.
#[derive(Clone, Debug, Serialize)]
pub struct FollowRow {
    pub name: String,
    /// BCP 47, of the name, where it is known.
    pub language: Option<&'static str>,
    /// Of its page; POST `…/follow` and `…/unfollow`: `return`.
    pub path: String,
}

impl FollowRow {
    pub const fn new(name: String, language: Option<&'static str>, path: String) -> Self {
        Self { name, language, path }
    }

    fn channel(locale: Locale, n: usize) -> Self {
        let channel = samples::channel(locale, n);
        Self::new(channel.name, Some(samples::language(locale)), format!("/channel/{}", channel.slug))
    }

    fn topic(locale: Locale, n: usize) -> Self {
        let topic = super::topics::sample_cards(locale)[n].topic.clone();
        Self::new(topic.title, Some(topic.language), format!("/topic/{}", topic.slug))
    }
}

/// `/following?kind=…&cursor=…`
#[derive(Clone, Debug, Serialize)]
pub struct FollowingPage {
    /// `all`, `authors`, `channels`, `tags` or `topics`: the messages `following-<which>` and `following-<which>-empty`.
    pub which: Which,
    pub parts: Vec<Which>,
    /// This list from its beginning.
    pub base: String,
    /// Each says why it is there.
    pub cards: Vec<Card>,
    /// What one could follow, where the list is empty.
    pub authors: Vec<AuthorCard>,
    pub subjects: Vec<FollowRow>,
    pub pager: Pager,
}

impl View for FollowingPage {
    const TEMPLATE: &'static str = "following.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let full = Self {
            which: Which::All,
            parts: Which::ALL.to_vec(),
            base: "/following".into(),
            cards: samples::followed(locale, 12),
            authors: vec![],
            subjects: vec![],
            pager: Pager { next: Some("/following?cursor=a.b".into()), first: true },
        };
        let empty = |which: Which| Self {
            which,
            base: format!("/following?kind={}", which.name()),
            cards: vec![],
            authors: vec![samples::author_card(locale)],
            subjects: vec![FollowRow::channel(locale, 0), FollowRow::topic(locale, 1)],
            pager: Pager { next: None, first: true },
            ..full.clone()
        };
        let bare = Self { authors: vec![], subjects: vec![], ..empty(Which::Tags) };
        // All that was found is by somebody who is muted: there is more further down.
        let hidden = Self { pager: Pager { next: full.pager.next.clone(), first: false }, ..bare.clone() };
        Which::ALL.into_iter().map(empty).chain([bare, hidden, full.clone()]).collect()
    }

    fn fill_head(&self, page: &mut PageLayout) {
        page.index = false;
    }
}

/// What one follows of one kind: the message `following-<kind>`.
#[derive(Clone, Debug, Serialize)]
pub struct Group {
    /// `channels`, `topics`, `tags` or `authors`.
    pub kind: &'static str,
    pub rows: Vec<FollowRow>,
}

/// `/settings/following?cursor=…`: authors page by page, all else on the first.
#[derive(Clone, Debug, Serialize)]
pub struct FollowsPage {
    /// Those that have rows.
    pub groups: Vec<Group>,
    /// This part of the list.
    pub at: String,
    pub pager: Pager,
}

impl View for FollowsPage {
    const TEMPLATE: &'static str = "settings_following.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let author = |n: usize| {
            let author = samples::author(locale, n);
            FollowRow::new(author.name, None, format!("/@{}", author.handle))
        };
        let tag = |tag: String| {
            let path = tag_path(&tag);
            FollowRow::new(tag, None, path)
        };
        let groups = vec![
            Group { kind: "channels", rows: (0..3).map(|n| FollowRow::channel(locale, n)).collect() },
            Group { kind: "topics", rows: (0..3).map(|n| FollowRow::topic(locale, n)).collect() },
            Group { kind: "tags", rows: samples::tags(locale).into_iter().map(tag).collect() },
            Group { kind: "authors", rows: (0..4).map(author).collect() },
        ];
        let at = "/settings/following".to_owned();
        let full = Self {
            groups,
            at: at.clone(),
            pager: Pager { next: Some("/settings/following?cursor=a.b".into()), first: true },
        };
        let later = Self {
            groups: full.groups[3..].to_vec(),
            at: at.clone(),
            pager: Pager { next: None, first: false },
        };
        vec![full, later, Self { groups: vec![], at, pager: Pager { next: None, first: true } }]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        page.index = false;
    }
}
