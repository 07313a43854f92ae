//! A consumer that is killed fifty times in a stream of events leaves the rows of one that never was.

use std::process::{Child, Command, ExitCode};
use std::time::Duration;

use async_trait::async_trait;
use db::{Conn, DatabaseUrl, Db, Tx, args};
use events::{Consumer, Entry, Event, Journal, consume};
use kernel::{Env, Result};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

const KILLS: i64 = 50;
const EVENTS: i64 = 5_000;

#[derive(Serialize, Deserialize)]
struct Happened {
    n: i64,
}
impl Event for Happened {
    const KIND: &'static str = "test.happened";
}

/// Writes down what it met, in order.
struct Writer(&'static str);

#[async_trait]
impl Consumer for Writer {
    fn name(&self) -> &'static str {
        self.0
    }

    async fn consume(&self, tx: &Tx, batch: &[Entry]) -> Result<()> {
        let sql = "SELECT COUNT(*) FROM met WHERE consumer = $1";
        let before = tx.scalar::<i64>(sql, args![self.0]).await?.unwrap_or_default();
        for (place, happened) in (before..).zip(batch.iter().filter_map(Entry::read::<Happened>)) {
            let sql = "INSERT INTO met (consumer, place, n) VALUES ($1, $2, $3)";
            tx.exec(sql, args![self.0, place, happened.n]).await?;
        }
        Ok(())
    }

    async fn rebuild(&self, tx: &Tx) -> Result<()> {
        tx.exec("DELETE FROM met WHERE consumer = $1", args![self.0]).await.map(drop)
    }
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    if let (Some("consume"), Some(at)) = (arguments.next().as_deref(), arguments.next()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let at: DatabaseUrl = at.parse().expect("a database");
            let db = Db::open(&at).await.expect("opens");
            consume(Journal::new(db, Env::system()), Writer("killed"), CancellationToken::new()).await;
        });
        return ExitCode::SUCCESS;
    }
    db::testing::run_at(&events::SCHEMA, test);
    ExitCode::SUCCESS
}

fn start(at: &DatabaseUrl) -> Child {
    let at = match at {
        DatabaseUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
        DatabaseUrl::Postgres(url) => url.clone(),
    };
    let here = std::env::current_exe().expect("this program");
    Command::new(here).args(["consume", &at]).spawn().expect("a consumer")
}

async fn test(db: Db, at: DatabaseUrl) {
    let journal = Journal::new(db.clone(), Env::system());
    let tx = db.write().await.expect("a transaction");
    tx.exec("CREATE TABLE met (consumer TEXT NOT NULL, place BIGINT NOT NULL, n BIGINT NOT NULL)", vec![])
        .await
        .expect("a table");
    tx.commit().await.expect("commits");
    let stop = CancellationToken::new();
    let calm = tokio::spawn(consume(journal.clone(), Writer("calm"), stop.clone()));
    // Both are there before the first event.
    let mut child = start(&at);
    let there = async || {
        journal.consumers().await.expect("answers").iter().filter(|one| one.moved_at.millis() > 0).count()
    };
    for turn in 0.. {
        if there().await == 2 {
            break;
        }
        assert!(turn < 3_000, "both begin");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }

    for round in 0..KILLS {
        for n in 0..EVENTS / KILLS / 10 {
            let tx = db.write().await.expect("a transaction");
            let first = (round * EVENTS / KILLS) + n * 10;
            let events: Vec<Happened> = (first..first + 10).map(|n| Happened { n }).collect();
            journal.append_all(&tx, &events).await.expect("appends");
            tx.commit().await.expect("commits");
        }
        // Whenever: while it starts, waits, writes or commits.
        tokio::time::sleep(Duration::from_millis(round as u64 * 7 % 60)).await;
        child.kill().expect("SIGKILL");
        child.wait().expect("ends");
        // Nobody waits for the lease of the dead here.
        let tx = db.write().await.expect("a transaction");
        tx.exec("UPDATE consumers SET leased_until = 0 WHERE name = 'killed'", vec![])
            .await
            .expect("ends the lease");
        tx.commit().await.expect("commits");
        child = start(&at);
    }
    let rows = async |of: &'static str| -> Vec<i64> {
        db.column("SELECT n FROM met WHERE consumer = $1 ORDER BY place, n", args![of]).await.expect("rows")
    };
    for of in ["calm", "killed"] {
        let mut turns = 0;
        while (rows(of).await.len() as i64) < EVENTS {
            turns += 1;
            assert!(turns < 1_200, "{of}: {} of {EVENTS} events", rows(of).await.len());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    child.kill().expect("SIGKILL");
    child.wait().expect("ends");
    stop.cancel();
    calm.await.expect("ends");
    assert!(rows("killed").await == rows("calm").await, "other rows than those of one that was never killed");
    println!(
        "killed: {KILLS} times in {EVENTS} events, on {}: ok",
        if db.is_postgres() { "PostgreSQL" } else { "SQLite" }
    );
}
