//! That somebody is told something, for those who show it at once.

use events::Event;
use kernel::UserId;
use serde::{Deserialize, Serialize};

/// What is unread may be another number now, of users with ids from `from` to `to`. Whoever is asked for says it: of a hundred thousand who are told
/// of an article, the journal has a hundred lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnreadChanged {
    pub from: UserId,
    pub to: UserId,
}
impl Event for UnreadChanged {
    const KIND: &'static str = "notify.unread";
}

impl UnreadChanged {
    pub(crate) const fn of(user: UserId) -> Self {
        Self { from: user, to: user }
    }
}
