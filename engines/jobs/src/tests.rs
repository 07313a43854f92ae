//! On both databases.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use db::{Conn, Db, args, db_test};
use futures::future::BoxFuture;
use jiff::tz::TimeZone;
use kernel::time::ManualClock;
use kernel::{Env, Error, Time};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use crate::{Every, Failure, Job, JobId, Jobs, Priority, Running, State, Workers};

/// What a test does with a job.
type Does<J> = Arc<dyn Fn(J, Running) -> BoxFuture<'static, Result<(), Failure>> + Send + Sync>;

fn does<J, W>(work: impl Fn(J, Running) -> W + Send + Sync + 'static) -> Does<J>
where
    W: Future<Output = Result<(), Failure>> + Send + 'static,
{
    Arc::new(move |job, running| Box::pin(work(job, running)) as BoxFuture<'static, _>)
}

#[derive(Debug, Serialize, Deserialize)]
struct Letter {
    to: String,
}
impl Job for Letter {
    type With = Does<Self>;
    const KIND: &'static str = "letter";
    const TRIES: u32 = 3;
    const AT_ONCE: usize = 4;
    fn key(&self) -> Option<String> {
        (!self.to.is_empty()).then(|| self.to.clone())
    }
    async fn run(self, with: Does<Self>, running: Running) -> Result<(), Failure> {
        with(self, running).await
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct Siren;
impl Job for Siren {
    type With = Does<Self>;
    const KIND: &'static str = "siren";
    const PRIORITY: Priority = Priority::Urgent;
    async fn run(self, with: Does<Self>, running: Running) -> Result<(), Failure> {
        with(self, running).await
    }
}

async fn open(db: &Db) -> (Jobs, Arc<ManualClock>) {
    let (env, clock) = Env::manual(Time::parse("2024-06-05T10:00:00Z").unwrap());
    db.migrate(&crate::SCHEMA, env.now()).await.unwrap();
    (Jobs::new(db.clone(), env), clock)
}

async fn enqueue(jobs: &Jobs, to: &str) -> bool {
    let tx = jobs.db.write().await.unwrap();
    let added = jobs.enqueue(&tx, &Letter { to: to.into() }).await.unwrap();
    tx.commit().await.unwrap();
    added
}

fn workers(jobs: &Jobs) -> Workers {
    Workers::new(jobs.clone(), || TimeZone::UTC)
}

async fn until(what: &str, mut there: impl AsyncFnMut() -> bool) {
    for _ in 0..400 {
        if there().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{what}");
}

async fn number(jobs: &Jobs, state: State) -> usize {
    jobs.list(state, 1_000).await.unwrap().len()
}

/// Runs workers until `check` is done.
async fn during(workers: Vec<Workers>, check: impl Future<Output = ()>) {
    let stop = CancellationToken::new();
    let running: Vec<_> = workers.into_iter().map(|one| tokio::spawn(one.run(stop.clone()))).collect();
    check.await;
    stop.cancel();
    for one in running {
        one.await.unwrap();
    }
}

#[db_test]
async fn what_is_enqueued_is_done_once_and_what_is_rolled_back_never(db: Db) {
    let (jobs, _) = open(&db).await;
    let tx = db.write().await.unwrap();
    jobs.enqueue(&tx, &Letter { to: "nobody".into() }).await.unwrap();
    tx.rollback().await.unwrap();
    let done = Arc::new(Mutex::new(Vec::new()));
    let both = [0, 1].map(|_| {
        let done = done.clone();
        workers(&jobs).on::<Letter>(does(move |letter: Letter, _| {
            let done = done.clone();
            async move {
                done.lock().unwrap().push(letter.to);
                Ok(())
            }
        }))
    });
    during(both.into(), async {
        for n in 0..50 {
            assert!(enqueue(&jobs, &n.to_string()).await);
        }
        until("all is done", async || {
            number(&jobs, State::Queued).await + number(&jobs, State::Running).await == 0
        })
        .await;
    })
    .await;
    let mut done = done.lock().unwrap().clone();
    done.sort_by_key(|to| to.parse::<u32>().unwrap());
    assert_eq!(done, (0..50).map(|n| n.to_string()).collect::<Vec<_>>());
}

#[db_test]
async fn of_a_key_one_waits(db: Db) {
    let (jobs, _) = open(&db).await;
    assert!(enqueue(&jobs, "ann").await && !enqueue(&jobs, "ann").await && enqueue(&jobs, "ben").await);
    assert!(enqueue(&jobs, "").await && enqueue(&jobs, "").await, "without a key each is one");
    let (at_once, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (now, peak) = (at_once.clone(), most.clone());
    let one = workers(&jobs).on::<Letter>(does(move |letter: Letter, _| {
        let (now, peak) = (now.clone(), peak.clone());
        async move {
            if letter.to == "ann" {
                peak.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis(80)).await;
                now.fetch_sub(1, Ordering::SeqCst);
            }
            Ok(())
        }
    }));
    during(vec![one], async {
        until("ann's is being done", async || at_once.load(Ordering::SeqCst) == 1).await;
        assert!(enqueue(&jobs, "ann").await, "what changed since it began needs another");
        until("all is done", async || {
            number(&jobs, State::Queued).await + number(&jobs, State::Running).await == 0
        })
        .await;
    })
    .await;
    assert_eq!(most.load(Ordering::SeqCst), 1, "one at a time");
}

#[db_test]
async fn what_fails_is_tried_again_later_and_kept_in_the_end(db: Db) {
    let (jobs, clock) = open(&db).await;
    enqueue(&jobs, "ann").await;
    let tries = Arc::new(AtomicUsize::new(0));
    let count = tries.clone();
    let one = workers(&jobs).on::<Letter>(does(move |_: Letter, running: Running| {
        assert_eq!(running.tries(), count.fetch_add(1, Ordering::SeqCst) as i64 + 1);
        async { Err(Failure::Again(Error::internal("no paper"))) }
    }));
    during(vec![one], async {
        for wait in [5, 10] {
            until("it waits", async || {
                let queued = jobs.list(State::Queued, 10).await.unwrap();
                queued.first().is_some_and(|job| job.error.is_some() && job.run_at > jobs.env.now())
            })
            .await;
            let before = tries.load(Ordering::SeqCst);
            let job = jobs.list(State::Queued, 10).await.unwrap().remove(0);
            let after = job.run_at.since(jobs.env.now()).as_millis() as u64;
            assert!((wait * 800..=wait * 1_200).contains(&after), "{wait} s: {after} ms");
            tokio::time::sleep(Duration::from_millis(60)).await;
            assert_eq!(tries.load(Ordering::SeqCst), before, "not before its time");
            clock.advance(Duration::from_secs(wait * 2));
        }
        until("it failed", async || number(&jobs, State::Failed).await == 1).await;
    })
    .await;
    let job = jobs.list(State::Failed, 10).await.unwrap().remove(0);
    assert_eq!((job.tries, job.error.as_deref()), (3, Some("internal error: no paper")));
    jobs.retry(job.id).await.unwrap();
    assert!(matches!(jobs.retry(job.id).await, Err(Error::Conflict(_))));
    during(vec![workers(&jobs).on::<Letter>(does(|_, _| async { Ok(()) }))], async {
        until("it is done", async || {
            number(&jobs, State::Queued).await + number(&jobs, State::Running).await == 0
        })
        .await;
    })
    .await;
    assert_eq!(number(&jobs, State::Failed).await, 0);
}

#[db_test]
async fn a_job_is_found_by_its_key_until_it_is_done(db: Db) {
    let (jobs, _) = open(&db).await;
    let state = async |to: &str| {
        let found = jobs.find_by_key(&Letter { to: to.into() }).await.unwrap();
        found.map(|job| job.state)
    };
    enqueue(&jobs, "ann").await;
    enqueue(&jobs, "ben").await;
    enqueue(&jobs, "").await;
    assert_eq!(
        (state("ann").await.as_deref(), state("cem").await, state("").await),
        (Some("queued"), None, None)
    );
    let one = workers(&jobs).on::<Letter>(does(|letter: Letter, _| async move {
        if letter.to == "ben" { Err(Failure::ForGood(Error::internal("torn"))) } else { Ok(()) }
    }));
    during(vec![one], until("one is done", async || state("ann").await.is_none())).await;
    until("the other failed", async || state("ben").await.as_deref() == Some("failed")).await;
}

#[db_test]
async fn a_key_is_looked_up_in_whatever_state(db: Db) {
    #[derive(db::FromQueryResult)]
    struct Step {
        detail: String,
    }
    if db.is_postgres() {
        return; // it chooses by what is in the table
    }
    let sql = format!("EXPLAIN QUERY PLAN {}", crate::store::by_key());
    let plan: Vec<Step> = db.all(&sql, args!["letter", "ann"]).await.unwrap();
    for index in ["jobs_waiting", "jobs_running", "jobs_failed"] {
        assert!(plan.iter().any(|step| step.detail.contains(index)), "{index}");
    }
}

#[db_test]
async fn what_an_operator_wants_of_a_job_is_there_exactly_when_its_record_is(db: Db) {
    let (jobs, _) = open(&db).await;
    let tx = db.write().await.unwrap();
    for id in 1..=3_i64 {
        let sql = "INSERT INTO jobs (id, kind, payload, state, run_at, created_at, changed_at) VALUES ($1, 'letter', '{}', 'failed', 0, 0, 0)";
        tx.exec(sql, args![id]).await.unwrap();
    }
    tx.commit().await.unwrap();
    let tx = db.write().await.unwrap();
    jobs.retry_in(&tx, JobId::new(1)).await.unwrap();
    jobs.discard_in(&tx, JobId::new(2)).await.unwrap();
    assert_eq!(jobs.retry_kind_in(&tx, "letter").await.unwrap(), 1);
    drop(tx);
    assert_eq!(number(&jobs, State::Failed).await, 3, "what is rolled back never happened");
    let tx = db.write().await.unwrap();
    jobs.discard_in(&tx, JobId::new(2)).await.unwrap();
    assert!(matches!(jobs.discard_in(&tx, JobId::new(2)).await, Err(Error::Conflict("job-not-failed"))));
    assert_eq!(jobs.retry_kind_in(&tx, "letter").await.unwrap(), 2);
    tx.commit().await.unwrap();
    assert_eq!((number(&jobs, State::Failed).await, number(&jobs, State::Queued).await), (0, 2));
}

#[db_test]
async fn a_panic_and_what_cannot_be_read_fail_like_others(db: Db) {
    let (jobs, _) = open(&db).await;
    enqueue(&jobs, "ann").await;
    let tx = db.write().await.unwrap();
    let sql = "INSERT INTO jobs (id, kind, payload, state, run_at, created_at, changed_at) VALUES (1, 'letter', 'no JSON', 'queued', 0, 0, 0)";
    tx.exec(sql, args![]).await.unwrap();
    tx.commit().await.unwrap();
    let one = workers(&jobs).on::<Letter>(does(|_, _| async { panic!("torn") }));
    during(vec![one], async {
        until("the unreadable one failed", async || number(&jobs, State::Failed).await == 1).await;
        until("the other waits", async || {
            jobs.list(State::Queued, 10).await.unwrap().first().is_some_and(|job| job.tries == 1)
        })
        .await;
    })
    .await;
    jobs.discard(JobId::new(1)).await.unwrap();
    assert_eq!(number(&jobs, State::Failed).await, 0);
}

#[db_test]
async fn who_dies_loses_the_job_and_who_comes_late_changes_nothing(db: Db) {
    let (jobs, clock) = open(&db).await;
    enqueue(&jobs, "ann").await;
    let now = jobs.env.now();
    let take = async |holder: &str, now: Time| {
        let tx = jobs.db.write().await.unwrap();
        let row = crate::store::claim(&tx, &["letter"], holder, now, now.plus(Duration::from_mins(1)))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        row
    };
    let first = take("one", now).await.unwrap();
    assert!(take("two", now).await.is_none(), "it is leased");
    clock.advance(Duration::from_secs(61));
    let second = take("two", jobs.env.now()).await.unwrap();
    assert_eq!((first.id, first.tries, second.id, second.tries), (second.id, 1, first.id, 2));
    let late = crate::store::Claim {
        id: first.id,
        holder: "one".into(),
        kind: "letter".into(),
        key: None,
        tries: 1,
    };
    let tx = jobs.db.write().await.unwrap();
    assert!(
        !crate::store::delete(&tx, &late).await.unwrap()
            && !crate::store::renew(&tx, &late, now).await.unwrap()
    );
    assert!(!crate::store::fail(&tx, &late, now, "late").await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(jobs.find(first.id).await.unwrap().unwrap().state, "running");
}

#[db_test]
async fn of_two_times_the_sooner_counts(db: Db) {
    let (jobs, _) = open(&db).await;
    let (now, letter) = (jobs.env.now(), Letter { to: "ann".into() });
    for (hours, due) in [(2, 2), (3, 2), (1, 1)] {
        let tx = db.write().await.unwrap();
        jobs.enqueue_at(&tx, &letter, now.plus(Duration::from_hours(hours))).await.unwrap();
        tx.commit().await.unwrap();
        let queued = jobs.list(State::Queued, 10).await.unwrap();
        assert_eq!((queued.len(), queued[0].run_at), (1, now.plus(Duration::from_hours(due))));
    }
}

#[db_test]
async fn what_nobody_comes_back_from_is_given_up(db: Db) {
    let (jobs, clock) = open(&db).await;
    enqueue(&jobs, "ann").await;
    for n in 1..=3 {
        let (now, tx) = (jobs.env.now(), jobs.db.write().await.unwrap());
        let until = now.plus(Duration::from_mins(1));
        let claimed = crate::store::claim(&tx, &["letter"], "dead", now, until).await.unwrap().unwrap();
        tx.commit().await.unwrap();
        assert_eq!(claimed.tries, n);
        clock.advance(Duration::from_secs(61));
    }
    let one = workers(&jobs).on::<Letter>(does(|_, _| async { panic!("it is not tried a fourth time") }));
    during(vec![one], until("it is given up", async || number(&jobs, State::Failed).await == 1)).await;
    let job = jobs.list(State::Failed, 1).await.unwrap().remove(0);
    assert!(job.error.unwrap().contains("at each try"));
}

#[db_test]
async fn a_wait_holds_though_another_is_enqueued(db: Db) {
    let (jobs, _) = open(&db).await;
    enqueue(&jobs, "ann").await;
    let one =
        workers(&jobs).on::<Letter>(does(|_, _| async { Err(Failure::Again(Error::internal("no\0 ink"))) }));
    during(vec![one], async {
        until("it waits", async || {
            jobs.list(State::Queued, 10).await.unwrap().first().is_some_and(|job| job.error.is_some())
        })
        .await;
        assert!(!enqueue(&jobs, "ann").await, "that one does for both");
    })
    .await;
    let job = jobs.list(State::Queued, 10).await.unwrap().remove(0);
    assert!(job.run_at > jobs.env.now() && job.tries == 1 && job.error.unwrap().contains("no ink"));
}

#[db_test]
async fn what_failed_goes_with_the_one_that_waits(db: Db) {
    let (jobs, _) = open(&db).await;
    let (now, letter) = (jobs.env.now(), Letter { to: "ann".into() });
    enqueue(&jobs, "ann").await;
    let one =
        workers(&jobs).on::<Letter>(does(|_, _| async { Err(Failure::ForGood(Error::internal("torn"))) }));
    during(vec![one], until("it failed", async || number(&jobs, State::Failed).await == 1)).await;
    let tomorrow = async || {
        let tx = db.write().await.unwrap();
        jobs.enqueue_at(&tx, &letter, now.plus(Duration::from_hours(24))).await.unwrap();
        tx.commit().await.unwrap();
    };
    tomorrow().await;
    assert_eq!(jobs.retry_kind("letter").await.unwrap(), 1);
    let queued = jobs.list(State::Queued, 10).await.unwrap();
    assert_eq!((queued.len(), queued[0].run_at, number(&jobs, State::Failed).await), (1, now, 0));
}

#[db_test]
async fn what_is_urgent_goes_first(db: Db) {
    let (jobs, _) = open(&db).await;
    let tx = db.write().await.unwrap();
    for n in 0..3 {
        jobs.enqueue(&tx, &Letter { to: n.to_string() }).await.unwrap();
    }
    jobs.enqueue(&tx, &Siren).await.unwrap();
    tx.commit().await.unwrap();
    let tx = db.write().await.unwrap();
    let now = jobs.env.now();
    let first = crate::store::claim(&tx, &["siren", "letter"], "one", now, now.plus(Duration::from_mins(1)))
        .await
        .unwrap();
    assert_eq!(first.unwrap().kind, "siren");
    tx.commit().await.unwrap();
}

#[db_test]
async fn each_turn_of_a_schedule_is_taken_once_and_missed_ones_by_one(db: Db) {
    let (jobs, clock) = open(&db).await;
    let rings = Arc::new(AtomicUsize::new(0));
    let bells = || {
        let rings = rings.clone();
        let ring = does(move |_: Siren, _| {
            rings.fetch_add(1, Ordering::SeqCst);
            async { Ok(()) }
        });
        workers(&jobs).every(Every::Hour { minute: 0 }, Siren, ring)
    };
    let rung = async |times: usize| {
        until("it rings", async || rings.load(Ordering::SeqCst) >= times).await;
        tokio::time::sleep(Duration::from_millis(1_200)).await;
        assert_eq!(rings.load(Ordering::SeqCst), times);
    };
    during(vec![bells(), bells()], async {
        rung(1).await;
        clock.advance(Duration::from_hours(1));
        rung(2).await;
    })
    .await;
    clock.advance(Duration::from_hours(7));
    during(vec![bells(), bells()], rung(3)).await;
}

#[db_test]
async fn what_is_stopped_is_put_back_and_counts_as_no_try(db: Db) {
    let (jobs, _) = open(&db).await;
    enqueue(&jobs, "ann").await;
    let begun = Arc::new(AtomicUsize::new(0));
    let count = begun.clone();
    let one = workers(&jobs).on::<Letter>(does(move |_: Letter, running: Running| {
        count.fetch_add(1, Ordering::SeqCst);
        async move {
            running.progress(3, 10).await;
            running.stop.cancelled().await;
            Err(Failure::Again(Error::internal("stopped")))
        }
    }));
    during(vec![one], async {
        until("it is being done", async || {
            jobs.list(State::Running, 10)
                .await
                .unwrap()
                .first()
                .is_some_and(|job| (job.done, job.total) == (3, 10))
        })
        .await;
    })
    .await;
    let job = jobs.list(State::Queued, 10).await.unwrap().remove(0);
    assert_eq!((job.tries, begun.load(Ordering::SeqCst)), (0, 1));
}

#[db_test]
async fn what_a_job_writes_and_its_end_are_one(db: Db) {
    let (jobs, _) = open(&db).await;
    let tx = db.write().await.unwrap();
    tx.exec("CREATE TABLE sums (total BIGINT NOT NULL)", args![]).await.unwrap();
    tx.exec("INSERT INTO sums VALUES (0)", args![]).await.unwrap();
    tx.commit().await.unwrap();
    for n in 0..20 {
        enqueue(&jobs, &n.to_string()).await;
    }
    let sums = db.clone();
    let add = does(move |_: Letter, running: Running| {
        let db = sums.clone();
        async move {
            let tx = db.write().await?;
            tx.exec("UPDATE sums SET total = total + 1", args![]).await?;
            running.complete_in(&tx).await?;
            tx.commit().await?;
            // What goes wrong now is too late to do it again.
            Err(Failure::Again(Error::internal("afterwards")))
        }
    });
    during(vec![workers(&jobs).on::<Letter>(add.clone()), workers(&jobs).on::<Letter>(add)], async {
        until("all is done", async || {
            number(&jobs, State::Queued).await + number(&jobs, State::Running).await == 0
        })
        .await;
    })
    .await;
    let total: Option<i64> = db.scalar("SELECT total FROM sums", args![]).await.unwrap();
    assert_eq!(total, Some(20));
}
