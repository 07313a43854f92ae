//! What is done later.

use std::time::Duration;

use ::jobs::{Failure, Job, Priority, Running};

use crate::Articles;
pub use crate::model::PublishScheduled;

impl Job for PublishScheduled {
    type With = Articles;
    const KIND: &'static str = "article.publish";
    const AT_ONCE: usize = 4;
    /// Readers wait for it.
    const WAIT: Duration = Duration::from_secs(1);
    const PRIORITY: Priority = Priority::Urgent;

    fn key(&self) -> Option<String> {
        Some(self.article.to_string())
    }

    async fn run(self, articles: Articles, _: Running) -> Result<(), Failure> {
        match articles.publish_scheduled(self.article).await? {
            Some(at) => Err(Failure::At(at)),
            None => Ok(()),
        }
    }
}
