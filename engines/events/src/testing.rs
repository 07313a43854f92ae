//! Reading the journal in tests.

use std::time::Duration;

use db::Conn;

use crate::{Entry, Journal, Position};

/// All that was written down so far, once it can be read. On PostgreSQL any transaction on the server, another test's too,
/// keeps events back while it runs.
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
