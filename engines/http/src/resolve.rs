//! Looking names up.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use async_trait::async_trait;
use tokio::net::lookup_host;
use tokio::sync::Semaphore;

/// Addresses of a name.
#[async_trait]
pub(crate) trait Resolve: Send + Sync {
    async fn lookup(&self, name: &str, port: u16) -> io::Result<Vec<SocketAddr>>;
}

/// What the machine's resolver says, which is asked on a thread and cannot be stopped: so many threads it gets.
pub(crate) struct System(Arc<Semaphore>);

impl System {
    pub fn new(at_once: usize) -> Self {
        Self(Arc::new(Semaphore::new(at_once)))
    }
}

#[async_trait]
impl Resolve for System {
    async fn lookup(&self, name: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        let permit = Arc::clone(&self.0).acquire_owned().await.map_err(io::Error::other)?;
        let name = name.to_owned();
        // A task of its own has the permit until the thread is done, also where nobody waits for it any more.
        let looking = tokio::spawn(async move {
            let _permit = permit;
            lookup_host((name, port)).await.map(Iterator::collect)
        });
        looking.await.map_err(io::Error::other)?
    }
}
