//! What handlers work with.

use std::ops::Deref;
use std::sync::Arc;

use accounts::Accounts;
use articles::Articles;
use authors::Authors;
use comments::Comments;
use editorial::Editorial;
use kernel::{Env, Throttle, UserId};
use media::Media;
use moderation::Moderation;
use recommend::{Hot, Related};
use search::Search;
use web::{Frame, UploadDir};

/// What the API works with.
#[derive(Clone)]
pub struct Services {
    pub accounts: Accounts,
    pub authors: Authors,
    pub articles: Articles,
    pub comments: Comments,
    pub editorial: Editorial,
    pub media: Media,
    pub moderation: Moderation,
    pub search: Search,
    pub hot: Hot,
    pub related: Related,
    pub env: Env,
    pub frame: Frame,
    /// Where pictures are while they come in.
    pub uploads: UploadDir,
}

#[derive(Clone)]
pub struct Api {
    pub services: Arc<Services>,
    pub pace: Arc<Throttle<UserId>>,
}

impl Deref for Api {
    type Target = Services;
    fn deref(&self) -> &Services {
        &self.services
    }
}
