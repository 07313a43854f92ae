//! From the thread that reads the file to the task that writes the database: batches, few enough that memory stays small.

use std::io;

use tokio::sync::mpsc::Sender;

use crate::entry::{Entry, Found};

/// As many records as go into one transaction …
const RECORDS: usize = 500;
/// … unless they are long.
const BYTES: u64 = 2 << 20;

#[derive(Debug, Default)]
pub struct Batch {
    pub found: Vec<Found>,
    /// How far into the file it reaches.
    pub end: u64,
}

/// Nobody wants the rest.
pub struct Stopped;

/// Why reading ended before the file did.
pub enum End {
    Stopped,
    Failed(io::Error),
}

impl From<Stopped> for End {
    fn from(_: Stopped) -> Self {
        Self::Stopped
    }
}
impl From<io::Error> for End {
    fn from(error: io::Error) -> Self {
        Self::Failed(error)
    }
}

pub struct Out {
    to: Sender<Batch>,
    batch: Batch,
    /// Where the last batch ended.
    start: u64,
}

impl Out {
    pub fn new(to: Sender<Batch>) -> Self {
        Self { to, batch: Batch::default(), start: 0 }
    }

    /// Call with where the file was read to when it was found.
    pub fn put(&mut self, found: Found, end: u64) -> Result<(), Stopped> {
        self.batch.found.push(found);
        self.batch.end = end;
        if self.batch.found.len() >= RECORDS || end.saturating_sub(self.start) >= BYTES {
            self.flush()?;
        }
        Ok(())
    }

    pub fn entry(&mut self, entry: Entry) -> Result<(), Stopped> {
        let end = entry.end;
        self.put(Found::Entry(Box::new(entry)), end)
    }

    pub fn problem(
        &mut self,
        record: u64,
        line: u64,
        reason: impl Into<String>,
        end: u64,
    ) -> Result<(), Stopped> {
        self.put(Found::Problem { record, line: Some(line), reason: reason.into() }, end)
    }

    pub fn skipped(&mut self, kind: &str, count: u64, end: u64) -> Result<(), Stopped> {
        if count == 0 { Ok(()) } else { self.put(Found::Skipped(kind.to_owned(), count), end) }
    }

    pub fn flush(&mut self) -> Result<(), Stopped> {
        self.start = self.batch.end;
        if self.batch.found.is_empty() {
            return Ok(());
        }
        self.to.blocking_send(std::mem::take(&mut self.batch)).map_err(|_| Stopped)
    }
}
