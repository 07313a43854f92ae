//! What is done later.

use ::jobs::{Failure, Job, Priority, Running};
use kernel::ArticleId;
use serde::{Deserialize, Serialize};

use crate::service::Notify;

/// Those who follow an author are told of a new article.
#[derive(Serialize, Deserialize)]
pub struct TellFollowers {
    pub article: ArticleId,
}

impl Job for TellFollowers {
    type With = Notify;
    const KIND: &'static str = "notify.tell-followers";
    const AT_ONCE: usize = 2;

    fn key(&self) -> Option<String> {
        Some(self.article.to_string())
    }

    async fn run(self, notify: Notify, running: Running) -> Result<(), Failure> {
        let (mut after, mut parts) = (None, 0);
        while let Some(last) = notify.tell_followers(self.article, after).await? {
            (after, parts) = (Some(last), parts + 1);
            running.progress(parts, 0).await;
            // Whoever goes on begins anew: who was told is not told again.
            if running.stop.is_cancelled() {
                return Err(Failure::Again(kernel::Error::internal("the process stops")));
            }
        }
        Ok(())
    }
}

/// What is told of an article goes that nobody can read any more.
#[derive(Serialize, Deserialize)]
pub struct ForgetArticle {
    pub article: ArticleId,
}

impl Job for ForgetArticle {
    type With = Notify;
    const KIND: &'static str = "notify.forget-article";

    fn key(&self) -> Option<String> {
        Some(self.article.to_string())
    }

    async fn run(self, notify: Notify, running: Running) -> Result<(), Failure> {
        while notify.forget_article(self.article).await? {
            if running.stop.is_cancelled() {
                return Err(Failure::Again(kernel::Error::internal("the process stops")));
            }
        }
        Ok(())
    }
}

/// Old notifications go, and those about what is gone.
#[derive(Serialize, Deserialize)]
pub struct SweepNotifications {}

impl Job for SweepNotifications {
    type With = Notify;
    const KIND: &'static str = "notify.sweep";
    const PRIORITY: Priority = Priority::Background;

    async fn run(self, notify: Notify, _: Running) -> Result<(), Failure> {
        notify.sweep().await?;
        Ok(())
    }
}
