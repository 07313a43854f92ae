//! Reading the journal in tests.

use std::time::Duration;

use db::Conn;

use crate::{Entry, Journal, Position};

/// All that was written down so far, once it can be read: on PostgreSQL, an open write of the same test keeps events back.
pub async fn all(journal: &Journal) -> Vec<Entry> {
    let last: Option<i64> = journal
        .db
        .scalar("SELECT COALESCE(MAX(tx), 0) FROM journal", vec![])
        .await
        .expect("the journal answers");
    while Some(journal.head().await.expect("the journal answers").tx) < last {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    journal.after(Position::START, 10_000).await.expect("the journal answers")
}

/// What is written down of nobody: kinds and payloads, the oldest first, settled or not.
pub async fn anonymous(journal: &Journal) -> Vec<(String, String)> {
    let sql = "SELECT kind || ' ' || payload FROM journal WHERE actor IS NULL ORDER BY seq";
    let lines: Vec<String> = journal.db.column(sql, vec![]).await.expect("the journal answers");
    let parted =
        |line: String| line.split_once(' ').map(|(kind, payload)| (kind.to_owned(), payload.to_owned()));
    lines.into_iter().filter_map(parted).collect()
}
