//! What the ranking is learned from, what was learned, and how the lists do.

use db::{Conn, FromQueryResult, Tx, args, rows};
use kernel::{Id, Result, Time};

/// Rows in one statement.
const ROWS: usize = 500;

pub enum Choice {}

#[derive(Clone, Debug, FromQueryResult)]
pub struct ChoiceRow {
    pub model: i64,
    pub chosen: i64,
    pub offered: String,
}

pub async fn add_choice(tx: &Tx, id: Id<Choice>, row: &ChoiceRow, now: Time) -> Result<()> {
    let sql = "INSERT INTO choices (id, model, chosen, offered, created_at) VALUES ($1, $2, $3, $4, $5)";
    tx.exec(sql, args![id.raw(), row.model, row.chosen, row.offered.as_str(), now]).await.map(drop)
}

/// The newest `limit`, in the order in which they were made.
pub async fn choices(on: &impl Conn, limit: usize) -> Result<Vec<ChoiceRow>> {
    let sql = "SELECT model, chosen, offered FROM choices ORDER BY created_at DESC, id DESC LIMIT $1";
    let mut rows: Vec<ChoiceRow> = on.all(sql, args![limit as i64]).await?;
    rows.reverse();
    Ok(rows)
}

pub async fn count_choices_since(on: &impl Conn, time: Time) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM choices WHERE created_at > $1";
    Ok(on.scalar(sql, args![time]).await?.unwrap_or_default())
}

/// Leaves the newest `keep`.
pub async fn forget_choices(tx: &Tx, keep: usize) -> Result<u64> {
    let sql = "DELETE FROM choices WHERE created_at < (SELECT created_at FROM choices ORDER BY created_at DESC LIMIT 1 OFFSET $1)";
    tx.exec(sql, args![keep as i64]).await
}

#[derive(Clone, Debug, FromQueryResult)]
pub struct ModelRow {
    pub version: i64,
    pub weights: String,
    pub choices: i64,
    pub figure: f64,
    pub before: f64,
    pub state: String,
    pub created_at: Time,
}

/// Newest first.
pub async fn models(on: &impl Conn, limit: usize) -> Result<Vec<ModelRow>> {
    let sql = "SELECT version, weights, choices, figure, before, state, created_at FROM models ORDER BY version DESC LIMIT $1";
    on.all(sql, args![limit as i64]).await
}

pub async fn add_model(tx: &Tx, row: &ModelRow) -> Result<()> {
    let sql = "INSERT INTO models (version, weights, choices, figure, before, state, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let args = args![
        row.version,
        row.weights.as_str(),
        row.choices,
        row.figure,
        row.before,
        row.state.as_str(),
        row.created_at
    ];
    tx.exec(sql, args).await.map(drop)
}

pub async fn set_state(tx: &Tx, version: i64, state: &str) -> Result<bool> {
    Ok(tx.exec("UPDATE models SET state = $2 WHERE version = $1", args![version, state]).await? > 0)
}

/// How a list did on a day.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct ListDay {
    pub day: i64,
    pub list: String,
    pub source: String,
    pub model: i64,
    pub shown: i64,
    pub opened: i64,
    pub finished: i64,
    /// In the rows of the source `all`: lists, and the authors and channels among the first ten of each.
    pub lists: i64,
    pub authors: i64,
    pub channels: i64,
}

/// Adds to what is counted already. `days` are sorted by their key and have each once.
pub async fn add_days(tx: &Tx, days: &[ListDay]) -> Result<()> {
    for part in days.chunks(ROWS) {
        let sql = format!(
            "INSERT INTO list_days (day, list, source, model, shown, opened, finished, lists, authors, channels) VALUES {} \
             ON CONFLICT (day, list, source, model) DO UPDATE SET shown = list_days.shown + excluded.shown, \
             opened = list_days.opened + excluded.opened, finished = list_days.finished + excluded.finished, lists = list_days.lists + excluded.lists, \
             authors = list_days.authors + excluded.authors, channels = list_days.channels + excluded.channels",
            rows(part.len(), 10)
        );
        let args = part.iter().flat_map(|d| {
            let key = args![d.day, d.list.as_str(), d.source.as_str(), d.model];
            let sums = args![d.shown, d.opened, d.finished, d.lists, d.authors, d.channels];
            key.into_iter().chain(sums)
        });
        tx.exec(&sql, args.collect()).await?;
    }
    Ok(())
}

/// Sums since a day, of each list, source and model.
pub async fn days_since(on: &impl Conn, day: i64) -> Result<Vec<ListDay>> {
    let sql = "SELECT MIN(day) AS day, list, source, model, CAST(SUM(shown) AS BIGINT) AS shown,
                      CAST(SUM(opened) AS BIGINT) AS opened, CAST(SUM(finished) AS BIGINT) AS finished, CAST(SUM(lists) AS BIGINT) AS lists,
                      CAST(SUM(authors) AS BIGINT) AS authors, CAST(SUM(channels) AS BIGINT) AS channels
               FROM list_days WHERE day >= $1 GROUP BY list, source, model ORDER BY list, source, model";
    on.all(sql, args![day]).await
}
