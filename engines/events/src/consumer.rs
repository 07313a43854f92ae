//! Durable consumers: those who follow the journal with rows of their own.
//!
//! The cursor of a consumer moves in the transaction of what it wrote, so that each event has its effect exactly once, whatever is killed
//! when. Of many processes one works at a time, by a lease; that two never apply the same does not rest on clocks, but on the cursor: who
//! finds it elsewhere than they left it wrote nothing.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use db::{Conn, Tx, args};
use kernel::{Error, Result};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::follow::POLL;
use crate::{Entry, Journal, Position};

const BATCH: usize = 100;
/// A batch that fails so often is taken apart, and an event by itself parked.
const TRIES: i64 = 4;
/// A process that says nothing for so long has lost its turn.
const LEASE: Duration = Duration::from_secs(30);

/// Someone whose rows follow the journal. Parked events come late, after others.
#[async_trait]
pub trait Consumer: Send + Sync + 'static {
    /// Names its cursor: stable, it is stored.
    fn name(&self) -> &'static str;
    /// Writes what `batch` asks for.
    async fn consume(&self, tx: &Tx, batch: &[Entry]) -> Result<()>;
    /// Makes its rows from the tables, in place of those that are there: once when it is new, and when what it had not read yet was pruned.
    async fn rebuild(&self, tx: &Tx) -> Result<()>;
}

/// Runs `consumer` until `stop`. What fails is tried again after longer and longer waits (at most 3 s), and parked after a few tries; where
/// the database is at fault, it is tried for ever.
pub async fn consume(journal: Journal, consumer: impl Consumer, stop: CancellationToken) {
    let holder = journal.env.token();
    let mut worker = Worker { journal, consumer: Arc::new(consumer), holder, held: None, pause: 0 };
    let mut committed = worker.journal.committed();
    while !stop.is_cancelled() {
        committed.borrow_and_update();
        let wait = match worker.run_batch().await {
            Ok(true) => {
                worker.pause = 0;
                continue;
            }
            Ok(false) => POLL,
            Err(error) => {
                let name = worker.consumer.name();
                tracing::error!(consumer = name, %error, "a consumer failed; trying again");
                worker.held = None;
                worker.pause = (worker.pause + 1).min(7);
                let wait = Duration::from_millis(50 << worker.pause).min(Duration::from_secs(3));
                tokio::select! { () = tokio::time::sleep(wait) => {}, () = stop.cancelled() => {} }
                continue;
            }
        };
        tokio::select! {
            _ = committed.changed() => {}
            () = tokio::time::sleep(wait) => {}
            () = stop.cancelled() => {}
        }
    }
    if let Err(error) = worker.release().await {
        tracing::warn!(consumer = worker.consumer.name(), %error, "another process takes over after the lease only");
    }
}

struct Worker<C> {
    journal: Journal,
    consumer: Arc<C>,
    holder: String,
    held: Option<Held>,
    pause: u32,
}

/// A lease, and the cursor as it was left.
struct Held {
    position: Position,
    failures: i64,
    /// To be renewed by then.
    until: Instant,
}

#[derive(db::FromQueryResult)]
struct Cursor {
    tx: i64,
    seq: i64,
    failures: i64,
}

impl<C: Consumer> Worker<C> {
    /// One batch; whether there may be another at once.
    async fn run_batch(&mut self) -> Result<bool> {
        if !self.lease().await? {
            return Ok(false);
        }
        let Some(held) = &self.held else { return Ok(false) };
        let (position, failures) = (held.position, held.failures);
        let alone = failures >= TRIES;
        let batch = self.journal.after(position, if alone { 1 } else { BATCH }).await?;
        let Some(last) = batch.last() else { return self.again().await };
        let reached = last.position;
        match self.attempt(batch.clone(), Some((position, reached))).await {
            Ok(()) => self.moved(reached),
            Err(error) if is_of_the_database(&error) => return Err(error),
            Err(error) => self.failed(position, failures, &batch, error).await?,
        }
        Ok(true)
    }

    /// `batch` and the cursor in one transaction. On a task of its own, so that a panic is a failure like others.
    async fn attempt(&self, batch: Vec<Entry>, cursor: Option<(Position, Position)>) -> Result<()> {
        let (consumer, journal, holder) = (self.consumer.clone(), self.journal.clone(), self.holder.clone());
        let work = tokio::spawn(async move {
            let tx = journal.db.write().await?;
            match cursor {
                Some((from, to)) => advance(&tx, &journal, consumer.name(), &holder, from, to).await?,
                None => unpark(&tx, consumer.name(), &batch).await?,
            }
            consumer.consume(&tx, &batch).await?;
            tx.commit().await
        });
        work.await.map_err(Error::internal)?
    }

    fn moved(&mut self, reached: Position) {
        if let Some(held) = &mut self.held {
            (held.position, held.failures) = (reached, 0);
        }
    }

