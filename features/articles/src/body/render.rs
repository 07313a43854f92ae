//! Where rendering runs: off the threads that answer requests, a few at once, within a time.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use kernel::markup::Own;
use kernel::{Error, Result};
use media::Picture;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::{Body, render};
use crate::model::Draft;

/// Bodies rendered at once. Each may need some 50 MB.
const AT_ONCE: usize = 2;
/// How long a body waits for its turn.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long it may take then. The longest that people write take a tenth of a second.
const BUDGET: Duration = Duration::from_secs(10);

#[derive(Clone)]
pub(crate) struct Renderer {
    places: Arc<Semaphore>,
    patience: Duration,
    budget: Duration,
}

impl Default for Renderer {
    fn default() -> Self {
        Self { places: Arc::new(Semaphore::new(AT_ONCE)), patience: PATIENCE, budget: BUDGET }
    }
}

/// Says to the work that nobody waits for it any more.
struct WhileWanted(Arc<AtomicBool>);

impl Drop for WhileWanted {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Renderer {
    pub async fn render(&self, draft: Draft, pictures: HashMap<String, Picture>, own: Own) -> Result<Body> {
        self.run(move |cancelled| render(&draft, &pictures, &own, cancelled)).await
    }

    /// Runs work in its turn. Whoever drops the future takes the work back: it is not begun, or ends where it next looks.
    /// Errors: [`Error::Unavailable`] where there was no turn, `body-slow` where the time ran out.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Fn() -> bool) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let turn = timeout(self.patience, self.places.clone().acquire_owned())
            .await
            .map_err(|_| Error::Unavailable("too many texts are rendered".into()))?
            .map_err(Error::internal)?;
        let flag = Arc::new(AtomicBool::new(false));
        let wanted = WhileWanted(flag.clone());
        let job = spawn_blocking(move || {
            // The place is free when the work ends, not when nobody waits for it.
            let _turn = turn;
            if flag.load(Ordering::Relaxed) {
                return Err(Error::Unavailable("whoever asked has gone".into()));
            }
            work(&|| flag.load(Ordering::Relaxed))
        });
        let done = timeout(self.budget, job).await;
        drop(wanted);
        done.map_err(|_| Error::invalid("body", "body-slow"))?.map_err(Error::internal)?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small() -> Renderer {
        Renderer {
            places: Arc::new(Semaphore::new(1)),
            patience: Duration::from_millis(50),
            budget: Duration::from_millis(50),
        }
    }

    /// Work that ends only when it is taken back.
    fn endless(cancelled: &dyn Fn() -> bool) -> Result<()> {
        while !cancelled() {
            std::thread::sleep(Duration::from_millis(1));
        }
        Err(Error::NotFound)
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_takes_too_long_is_refused_and_leaves_its_place() {
        let renderer = small();
        let Err(Error::Invalid(wrong)) = renderer.run(endless).await else { panic!("not refused") };
        assert_eq!((wrong.0[0].field, wrong.0[0].code), ("body", "body-slow"));
        assert_eq!(renderer.run(|_| Ok(1)).await.unwrap(), 1);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn who_finds_no_place_is_told_and_who_leaves_begins_nothing() {
        let renderer = Renderer { budget: Duration::from_mins(1), ..small() };
        let busy = tokio::spawn({
            let renderer = renderer.clone();
            async move { renderer.run(endless).await }
        });
        while renderer.places.available_permits() > 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        assert!(matches!(renderer.run(|_| Ok(())).await, Err(Error::Unavailable(_))));
        // The reader goes away: the work hears of it and ends.
        busy.abort();
        assert!(busy.await.unwrap_err().is_cancelled());
        let turn = timeout(Duration::from_secs(10), renderer.places.acquire()).await;
        assert!(turn.is_ok(), "work went on for nobody");
    }
}
