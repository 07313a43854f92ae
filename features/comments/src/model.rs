//! What a comment is, who may see it, and how hot it is.

use std::collections::HashMap;

use db::FromQueryResult;
use kernel::{ArticleId, CommentId, Error, Invalid, Region, Result, Time, UserId, text};
use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};

use crate::codes;

pub(crate) const TEXT_CHARS: usize = 2_000;
/// A comment with more links than this waits for a reviewer.
const LINKS_FREE: usize = 2;
/// How many of those it answers a comment comes with: the nearest.
pub(crate) const CHAIN: usize = 50;
/// How many where the middle of a high tower is folded: the nearest, and the first.
pub(crate) const FOLDED_CHAIN: usize = 2;
/// What the comments of one page of a folded thread may weigh (bytes of HTML); at least one stands there.
const PAGE_BYTES: usize = 48 << 10;

/// Where a comment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[serde(rename_all = "lowercase")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "lowercase")]
pub enum State {
    Live,
    /// Waits for a reviewer; only its writer sees it.
    Held,
    Removed,
}

impl State {
    pub const ALL: [Self; 3] = [Self::Live, Self::Held, Self::Removed];

    /// The one rule of visibility: what pages, feeds, the API and everything else may show.
    pub const fn is_visible(self) -> bool {
        matches!(self, Self::Live)
    }

    /// Checks that a reviewer may put a comment from this state into `to`. What was removed comes back by a release only.
    pub const fn turn(self, to: Self) -> Result<()> {
        match (self, to) {
            (Self::Removed, Self::Held) => Err(Error::Conflict(codes::COMMENT_REMOVED)),
            _ => Ok(()),
        }
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Held => "held",
            Self::Removed => "removed",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// The order of a thread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sort {
    /// 热门跟贴: by [`heat`].
    #[default]
    Hot,
    /// 最新跟贴: latest first.
    New,
}

impl Sort {
    pub const ALL: [Self; 2] = [Self::Hot, Self::New];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Hot => "hot",
            Self::New => "new",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.name() == name)
    }
}

/// How hot a comment is: `created_at + 12 h × log₂(1 + likes)`, in milliseconds. Every doubling of likes makes up for twelve
/// hours of age, so nothing cools by itself: the order changes only when somebody likes something, and can be kept in an
/// index. (The form of Reddit's hot ranking.)
pub(crate) fn heat(likes: i64, created_at: Time) -> i64 {
    const DOUBLING: f64 = 12.0 * 3_600_000.0;
    created_at.millis() + (DOUBLING * ((1 + likes.max(0)) as f64).log2()) as i64
}

/// What somebody wrote under an article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromQueryResult)]
pub struct Comment {
    pub id: CommentId,
    #[sea_orm(from_alias = "article_id")]
    pub article: ArticleId,
    /// The comment that this one answers.
    #[sea_orm(from_alias = "parent_id")]
    pub parent: Option<CommentId>,
    /// Which floor of its tower it is, from 1: one more than the comment that it answers, however much of the tower is shown.
    pub floor: i64,
    /// The first floor of its tower; `None` where that is itself.
    #[sea_orm(from_alias = "root_id")]
    pub root: Option<CommentId>,
    /// `None` where it was imported without its writer.
    #[sea_orm(from_alias = "user_id")]
    pub by: Option<UserId>,
    pub name: String,
    /// Where it was written, as the site found out from the address it came from.
    pub region: Option<Region>,
    /// Plain text; lines end with `\n`.
    pub text: String,
    pub state: State,
    pub likes: i64,
    pub created_at: Time,
    /// Why it was removed (`remove-…` in the locale files).
    pub removed_for: Option<String>,
}

impl Comment {
    /// The comment as everybody may see it: itself while visible, else the empty place where it stood.
    #[must_use]
    pub fn for_everybody(self) -> Self {
        if self.state.is_visible() {
            return self;
        }
        Self { by: None, name: String::new(), region: None, text: String::new(), likes: 0, ..self }
    }
}