    /// Counts the failure where all can see it; an event alone that failed too often is parked.
    async fn failed(&mut self, from: Position, failures: i64, batch: &[Entry], error: Error) -> Result<()> {
        let (name, error) = (self.consumer.name(), error.to_string());
        let tx = self.journal.db.write().await?;
        // Alone it has as many tries again.
        if let ([entry], true) = (batch, failures + 1 >= 2 * TRIES) {
            tracing::error!(
                consumer = name,
                seq = entry.position.seq,
                kind = entry.kind,
                error,
                "parked an event"
            );
            advance(&tx, &self.journal, name, &self.holder, from, entry.position).await?;
            let sql = "INSERT INTO parked_events (consumer, seq, tx, kind, payload, at, error, parked_at, actor, tries) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
            let Position { tx: of, seq } = entry.position;
            let (kind, payload, now) = (entry.kind.clone(), entry.payload.clone(), self.journal.env.now());
            tx.exec(
                sql,
                args![name, seq, of, kind, payload, entry.at, error, now, entry.actor, failures + 1],
            )
            .await?;
            tx.commit().await?;
            self.moved(entry.position);
            return Ok(());
        }
        tracing::warn!(consumer = name, failures = failures + 1, error, "a consumer failed; trying again");
        let sql = "UPDATE consumers SET failures = $3, error = $4 WHERE name = $1 AND holder = $2";
        tx.exec(sql, args![name, self.holder.clone(), failures + 1, error]).await?;
        tx.commit().await?;
        if let Some(held) = &mut self.held {
            held.failures = failures + 1;
        }
        self.pause = (self.pause + 1).min(5);
        tokio::time::sleep(Duration::from_millis(25 << self.pause)).await;
        Ok(())
    }

    /// One of the parked events that somebody wants tried again.
    async fn again(&self) -> Result<bool> {
        let name = self.consumer.name();
        let sql = "SELECT seq, tx, kind, payload, at, actor FROM parked_events WHERE consumer = $1 AND again ORDER BY tx, seq LIMIT 1";
        let Some(entry) = self.journal.entry(sql, args![name]).await? else { return Ok(false) };
        let seq = entry.position.seq;
        match self.attempt(vec![entry], None).await {
            Ok(()) => tracing::info!(consumer = name, seq, "applied a parked event"),
            Err(error) if is_of_the_database(&error) => return Err(error),
            Err(error) => {
                let sql = "UPDATE parked_events SET again = FALSE, error = $3, tries = tries + 1 WHERE consumer = $1 AND seq = $2";
                self.journal.write(sql, args![name, seq, error.to_string()]).await?;
            }
        }
        Ok(true)
    }

    /// Takes the lease, or makes it longer; whether it is ours. A consumer that is new here, or has missed what was pruned, is rebuilt.
    async fn lease(&mut self) -> Result<bool> {
        if self.held.as_ref().is_some_and(|held| Instant::now() < held.until) {
            return Ok(true);
        }
        self.held = None;
        let (name, now, until) = (self.consumer.name(), self.journal.env.now(), Instant::now() + LEASE / 2);
        // Who only waits for a turn writes nothing.
        let sql = "SELECT COUNT(*) FROM consumers WHERE name = $1 AND holder <> $2 AND leased_until >= $3";
        if self.journal.db.scalar(sql, args![name, self.holder.clone(), now]).await? != Some(0_i64) {
            return Ok(false);
        }
        let tx = self.journal.db.write().await?;
        let sql = "INSERT INTO consumers (name, tx, seq, holder, leased_until, moved_at) VALUES ($1, -2, 0, '', 0, $2) ON CONFLICT DO NOTHING";
        tx.exec(sql, args![name, now]).await?;
        let sql = "UPDATE consumers SET holder = $2, leased_until = $3 WHERE name = $1 AND (holder = $2 OR leased_until < $4)
                   RETURNING tx, seq, failures";
        let leased = args![name, self.holder.clone(), now.plus(LEASE), now];
        let Some(cursor) = tx.opt::<Cursor>(sql, leased).await? else {
            return Ok(false);
        };
        let mut position = Position { tx: cursor.tx, seq: cursor.seq };
        if position < Position::START || self.journal.is_pruned(position).await? {
            // The head first: what happens while the tables are read is met again, not missed.
            let head = self.journal.head().await?;
            self.consumer.rebuild(&tx).await?;
            advance(&tx, &self.journal, name, &self.holder, position, head).await?;
            position = head;
            tracing::info!(consumer = name, "built a consumer's rows from the tables");
        }
        tx.commit().await?;
        self.held = Some(Held { position, failures: cursor.failures, until });
        Ok(true)
    }

    /// So that another need not wait.
    async fn release(&self) -> Result<()> {
        let sql = "UPDATE consumers SET holder = '', leased_until = 0 WHERE name = $1 AND holder = $2";
        self.journal.write(sql, args![self.consumer.name(), self.holder.clone()]).await.map(drop)
    }
}

/// Whether the event is not at fault, but the database, or the turn was lost to another process.
fn is_of_the_database(error: &Error) -> bool {
    matches!(error, Error::Unavailable(_) | Error::Conflict(_))
}

/// Moves the cursor, first of all in the transaction: whoever else is about to move it waits, and then finds it moved.
async fn advance(
    tx: &Tx,
    journal: &Journal,
    name: &str,
    holder: &str,
    from: Position,
    to: Position,
) -> Result<()> {
    let sql = "UPDATE consumers SET tx = $5, seq = $6, failures = 0, error = NULL, moved_at = $7
               WHERE name = $1 AND holder = $2 AND tx = $3 AND seq = $4";
    let values = args![name, holder, from.tx, from.seq, to.tx, to.seq, journal.env.now()];
    if tx.exec(sql, values).await? == 0 {
        return Err(Error::Conflict(crate::codes::CONSUMER_MOVED));
    }
    Ok(())
}

async fn unpark(tx: &Tx, name: &str, batch: &[Entry]) -> Result<()> {
    for entry in batch {
        let sql = "DELETE FROM parked_events WHERE consumer = $1 AND seq = $2";
        if tx.exec(sql, args![name, entry.position.seq]).await? == 0 {
            return Err(Error::Conflict(crate::codes::CONSUMER_MOVED));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
