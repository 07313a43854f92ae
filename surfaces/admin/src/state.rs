//! What handlers work with.

use std::ops::Deref;
use std::sync::Arc;

use accounts::{Accounts, User};
use articles::Articles;
use audit::{AuditLog, Record};
use authors::Authors;
use axum::body::Body;
use comments::Comments;
use db::{Db, Tx};
use editorial::Editorial;
use erasure::Erasure;
use events::Journal;
use http::Response;
use jobs::Jobs;
use kernel::Result;
use mail::{Outbox, Transport};
use media::Media;
use moderation::Moderation;
use reads::Reads;
use recommend::{Learning, Personal};
use search::Search;
use settings::Settings;
use web::{Failure, Frame, UploadDir};

use crate::setup_key::SetupKey;

/// What the pages need.
pub struct Services {
    pub db: Db,
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
    pub audit: AuditLog,
    pub journal: Journal,
    pub jobs: Jobs,
    pub outbox: Outbox,
    pub transport: Transport,
    pub setup_key: SetupKey,
    pub uploads: UploadDir,
}

/// The same in the hands of each handler: one pointer is what a request moves about.
#[derive(Clone)]
pub struct Admin(Arc<Services>);

impl Admin {
    pub fn new(services: Services) -> Self {
        Self(Arc::new(services))
    }
}

impl Deref for Admin {
    type Target = Services;

    fn deref(&self) -> &Services {
        &self.0
    }
}

impl Admin {
    /// Ends `tx`, in which an operator did something to the machine room, which keeps no names itself.
    pub async fn commit(&self, tx: Tx, by: &User, record: Record) -> Result<()> {
        audit::record(&tx, &self.journal.by(by.id), record).await?;
        tx.commit().await
    }
}

/// What handlers return.
pub type Answer = Result<Response<Body>, Failure>;
