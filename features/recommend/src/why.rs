//! Why an article stands in a list. Each list of recommendation says it of each article; the surfaces put it into words.

use std::time::Duration;

use articles::Card;
use kernel::Time;

/// What is older is not just published.
const NEW: Duration = Duration::from_hours(48);

/// The reason that weighed most. What it names beside the article's own author and channel is text as people wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// About the same as the article that is read.
    Close,
    /// Who read this article read it too.
    Together,
    /// It has a tag of the article that is read.
    SameTag(String),
    /// Of the same channel, where nothing is closer.
    SameChannel,
    /// Read by many, and by clearly more than is usual on the site.
    Hot,
    /// Somebody read it of late.
    Read,
    /// Read much more now than a while ago.
    Rising,
    /// Much talked about.
    Talked,
    /// Liked by many.
    Liked,
    /// Most who begin it read it to the end.
    Finished,
    /// Out for a day or two: [`Why::of_new`].
    New,
    /// Among the newest, where those are not new.
    Latest,
    /// An editor put it there.
    Editor,
    /// The same, with what the editor says of it.
    EditorSays(String),
    /// The reader follows its author.
    Followed,
    /// The reader follows its channel.
    FollowedChannel,
    /// The reader follows a tag that it has.
    FollowedTag(String),
    /// It is in a topic (专题) that the reader follows.
    FollowedTopic(String),
    /// The reader asked for more of its author, channel or subject.
    Asked,
    /// The reader read its author.
    YourAuthor,
    /// The reader read in its channel.
    YourChannel,
    /// The reader read about a subject.
    YourTag(String),
    /// Who read an article with this title, as the reader did, read it too.
    BecauseYouRead(String),
}

impl Why {
    /// Every code, for those who must have words for each.
    pub const CODES: &[&str] = &[
        "close",
        "together",
        "same-tag",
        "same-channel",
        "hot",
        "read",
        "rising",
        "talked",
        "liked",
        "finished",
        "new",
        "latest",
        "editor",
        "editor-says",
        "followed",
        "followed-channel",
        "followed-tag",
        "followed-topic",
        "asked",
        "your-author",
        "your-channel",
        "your-tag",
        "because-you-read",
    ];

    /// Why something stands there as one of the newest: that says how new it is.
    pub fn of_new(published_at: Time, now: Time) -> Self {
        if now.since(published_at) <= NEW { Self::New } else { Self::Latest }
    }

    /// A short name in ASCII: the message `why-<code>` says it to people, the API as it is.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Close => "close",
            Self::Together => "together",
            Self::SameTag(_) => "same-tag",
            Self::SameChannel => "same-channel",
            Self::Hot => "hot",
            Self::Read => "read",
            Self::Rising => "rising",
            Self::Talked => "talked",
            Self::Liked => "liked",
            Self::Finished => "finished",
            Self::New => "new",
            Self::Latest => "latest",
            Self::Editor => "editor",
            Self::EditorSays(_) => "editor-says",
            Self::Followed => "followed",
            Self::FollowedChannel => "followed-channel",
            Self::FollowedTag(_) => "followed-tag",
            Self::FollowedTopic(_) => "followed-topic",
            Self::Asked => "asked",
            Self::YourAuthor => "your-author",
            Self::YourChannel => "your-channel",
            Self::YourTag(_) => "your-tag",
            Self::BecauseYouRead(_) => "because-you-read",
        }
    }

    /// What the reason names.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::SameTag(name)
            | Self::EditorSays(name)
            | Self::FollowedTag(name)
            | Self::FollowedTopic(name)
            | Self::YourTag(name)
            | Self::BecauseYouRead(name) => Some(name),
            _ => None,
        }
    }
}

/// An article that was chosen, and why.
#[derive(Clone, Debug)]
pub struct Picked {
    pub card: Card,
    pub why: Why,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_old_is_not_just_published() {
        let now = Time::from_millis(0).plus(Duration::from_hours(1_000));
        assert_eq!(Why::of_new(now.minus(Duration::from_hours(48)), now), Why::New);
        assert_eq!(Why::of_new(now.minus(Duration::from_hours(49)), now), Why::Latest);
    }

    #[test]
    fn every_reason_has_a_code_of_its_own() {
        let some = || "a".to_owned();
        let all = [
            Why::Close,
            Why::Together,
            Why::SameTag(some()),
            Why::SameChannel,
            Why::Hot,
            Why::Read,
            Why::Rising,
            Why::Talked,
            Why::Liked,
            Why::Finished,
            Why::New,
            Why::Latest,
            Why::Editor,
            Why::EditorSays(some()),
            Why::Followed,
            Why::FollowedChannel,
            Why::FollowedTag(some()),
            Why::FollowedTopic(some()),
            Why::Asked,
            Why::YourAuthor,
            Why::YourChannel,
            Why::YourTag(some()),
            Why::BecauseYouRead(some()),
        ];
        assert_eq!(all.iter().map(Why::code).collect::<Vec<_>>(), Why::CODES);
    }
}
