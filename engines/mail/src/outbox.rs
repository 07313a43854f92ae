//! Enqueueing mail, and which addresses take none.

use std::sync::Arc;
use std::time::Duration;

use db::{Db, Tx};
use jobs::{JobRow, Jobs};
use kernel::{Env, Result};
use limits::Limit;

use crate::address::Address;
use crate::folder::{Folder, KEPT};
use crate::letter::Letter;
use crate::store::{self, MailId, Refusal, SendMail};

/// So many mails an hour one mailbox gets that somebody asked for, digests not among them: nobody can have others' mailboxes filled.
pub const HOURLY: u32 = 10;
/// Rows that one look for those without a job reads.
const PART: usize = 200;

/// The mail of a site that is to be sent. Cheap to clone.
#[derive(Clone)]
pub struct Outbox {
    pub(crate) db: Db,
    pub(crate) env: Env,
    jobs: Jobs,
    by_mailbox: Arc<Limit>,
}

/// What becomes of a letter.
#[must_use]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepted {
    /// It is sent once the transaction is committed.
    Queued(MailId),
    /// It is not sent: the address takes no mail, until [`Outbox::clear`].
    Refused(Refusal),
}

/// How far a mail is.
#[derive(Debug)]
pub enum Standing {
    /// It was sent, refused, or replaced by a newer one.
    Over,
    /// It waits, is being sent, or could not be sent: the job says which.
    Kept(Box<JobRow>),
    /// Nobody sends it: its job was dropped.
    Dropped,
}

impl Outbox {
    pub fn new(db: Db, jobs: Jobs, env: Env) -> Self {
        let hour = Duration::from_hours(1);
        let by_mailbox = Arc::new(Limit::new(db.clone(), env.clone(), "mail", HOURLY, hour));
        Self { db, env, jobs, by_mailbox }
    }

    /// Has `letter` sent, once `tx` is committed. Errors: [`kernel::Error::TooMany`] where the mailbox got [`HOURLY`] within an hour already; the
    /// transaction is whole then, and may go on without.
    pub async fn enqueue(&self, tx: &Tx, letter: &Letter) -> Result<Accepted> {
        if let Some(refusal) = store::refusal(tx, &letter.to).await? {
            return Ok(Accepted::Refused(refusal));
        }
        if letter.digest.is_none() && !letter.is_warning {
            self.by_mailbox.check(&letter.to.mailbox()).await?;
        }
        let id = self.env.id();
        store::insert(tx, id, letter, self.env.now()).await?;
        self.jobs.enqueue(tx, &SendMail { id }).await?;
        Ok(Accepted::Queued(id))
    }

    /// The same in a transaction of its own: for what belongs to nothing else.
    pub async fn post(&self, letter: &Letter) -> Result<Accepted> {
        let tx = self.db.write().await?;
        let accepted = self.enqueue(&tx, letter).await?;
        tx.commit().await?;
        Ok(accepted)
    }

    /// Why an address takes no mail, if it takes none.
    pub async fn refusal(&self, of: &Address) -> Result<Option<Refusal>> {
        store::refusal(&self.db, of).await
    }

    /// Notes that an address takes no mail, where that was learned by other ways than the server's reply: a message that came back. `code` is the
    /// reply that it tells of.
    pub async fn refuse(&self, tx: &Tx, address: &Address, code: u16) -> Result<()> {
        store::refuse(tx, address, code, self.env.now()).await
    }

    /// From now on the address may be tried again: its owner says that it takes mail. Whether it was refused.
    pub async fn clear(&self, tx: &Tx, address: &Address) -> Result<bool> {
        store::clear(tx, address).await
    }

    /// The same of all addresses, such as after a mail server was wrong about them; how many were refused.
    pub async fn clear_all(&self, tx: &Tx) -> Result<u64> {
        store::clear_all(tx).await
    }

    /// Takes back all mail to an address that was not sent yet; how many. Its jobs find nothing to send.
    pub async fn withdraw(&self, tx: &Tx, to: &Address) -> Result<u64> {
        store::delete_to(tx, to).await
    }

    /// Leaves nothing of an address whose user is deleted: what waits for it goes, what is known of it, and by and by what folders keep
    /// ([`Outbox::forget_files`]).
    pub async fn forget(&self, tx: &Tx, to: &Address) -> Result<()> {
        store::delete_to(tx, to).await?;
        store::clear(tx, to).await?;
        store::forget(tx, to, self.env.now()).await
    }

    /// Removes what a folder of this machine keeps of mail to those that were forgotten; how many messages. To be called now and then by each
    /// process that has one: only it reaches its files.
    pub async fn forget_files(&self, folder: &Folder) -> Result<usize> {
        let forgotten = store::forgotten(&self.db, self.env.now().minus(KEPT)).await?;
        if forgotten.is_empty() { Ok(0) } else { folder.forget(forgotten).await }
    }

    /// The same for the mail of a template and key.
    pub async fn withdraw_keyed(&self, tx: &Tx, template: &str, key: &str) -> Result<u64> {
        store::delete_keyed(tx, template, key).await
    }

    pub async fn standing(&self, id: MailId) -> Result<Standing> {
        if !store::is_there(&self.db, id).await? {
            return Ok(Standing::Over);
        }
        let job = self.jobs.find_by_key(&SendMail { id }).await?;
        // It may have come to its end between the two looks.
        match job {
            Some(job) => Ok(Standing::Kept(Box::new(job))),
            None if store::is_there(&self.db, id).await? => Ok(Standing::Dropped),
            None => Ok(Standing::Over),
        }
    }

    /// Deletes mail whose job was dropped; how many.
    pub(crate) async fn sweep(&self) -> Result<u64> {
        // By then no folder keeps anything that old.
        let tx = self.db.write().await?;
        store::drop_forgotten(&tx, self.env.now().minus(2 * KEPT)).await?;
        tx.commit().await?;
        let (mut after, mut swept) = (MailId::new(0), 0);
        loop {
            let ids = store::ids(&self.db, after, PART).await?;
            let Some(&last) = ids.last() else { return Ok(swept) };
            after = last;
            let mut orphans = Vec::new();
            for &id in &ids {
                // Row and job come and go together, so a row that is there and has no job had it dropped, or ended since it was read.
                if self.jobs.find_by_key(&SendMail { id }).await?.is_none() {
                    orphans.push(id);
                }
            }
            if !orphans.is_empty() {
                let tx = self.db.write().await?;
                for id in orphans {
                    swept += u64::from(store::delete(&tx, id).await?);
                }
                tx.commit().await?;
            }
            if ids.len() < PART {
                return Ok(swept);
            }
        }
    }
}
