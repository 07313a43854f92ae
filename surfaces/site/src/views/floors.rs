//! 盖楼: comments with the chains they answer.

use kernel::{CommentId, Region, Time};
use serde::Serialize;

/// How much of a quoted comment stands in a tower (characters); the whole of it stands on its own page.
pub const QUOTE_CHARS: usize = 100;

#[derive(Clone, Debug, Serialize)]
pub struct Comment {
    pub id: CommentId,
    /// Which floor of its tower it is, from 1.
    pub floor: i64,
    /// How many floors right below it are not shown.
    pub gap: i64,
    pub name: String,
    /// Path of the writer's page, where there is one.
    pub href: Option<String>,
    /// IP属地, in the languages that there are: `zh`, `en`.
    pub region: Option<Region>,
    pub text: String,
    /// Whether `text` is the beginning of what was said.
    pub cut: bool,
    pub likes: i64,
    pub at: Time,
    /// Whether the writer is the article's author.
    pub by_author: bool,
    /// Whether a user of this site wrote it, whom one can mute.
    pub known: bool,
    /// The reader wants to see nothing of whoever wrote it.
    pub muted: bool,
    /// Taken down: its place stays in the chain, its words do not.
    pub removed: bool,
    /// Why: the message `remove-…`.
    pub removed_for: Option<String>,
}

/// A comment with those it answers, oldest first (盖楼).
#[derive(Clone, Debug, Serialize)]
pub struct Floor {
    pub comment: Comment,
    pub quotes: Vec<Comment>,
    /// Whether the page has its address here: of a comment that stands in two lists only one has.
    pub anchor: bool,
}

impl Floor {
    /// Floors keep their numbers: what is missing between two is counted.
    pub fn new(mut comment: Comment, mut quotes: Vec<Comment>) -> Self {
        let mut below = 0;
        for floor in quotes.iter_mut().chain([&mut comment]) {
            floor.gap = (floor.floor - below - 1).max(0);
            below = floor.floor;
        }
        Self { comment, quotes, anchor: true }
    }

    /// As a list has it: of what it answers no more than the beginning.
    #[must_use]
    pub fn short(mut self) -> Self {
        for quote in &mut self.quotes {
            if let Some((end, _)) = quote.text.char_indices().nth(QUOTE_CHARS) {
                quote.text.truncate(end);
                quote.cut = true;
            }
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use kernel::Locale;

    use super::super::samples;
    use super::*;

    #[test]
    fn what_is_missing_between_floors_is_counted() {
        let comment = |floor| Comment { floor, ..samples::comment(Locale::En, 1) };
        let floor = Floor::new(comment(9), vec![comment(1), comment(7), comment(8)]);
        let gaps: Vec<i64> = floor.quotes.iter().chain([&floor.comment]).map(|c| c.gap).collect();
        assert_eq!(gaps, [0, 5, 0, 0]);
    }

    #[test]
    fn quotes_in_lists_are_cut_between_characters() {
        let said = |n: usize| Comment { text: "潮".repeat(n), ..samples::comment(Locale::En, 1) };
        let floor = Floor::new(said(500), vec![said(QUOTE_CHARS), said(QUOTE_CHARS + 1)]).short();
        let shown: Vec<_> = floor.quotes.iter().map(|q| (q.text.chars().count(), q.cut)).collect();
        assert_eq!(shown, [(QUOTE_CHARS, false), (QUOTE_CHARS, true)]);
        assert_eq!(floor.comment.text.chars().count(), 500);
    }
}
