//! Secrets of the site: the key by which push services know it, and the one that signs links in mail. Made when they are first needed, and kept in
//! the database, as all nodes and every backup must have the same: with another key no browser could be sent anything any more.

use std::sync::Arc;

use db::Db;
use kernel::{Env, Error, Result};
use tokio::sync::OnceCell;
use webpush::ServerKey;

use crate::store::keys as stored;

/// Cheap to clone. What was read stays in memory: it never changes.
#[derive(Clone)]
pub struct Keys(Arc<Inner>);

struct Inner {
    db: Db,
    env: Env,
    vapid: OnceCell<ServerKey>,
    links: OnceCell<Vec<u8>>,
}

impl Keys {
    pub fn new(db: Db, env: Env) -> Self {
        Self(Arc::new(Inner { db, env, vapid: OnceCell::new(), links: OnceCell::new() }))
    }

    /// By which push services know the site.
    pub async fn server(&self) -> Result<&ServerKey> {
        let read = || async {
            let secret = self.secret("vapid", ServerKey::fresh(&self.0.env).expose()).await?;
            ServerKey::read(&secret).map_err(Error::internal)
        };
        self.0.vapid.get_or_try_init(read).await
    }

    /// What signs links.
    pub async fn links(&self) -> Result<&[u8]> {
        let read = || async { Ok::<_, Error>(self.secret("links", self.0.env.token()).await?.into_bytes()) };
        Ok(self.0.links.get_or_try_init(read).await?)
    }

    async fn secret(&self, name: &str, fresh: String) -> Result<String> {
        let Inner { db, env, .. } = &*self.0;
        if let Some(secret) = stored::find(db, name).await? {
            return Ok(secret);
        }
        let tx = db.write().await?;
        stored::add(&tx, name, fresh, env.now()).await?;
        tx.commit().await?;
        // Another process may have been faster.
        let secret = stored::find(db, name).await?;
        secret.ok_or_else(|| Error::internal("a key that was made is not there"))
    }
}
