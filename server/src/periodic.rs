//! What goes on by the clock beside the answers.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use articles::Articles;
use editorial::Editorial;
use events::Journal;
use kernel::{Env, Time};
use media::Media;
use recommend::Hot;
use tokio_util::sync::CancellationToken;
use web::{CacheTag, PageCache};

use crate::follow::shown_in;

/// Does `work` at once and then after every `pause`, until `stop`. What fails is tried again at the next turn.
async fn run_periodically<T, F: Future<Output = kernel::Result<T>>>(
    pause: Duration,
    what: &'static str,
    stop: CancellationToken,
    work: impl Fn() -> F,
) {
    let mut tick = tokio::time::interval(pause);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! { _ = tick.tick() => {}, () = stop.cancelled() => return }
        if let Err(error) = work().await {
            tracing::error!(%error, "cannot {what}; trying again");
        }
    }
}

/// Gives back to the system what the allocator keeps for later. It looks what that is only when a large piece is freed, which after the start
/// (dictionaries are built in tables that grow) may be never again: thirty or sixty megabytes would stay.
pub async fn trim(stop: CancellationToken) {
    /// Larger than what is kept in pieces. It is not touched, so it takes no memory itself.
    const PIECE: usize = 64 << 20;
    run_periodically(Duration::from_secs(1), "give memory back", stop, || async {
        drop(std::hint::black_box(Vec::<u8>::with_capacity(PIECE)));
        Ok(())
    })
    .await;
}

pub async fn publish_due(articles: Articles, stop: CancellationToken) {
    run_periodically(Duration::from_secs(1), "publish what is due", stop, || articles.publish_due()).await;
}

/// Uploads that were broken off leave files; they go within the hour after next.
pub async fn sweep(media: Media, stop: CancellationToken) {
    run_periodically(Duration::from_hours(1), "sweep the pictures", stop, || media.sweep()).await;
}

/// Old events go that nobody needs any more.
pub async fn prune(journal: Journal, keep: Duration, stop: CancellationToken) {
    run_periodically(Duration::from_hours(1), "prune the journal", stop, || journal.prune(keep)).await;
}

/// How far behind consumers are, and what they could not apply, for those who watch the metrics.
pub async fn gauge_consumers(journal: Journal, env: Env, stop: CancellationToken) {
    run_periodically(Duration::from_secs(15), "look at the consumers", stop, || async {
        let now = env.now();
        for one in journal.consumers().await? {
            let consumer = one.name.clone();
            metrics::gauge!("byline_consumer_behind_events", "consumer" => consumer.clone())
                .set(one.behind as f64);
            metrics::gauge!("byline_consumer_lag_seconds", "consumer" => consumer.clone())
                .set(one.lag_seconds(now) as f64);
            metrics::gauge!("byline_consumer_failures", "consumer" => consumer.clone())
                .set(one.failures as f64);
            metrics::gauge!("byline_parked_events", "consumer" => consumer.clone()).set(one.parked as f64);
        }
        Ok(())
    })
    .await;
}

/// Pages with the hot list are drawn anew when its order changes.
pub async fn drop_hot(hot: Hot, pages: PageCache, stop: CancellationToken) {
    let mut changed = hot.changed();
    loop {
        tokio::select! {
            alive = changed.changed() => if alive.is_err() { return },
            () = stop.cancelled() => return,
        }
        pages.invalidate([CacheTag::Hot]);
    }
}

/// What editors placed begins and ends by the clock: the pages that show it are drawn anew then.
pub async fn drop_turned(editorial: Editorial, pages: PageCache, env: Env, stop: CancellationToken) {
    let seen = AtomicI64::new(env.now().millis());
    run_periodically(Duration::from_secs(1), "look at what editors placed", stop, || async {
        let (before, now) = (Time::from_millis(seen.load(Ordering::Relaxed)), env.now());
        let turned = editorial.turned(before, now).await?;
        if !turned.is_empty() {
            pages.invalidate(turned.iter().flat_map(shown_in));
        }
        seen.store(now.millis(), Ordering::Relaxed);
        Ok(())
    })
    .await;
}
