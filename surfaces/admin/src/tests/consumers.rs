//! Consumers, and what they could not apply.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use articles::State;
use articles::events::Submitted;
use async_trait::async_trait;
use db::{Db, Tx, db_test};
use events::{Consumer, ConsumerState, Entry, consume};
use kernel::{Error, Result};
use testing::{TestSite, until};
use tokio_util::sync::CancellationToken;

use super::open;

/// Cannot apply that something was sent in, while it is broken.
struct Letters(Arc<AtomicBool>);

#[async_trait]
impl Consumer for Letters {
    fn name(&self) -> &'static str {
        "letters"
    }

    async fn consume(&self, _: &Tx, batch: &[Entry]) -> Result<()> {
        let hit = batch.iter().any(|entry| entry.read::<Submitted>().is_some());
        if hit && self.0.load(Ordering::Relaxed) { Err(Error::internal("no <stamps>")) } else { Ok(()) }
    }

    async fn rebuild(&self, _: &Tx) -> Result<()> {
        Ok(())
    }
}

async fn until_parked(site: &TestSite, n: i64) {
    until("parked", async || site.journal.count_parked().await.unwrap() == n).await;
}

#[db_test]
async fn where_nothing_follows_the_page_says_what_will_be_there(db: Db) {
    let site = open(&db).await;
    let page = site.get("operator", "/admin/events").await;
    assert!(page.has("No consumer has run on this site yet"), "{}", page.text);
    assert!(page.has("No event is parked") && !page.has("<table"), "{}", page.text);
    assert!(!site.get("operator", "/admin").await.has("parked"));
}

#[db_test]
async fn what_is_parked_is_shown_tried_again_and_dropped(db: Db) {
    let site = open(&db).await;
    let (broken, stop) = (Arc::new(AtomicBool::new(true)), CancellationToken::new());
    let running = tokio::spawn(consume(site.journal.clone(), Letters(broken.clone()), stop.clone()));
    let status = async || site.journal.consumers().await.unwrap().pop();
    until("begins", async || status().await.is_some_and(|one| one.tx >= -1)).await;
    site.article("Tides", State::Submitted).await;
    until_parked(&site, 1).await;

    let page = site.get("operator", "/admin/events").await;
    let seq = site.journal.parked(None, 1).await.unwrap()[0].seq;
    let (retry, drop) =
        (format!("/admin/events/letters/{seq}/retry"), format!("/admin/events/letters/{seq}/drop"));
    for part in [
        "<code>letters</code>",
        ">Running<",
        "article.submitted",
        "no &lt;stamps&gt;",
        "<td class=\"num\">8</td>",
        &format!("action=\"{retry}\""),
        &format!("action=\"{drop}\""),
        "href=\"/admin/events/letters/rebuild\"",
    ] {
        assert!(page.has(part), "{part}: {}", page.text);
    }
    let front = site.get("operator", "/admin").await;
    assert!(front.has("One event could not be applied and is parked"), "{}", front.text);
    assert!(!site.get("reviewer", "/admin").await.has("/admin/events"));

    let answer = site.post("operator", &retry, "").await;
    assert_eq!((answer.status, answer.location()), (303, "/admin/events?done=event-retry"));
    let tries = async || site.journal.parked(None, 1).await.unwrap()[0].tries;
    until("tried in vain", async || tries().await == 9).await;
    broken.store(false, Ordering::Relaxed);
    assert_eq!(site.post("operator", "/admin/events/letters/retry", "").await.status, 303);
    until_parked(&site, 0).await;
    assert_eq!(site.post("operator", &retry, "").await.status, 404, "it is not parked any more");

    broken.store(true, Ordering::Relaxed);
    site.article("Ferries", State::Submitted).await;
    until_parked(&site, 1).await;
    let seq = site.journal.parked(None, 1).await.unwrap()[0].seq;
    let drop = format!("/admin/events/letters/{seq}/drop");
    assert_eq!(site.post("operator", &drop, "").await.location(), "/admin/events?done=event-dropped");
    assert_eq!(site.journal.count_parked().await.unwrap(), 0);
    assert_eq!(site.post("operator", &drop, "").await.status, 404);

    let rebuild = "/admin/events/letters/rebuild";
    assert!(site.get("operator", rebuild).await.has("are made anew from the tables"));
    let answer = site.post("operator", rebuild, "").await;
    assert_eq!((answer.status, answer.location()), (303, "/admin/events?done=consumer-rebuild"));
    let state = status().await.unwrap().state(site.env.now());
    assert_eq!(state, ConsumerState::Rebuilding);
    assert_eq!(site.post("operator", "/admin/events/nobody/rebuild", "").await.status, 404);
    stop.cancel();
    running.await.unwrap();
    assert!(site.get("operator", "/admin/events").await.has(">No process runs it<"));
}
