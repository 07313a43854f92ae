//! The newest of each of many tags or channels: a scan of an index for each, which ends after as many rows as may be wanted.

use db::{Conn, FromQueryResult, all_in, args};
use kernel::{ArticleId, Cursor, Result, Time};

use super::{Entry, VISIBLE};
use crate::model::{Listed, Newest};

/// Scans in one statement: each is planned by itself. SQLite takes 500.
const SCANS: usize = 50;

#[derive(FromQueryResult)]
struct NewestRow {
    number: i64,
    id: ArticleId,
    published_at: Time,
}

/// Of each of these tags, in lower case, at most `each` after `from`, newest first within each.
pub async fn of_tags(on: &impl Conn, folded: &[String], from: Cursor, each: usize) -> Result<Vec<Newest>> {
    // The column is a copy of the article's while that is visible, and else 0: the index alone answers.
    let scan = |number: usize, name: usize| {
        format!(
            "SELECT * FROM (
                 SELECT CAST({number} AS BIGINT) AS number, t.article_id AS id, t.published_at AS published_at FROM article_tags t
                 WHERE t.folded = ${name} AND t.published_at > 0 AND (t.published_at, t.article_id) < ($1, $2)
                 ORDER BY t.published_at DESC, t.article_id DESC LIMIT $3
             ) AS scan_{number}"
        )
    };
    of_each(on, folded, scan, from, each).await
}

/// The same of channels, by their slugs.
pub async fn of_channels(on: &impl Conn, slugs: &[String], from: Cursor, each: usize) -> Result<Vec<Newest>> {
    let scan = |number: usize, name: usize| {
        format!(
            "SELECT * FROM (
                 SELECT CAST({number} AS BIGINT) AS number, a.id AS id, a.published_at AS published_at FROM articles a
                 WHERE {VISIBLE} AND a.channel = ${name} AND (a.published_at, a.id) < ($1, $2)
                 ORDER BY a.published_at DESC, a.id DESC LIMIT $3
             ) AS scan_{number}"
        )
    };
    of_each(on, slugs, scan, from, each).await
}

/// `scan` is given the number of a name within its statement, and that of its parameter.
async fn of_each(
    on: &impl Conn,
    names: &[String],
    scan: impl Fn(usize, usize) -> String,
    from: Cursor,
    each: usize,
) -> Result<Vec<Newest>> {
    let mut found = Vec::new();
    for (part, names) in names.chunks(SCANS).enumerate() {
        let sql = (0..names.len()).map(|n| scan(n, n + 4)).collect::<Vec<_>>().join(" UNION ALL ");
        let mut values = args![from.key, from.id, each as i64];
        values.extend(names.iter().map(|name| db::Value::from(name.clone())));
        let rows: Vec<NewestRow> = on.all(&sql, values).await?;
        found.extend(rows.into_iter().map(|row| Newest {
            of: part * SCANS + row.number as usize,
            id: row.id,
            published_at: row.published_at,
        }));
    }
    Ok(found)
}

/// The visible ones of `ids`, in no order.
pub async fn listed(on: &impl Conn, ids: &[ArticleId]) -> Result<Vec<Listed>> {
    let columns = Listed::COLUMNS;
    all_in(on, args![], ids, |placeholders| {
        format!("SELECT {columns} FROM articles a WHERE a.id IN ({placeholders}) AND {VISIBLE}")
    })
    .await
}
