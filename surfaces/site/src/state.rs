//! What handlers work with.

use std::net::IpAddr;
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use ::blocks::Blocks as Blocking;
use accounts::Accounts;
use articles::Articles;
use authors::Authors;
use axum::body::Body;
use comments::Comments;
use editorial::Editorial;
use export::Export;
use follows::Follows;
use http::Response;
use kernel::{Env, Throttle};
use media::Media;
use moderation::Moderation;
use notify::Notify;
use oidc::Oidc;
use reads::Reads;
use recommend::{ForYou, Hot, Personal, Related};
use search::Search;
use settings::Settings;
use web::{Failure, Frame, PageCache, UploadDir};

use crate::picture_access::PictureAccess;
use crate::shared_blocks::{AuthorFactsCache, Blocks};

/// What reader pages are made from.
pub struct Services {
    pub env: Env,
    pub frame: Frame,
    pub pages: PageCache,
    pub accounts: Accounts,
    pub authors: Authors,
    pub media: Media,
    pub pictures: PictureAccess,
    pub articles: Articles,
    pub comments: Comments,
    /// Whom readers mute and block; `blocks` are pieces of pages here.
    pub blocking: Blocking,
    pub follows: Follows,
    pub editorial: Editorial,
    pub moderation: Moderation,
    pub search: Search,
    pub reads: Reads,
    pub hot: Hot,
    pub related: Related,
    pub for_you: ForYou,
    pub personal: Personal,
    pub notify: Notify,
    /// By which people sign in, too.
    pub oidc: Oidc,
    pub export: Export,
    /// Where readers write to.
    pub settings: Settings,
    /// Folder of the site's own words on `/about`, `/rules` and `/contact`.
    pub words: PathBuf,
    pub blocks: Blocks,
    pub facts: AuthorFactsCache,
    pub telling: Telling,
    pub uploads: UploadDir,
}

/// The same in the hands of each handler: one pointer is what a request moves about.
#[derive(Clone)]
pub struct Site(Arc<Services>);

impl Site {
    pub fn new(services: Services) -> Self {
        Self(Arc::new(services))
    }
}

impl Deref for Site {
    type Target = Services;

    fn deref(&self) -> &Services {
        &self.0
    }
}

impl AsRef<Frame> for Site {
    fn as_ref(&self) -> &Frame {
        &self.frame
    }
}

/// How often browsers of one network tell something.
#[derive(Clone)]
pub struct Telling(pub(crate) Arc<Throttle<IpAddr>>);

impl Default for Telling {
    fn default() -> Self {
        Self(Arc::new(Throttle::new(120, Duration::from_mins(10))))
    }
}

/// What handlers return.
pub type Answer = Result<Response<Body>, Failure>;
