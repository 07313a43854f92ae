//! What an article is, and the states it goes through. What an author writes is in `draft.rs`.

mod channel;
mod usage;

pub use channel::{Channel, TypedChannel};
pub use usage::{Showing, Use};

use kernel::{ArticleId, AuthorId, Error, Markup, Result, Slug, Tag, Time};
use serde::{Deserialize, Serialize};

use crate::codes;
use crate::draft::{Declaration, Draft};

/// Where an article stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    Draft,
    Submitted,
    Scheduled,
    Live,
    Returned,
    Retracted,
}

/// What can be done to an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// The author asks for publication.
    Submit,
    /// A reviewer (or the site's policy) agrees; `wait` when its time has not come.
    Approve { wait: bool },
    /// The scheduled time has come.
    Publish,
    /// A reviewer sends it back with a reason.
    Return,
    /// The author takes it back before anybody saw it.
    Withdraw,
    /// It is taken from the readers, by the author or the site.
    Retract,
    /// An editor puts a retracted article back.
    Restore,
}

impl State {
    pub const ALL: [Self; 6] =
        [Self::Draft, Self::Submitted, Self::Scheduled, Self::Live, Self::Returned, Self::Retracted];

    /// The one rule of visibility: what readers, feeds, search, the API and everything else may show.
    pub const fn is_visible(self) -> bool {
        matches!(self, Self::Live)
    }

    /// The state after `action`, or [`Error::Conflict`] where it makes no sense.
    pub const fn after(self, action: Action) -> Result<Self> {
        use Action as A;
        Ok(match (self, action) {
            (Self::Draft | Self::Returned, A::Submit) => Self::Submitted,
            (Self::Submitted, A::Approve { wait: true }) => Self::Scheduled,
            (Self::Submitted, A::Approve { wait: false })
            | (Self::Scheduled, A::Publish)
            | (Self::Retracted, A::Restore) => Self::Live,
            (Self::Submitted, A::Return) => Self::Returned,
            (Self::Submitted | Self::Scheduled, A::Withdraw) => Self::Draft,
            (Self::Live | Self::Scheduled, A::Retract) => Self::Retracted,
            _ => return Err(Error::Conflict(codes::ARTICLE_STATE)),
        })
    }

    /// As stored and as named in addresses and locale keys.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::Scheduled => "scheduled",
            Self::Live => "live",
            Self::Returned => "returned",
            Self::Retracted => "retracted",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// What every list shows of a visible article.
#[derive(Clone, Debug, Serialize)]
pub struct Card {
    pub id: ArticleId,
    pub author: AuthorId,
    pub channel: Slug,
    pub title: String,
    pub subtitle: Option<String>,
    pub excerpt: String,
    /// BCP 47
    pub language: String,
    /// Hashes of 0 to 3 pictures.
    pub covers: Vec<String>,
    pub declarations: Vec<Declaration>,
    pub published_at: Time,
    pub edited_at: Option<Time>,
}

/// Of a visible article, what others make lists by: much less than a [`Card`].
#[derive(Clone, Copy, Debug)]
pub struct Listed {
    pub id: ArticleId,
    pub author: AuthorId,
    pub published_at: Time,
}

/// Of one of many lists that were asked for together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Newest {
    /// Of which: its place among what was asked for.
    pub of: usize,
    pub id: ArticleId,
    pub published_at: Time,
}

/// A scheduled article comes out (`jobs.rs`).
#[derive(Serialize, Deserialize)]
pub struct PublishScheduled {
    pub article: ArticleId,
}

/// A whole article as it stands; `draft` is the content that its columns show.
#[derive(Clone, Debug)]
pub struct Article {
    pub id: ArticleId,
    pub author: AuthorId,
    pub state: State,
    pub draft: Draft,
    pub html: Markup,
    pub excerpt: String,
    pub language: String,
    /// Where the author says to be.
    pub place: Option<String>,
    pub reading_minutes: i64,
    /// The revision shown, and the newest saved.
    pub version: i64,
    pub latest: i64,
    /// Changes to a live article wait for review.
    pub pending: bool,
    pub created_at: Time,
    pub updated_at: Time,
    pub publish_at: Option<Time>,
    pub published_at: Option<Time>,
    pub edited_at: Option<Time>,
    pub return_code: Option<String>,
    pub return_note: Option<String>,
    pub retract_code: Option<String>,
    pub external_id: Option<String>,
}

