//! Telling browsers. Text beyond the line that says what it is does not leave the site, though it would be encrypted: it is shown on screens that others see.

use std::sync::Arc;
use std::time::Duration;

use ::jobs::{Failure, Running};
use accounts::Viewer;
use kernel::{Error, Locale, Result, UserId};
use serde_json::json;
use sha2::{Digest, Sha256};
use webpush::{Failed, Message, Subscription, Urgency};

use crate::kind::Kind;
use crate::line::Line;
use crate::model::{DeviceId, NotificationId, SendPush, UNREAD_MOST};
use crate::service::Notify;
use crate::store;
use crate::ways::Way;

/// A service keeps it so long for a browser that is away: what is older is read on the site.
const KEEP: Duration = Duration::from_hours(24);
/// More at once are one line that says how many.
const MOST: usize = 3;
/// Of a title, so much is shown (characters).
const TITLE: usize = 120;

/// What says a message in somebody's language: a theme's words, which features do not know.
pub trait Words: Send + Sync {
    /// The message, with texts and numbers put in.
    fn say(&self, locale: Locale, key: &str, texts: &[(&str, &str)], numbers: &[(&str, i64)]) -> String;
    /// What the site is called.
    fn site(&self) -> String;
}

/// Tells browsers. Cheap to clone.
#[derive(Clone)]
pub struct Pusher {
    notify: Notify,
    words: Arc<dyn Words>,
}

impl Notify {
    /// Has somebody's browsers told what is due: each thing, or how many they are.
    pub(crate) async fn push_now(&self, user: UserId, running: &Running) -> Result<(), Failure> {
        let now = self.env.now();
        self.heed_quiet(user, now).await?;
        let due = store::sendings::due(&self.db, user, Way::Push, now).await?;
        let devices = store::devices::list(&self.db, user).await?;
        let told = match self.reader(user).await? {
            Some(reader) if !devices.is_empty() => self.take_pushes(&reader, &due).await?,
            _ => Vec::new(),
        };
        let tx = self.db.write().await?;
        let many = told.len() > MOST;
        for device in &devices {
            if many {
                let all = SendPush { device: device.id, notification: None };
                self.jobs.enqueue(&tx, &all).await?;
                continue;
            }
            for one in &told {
                let one = SendPush { device: device.id, notification: Some(one.id) };
                self.jobs.enqueue(&tx, &one).await?;
            }
        }
        for one in &due {
            let is_told = told.iter().any(|of| of.kind.name() == one.kind);
            let sent = is_told.then_some(now);
            store::sendings::done(&tx, user, Way::Push, one, sent).await?;
        }
        self.end(tx, user, Way::Push, running).await
    }
}

impl Pusher {
    pub fn new(notify: Notify, words: Arc<dyn Words>) -> Self {
        Self { notify, words }
    }

    /// Sends one message to one browser, if there is still something to say.
    pub(crate) async fn send(
        &self,
        id: DeviceId,
        notification: Option<NotificationId>,
    ) -> Result<(), Failure> {
        let notify = &self.notify;
        let Some(to) = store::devices::find(&notify.db, id).await? else { return Ok(()) };
        let user = to.user_id;
        // One that comes again after a failure may come in quiet hours.
        notify.heed_quiet(user, notify.env.now()).await?;
        // A session that ran out ends without an event.
        let sessions = notify.of.accounts.sessions(user).await?;
        if sessions.iter().all(|session| session.id != to.session) {
            return Ok(notify.remove_device(user, id).await?);
        }
        let locale = Locale::of(&to.locale).unwrap_or_default();
        let Some(message) = self.message(user, notification, locale).await? else { return Ok(()) };
        let Ok(to) = Subscription::read(&to.endpoint, &to.p256dh, &to.auth) else {
            return Ok(notify.remove_device(user, id).await?);
        };
        let key = (notify.keys.server().await?, notify.url.as_str());
        let outcome = webpush::send(&notify.outbound, &notify.env, key, &to, &message).await?;
        let name = match &outcome {
            Ok(()) => "sent",
            Err(Failed::Gone) => "gone",
            Err(Failed::Later(..)) => "delayed",
            Err(Failed::Wrong(_)) => "failed",
        };
        metrics::counter!("byline_pushes_total", "outcome" => name).increment(1);
        match outcome {
            Ok(()) => Ok(()),
            Err(Failed::Gone) => {
                tracing::info!(device = %id, "a browser takes no messages any more, and is forgotten");
                Ok(notify.remove_device(user, id).await?)
            }
            Err(Failed::Later(why, _)) => Err(Failure::Again(Error::Unavailable(why.into()))),
            Err(Failed::Wrong(why)) => Err(Failure::ForGood(Error::Unavailable(why.into()))),
        }
    }

