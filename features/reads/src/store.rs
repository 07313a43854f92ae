//! The only SQL that names the tables of reads.

pub mod co_reads;
pub mod imports;
pub mod shared;

use db::{Conn, DbErr, FromQueryResult, QueryResult, Tx, all_in, args, placeholders, rows};
use kernel::{ArticleId, Result};

use crate::counts::Counts;

/// Rows that are asked for in one statement.
const ROWS: usize = 1_000;
/// Rows that are written in one: of a statement with many parameters SQLite looks for each one's name among all.
const WRITTEN: usize = 50;

/// What was counted of an article within an hour.
#[derive(Clone, Copy, Debug)]
pub struct ReadHour {
    pub article_id: ArticleId,
    pub hour: i64,
    pub counts: Counts,
}

db::columns! {
    struct CountColumns: Counts as "read_hours" {
        reads => reads,
        repeats => repeats,
        alone => alone,
        alone_weight => alone_weight,
        shown => shown,
        opened => opened,
        told => timed,
        seconds => seconds,
        finished => finished,
        shared => shared,
    }
}

impl FromQueryResult for ReadHour {
    fn from_query_result(row: &QueryResult, prefix: &str) -> Result<Self, DbErr> {
        let mut counts = Counts::default();
        CountColumns::read(row, &mut counts)?;
        Ok(Self {
            article_id: row.try_get(prefix, "article_id")?,
            hour: row.try_get(prefix, "hour")?,
            counts,
        })
    }
}

/// How often something was seen and chosen at a place of a list within an hour (hours since 1970, UTC).
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct ListHour {
    pub list: String,
    pub place: i64,
    pub hour: i64,
    pub shown: i64,
    pub opened: i64,
}

/// Adds to what is counted already. `counted` is sorted by article and hour and has each once, so that nodes that count at the
/// same time wait for each other in one order only.
pub async fn add(tx: &Tx, counted: &[((ArticleId, i64), Counts)]) -> Result<()> {
    let names = CountColumns::NAMES;
    let more = names.iter().map(|name| format!("{name} = read_hours.{name} + excluded.{name}"));
    let more = more.collect::<Vec<_>>().join(", ");
    for part in counted.chunks(WRITTEN) {
        let sql = format!(
            "INSERT INTO read_hours (article_id, hour, {}) VALUES {} ON CONFLICT (article_id, hour) DO UPDATE SET {more}",
            names.join(", "),
            rows(part.len(), 2 + names.len())
        );
        let values = part.iter().flat_map(|((article, hour), counts)| {
            args![*article, *hour].into_iter().chain(CountColumns::values(counts))
        });
        tx.exec(&sql, values.collect()).await?;
    }
    Ok(())
}

/// The same for the places of lists.
pub async fn add_lists(tx: &Tx, counted: &[ListHour]) -> Result<()> {
    for part in counted.chunks(WRITTEN) {
        let sql = format!(
            "INSERT INTO list_hours (list, place, hour, shown, opened) VALUES {} ON CONFLICT (list, place, hour)
             DO UPDATE SET shown = list_hours.shown + excluded.shown, opened = list_hours.opened + excluded.opened",
            rows(part.len(), 5)
        );
        let values = part.iter().flat_map(|l| args![l.list.as_str(), l.place, l.hour, l.shown, l.opened]);
        tx.exec(&sql, values.collect()).await?;
    }
    Ok(())
}

pub async fn lists(on: &impl Conn, hour: i64) -> Result<Vec<ListHour>> {
    let sql =
        "SELECT list, place, hour, shown, opened FROM list_hours WHERE hour >= $1 ORDER BY hour, list, place";
    on.all(sql, args![hour]).await
}

/// The `most` articles with the most reads since an hour.
pub async fn busiest(on: &impl Conn, hour: i64, most: usize) -> Result<Vec<ArticleId>> {
    // Materialised, or SQLite would walk all hours ever in an index that has them by article already.
    let sql = "WITH recent AS MATERIALIZED (SELECT article_id, reads FROM read_hours WHERE hour >= $1 AND reads > 0) \
               SELECT article_id FROM recent GROUP BY article_id ORDER BY SUM(reads) DESC, article_id DESC LIMIT $2";
    on.column(sql, args![hour, most as i64]).await
}

/// Reads of an article in an hour, or in hours that are summed.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub struct ReadSum {
    pub article_id: ArticleId,
    pub hour: i64,
    pub reads: i64,
}

/// How often each article was read since `from`: by the hour from `fine` on, by the day (in its middle) before.
pub async fn activity(on: &impl Conn, from: i64, fine: i64) -> Result<Vec<ReadSum>> {
    let sql = "SELECT article_id, (hour / 24) * 24 + 12 AS hour, CAST(SUM(reads) AS BIGINT) AS reads FROM read_hours
               WHERE hour >= $1 AND hour < $2 AND reads > 0 GROUP BY article_id, hour / 24
               UNION ALL SELECT article_id, hour, reads FROM read_hours WHERE hour >= $2 AND reads > 0";
    on.all(sql, args![from, fine]).await
}

pub async fn since(on: &impl Conn, hour: i64, articles: &[ArticleId]) -> Result<Vec<ReadHour>> {
    let mut found = Vec::new();
    for part in articles.chunks(ROWS) {
        let sql = format!(
            "SELECT article_id, hour, {} FROM read_hours WHERE article_id IN ({}) AND hour >= $1",
            CountColumns::SELECT,
            placeholders(2, part.len())
        );
        let ids = part.iter().map(|&id| id.into());
        found.extend(on.all::<ReadHour>(&sql, args![hour].into_iter().chain(ids).collect()).await?);
    }
    Ok(found)
}

#[derive(FromQueryResult)]
struct TotalRow {
    article_id: ArticleId,
    total: i64,
}

pub async fn totals(on: &impl Conn, ids: &[ArticleId]) -> Result<Vec<(ArticleId, i64)>> {
    let rows: Vec<TotalRow> = all_in(on, args![], ids, |placeholders| {
        format!(
            "SELECT article_id, CAST(SUM(reads) AS BIGINT) AS total FROM read_hours \
             WHERE article_id IN ({placeholders}) AND reads > 0 GROUP BY article_id"
        )
    })
    .await?;
    Ok(rows.into_iter().map(|row| (row.article_id, row.total)).collect())
}
