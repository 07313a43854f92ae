//! What is sent beside the site: when, how often, and that nobody is disturbed in their quiet hours.
//!
//! Where something is told, a row of `notification_sendings` says when it is to be sent, and a job for the user and the way looks then: at what is
//! still unread, visible and wanted. So what is read meanwhile is not sent, and what waited for the end of quiet hours is sent together.

use std::collections::BTreeMap;
use std::time::Duration;

use ::jobs::{Failure, Running};
use accounts::{User, Viewer};
use db::Tx;
use kernel::{Error, Result, Time, UserId};
use mail::{Letter, Unsubscribe};

use crate::fill::Told;
use crate::jobs::{MailNow, PushNow};
use crate::kind::Kind;
use crate::letters;
use crate::links::Off;
use crate::model::Row;
use crate::reading::Notification;
use crate::service::Notify;
use crate::store::{self, sendings::Due};
use crate::ways::{Way, Ways};

/// Mail waits a little: who is on the site reads it there, and what comes together goes together.
const MAIL_AFTER: Duration = Duration::from_mins(2);
/// Of one thing somebody is mailed no more often,
const MAIL_PAUSE: Duration = Duration::from_mins(30);
/// and of all things together no more often than this.
const MAIL_GAP: Duration = Duration::from_mins(5);
/// A browser is told of one thing no more often.
const PUSH_PAUSE: Duration = Duration::from_mins(1);

impl Notify {
    /// Has it sent in the ways that somebody wants beside the site.
    pub(crate) async fn send_later(
        &self,
        tx: &Tx,
        (user, ways): (UserId, Ways),
        what: (Kind, &str),
    ) -> Result<()> {
        for way in [Way::Mail, Way::Push].into_iter().filter(|way| ways.has(*way)) {
            let (after, pause) = times(way);
            let due = self.env.now().plus(after);
            let due = store::sendings::add(tx, (user, way), what, due, pause).await?;
            self.enqueue_sending(tx, user, way, due).await?;
        }
        Ok(())
    }

    /// The same of one new thing for many.
    pub(crate) async fn send_later_all(
        &self,
        tx: &Tx,
        users: &[UserId],
        way: Way,
        what: (Kind, &str),
    ) -> Result<()> {
        let due = self.env.now().plus(times(way).0);
        store::sendings::add_all(tx, users, way, what, due).await?;
        for &user in users {
            self.enqueue_sending(tx, user, way, due).await?;
        }
        Ok(())
    }

    async fn enqueue_sending(&self, tx: &Tx, user: UserId, way: Way, due: Time) -> Result<()> {
        match way {
            Way::Mail => self.jobs.enqueue_at(tx, &MailNow { user }, due).await.map(drop),
            Way::Push => self.jobs.enqueue_at(tx, &PushNow { user }, due).await.map(drop),
            Way::Site | Way::Digest => Ok(()),
        }
    }

    /// Mails what is due: a mail for each kind.
    pub(crate) async fn mail_now(&self, user: UserId, running: &Running) -> Result<(), Failure> {
        let now = self.env.now();
        self.heed_quiet(user, now).await?;
        let next = store::sendings::last(&self.db, user, Way::Mail).await?.map(|last| last.plus(MAIL_GAP));
        if let Some(next) = next.filter(|next| *next > now) {
            return Err(Failure::At(next));
        }
        let due = store::sendings::due(&self.db, user, Way::Mail, now).await?;
        let to = self.of.accounts.mail_of(user).await?;
        let mut letters = Vec::new();
        if let (Some((address, locale)), Some(reader)) = (to, self.reader(user).await?) {
            for (kind, of) in by_kind(&due) {
                let keys: Vec<&str> = of.iter().map(|due| due.group_key.as_str()).collect();
                if self.told_of(&reader, (kind, Way::Mail), &keys).await?.is_empty() {
                    continue;
                }
                let keys = keys.into_iter().map(str::to_owned).collect();
                let told = Told { user, kind: kind.name().to_owned(), keys };
                let url = self.off_url(user, Off::Mail(kind)).await?;
                let letter = Letter {
                    template: letters::NOTIFIED,
                    to: address.clone(),
                    locale,
                    zone: reader.zone.clone(),
                    // What it says is looked up when it is sent.
                    values: serde_json::to_value(&told).map_err(Error::internal)?,
                    digest: Some(Unsubscribe::new(&url)?),
                    is_warning: false,
                    key: None,
                };
                letters.push((kind, letter));
            }
        }
        let tx = self.db.write().await?;
        for (_, letter) in &letters {
            // An address that takes no mail gets none: nobody has to do anything.
            let _ = self.outbox.enqueue(&tx, letter).await?;
        }
        for one in &due {
            let sent = letters.iter().any(|(kind, _)| kind.name() == one.kind);
            store::sendings::done(&tx, user, Way::Mail, one, sent.then_some(now)).await?;
        }
        self.end(tx, user, Way::Mail, running).await
    }

