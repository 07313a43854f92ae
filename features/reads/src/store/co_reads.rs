//! What is read together: of each article its neighbours, as JSON `[[id, weight, hour], …]` (hours since 1970, UTC).

use std::collections::HashMap;

use db::{Conn, FromQueryResult, Tx, all_in, args, rows};
use kernel::{ArticleId, Error, Result, Time};

/// Articles in one statement: the more parameters it has, the longer SQLite looks for each.
pub const ROWS: usize = 200;

/// An article that is read together with another one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Neighbour {
    pub article: ArticleId,
    /// As of this hour (since 1970, UTC).
    pub weight: f64,
    pub hour: i64,
}

#[derive(FromQueryResult)]
struct Row {
    article_id: ArticleId,
    others: String,
}

/// The neighbours of articles, which nobody else changes until `tx` ends. `articles` are sorted, so that nodes that write at the same
/// time wait for each other in one order only.
pub async fn lock(tx: &Tx, articles: &[ArticleId], now: Time) -> Result<HashMap<ArticleId, Vec<Neighbour>>> {
    let sql = format!(
        "INSERT INTO neighbours (article_id, others, at) VALUES {} \
         ON CONFLICT (article_id) DO UPDATE SET at = excluded.at RETURNING article_id, others",
        rows(articles.len(), 3)
    );
    let args = articles.iter().flat_map(|&article| args![article, "[]", now]);
    read(tx.all(&sql, args.collect()).await?)
}

/// Puts the neighbours of articles in the place of those that were there.
pub async fn put(tx: &Tx, all: &[(ArticleId, Vec<Neighbour>)], now: Time) -> Result<()> {
    let sql = format!(
        "INSERT INTO neighbours (article_id, others, at) VALUES {} ON CONFLICT (article_id) DO UPDATE SET others = excluded.others",
        rows(all.len(), 3)
    );
    let mut values = Vec::with_capacity(3 * all.len());
    for (article, others) in all {
        let others: Vec<(i64, f64, i64)> = others
            .iter()
            .map(|n| (n.article.raw(), (n.weight * 1_000.0).round() / 1_000.0, n.hour))
            .collect();
        values.extend(args![*article, serde_json::to_string(&others).map_err(Error::internal)?, now]);
    }
    tx.exec(&sql, values).await.map(drop)
}

/// The neighbours of those articles that have some.
pub async fn near(on: &impl Conn, articles: &[ArticleId]) -> Result<HashMap<ArticleId, Vec<Neighbour>>> {
    let sql = |placeholders: &str| {
        format!("SELECT article_id, others FROM neighbours WHERE article_id IN ({placeholders})")
    };
    read(all_in(on, args![], articles, sql).await?)
}

fn read(rows: Vec<Row>) -> Result<HashMap<ArticleId, Vec<Neighbour>>> {
    let mut all = HashMap::with_capacity(rows.len());
    for row in rows {
        let others: Vec<(i64, f64, i64)> = serde_json::from_str(&row.others).map_err(Error::internal)?;
        let one =
            |(id, weight, hour): (i64, f64, i64)| Neighbour { article: ArticleId::new(id), weight, hour };
        all.insert(row.article_id, others.into_iter().map(one).collect());
    }
    Ok(all)
}

pub async fn forget_before(tx: &Tx, time: Time) -> Result<u64> {
    tx.exec("DELETE FROM neighbours WHERE at < $1", args![time]).await
}
