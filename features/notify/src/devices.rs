//! Browsers that are told something while nobody looks (Web Push): chosen by hand, gone with the session in which they were chosen.

use db::Tx;
use kernel::{Error, Result, UserId};
use webpush::Subscription;

use crate::codes;
use crate::model::{Device, DeviceId, NewDevice};
use crate::service::Notify;
use crate::store;

/// One has so many; the oldest goes.
const MOST: usize = 10;

impl Notify {
    /// Newest first.
    pub async fn devices(&self, user: UserId) -> Result<Vec<Device>> {
        store::devices::list(&self.db, user).await
    }

    /// Adds a browser, or takes it over from whoever was signed in there before. Code `device-form` (field `endpoint`).
    pub async fn add_device(&self, user: UserId, new: NewDevice) -> Result<()> {
        let wrong = |_| Error::invalid("endpoint", codes::DEVICE_FORM);
        let read = Subscription::read(&new.endpoint, &new.p256dh, &new.auth).map_err(wrong)?;
        let new = NewDevice { endpoint: read.endpoint().to_owned(), ..new };
        let tx = self.db.write().await?;
        store::devices::put(&tx, self.env.id(), user, &new, self.env.now()).await?;
        for old in store::devices::list(&tx, user).await?.into_iter().skip(MOST) {
            store::devices::remove(&tx, user, old.id).await?;
        }
        tx.commit().await
    }

    /// One of one's own; one that is not there stays away.
    pub async fn remove_device(&self, user: UserId, id: DeviceId) -> Result<()> {
        let tx = self.db.write().await?;
        store::devices::remove(&tx, user, id).await?;
        tx.commit().await
    }

    /// Sessions of a user ended: the browsers that were chosen in them are told nothing any more.
    pub(crate) async fn forget_signed_out(&self, tx: &Tx, user: UserId) -> Result<()> {
        let devices = store::devices::list(tx, user).await?;
        if devices.is_empty() {
            return Ok(());
        }
        let sessions = self.of.accounts.sessions(user).await?;
        for device in devices.iter().filter(|device| sessions.iter().all(|one| one.id != device.session)) {
            store::devices::remove(tx, user, device.id).await?;
        }
        Ok(())
    }
}
