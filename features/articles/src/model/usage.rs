//! Where pictures are used.

use kernel::{ArticleId, AuthorId};

use super::State;

/// Whether articles show a picture to readers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Showing {
    Never,
    Live,
    /// They did before.
    Gone,
}

/// An article that has a picture, in its body or as a cover.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    pub article: ArticleId,
    pub author: AuthorId,
    pub title: String,
    pub state: State,
    /// Readers see it there.
    pub live: bool,
    /// The article, or a change to it, waits for a reviewer or for its time.
    pub waits: bool,
}

impl Use {
    /// Somebody sees it there who would miss it, or approve what it was not.
    pub const fn is_needed(&self) -> bool {
        self.live || self.waits
    }
}
