//! What waits for those who look after the site: one row for each queue and each of them.

use std::collections::BTreeSet;

use db::Tx;
use kernel::{Result, UserId};

use crate::kind::Kind;
use crate::model::{New, Queue};
use crate::service::Notify;
use crate::store;
use crate::ways::Ways;

impl Notify {
    /// How many things wait in a queue.
    pub(crate) async fn waiting(&self, queue: Queue) -> Result<i64> {
        match queue {
            Queue::Articles => self.of.articles.count_waiting().await,
            Queue::Comments => self.of.comments.count_held().await,
            Queue::Reports => self.of.moderation.open_reports().await,
            Queue::Profiles => self.of.moderation.count_profiles().await,
            Queue::Applications => {
                Ok(self.of.authors.open_applications().await? + self.of.authors.count_changes().await?)
            }
        }
    }

    /// Says how much waits now; where something came (`grew`), to all who may work it, as something new. Whose rows changed.
    pub(crate) async fn tell_queue(&self, tx: &Tx, queue: Queue, grew: bool) -> Result<Vec<UserId>> {
        let waiting = self.waiting(queue).await?;
        if !grew || waiting == 0 {
            return store::set_waiting(tx, queue, waiting).await;
        }
        let staff = self.of.accounts.who_may(queue.action()).await?;
        let staff = store::wanting(tx, Kind::Waiting, &staff).await?;
        for &to in &staff {
            self.tell_waiting(tx, to, queue, waiting).await?;
        }
        Ok(staff.into_iter().map(|(user, _)| user).collect())
    }

    async fn tell_waiting(&self, tx: &Tx, to: (UserId, Ways), queue: Queue, waiting: i64) -> Result<()> {
        let new = New { actors: waiting, ..New::of(to, Kind::Waiting, queue.name()) };
        self.tell(tx, new).await
    }

    /// The same for all queues, whatever events there were: whoever may work one now is told of it, whoever may no longer is not. Whose rows changed.
    pub(crate) async fn recount(&self, tx: &Tx) -> Result<BTreeSet<UserId>> {
        let mut touched = BTreeSet::new();
        for queue in Queue::ALL {
            let waiting = self.waiting(queue).await?;
            let staff = self.of.accounts.who_may(queue.action()).await?;
            let staff = store::wanting(tx, Kind::Waiting, &staff).await?;
            let told = store::told_of(tx, queue).await?;
            let stays = |user: &&UserId| staff.iter().any(|(one, _)| one == *user);
            for &user in told.iter().filter(|user| !stays(user)) {
                store::forget(tx, user, Kind::Waiting, queue.name()).await?;
                touched.insert(user);
            }
            touched.extend(store::set_waiting(tx, queue, waiting).await?);
            for &to in staff.iter().filter(|(user, _)| waiting > 0 && !told.contains(user)) {
                self.tell_waiting(tx, to, queue, waiting).await?;
                touched.insert(to.0);
            }
        }
        Ok(touched)
    }
}
