//! What an article is, the states it goes through, and what a draft must hold.

mod channel;
mod usage;

pub use channel::{Channel, TypedChannel};
pub use usage::{Showing, Use};

use kernel::text::{one_line, shows_nothing};
use kernel::{ArticleId, AuthorId, Error, Invalid, Markup, Region, Result, Slug, Tag, Time};
use serde::{Deserialize, Serialize};

/// Longest title, in characters. News titles run to 30 Chinese characters; imports bring worse.
pub const TITLE_MAX: usize = 200;
const SUBTITLE_MAX: usize = 300;
/// Longest body source, in bytes (2 MiB).
pub const BODY_MAX: usize = 2 << 20;
pub const TAGS_MAX: usize = 10;
pub const COVERS_MAX: usize = 3;
/// The longest name of a source, in characters.
const SOURCE_MAX: usize = 200;
/// The longest language tag: BCP 47 (4.4.1) asks for room for 35 characters.
const LANGUAGE_MAX: usize = 35;
/// The longest name of a picture, which is a hash.
const COVER_MAX: usize = 64;

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
            _ => return Err(Error::Conflict("article-state")),
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

/// What the author declares about an article (声明).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Declaration {
    Original,
    Reprint,
    Ai,
    Fiction,
    Opinion,
}

impl Declaration {
    pub const ALL: [Self; 5] = [Self::Original, Self::Reprint, Self::Ai, Self::Fiction, Self::Opinion];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Original => "original",
            Self::Reprint => "reprint",
            Self::Ai => "ai",
            Self::Fiction => "fiction",
            Self::Opinion => "opinion",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|d| d.name() == name)
    }
}

/// How a body is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    #[default]
    Markdown,
    Html,
    Text,
}

impl Format {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Markdown => "markdown",
            Self::Html => "html",
            Self::Text => "text",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        [Self::Markdown, Self::Html, Self::Text].into_iter().find(|f| f.name() == name)
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

/// What an author writes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    pub title: String,
    pub subtitle: Option<String>,
    pub format: Format,
    pub body: String,
    /// Guessed from the text where it is not given.
    pub language: Option<String>,
    pub channel: Option<Slug>,
    pub tags: Vec<Tag>,
    pub covers: Vec<String>,
    pub declarations: Vec<Declaration>,
    pub source_name: Option<String>,
    pub source_url: Option<String>,
    pub canonical_url: Option<String>,
    /// Where it was written, as the site found out from the address it came from: nothing that an author could set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<Region>,
}

impl Draft {
    /// Trims, drops empty options and repeated tags, and refuses what can't be kept. A draft may still be incomplete.
    pub fn tidy(mut self) -> Result<Self> {
        self.title = one_line(&self.title);
        for field in [
            &mut self.subtitle,
            &mut self.language,
            &mut self.source_name,
            &mut self.source_url,
            &mut self.canonical_url,
        ] {
            *field = field.take().map(|text| one_line(&text)).filter(|text| !text.is_empty());
        }
        let mut seen = std::collections::HashSet::new();
        self.tags.retain(|tag| seen.insert(tag.folded()));
        let mut declared = Vec::new();
        self.declarations.retain(|&one| {
            !declared.contains(&one) && {
                declared.push(one);
                true
            }
        });

        let mut wrong = Invalid::default();
        if self.title.chars().count() > TITLE_MAX {
            wrong.add_limit("title", "title-long", TITLE_MAX as i64);
        }
        if self.subtitle.as_ref().is_some_and(|s| s.chars().count() > SUBTITLE_MAX) {
            wrong.add_limit("subtitle", "subtitle-long", SUBTITLE_MAX as i64);
        }
        if self.body.len() > BODY_MAX {
            wrong.add_limit("body", "body-long", (BODY_MAX >> 20) as i64);
        }
        if self.tags.len() > TAGS_MAX {
            wrong.add_limit("tags", "tags-many", TAGS_MAX as i64);
        }
        if !matches!(self.covers.len(), 0 | 1 | 3) {
            wrong.add("covers", "covers-count");
        } else if self.covers.iter().any(|hash| hash.len() > COVER_MAX) {
            wrong.add("covers", "cover-unknown");
        }
        if self.source_name.as_ref().is_some_and(|name| name.chars().count() > SOURCE_MAX) {
            wrong.add_limit("source_name", "source-long", SOURCE_MAX as i64);
        }
        for (name, url) in [("source_url", &self.source_url), ("canonical_url", &self.canonical_url)] {
            if url.as_ref().is_some_and(|url| !is_web_address(url)) {
                wrong.add(name, "url-form");
            }
        }
        if self.language.as_ref().is_some_and(|tag| !is_language_tag(tag)) {
            wrong.add("language", "language-form");
        }
        wrong.check().map(|()| self)
    }

