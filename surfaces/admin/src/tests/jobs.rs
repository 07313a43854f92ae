//! What failed for good, tried again and dropped.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use db::{Db, db_test};
use jiff::tz::TimeZone;
use jobs::{Failure, Job, Running, State, Workers};
use kernel::Error;
use serde::{Deserialize, Serialize};
use testing::{TestSite, until};
use tokio_util::sync::CancellationToken;

use super::open;

/// Cannot be sent while there are no stamps.
#[derive(Serialize, Deserialize)]
struct Letter {
    to: String,
}

impl Job for Letter {
    type With = Arc<AtomicBool>;
    const KIND: &'static str = "letter";
    const TRIES: u32 = 1;

    fn key(&self) -> Option<String> {
        Some(self.to.clone())
    }

    async fn run(self, stamps: Self::With, _: Running) -> Result<(), Failure> {
        if stamps.load(Ordering::Relaxed) { Ok(()) } else { Err(Error::internal("no <stamps>").into()) }
    }
}

async fn until_failed(site: &TestSite, n: i64) {
    until("failed", async || {
        let waits = site.jobs.list(State::Queued, 1).await.unwrap().len();
        let runs = site.jobs.list(State::Running, 1).await.unwrap().len();
        site.jobs.count_failed().await.unwrap() == n && waits + runs == 0
    })
    .await;
}

#[db_test]
async fn what_failed_is_shown_tried_again_and_dropped(db: Db) {
    let site = open(&db).await;
    let page = site.get("operator", "/admin/jobs").await;
    assert!(page.has("No job has failed for good") && page.has("Nothing waits"), "{}", page.text);
    let (stamps, stop) = (Arc::new(AtomicBool::new(false)), CancellationToken::new());
    let workers = Workers::new(site.jobs.clone(), || TimeZone::UTC).on::<Letter>(stamps.clone());
    let running = tokio::spawn(workers.run(stop.clone()));
    for to in ["ann", "ben", "cem"] {
        let tx = db.write().await.unwrap();
        site.jobs.enqueue(&tx, &Letter { to: to.into() }).await.unwrap();
        tx.commit().await.unwrap();
    }
    until_failed(&site, 3).await;

    let page = site.get("operator", "/admin/jobs").await;
    let id = site.jobs.list(State::Failed, 1).await.unwrap()[0].id;
    let (retry, drop) = (format!("/admin/jobs/{id}/retry"), format!("/admin/jobs/{id}/drop"));
    for part in [
        "letter cem</code>",
        "Unknown to this version",
        "no &lt;stamps&gt;",
        &format!("action=\"{retry}\""),
        &format!("action=\"{drop}\""),
        "action=\"/admin/jobs/kinds/letter/retry\"",
    ] {
        assert!(page.has(part), "{part}: {}", page.text);
    }
    assert!(site.get("operator", "/admin").await.has("3 jobs have failed for good"));
    assert!(!site.get("reviewer", "/admin").await.has("/admin/jobs"));

    assert_eq!(site.post("operator", &retry, "").await.location(), "/admin/jobs?done=job-retry");
    until_failed(&site, 3).await;
    assert_eq!(site.post("operator", &drop, "").await.location(), "/admin/jobs?done=job-dropped");
    for gone in [&retry, &drop] {
        assert_eq!(site.post("operator", gone, "").await.status, 409, "there is no such job any more");
    }
    stamps.store(true, Ordering::Relaxed);
    assert_eq!(site.post("operator", "/admin/jobs/kinds/letter/retry", "").await.status, 303);
    until_failed(&site, 0).await;
    assert_eq!(site.post("operator", "/admin/jobs/kinds/letter/retry", "").await.status, 404);
    stop.cancel();
    running.await.unwrap();
}
