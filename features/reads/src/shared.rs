//! What other nodes counted: each leaves what it writes in a table for some minutes, and takes in what the others left.

use std::time::Duration;

use db::{Db, Tx};
use kernel::{ArticleId, Env, Result};

use crate::buffer::Counted;
use crate::counts::Counts;
use crate::slots::Slot;
use crate::store::shared::{self, Place};

/// Rows that are taken in at once.
const PART: usize = 200;
/// Others look twice a second, but read nothing behind a write of the site's that is still open.
const KEPT: Duration = Duration::from_mins(10);
/// What a node that is gone left. Clocks may differ.
const LEFT: Duration = Duration::from_hours(1);

/// This node's place among the others. On SQLite there are none.
pub struct Shared {
    node: String,
    /// How far the others were heard; nowhere before the first time.
    heard: tokio::sync::Mutex<Option<Place>>,
}

impl Shared {
    pub fn new() -> Self {
        Self { node: Env::system().token(), heard: tokio::sync::Mutex::default() }
    }

    /// Leaves for the others what `tx` adds to the sums.
    pub async fn leave(&self, tx: &Tx, counted: &Counted, env: &Env) -> Result<()> {
        if counted.is_empty() || !shared::has_others(tx) {
            return Ok(());
        }
        let now = env.now();
        let lines: Vec<(ArticleId, Slot, Counts)> =
            counted.iter().map(|(&(article, slot), &counts)| (article, slot, counts)).collect();
        shared::insert(tx, &self.node, now, &lines).await?;
        shared::forget(tx, &self.node, now.minus(KEPT), now.minus(LEFT)).await
    }

    /// What others left since the last time; the first time nothing. What is in the sums when this is called is among it, or was before; but
    /// what was written behind a write that is still open is in the sums, and comes later.
    pub async fn hear(&self, db: &Db) -> Result<Vec<(ArticleId, Slot, Counts)>> {
        if !shared::has_others(db) {
            return Ok(Vec::new());
        }
        let mut heard = self.heard.lock().await;
        // Before the rows are read: what has ended by then is seen.
        let settled = db.settled().await?;
        let mut all = Vec::new();
        let mut place = heard.unwrap_or(Place { tx: settled - 1, id: i64::MAX });
        loop {
            let part = shared::after(db, place, settled, &self.node, PART).await?;
            let full = part.len() == PART;
            for row in part {
                place = Place { tx: row.tx, id: row.id };
                all.extend(row.lines());
            }
            if !full {
                break;
            }
        }
        *heard = Some(place);
        Ok(all)
    }
}