impl Article {
    /// A draft with nothing in it.
    pub(crate) fn new(id: ArticleId, author: AuthorId, now: Time) -> Self {
        Self {
            id,
            author,
            state: State::Draft,
            draft: Draft::default(),
            html: Markup::default(),
            excerpt: String::new(),
            language: String::new(),
            place: None,
            reading_minutes: 1,
            version: 1,
            latest: 1,
            pending: false,
            created_at: now,
            updated_at: now,
            publish_at: None,
            published_at: None,
            edited_at: None,
            return_code: None,
            return_note: None,
            retract_code: None,
            external_id: None,
        }
    }

    /// Readers never saw it, and nobody is looking at it now: it may go without a trace.
    pub fn can_be_deleted(&self) -> bool {
        matches!(self.state, State::Draft | State::Returned) && self.published_at.is_none()
    }
}

/// A row of the studio's and the reviewers' tables.
#[derive(Clone, Debug)]
pub struct Summary {
    pub id: ArticleId,
    pub author: AuthorId,
    pub channel: Option<Slug>,
    pub state: State,
    pub pending: bool,
    pub title: String,
    pub language: String,
    pub updated_at: Time,
    pub publish_at: Option<Time>,
    pub published_at: Option<Time>,
    pub return_code: Option<String>,
}

/// A visible article as the text index wants it.
#[derive(Clone, Debug)]
pub struct Document {
    pub id: ArticleId,
    pub author: AuthorId,
    pub channel: Slug,
    pub language: String,
    pub title: String,
    pub subtitle: Option<String>,
    pub text: String,
    pub tags: Vec<Tag>,
    /// What it declares, and what it holds beside text: `original`, `gallery`, `video` and the like.
    pub kinds: Vec<&'static str>,
    pub published_at: Time,
}

impl Document {
    /// What an article may hold beside text, and by what its body tells it.
    pub(crate) const HOLDS: [(&'static str, &'static str); 3] =
        [("gallery", "class=\"gallery\""), ("video", "<video"), ("audio", "<audio")];

    /// All kinds that there are.
    pub fn all_kinds() -> impl Iterator<Item = &'static str> {
        let declared = Declaration::ALL.into_iter().map(Declaration::name);
        Self::HOLDS.into_iter().map(|(kind, _)| kind).chain(declared)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn action() -> impl Strategy<Value = Action> {
        prop_oneof![
            Just(Action::Submit),
            any::<bool>().prop_map(|wait| Action::Approve { wait }),
            Just(Action::Publish),
            Just(Action::Return),
            Just(Action::Withdraw),
            Just(Action::Retract),
            Just(Action::Restore),
        ]
    }

    proptest! {
        /// Whatever people try, in whatever order: nothing is visible that was not approved after it was last submitted.
        #[test]
        fn only_the_approved_is_visible(actions in prop::collection::vec(action(), 0..40)) {
            let (mut state, mut approved) = (State::Draft, false);
            for action in actions {
                let Ok(next) = state.after(action) else { continue };
                match action {
                    Action::Approve { .. } => approved = true,
                    Action::Submit | Action::Withdraw | Action::Return => approved = false,
                    _ => {}
                }
                state = next;
                prop_assert!(!state.is_visible() || approved);
                prop_assert!(state != State::Scheduled || approved);
            }
        }
    }

    #[test]
    fn every_state_can_be_left_and_names_come_back() {
        let actions = [
            Action::Submit,
            Action::Approve { wait: false },
            Action::Publish,
            Action::Return,
            Action::Withdraw,
            Action::Retract,
            Action::Restore,
        ];
        for state in State::ALL {
            assert!(actions.iter().any(|&a| state.after(a).is_ok()), "{state:?}");
            assert_eq!(State::named(state.name()), Some(state));
        }
    }
}
