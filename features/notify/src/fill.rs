//! What a mail says, looked up when it is sent: nothing in it is read, hidden or unwanted by then.

use accounts::Viewer;
use articles::Channel;
use async_trait::async_trait;
use kernel::{Error, Locale, Result, Time, UserId};
use mail::{Fill, Stored};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::kind::Kind;
use crate::letters::{DIGEST, DigestMail, NOTIFIED, Notified, Section};
use crate::line::Line;
use crate::reading::Notification;
use crate::service::Notify;
use crate::store;
use crate::ways::{Every, Way};

/// Of one kind, so many stand in a mail,
const LINES: usize = 5;
/// and so many new articles.
const ARTICLES: usize = 12;
/// More than these are not looked at.
const MOST: usize = 300;

/// What a mail about things of one kind has as it waits.
#[derive(Serialize, Deserialize)]
pub struct Told {
    pub user: UserId,
    pub kind: String,
    pub keys: Vec<String>,
}

/// What a digest has as it waits.
#[derive(Serialize, Deserialize)]
pub struct DigestOf {
    pub user: UserId,
    pub every: String,
    pub since: Time,
    /// Asked for by hand: also who has no digests sees what one would be.
    pub asked: bool,
}

#[async_trait]
impl Fill for Notify {
    async fn fill(&self, mail: &Stored) -> Result<Option<Value>> {
        let user = match mail.template.as_str() {
            NOTIFIED => read::<Told>(&mail.values)?.user,
            DIGEST => read::<DigestOf>(&mail.values)?.user,
            _ => return Ok(Some(mail.values.clone())),
        };
        // The address may be another's by now.
        let address = self.of.accounts.email(user).await?;
        if address.as_ref() != Some(&mail.to) {
            return Ok(None);
        }
        if mail.template == NOTIFIED {
            let told: Told = read(&mail.values)?;
            return self.notified(&told, mail.locale).await?.map(|content| written(&content)).transpose();
        }
        let since: DigestOf = read(&mail.values)?;
        self.digest(&since, mail.locale).await?.map(|content| written(&content)).transpose()
    }
}

fn read<'a, T: Deserialize<'a>>(values: &'a Value) -> Result<T> {
    T::deserialize(values).map_err(|_| Error::internal("what a mail is filled with cannot be read"))
}

fn written(content: &impl Serialize) -> Result<Value> {
    serde_json::to_value(content).map_err(Error::internal)
}

impl Notify {
    async fn notified(&self, told: &Told, locale: Locale) -> Result<Option<Notified>> {
        let (Some(kind), Some(reader)) = (Kind::named(&told.kind), self.reader(told.user).await?) else {
            return Ok(None);
        };
        let keys: Vec<&str> = told.keys.iter().map(String::as_str).collect();
        let told = self.told_of(&reader, (kind, Way::Mail), &keys).await?;
        if told.is_empty() {
            return Ok(None);
        }
        let channels = self.of.articles.channels().await?;
        let Section { kind, items, more } = section(kind, told, &channels, locale);
        Ok(Some(Notified { handle: reader.handle.to_string(), kind, items, more }))
    }

    /// What a digest says now; nothing where there is nothing.
    pub(crate) async fn digest(&self, of: &DigestOf, locale: Locale) -> Result<Option<DigestMail>> {
        let Some(reader) = self.reader(of.user).await? else { return Ok(None) };
        let choices = self.choices(of.user).await?;
        if choices.digest.is_none() && !of.asked {
            return Ok(None);
        }
        let rows = store::unread_since(&self.db, of.user, of.since, MOST).await?;
        let told = self.read_rows(&Viewer::from(reader.clone()), rows).await?;
        let channels = self.of.articles.channels().await?;
        let (mut sections, mut n) = (Vec::new(), 0);
        for kind in Kind::ALL.into_iter().filter(|kind| choices.wants(*kind, Way::Digest)) {
            let of_kind: Vec<Notification> = told.iter().filter(|one| one.kind == kind).cloned().collect();
            if !of_kind.is_empty() {
                n += of_kind.len() as i64;
                sections.push(section(kind, of_kind, &channels, locale));
            }
        }
        if sections.is_empty() {
            return Ok(None);
        }
        let every = Every::named(&of.every).unwrap_or(Every::Day).name();
        Ok(Some(DigestMail { handle: reader.handle.to_string(), every, sections, n }))
    }
}

fn section(kind: Kind, told: Vec<Notification>, channels: &[Channel], locale: Locale) -> Section {
    let most = if kind == Kind::Article { ARTICLES } else { LINES };
    let more = told.len().saturating_sub(most) as i64;
    let items = told.into_iter().take(most).map(|one| Line::of(one.what, channels, locale)).collect();
    Section { kind: kind.name(), items, more }
}
