//! What is done later.

use std::time::Duration;

use ::jobs::{Failure, Job, Priority, Running};
use follows::Subject;
use kernel::{ArticleId, TopicId, UserId};
use serde::{Deserialize, Serialize};

pub use crate::model::SendPush;
use crate::push::Pusher;
use crate::service::Notify;

/// Those who follow an author, or a tag or the channel of a new article, are told of it.
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
        for subject in notify.subjects_of(self.article).await? {
            parts = tell_subject(&notify, &running, &subject, self.article, parts).await?;
        }
        Ok(())
    }
}

/// Goes through all who follow a subject; how many parts there were with those of before.
async fn tell_subject(
    notify: &Notify,
    running: &Running,
    subject: &Subject,
    article: ArticleId,
    mut parts: u64,
) -> Result<u64, Failure> {
    let mut after = None;
    while let Some(last) = notify.tell_subject(subject, article, after).await? {
        (after, parts) = (Some(last), parts + 1);
        running.progress(parts, 0).await;
        if running.stop.is_cancelled() {
            return Err(Failure::Again(kernel::Error::internal("the process stops")));
        }
    }
    Ok(parts)
}

/// Those who follow a topic are told of an article that came into it.
#[derive(Serialize, Deserialize)]
pub struct TellTopic {
    pub topic: TopicId,
    pub article: ArticleId,
}

impl Job for TellTopic {
    type With = Notify;
    const KIND: &'static str = "notify.tell-topic";
    const AT_ONCE: usize = 2;

    fn key(&self) -> Option<String> {
        Some(format!("{}:{}", self.topic, self.article))
    }

    async fn run(self, notify: Notify, running: Running) -> Result<(), Failure> {
        // Editors may have taken it out again.
        if notify.is_in_topic(self.topic, self.article).await? {
            let subject = Subject::Topic(self.topic);
            tell_subject(&notify, &running, &subject, self.article, 0).await?;
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

/// Somebody is mailed what is due.
#[derive(Serialize, Deserialize)]
pub struct MailNow {
    pub user: UserId,
}

impl Job for MailNow {
    type With = Notify;
    const KIND: &'static str = "notify.mail";
    const AT_ONCE: usize = 2;

    fn key(&self) -> Option<String> {
        Some(self.user.to_string())
    }

    async fn run(self, notify: Notify, running: Running) -> Result<(), Failure> {
        notify.mail_now(self.user, &running).await
    }
}

/// Somebody's browsers are told what is due.
#[derive(Serialize, Deserialize)]
pub struct PushNow {
    pub user: UserId,
}

impl Job for PushNow {
    type With = Notify;
    const KIND: &'static str = "notify.push";
    const AT_ONCE: usize = 2;

    fn key(&self) -> Option<String> {
        Some(self.user.to_string())
    }

    async fn run(self, notify: Notify, running: Running) -> Result<(), Failure> {
        notify.push_now(self.user, &running).await
    }
}

impl Job for SendPush {
    type With = Pusher;
    const KIND: &'static str = "notify.send-push";
    /// For some three hours: what is older is read on the site.
    const TRIES: u32 = 10;
    const WAIT: Duration = Duration::from_secs(20);
    const LONGEST: Duration = Duration::from_mins(1);
    const AT_ONCE: usize = 8;

    fn key(&self) -> Option<String> {
        let what = self.notification.map_or_else(|| "all".to_owned(), |id| id.to_string());
        Some(format!("{}.{what}", self.device))
    }

    async fn run(self, pusher: Pusher, _: Running) -> Result<(), Failure> {
        pusher.send(self.device, self.notification).await
    }
}

/// Digests are sent whose turn has come.
#[derive(Serialize, Deserialize)]
pub struct SendDigests {}

impl Job for SendDigests {
    type With = Notify;
    const KIND: &'static str = "notify.digests";

    async fn run(self, notify: Notify, running: Running) -> Result<(), Failure> {
        while notify.send_digests().await? {
            if running.stop.is_cancelled() {
                return Err(Failure::Again(kernel::Error::internal("the process stops")));
            }
        }
        Ok(())
    }
}
