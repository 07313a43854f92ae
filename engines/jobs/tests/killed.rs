//! A worker that is killed fifty times in a loop of jobs leaves the effect of each exactly once, and loses none.

use std::process::{Child, Command, ExitCode};
use std::time::Duration;

use db::{Conn, DatabaseUrl, Db, args};
use jiff::tz::TimeZone;
use jobs::{Failure, Job, Jobs, Running, Workers};
use kernel::Env;
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

const KILLS: i64 = 50;
const JOBS: i64 = 2_000;

/// Adds one to a sum in the transaction that ends the job: it would show if that happened twice.
#[derive(Serialize, Deserialize)]
struct Add {
    n: i64,
}
impl Job for Add {
    type With = Db;
    const KIND: &'static str = "add";
    const AT_ONCE: usize = 4;
    const TRIES: u32 = 1_000;
    async fn run(self, db: Db, running: Running) -> Result<(), Failure> {
        let tx = db.write().await?;
        tx.exec("UPDATE done SET times = times + 1 WHERE n = $1", args![self.n]).await?;
        running.complete_in(&tx).await?;
        Ok(tx.commit().await?)
    }
}

/// Writes a row that may be there already, and says afterwards that it is done: what bears being done twice.
#[derive(Serialize, Deserialize)]
struct Mark {
    n: i64,
}
impl Job for Mark {
    type With = Db;
    const KIND: &'static str = "mark";
    const AT_ONCE: usize = 4;
    const TRIES: u32 = 1_000;
    async fn run(self, db: Db, _: Running) -> Result<(), Failure> {
        let tx = db.write().await?;
        tx.exec("INSERT INTO marked (n) VALUES ($1) ON CONFLICT DO NOTHING", args![self.n]).await?;
        Ok(tx.commit().await?)
    }
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    if let (Some("work"), Some(at)) = (arguments.next().as_deref(), arguments.next()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let at: DatabaseUrl = at.parse().expect("a database");
            let db = Db::open(&at).await.expect("opens");
            let workers = Workers::new(Jobs::new(db.clone(), Env::system()), || TimeZone::UTC);
            workers.on::<Add>(db.clone()).on::<Mark>(db).run(CancellationToken::new()).await;
        });
        return ExitCode::SUCCESS;
    }
    db::testing::run_at(&jobs::SCHEMA, test);
    ExitCode::SUCCESS
}

fn start(at: &DatabaseUrl) -> Child {
    let at = match at {
        DatabaseUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
        DatabaseUrl::Postgres(url) => url.clone(),
    };
    let here = std::env::current_exe().expect("this program");
    Command::new(here).args(["work", &at]).spawn().expect("a worker")
}

async fn write(db: &Db, sql: &str) {
    let tx = db.write().await.expect("a transaction");
    tx.exec(sql, args![]).await.expect("writes");
    tx.commit().await.expect("commits");
}

async fn test(db: Db, at: DatabaseUrl) {
    let jobs = Jobs::new(db.clone(), Env::system());
    write(&db, "CREATE TABLE done (n BIGINT PRIMARY KEY, times BIGINT NOT NULL)").await;
    write(&db, "CREATE TABLE marked (n BIGINT PRIMARY KEY)").await;
    let mut child = start(&at);
    for round in 0..KILLS {
        let tx = db.write().await.expect("a transaction");
        for n in (round * JOBS / KILLS..(round + 1) * JOBS / KILLS).step_by(2) {
            tx.exec("INSERT INTO done (n, times) VALUES ($1, 0)", args![n]).await.expect("writes");
            jobs.enqueue(&tx, &Add { n }).await.expect("enqueues");
            jobs.enqueue(&tx, &Mark { n: n + 1 }).await.expect("enqueues");
        }
        tx.commit().await.expect("commits");
        // Whenever: while it starts, claims, works or commits.
        tokio::time::sleep(Duration::from_millis(20 + round as u64 * 7 % 60)).await;
        child.kill().expect("SIGKILL");
        child.wait().expect("ends");
        // Nobody waits for the leases of the dead here.
        write(&db, "UPDATE jobs SET leased_until = 0 WHERE state = 'running'").await;
        child = start(&at);
    }
    let left = async || db.scalar::<i64>("SELECT COUNT(*) FROM jobs", args![]).await.expect("rows");
    let mut turns = 0;
    while left().await != Some(0) {
        turns += 1;
        assert!(turns < 1_200, "{:?} jobs are left", left().await);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    child.kill().expect("SIGKILL");
    child.wait().expect("ends");
    let sum = async |sql: &str| db.scalar::<i64>(sql, args![]).await.expect("rows");
    assert_eq!(sum("SELECT COUNT(*) FROM done WHERE times = 1").await, Some(JOBS / 2), "each once");
    assert_eq!(sum("SELECT COUNT(*) FROM done").await, Some(JOBS / 2));
    assert_eq!(sum("SELECT COUNT(*) FROM marked").await, Some(JOBS / 2), "none lost");
    println!(
        "killed: {KILLS} times in {JOBS} jobs, on {}: ok",
        if db.is_postgres() { "PostgreSQL" } else { "SQLite" }
    );
}