/// A comment and those it answers, oldest first (盖楼). Some may be missing: each says which floor it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Floor {
    pub comment: Comment,
    pub quotes: Vec<Comment>,
}

/// Puts under each comment the nearest `chain` of those it answers, and the first of all where that is at hand.
pub(crate) fn floors(comments: Vec<Comment>, ancestors: Vec<Comment>, chain: usize) -> Vec<Floor> {
    let ancestors: HashMap<CommentId, Comment> =
        ancestors.into_iter().map(|comment| (comment.id, comment.for_everybody())).collect();
    let floor = |comment: Comment| {
        let up = |below: &Comment| below.parent.and_then(|id| ancestors.get(&id)).cloned();
        let mut quotes: Vec<Comment> = std::iter::successors(up(&comment), up).take(chain).collect();
        let root = comment.root.filter(|&root| quotes.iter().all(|quote| quote.id != root));
        if chain == FOLDED_CHAIN {
            quotes.extend(root.and_then(|root| ancestors.get(&root)).cloned());
        }
        quotes.reverse();
        Floor { comment, quotes }
    };
    comments.into_iter().map(floor).collect()
}

/// How many of `comments` stand on one page: as many as weigh [`PAGE_BYTES`] together.
pub(crate) fn page_length(comments: &[Comment]) -> usize {
    // Signs that HTML writes out take five bytes more at most.
    let weight = |text: &str| text.len() + 5 * text.matches(['&', '<', '>', '"', '\'']).count();
    let mut room = PAGE_BYTES;
    let fits = |comment: &&Comment| {
        let weight = weight(&comment.text) + weight(&comment.name);
        let fits = weight <= room;
        room = room.saturating_sub(weight);
        fits
    };
    comments.iter().take_while(fits).count().max(1)
}

/// The text as it is kept, or `comment-empty`, `comment-long`.
pub(crate) fn check_text(text: &str) -> Result<String> {
    let text = text::lines(text);
    let mut errors = Invalid::default();
    if text.is_empty() {
        errors.add("text", codes::COMMENT_EMPTY);
    } else if text.chars().count() > TEXT_CHARS {
        errors.add_limit("text", codes::COMMENT_LONG, TEXT_CHARS as i64);
    }
    errors.check().map(|()| text)
}

/// Whether a text looks like advertising, so that a reviewer should see it first.
pub(crate) fn has_many_links(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let links = text.matches("://").count() + text.matches("www.").count() - text.matches("://www.").count();
    links > LINKS_FREE
}

/// A comment that somebody likes.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub struct Liked {
    #[sea_orm(from_alias = "comment_id")]
    pub comment: CommentId,
    #[sea_orm(from_alias = "article_id")]
    pub article: ArticleId,
    #[sea_orm(from_alias = "created_at")]
    pub at: Time,
}

