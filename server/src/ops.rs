//! For those who run the site: is it up, can it work, what does it do.

use axum::extract::State;
use axum::response::IntoResponse;
use db::{Conn, Db};
use http::{StatusCode, header};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use web::routing::{Router, get};

#[derive(Clone)]
struct Ops {
    db: Db,
    metrics: Option<PrometheusHandle>,
}

/// `/healthz` (the process answers), `/readyz` (the database does), `/metrics` (Prometheus text). Anybody may ask: they tell no secrets.
pub fn routes(db: Db) -> Router {
    // Fails only when the process has a recorder already, as in tests.
    let metrics = PrometheusBuilder::new().install_recorder().ok();
    Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(ready))
        .route("/metrics", get(show))
        .with_state(Ops { db, metrics })
}

async fn ready(State(ops): State<Ops>) -> (StatusCode, &'static str) {
    match ops.db.scalar::<i64>("SELECT CAST(1 AS BIGINT)", vec![]).await {
        Ok(_) => (StatusCode::OK, "ready\n"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n"),
    }
}

async fn show(State(ops): State<Ops>) -> impl IntoResponse {
    let text = ops.metrics.map(|metrics| metrics.render()).unwrap_or_default();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text)
}
