//! What handlers work with.

use std::ops::Deref;
use std::sync::Arc;

use articles::Articles;
use authors::Authors;
use comments::Comments;
use kernel::Env;
use media::Media;
use moderation::Moderation;
use reads::Reads;
use web::{Frame, UploadDir};

/// What the pages need.
pub struct Services {
    pub env: Env,
    pub frame: Frame,
    pub authors: Authors,
    pub articles: Articles,
    pub media: Media,
    pub comments: Comments,
    pub moderation: Moderation,
    pub reads: Reads,
    /// Where files are while their form is read.
    pub uploads: UploadDir,
}

/// The same in the hands of each handler: one pointer is what a request moves about.
#[derive(Clone)]
pub struct Studio(Arc<Services>);

impl Studio {
    pub fn new(services: Services) -> Self {
        Self(Arc::new(services))
    }
}

impl Deref for Studio {
    type Target = Services;

    fn deref(&self) -> &Services {
        &self.0
    }
}
