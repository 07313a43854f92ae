//! What handlers work with.

use articles::Articles;
use authors::Authors;
use comments::Comments;
use kernel::Env;
use media::Media;
use moderation::Moderation;
use reads::Reads;
use web::{Frame, UploadDir};

/// What the pages need. Cheap to clone.
#[derive(Clone)]
pub struct Studio {
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