    /// What an article needs before it can be submitted.
    pub fn complete(&self) -> Result<()> {
        let mut wrong = Invalid::default();
        if shows_nothing(&self.title) {
            wrong.add("title", "title-empty");
        }
        if shows_nothing(&self.body) {
            wrong.add("body", "body-empty");
        }
        if self.channel.is_none() {
            wrong.add("channel", "channel-empty");
        }
        if self.declarations.contains(&Declaration::Reprint) && self.source_name.is_none() {
            wrong.add("source_name", "source-empty");
        }
        wrong.check()
    }
}

fn is_web_address(text: &str) -> bool {
    text.len() <= 2_000
        && ["http://", "https://"]
            .iter()
            .any(|scheme| text.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty()))
        && !text.contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"'))
}

/// Roughly BCP 47: 2 to 8 letters, then groups of 1 to 8 letters or digits.
fn is_language_tag(text: &str) -> bool {
    let mut parts = text.split('-');
    text.len() <= LANGUAGE_MAX
        && parts.next().is_some_and(|first| {
            (2..=8).contains(&first.len()) && first.bytes().all(|b| b.is_ascii_alphabetic())
        })
        && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
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

    #[test]
    fn drafts_are_tidied_and_refused() {
        let draft = Draft {
            title: "  a \n b ".into(),
            subtitle: Some(" ".into()),
            tags: vec![Tag::new("Rust").unwrap(), Tag::new("rust").unwrap()],
            ..Draft::default()
        };
        let tidy = draft.tidy().unwrap();
        assert_eq!((tidy.title.as_str(), tidy.subtitle, tidy.tags.len()), ("a b", None, 1));

        let wrong = Draft {
            title: "长".repeat(201),
            source_url: Some("javascript:x".into()),
            covers: vec!["a".into(); 2],
            ..Draft::default()
        };
        let Err(Error::Invalid(wrong)) = wrong.tidy() else { panic!("accepted") };
        assert_eq!(wrong.0.iter().map(|e| e.field).collect::<Vec<_>>(), ["title", "covers", "source_url"]);
        // Nothing that is typed is without end.
        let endless = Draft {
            covers: vec!["a".repeat(1_000)],
            source_name: Some("长".repeat(201)),
            language: Some(format!("zh{}", "-hans".repeat(1_000))),
            canonical_url: Some(format!("https://{}", "a".repeat(3_000))),
            ..Draft::default()
        };
        let Err(Error::Invalid(wrong)) = endless.tidy() else { panic!("accepted") };
        assert_eq!(
            wrong.0.iter().map(|e| e.code).collect::<Vec<_>>(),
            ["cover-unknown", "source-long", "url-form", "language-form"]
        );
    }

    #[test]
    fn a_submission_is_complete() {
        let Err(Error::Invalid(wrong)) =
            (Draft { declarations: vec![Declaration::Reprint], ..Draft::default() }).complete()
        else {
            panic!("accepted")
        };
        assert_eq!(
            wrong.0.iter().map(|e| e.code).collect::<Vec<_>>(),
            ["title-empty", "body-empty", "channel-empty", "source-empty"]
        );
        // What shows nothing is not there.
        let blank = || "\u{3164}\u{200b}\u{2800}".to_owned();
        let draft = Draft { title: blank(), subtitle: Some(blank()), body: blank(), ..Draft::default() };
        let draft = draft.tidy().unwrap();
        assert_eq!((draft.title.as_str(), &draft.subtitle), ("", &None));
        let Err(Error::Invalid(wrong)) = draft.complete() else { panic!("accepted") };
        assert_eq!(wrong.0[..2].iter().map(|e| e.code).collect::<Vec<_>>(), ["title-empty", "body-empty"]);
    }
}
