//! For those who run the site: is it up, can it work, what does it do.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::IntoResponse;
use db::Db;
use http::{HeaderValue, StatusCode, header};
use kernel::{Error, Result};
use media::Media;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use metrics_process::Collector;
use search::Search;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};
use web::PageCache;
use web::routing::{Router, get};

#[derive(Clone)]
struct Ops {
    ready: Arc<Ready>,
    search: Search,
    pages: PageCache,
    media: Media,
    metrics: Option<PrometheusHandle>,
    process: Collector,
}

/// `/healthz` (the process answers), `/readyz` (what is written is there, and can be found), `/metrics` (Prometheus text). Anybody may ask: they tell no secrets.
pub fn routes(db: Db, search: Search, pages: PageCache, media: Media) -> Router {
    // Fails only when the process has a recorder already, as in tests.
    let metrics = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)
        .and_then(|builder| {
            builder.set_buckets_for_metric(Matcher::Full("byline_job_seconds".to_owned()), &JOB_SECONDS)
        })
        .and_then(PrometheusBuilder::install_recorder)
        .ok();
    if let Some(metrics) = metrics.clone() {
        tokio::spawn(upkeep(metrics));
    }
    let ready = Arc::new(Ready { db, proof: Mutex::default() });
    Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(ready_or_not))
        .route("/metrics", get(show))
        .with_state(Ops { ready, search, pages, media, metrics, process: Collector::default() })
}

/// Upper bounds of what is timed.
const SECONDS: [f64; 13] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// The same of jobs, which may take an hour.
const JOB_SECONDS: [f64; 12] = [0.005, 0.025, 0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 1_800.0, 3_600.0];

/// A proof is good this long: however many ask, one write a second is made for them.
const KEPT: Duration = Duration::from_secs(1);
/// What takes longer is not ready.
const PATIENCE: Duration = Duration::from_secs(4);

/// What was timed is kept one by one until somebody asks for the metrics, or this is done: without it, memory would grow where nobody asks.
async fn upkeep(metrics: PrometheusHandle) {
    let mut tick = tokio::time::interval(Duration::from_secs(5));
    loop {
        tick.tick().await;
        metrics.run_upkeep();
    }
}

struct Ready {
    db: Db,
    /// When it was last tried, and what is wrong.
    proof: Mutex<Option<(Instant, Option<&'static str>)>>,
}

impl Ready {
    /// What is wrong, if anything is. Who asks while others wait is told what they are told.
    async fn failing(&self) -> Option<&'static str> {
        let mut proof = self.proof.lock().await;
        if let Some((tried, failing)) = *proof
            && tried.elapsed() < KEPT
        {
            return failing;
        }
        let failing = match timeout(PATIENCE, self.db.prove_write()).await {
            Ok(proved) => words(proved),
            Err(_) => Some("the database takes no writes in time\n"),
        };
        *proof = Some((Instant::now(), failing));
        failing
    }
}

fn words(proved: Result<()>) -> Option<&'static str> {
    match proved {
        Ok(()) => None,
        Err(error) if error.is_storage_full() => {
            Some("the database has no room to write: its disk is full\n")
        }
        Err(Error::Unavailable(_)) => Some("the database does not answer\n"),
        Err(error) => {
            tracing::error!(%error, "cannot write to the database");
            Some("the database takes no writes\n")
        }
    }
}

async fn ready_or_not(State(ops): State<Ops>) -> impl IntoResponse {
    let plain = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    let failing = match ops.ready.failing().await {
        None if !ops.search.is_ready() => Some("the search index is being made\n"),
        failing => failing,
    };
    match failing {
        None => (StatusCode::OK, plain, "ready\n"),
        Some(failing) => (StatusCode::SERVICE_UNAVAILABLE, plain, failing),
    }
}

/// What is not counted as it happens but is there to be looked at.
fn look(ops: &Ops) {
    ops.process.collect();
    for pool in ops.ready.db.pools() {
        let gauge = |state: &'static str| metrics::gauge!("byline_database_connections", "pool" => pool.name, "state" => state);
        gauge("idle").set(pool.idle as f64);
        gauge("used").set(pool.used as f64);
        metrics::gauge!("byline_database_connections_max", "pool" => pool.name).set(f64::from(pool.most));
    }
    let (pages, bytes) = ops.pages.size();
    metrics::gauge!("byline_page_cache_pages").set(pages as f64);
    metrics::gauge!("byline_page_cache_bytes").set(bytes as f64);
    metrics::gauge!("byline_index_articles").set(ops.search.len() as f64);
    metrics::gauge!("byline_uploads").set(ops.media.uploads() as f64);
}

async fn show(State(ops): State<Ops>) -> impl IntoResponse {
    look(&ops);
    let text = ops.metrics.map(|metrics| metrics.render()).unwrap_or_default();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use db::{Conn, DatabaseUrl, args};
    use kernel::Time;

    #[tokio::test]
    async fn it_is_ready_when_writes_are_kept_and_says_what_is_wrong() {
        let dir = tempfile::tempdir().unwrap();
        let db = Db::open(&DatabaseUrl::Sqlite(dir.path().join("test.db"))).await.unwrap();
        db.migrate(&services::SCHEMA, Time::from_millis(0)).await.unwrap();
        let ready = Ready { db: db.clone(), proof: Mutex::default() };
        assert_eq!(ready.failing().await, None);
        let written = async || {
            let written = db.scalar::<i64>("SELECT written FROM write_proof", args![]).await;
            written.unwrap().unwrap()
        };
        // A crowd costs one write.
        for _ in 0..50 {
            assert_eq!(ready.failing().await, None);
        }
        assert_eq!(written().await, 1);

        let tx = db.write().await.unwrap();
        tx.exec("DROP TABLE write_proof", args![]).await.unwrap();
        tx.commit().await.unwrap();
        tokio::time::sleep(KEPT).await;
        assert_eq!(ready.failing().await, Some("the database takes no writes\n"));
        db.migrate(&services::SCHEMA, Time::from_millis(0)).await.unwrap();
        tokio::time::sleep(KEPT).await;
        assert_eq!(ready.failing().await, None);

        // Somebody holds the one that writes.
        let tx = db.write().await.unwrap();
        tokio::time::sleep(KEPT).await;
        assert_eq!(ready.failing().await, Some("the database takes no writes in time\n"));
        drop(tx);
        tokio::time::sleep(KEPT).await;
        assert_eq!(ready.failing().await, None);
    }
}
