//! What handlers work with.

use accounts::Accounts;
use articles::Articles;
use authors::Authors;
use axum::body::Body;
use comments::Comments;
use editorial::Editorial;
use erasure::Erasure;
use events::Journal;
use http::Response;
use jobs::Jobs;
use media::Media;
use moderation::Moderation;
use reads::Reads;
use recommend::{Learning, Personal};
use search::Search;
use settings::Settings;
use web::{Failure, Frame};

use crate::setup_key::SetupKey;

/// What the pages need. Cheap to clone.
#[derive(Clone)]
pub struct Admin {
    pub frame: Frame,
    pub accounts: Accounts,
    pub authors: Authors,
    pub articles: Articles,
    pub media: Media,
    pub comments: Comments,
    pub moderation: Moderation,
    pub reads: Reads,
    pub learning: Learning,
    pub personal: Personal,
    pub editorial: Editorial,
    pub erasure: Erasure,
    pub search: Search,
    pub settings: Settings,
    pub journal: Journal,
    pub jobs: Jobs,
    pub setup_key: SetupKey,
}

/// What handlers return.
pub type Answer = Result<Response<Body>, Failure>;
