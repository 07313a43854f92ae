//! Reader pages, a file for each group of addresses.

pub mod accessibility;
pub mod account;
pub mod apply;
pub mod article;
pub mod author;
pub mod comments;
pub mod elsewhere;
pub mod export;
pub mod following;
pub mod for_you;
pub mod home;
pub mod identities;
pub mod interests;
pub mod leaving;
mod letting_in;
pub mod lists;
pub mod mutes;
pub mod notifications;
pub mod passkeys;
pub mod preview;
pub mod profile;
pub mod prose;
pub mod report;
pub mod reset;
pub mod search;
pub mod second_step;
pub mod sessions;
pub mod topics;
pub mod two_factor;
pub mod unsubscribe;
pub mod user;
pub mod verify;
mod whence;

use std::time::Duration;

use kernel::{Cursor, Page};
use serde::Deserialize;
use web::{CachePolicy, CacheTag};

use crate::compose::{Entry, tags_of};
use crate::views::parts::Pager;

/// Pages with computed lists (related, hot, headlines) are made anew at least this often.
const KEEP: Duration = Duration::from_mins(1);

/// For what changes only with what it shows.
pub const fn long() -> Duration {
    Duration::from_hours(24)
}

/// `?cursor=…`: where a list goes on.
#[derive(Default, Deserialize)]
pub struct From {
    cursor: Option<Cursor>,
}

impl From {
    fn cursor(&self) -> Cursor {
        self.cursor.unwrap_or(Cursor::START)
    }

    /// How many came before, in a list that is counted.
    fn offset(&self) -> i64 {
        self.cursor.map_or(0, |cursor| cursor.key)
    }

    /// The way on: `base` with the next cursor.
    fn pager<T>(&self, base: &str, page: &Page<T>) -> Pager {
        let mark = if base.contains('?') { '&' } else { '?' };
        Pager {
            next: page.next.map(|next| format!("{base}{mark}cursor={next}")),
            first: self.cursor.is_none(),
        }
    }
}

/// What a page of lists shows.
fn list_policy(lists: &[Vec<Entry<'_>>], also: impl IntoIterator<Item = CacheTag>) -> CachePolicy {
    let tags = lists.iter().flat_map(|list| tags_of(list)).chain(also).collect();
    CachePolicy { tags, keep: KEEP, reads: None }
}