    async fn message(
        &self,
        user: UserId,
        notification: Option<NotificationId>,
        locale: Locale,
    ) -> Result<Option<Message>> {
        let Some(notification) = notification else {
            let n = self.count(user).await?;
            if n == 0 {
                return Ok(None);
            }
            let title = self.words.say(locale, "notify-push-many", &[], &[("n", n)]);
            return Ok(Some(message(
                &title,
                &self.words.site(),
                "/notifications",
                "all",
                locale,
                Urgency::Normal,
            )));
        };
        let Some(row) = store::unread_one(&self.notify.db, user, notification).await? else {
            return Ok(None);
        };
        let Some(reader) = self.notify.reader(user).await? else { return Ok(None) };
        let choices = self.notify.choices(user).await?;
        let mut told = self.notify.read_rows(&Viewer::from(reader), vec![row]).await?;
        let Some(one) = told.pop().filter(|one| choices.wants(one.kind, Way::Push)) else { return Ok(None) };
        let urgency = match one.kind {
            Kind::Like | Kind::Article | Kind::Topic | Kind::Tag | Kind::Channel | Kind::Waiting => {
                Urgency::Low
            }
            Kind::Answer | Kind::Mention | Kind::Decision => Urgency::Normal,
        };
        let tag = topic(one.kind, notification);
        let line = Line::of(one.what, &self.notify.of.articles.channels().await?, locale);
        let key = format!("notify-{}", line.message);
        let title = self.words.say(locale, &key, &[("name", &line.name)], &[("n", line.n)]);
        let below = line.title.unwrap_or_else(|| self.words.site());
        let href = line.href.unwrap_or_else(|| "/notifications".into());
        Ok(Some(message(&title, &below, &href, &tag, locale, urgency)))
    }

    /// How many there are to tell a browser of, among what came lately: also what does not stand on the site, and nothing that may not be seen any more.
    async fn count(&self, user: UserId) -> Result<i64> {
        let notify = &self.notify;
        let Some(reader) = notify.reader(user).await? else { return Ok(0) };
        let choices = notify.choices(user).await?;
        let since = notify.env.now().minus(KEEP);
        let rows = store::unread_since(&notify.db, user, since, UNREAD_MOST as usize).await?;
        let told = notify.read_rows(&Viewer::from(reader), rows).await?;
        Ok(told.iter().filter(|one| choices.wants(one.kind, Way::Push)).count() as i64)
    }
}

/// What the service worker shows (`sw.js`).
fn message(title: &str, below: &str, href: &str, tag: &str, locale: Locale, urgency: Urgency) -> Message {
    let cut = |text: &str| text.chars().take(TITLE).collect::<String>();
    let shown = json!({
        "title": cut(title), "body": cut(below), "url": href, "tag": tag, "lang": locale.tag(),
    });
    Message { body: shown.to_string().into_bytes(), keep: KEEP, urgency, topic: Some(tag.to_owned()) }
}

/// What is newer of the same thing takes the place of what waits: 32 characters (RFC 8030, section 5.4), which tell the service nothing.
fn topic(kind: Kind, id: NotificationId) -> String {
    let digest = Sha256::digest(format!("byline topic\0{} {id}", kind.name()));
    digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_small_and_its_topic_fits() {
        let long = "长".repeat(1_000);
        let message = message(&long, &long, "/comment/3fQk2", "all", Locale::ZhCn, Urgency::Low);
        assert!(message.body.len() < 1_000, "{}", message.body.len());
        let topic = topic(Kind::Answer, NotificationId::new(7));
        assert!(topic.len() == 32 && topic.bytes().all(|byte| byte.is_ascii_hexdigit()));
    }
}
