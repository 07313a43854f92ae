//! What happens to mutes and blocks, for those who follow the journal.

use events::Event;
use kernel::UserId;
use serde::{Deserialize, Serialize};

/// A reader mutes or blocks other people than before: what any node keeps of it in memory is old. Whom, is nobody's business.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlocksChanged {
    /// Nobody: the mutes and blocks of any number of readers.
    pub user: Option<UserId>,
}
impl Event for BlocksChanged {
    const KIND: &'static str = "blocks.changed";
}