/// How many people spoke under an article, and did last within this hour (hours since 1970, UTC).
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Talk {
    pub article: ArticleId,
    pub hour: i64,
    pub people: i64,
    /// Of those, who are no users or have been for a while.
    pub known: i64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use sea_orm::ActiveEnum;

    fn comment(id: i64, parent: Option<i64>, state: State) -> Comment {
        Comment {
            id: CommentId::new(id),
            article: ArticleId::new(1),
            parent: parent.map(CommentId::new),
            floor: id,
            root: parent.map(|_| CommentId::new(1)),
            by: Some(UserId::new(9)),
            name: "安".into(),
            region: Region::new("CN-ZJ", Some("浙江"), None),
            text: format!("text {id}"),
            state,
            likes: 3,
            created_at: Time::default(),
            removed_for: None,
        }
    }

    #[test]
    fn chains_are_oldest_first_and_leak_nothing() {
        let ancestors = vec![
            comment(3, Some(2), State::Live),
            comment(1, None, State::Live),
            comment(2, Some(1), State::Removed),
        ];
        let page = vec![comment(4, Some(3), State::Live), comment(5, None, State::Live)];
        let floors = floors(page, ancestors, CHAIN);
        let texts = |floor: &Floor| floor.quotes.iter().map(|q| q.text.clone()).collect::<Vec<_>>();
        assert_eq!(
            (texts(&floors[0]), texts(&floors[1])),
            (vec!["text 1".into(), String::new(), "text 3".into()], vec![])
        );
        let place = Comment {
            by: None,
            name: String::new(),
            region: None,
            text: String::new(),
            likes: 0,
            ..comment(2, Some(1), State::Removed)
        };
        assert_eq!(floors[0].quotes[1], place);
    }

    #[test]
    fn chains_end_even_where_the_data_does_not() {
        let ring = vec![comment(1, Some(2), State::Live), comment(2, Some(1), State::Live)];
        assert_eq!(floors(vec![comment(3, Some(2), State::Live)], ring, CHAIN)[0].quotes.len(), CHAIN);
    }

    #[test]
    fn a_folded_tower_has_its_first_floor_and_its_last() {
        let tower = |n: i64| (1..n).map(|id| comment(id, (id > 1).then(|| id - 1), State::Live)).collect();
        let shown = |n: i64| {
            let top = comment(n, (n > 1).then(|| n - 1), State::Live);
            let floors = floors(vec![top], tower(n), FOLDED_CHAIN);
            floors[0].quotes.iter().map(|quote| quote.floor).collect::<Vec<_>>()
        };
        assert_eq!(shown(1), Vec::<i64>::new());
        assert_eq!(shown(2), [1]);
        assert_eq!(shown(4), [1, 2, 3]);
        assert_eq!(shown(5), [1, 3, 4]);
        assert_eq!(shown(900), [1, 898, 899]);
    }

    #[test]
    fn a_page_holds_what_it_can_bear_and_never_nothing() {
        let said = |text: String| Comment { text, ..comment(1, None, State::Live) };
        assert_eq!(page_length(&vec![said("短".into()); 50]), 50);
        assert_eq!(page_length(&vec![said("长".repeat(2_000)); 50]), 8);
        assert_eq!(page_length(&vec![said("&".repeat(2_000)); 50]), 4);
        assert_eq!(page_length(&[said("长".repeat(20_000))]), 1);
        assert_eq!(page_length(&[]), 1);
    }

    #[test]
    fn a_doubling_of_likes_makes_up_for_twelve_hours() {
        let (now, hour) = (Time::parse("2024-06-04T12:00:00Z").unwrap(), std::time::Duration::from_hours(1));
        assert_eq!(heat(0, now), now.millis());
        assert_eq!(heat(3, now.minus(12 * hour)), heat(1, now));
        assert!(heat(100, now.minus(24 * hour)) > heat(10, now));
        assert!(heat(10, now.minus(48 * hour)) < heat(1, now));
    }

    #[test]
    fn texts_are_tidied() {
        assert_eq!(check_text(" a \r\n\r\n\n\n b\u{202e}\u{0}c \n ").unwrap(), "a\n\nb c");
        for nothing in [" \n\u{200b}", "\u{3164}", "\u{2800}\n\u{2800}", "\u{200d}"] {
            assert!(check_text(nothing).is_err(), "{nothing:?}");
        }
        assert!(check_text(&"长".repeat(TEXT_CHARS)).is_ok());
        assert!(check_text(&"长".repeat(TEXT_CHARS + 1)).is_err());
    }

    #[test]
    fn links_are_counted_once_each() {
        assert!(!has_many_links("见 https://www.a.example/ 和 www.b.example"));
        assert!(has_many_links("HTTP://a.example http://b.example/，WWW.c.example"));
    }

    #[test]
    fn names_are_what_is_stored() {
        for state in State::ALL {
            assert_eq!(
                (State::named(state.name()), state.to_value()),
                (Some(state), state.name().to_owned())
            );
        }
        assert_eq!(Sort::ALL.map(|sort| Sort::named(sort.name())), Sort::ALL.map(Some));
    }
}
