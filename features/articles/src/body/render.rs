//! Where rendering runs: off the threads that answer requests, a few at once, one of each writer, within a time.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use kernel::markup::Own;
use kernel::{AuthorId, Error, Result, UserId};
use media::Picture;
use moka::sync::Cache;
use tokio::sync::{AcquireError, Semaphore};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::{Body, render};
use crate::codes;
use crate::draft::Draft;

/// Bodies rendered at once. Each may need some 50 MB.
const AT_ONCE: usize = 2;
/// How long a body waits for its turn.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long it may take then. The longest that people write take a tenth of a second.
const BUDGET: Duration = Duration::from_secs(10);

/// Writers whose texts take turns, kept this long after their last one.
const WRITERS: u64 = 1_000;
const TURNS: Duration = Duration::from_mins(5);

/// Whose texts take turns: whoever has many rendered waits for themselves, not others for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum By {
    Author(AuthorId),
    User(UserId),
}

#[derive(Clone)]
pub(crate) struct Renderer {
    turns: Cache<By, Arc<Semaphore>>,
    places: Arc<Semaphore>,
    patience: Duration,
    budget: Duration,
}

impl Default for Renderer {
    fn default() -> Self {
        let turns = Cache::builder().max_capacity(WRITERS).time_to_idle(TURNS).build();
        Self { turns, places: Arc::new(Semaphore::new(AT_ONCE)), patience: PATIENCE, budget: BUDGET }
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
    pub async fn render(
        &self,
        by: Option<By>,
        draft: Draft,
        pictures: HashMap<String, Picture>,
        own: Own,
    ) -> Result<Body> {
        self.run(by, move |cancelled| render(&draft, &pictures, &own, cancelled)).await
    }

    /// Runs work in its turn. Whoever drops the future takes the work back: it is not begun, or ends where it next looks.
    /// Errors: [`Error::Unavailable`] where there was no turn, `body-slow` where the time ran out.
    async fn run<T: Send + 'static>(
        &self,
        by: Option<By>,
        work: impl FnOnce(&dyn Fn() -> bool) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let turns = by.map(|by| self.turns.get_with(by, || Arc::new(Semaphore::new(1))));
        let waiting = async {
            let own = match turns {
                Some(turns) => Some(turns.acquire_owned().await?),
                None => None,
            };
            Ok((own, self.places.clone().acquire_owned().await?))
        };
        let turn = timeout(self.patience, waiting)
            .await
            .map_err(|_| Error::Unavailable("too many texts are rendered".into()))?
            .map_err(|closed: AcquireError| Error::internal(closed))?;
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
        done.map_err(|_| Error::invalid("body", codes::BODY_SLOW))?.map_err(Error::internal)?
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
            ..Renderer::default()
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
        let Err(Error::Invalid(errors)) = renderer.run(None, endless).await else { panic!("not refused") };
        assert_eq!((errors.0[0].field, errors.0[0].code), ("body", "body-slow"));
        assert_eq!(renderer.run(None, |_| Ok(1)).await.unwrap(), 1);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn who_finds_no_place_is_told_and_who_leaves_begins_nothing() {
        let renderer = Renderer { budget: Duration::from_mins(1), ..small() };
        let busy = tokio::spawn({
            let renderer = renderer.clone();
            async move { renderer.run(None, endless).await }
        });
        while renderer.places.available_permits() > 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        assert!(matches!(renderer.run(None, |_| Ok(())).await, Err(Error::Unavailable(_))));
        // The reader goes away: the work hears of it and ends.
        busy.abort();
        assert!(busy.await.unwrap_err().is_cancelled());
        let turn = timeout(Duration::from_secs(10), renderer.places.acquire()).await;
        assert!(turn.is_ok(), "work went on for nobody");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn who_has_many_texts_waits_for_themselves() {
        let renderer =
            Renderer { places: Arc::new(Semaphore::new(2)), budget: Duration::from_mins(1), ..small() };
        let (one, other) = (By::Author(AuthorId::new(1)), By::Author(AuthorId::new(2)));
        let busy = tokio::spawn({
            let renderer = renderer.clone();
            async move { renderer.run(Some(one), endless).await }
        });
        while renderer.places.available_permits() > 1 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        assert!(matches!(renderer.run(Some(one), |_| Ok(())).await, Err(Error::Unavailable(_))));
        assert!(renderer.run(Some(other), |_| Ok(())).await.is_ok());
        busy.abort();
        assert!(busy.await.unwrap_err().is_cancelled());
    }
}
