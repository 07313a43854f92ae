//! Why an article stands in a list. Each list of recommendation says it of each article; the surfaces put it into words.

use articles::Card;

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
    /// Much read now.
    Hot,
    /// Read much more now than a while ago.
    Rising,
    /// Much talked about.
    Talked,
    /// Liked by many.
    Liked,
    /// Most who begin it read it to the end.
    Finished,
    /// Just out, and not found out about yet.
    New,
    /// An editor put it there.
    Editor,
    /// The same, with what the editor says of it.
    EditorSays(String),
    /// The reader follows its author.
    Followed,
    /// The reader often reads its author.
    YourAuthor,
    /// The reader often reads its channel.
    YourChannel,
    /// The reader often reads a subject, or asked for it.
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
        "rising",
        "talked",
        "liked",
        "finished",
        "new",
        "editor",
        "editor-says",
        "followed",
        "your-author",
        "your-channel",
        "your-tag",
        "because-you-read",
    ];

    /// A short name in ASCII: the message `why-<code>` says it to people, the API as it is.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Close => "close",
            Self::Together => "together",
            Self::SameTag(_) => "same-tag",
            Self::SameChannel => "same-channel",
            Self::Hot => "hot",
            Self::Rising => "rising",
            Self::Talked => "talked",
            Self::Liked => "liked",
            Self::Finished => "finished",
            Self::New => "new",
            Self::Editor => "editor",
            Self::EditorSays(_) => "editor-says",
            Self::Followed => "followed",
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
    fn every_reason_has_a_code_of_its_own() {
        let some = || "a".to_owned();
        let all = [
            Why::Close,
            Why::Together,
            Why::SameTag(some()),
            Why::SameChannel,
            Why::Hot,
            Why::Rising,
            Why::Talked,
            Why::Liked,
            Why::Finished,
            Why::New,
            Why::Editor,
            Why::EditorSays(some()),
            Why::Followed,
            Why::YourAuthor,
            Why::YourChannel,
            Why::YourTag(some()),
            Why::BecauseYouRead(some()),
        ];
        assert_eq!(all.iter().map(Why::code).collect::<Vec<_>>(), Why::CODES);
    }
}
