//! Kinds of notifications.

use follows::SubjectKind;

/// What is told of. Its name is stored and stays; `notify-kind-<name>` in the locale files says it to people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// An answer to a comment of one's own; a row for each comment that is answered.
    Answer,
    /// A comment of one's own is liked; a row for each comment. By whom, nobody is told.
    Like,
    /// `@handle` in a comment; a row for each comment.
    Mention,
    /// A new article of an author that one follows; a row for each article.
    Article,
    /// Something new in a topic, with a tag or in a channel that one follows; a row for each of these, with how many articles came since it was read.
    Topic,
    Tag,
    Channel,
    /// What a reviewer decided about what one wrote, asked for or reported; a row for each thing, with the last decision.
    Decision,
    /// For those who look after the site: something waits; a row for each queue.
    Waiting,
}

impl Kind {
    pub const ALL: [Self; 9] = [
        Self::Answer,
        Self::Mention,
        Self::Like,
        Self::Article,
        Self::Topic,
        Self::Tag,
        Self::Channel,
        Self::Decision,
        Self::Waiting,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Like => "like",
            Self::Mention => "mention",
            Self::Article => "article",
            Self::Topic => "topic",
            Self::Tag => "tag",
            Self::Channel => "channel",
            Self::Decision => "decision",
            Self::Waiting => "waiting",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    pub const fn of_subject(kind: SubjectKind) -> Self {
        match kind {
            SubjectKind::Topic => Self::Topic,
            SubjectKind::Tag => Self::Tag,
            SubjectKind::Channel => Self::Channel,
        }
    }

    /// Nobody else is told of it.
    pub const fn is_for_staff(self) -> bool {
        matches!(self, Self::Waiting)
    }
}
