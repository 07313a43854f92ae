//! What goes on by the clock beside the answers.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use editorial::Editorial;
use events::{Journal, Node};
use jobs::{Jobs, State as JobState};
use kernel::{Env, Time};
use mail::{Folder, Outbox};
use notify::Live;
use recommend::Hot;
use services::Services;
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

/// Gives back to the system what the allocator keeps for later. It looks what that is when a large piece is freed and, for what was left by
/// threads that are gone, when a thread ends. After the start, in which dictionaries are built in tables that grow, either may never be again:
/// sixteen or thirty megabytes would stay.
pub async fn trim(stop: CancellationToken) {
    /// Larger than what is kept in pieces. It is not touched, so it takes no memory itself.
    const PIECE: usize = 64 << 20;
    run_periodically(Duration::from_secs(1), "give memory back", stop, || async {
        let piece = || drop(std::hint::black_box(Vec::<u8>::with_capacity(PIECE)));
        std::thread::Builder::new().name("trim".to_owned()).spawn(piece)?;
        Ok(())
    })
    .await;
}

/// What a machine's clock may be wrong by before it is said (milliseconds).
const CLOCK_WRONG: u64 = 2_000;

/// Keeps this node's time that of the database, so that nodes agree on what is due.
pub async fn adjust_clock(services: Services, stop: CancellationToken) {
    let said = AtomicBool::new(false);
    run_periodically(Duration::from_secs(30), "ask the database for the time", stop, || async {
        let behind = services.adjust_clock().await?;
        metrics::gauge!("byline_clock_offset_seconds").set(behind as f64 / 1_000.0);
        let wrong = behind.unsigned_abs() > CLOCK_WRONG;
        if wrong && !said.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                milliseconds_behind = behind,
                "this machine's clock differs from the database's, which is gone by; set the machine's"
            );
        } else if !wrong {
            said.store(false, Ordering::Relaxed);
        }
        Ok(())
    })
    .await;
}

/// Removes what this machine's folder keeps of mail to users who were deleted, on whichever node.
pub async fn forget_mail(outbox: Outbox, folder: Folder, stop: CancellationToken) {
    run_periodically(Duration::from_secs(30), "remove mail of deleted users", stop, || async {
        outbox.forget_files(&folder).await.map(drop)
    })
    .await;
}

/// Removes what this machine's folder keeps of mail that is old, also where no more comes.
pub async fn prune_mail(env: Env, folder: Folder, stop: CancellationToken) {
    run_periodically(Duration::from_hours(1), "remove old mail", stop, || folder.prune(env.now())).await;
}

/// Says that this node is there, and how far behind its followers are; that it ends, when it does.
pub async fn beat(journal: Journal, env: Env, stop: CancellationToken) {
    let uname = rustix::system::uname();
    let node = Node {
        id: Env::system().token(),
        name: uname.nodename().to_string_lossy().into_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        started_at: env.now(),
    };
    let known = Mutex::new(HashSet::<String>::new());
    run_periodically(events::BEAT, "say that this node is there", stop, || async {
        let lags = journal.beat(&node).await?;
        let gauge =
            |follower: &String| metrics::gauge!("byline_follower_lag_seconds", "follower" => follower.clone());
        let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
        // One that has ended, as that of a new index does, is behind no more.
        for gone in known.iter().filter(|name| !lags.contains_key(*name)) {
            gauge(gone).set(0.0);
        }
        for (follower, lag) in &lags {
            gauge(follower).set(*lag as f64 / 1_000.0);
        }
        known.extend(lags.into_keys());
        Ok(())
    })
    .await;
    if let Err(error) = journal.leave(&node).await {
        tracing::warn!(%error, "this node is still listed for a while");
    }
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

/// How many jobs of each kind wait, run or failed, and for how long the first has waited that is due or whose process died.
pub async fn gauge_jobs(jobs: Jobs, kinds: Vec<&'static str>, env: Env, stop: CancellationToken) {
    let known = Mutex::new(kinds.into_iter().map(str::to_owned).collect::<HashSet<String>>());
    run_periodically(Duration::from_secs(15), "count the jobs", stop, || async {
        let (counts, now) = (jobs.counts().await?, env.now());
        let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
        // Those of a newer program, too.
        known.extend(counts.iter().map(|one| one.kind.clone()));
        for kind in known.iter() {
            let of =
                |state: JobState| counts.iter().find(|one| one.kind == *kind && one.state == state.name());
            for state in JobState::ALL {
                let number = of(state).map_or(0, |count| count.jobs);
                metrics::gauge!("byline_jobs", "kind" => kind.clone(), "state" => state.name())
                    .set(number as f64);
            }
            let waited = [JobState::Queued, JobState::Running].into_iter().filter_map(of);
            let waited = waited.map(|count| now.since(count.oldest)).max().unwrap_or_default();
            metrics::gauge!("byline_job_oldest_seconds", "kind" => kind.clone()).set(waited.as_secs_f64());
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

/// Open pages are told of notifications at once, as long as the process does not stop: an answer without an end would be waited for. They take three of four
/// connections at most, as nobody who is being answered makes room for others.
pub async fn let_listen(live: Live, connections: usize, stop: CancellationToken) {
    live.allow(connections / 4 * 3);
    stop.cancelled().await;
    live.allow(0);
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