    /// What of that which is due for browsers there is to say.
    pub(crate) async fn take_pushes(&self, reader: &User, due: &[Due]) -> Result<Vec<Notification>> {
        let mut told = Vec::new();
        for (kind, of) in by_kind(due) {
            let keys: Vec<&str> = of.iter().map(|due| due.group_key.as_str()).collect();
            told.extend(self.told_of(reader, (kind, Way::Push), &keys).await?);
        }
        Ok(told)
    }

    /// Ends the job with what `tx` wrote, and has the rest sent at its time.
    pub(crate) async fn end(&self, tx: Tx, user: UserId, way: Way, running: &Running) -> Result<(), Failure> {
        let next = store::sendings::next(&tx, user, way).await?;
        running.complete_in(&tx).await?;
        if let Some(next) = next {
            self.enqueue_sending(&tx, user, way, next).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Waits for the end of somebody's quiet hours.
    pub(crate) async fn heed_quiet(&self, user: UserId, now: Time) -> Result<(), Failure> {
        let Some(quiet) = self.choices(user).await?.quiet else { return Ok(()) };
        match quiet.end(now, &self.clock_of(user).await?) {
            Some(end) => Err(Failure::At(end)),
            None => Ok(()),
        }
    }

    /// Who is told: nobody who was deleted or shut out, or asked to be deleted. What concerns the safety of an account is sent by `accounts` itself.
    pub(crate) async fn reader(&self, user: UserId) -> Result<Option<User>> {
        let found = self.of.accounts.find(user).await?;
        let found = found.filter(|user| user.deleted_at.is_none() && user.suspended_at.is_none());
        if found.is_some() && self.of.accounts.deletion(user).await?.is_some() {
            return Ok(None);
        }
        Ok(found)
    }

    /// Of some things what is unread, visible and wanted in this way now; newest first.
    pub(crate) async fn told_of(
        &self,
        reader: &User,
        (kind, way): (Kind, Way),
        keys: &[&str],
    ) -> Result<Vec<Notification>> {
        if !self.choices(reader.id).await?.wants(kind, way) {
            return Ok(Vec::new());
        }
        let rows: Vec<Row> = store::unread_of(&self.db, reader.id, kind, keys).await?;
        self.read_rows(&Viewer::from(reader.clone()), rows).await
    }
}

/// After how long something is sent, and how often at most.
const fn times(way: Way) -> (Duration, Duration) {
    match way {
        Way::Mail => (MAIL_AFTER, MAIL_PAUSE),
        _ => (Duration::ZERO, PUSH_PAUSE),
    }
}

/// In the order of kinds; what this program does not know is left out.
fn by_kind(due: &[Due]) -> Vec<(Kind, Vec<&Due>)> {
    let mut kinds: BTreeMap<usize, Vec<&Due>> = BTreeMap::new();
    for one in due {
        if let Some(at) = Kind::ALL.iter().position(|kind| kind.name() == one.kind) {
            kinds.entry(at).or_default().push(one);
        }
    }
    kinds.into_iter().map(|(at, due)| (Kind::ALL[at], due)).collect()
}
