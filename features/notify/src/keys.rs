//! Secrets of the site: the key by which push services know it, and the one that signs links in mail. Made when they are first needed, and kept in
//! the database, as all nodes and every backup must have the same: with another key no browser could be sent anything any more.

use std::sync::Arc;

use kernel::{Error, Result};
use tokio::sync::OnceCell;
use webpush::ServerKey;

use crate::service::Notify;
use crate::store;

/// As they were read; they never change. `Debug` is nowhere asked for, and says nothing.
#[derive(Clone, Default)]
pub struct Keys(Arc<Read>);

#[derive(Default)]
struct Read {
    vapid: OnceCell<ServerKey>,
    links: OnceCell<Vec<u8>>,
}

impl Notify {
    /// Makes the keys where there are none.
    pub async fn ensure_keys(&self) -> Result<()> {
        self.server_key().await?;
        self.link_key().await.map(drop)
    }

    /// What browsers subscribe with.
    pub async fn push_key(&self) -> Result<String> {
        Ok(self.server_key().await?.public())
    }

    pub(crate) async fn server_key(&self) -> Result<&ServerKey> {
        let read = || async {
            let secret = self.secret("vapid", ServerKey::fresh(&self.env).expose()).await?;
            ServerKey::read(&secret).map_err(Error::internal)
        };
        self.keys.0.vapid.get_or_try_init(read).await
    }

    pub(crate) async fn link_key(&self) -> Result<&[u8]> {
        let read = || async { Ok::<_, Error>(self.secret("links", self.env.token()).await?.into_bytes()) };
        Ok(self.keys.0.links.get_or_try_init(read).await?)
    }

    async fn secret(&self, name: &str, fresh: String) -> Result<String> {
        if let Some(secret) = store::keys::find(&self.db, name).await? {
            return Ok(secret);
        }
        let tx = self.db.write().await?;
        store::keys::add(&tx, name, fresh, self.env.now()).await?;
        tx.commit().await?;
        // Another process may have been faster.
        let secret = store::keys::find(&self.db, name).await?;
        secret.ok_or_else(|| Error::internal("a key that was made is not there"))
    }
}
