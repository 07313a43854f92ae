//! What is read together.

use db::{Conn, FromQueryResult, Tx, args, rows};
use kernel::{ArticleId, Result, Time};

/// Rows in one statement.
const ROWS: usize = 1_000;

#[derive(Clone, Copy, Debug, FromQueryResult)]
pub struct Pair {
    pub article_id: ArticleId,
    pub other_id: ArticleId,
    /// As of `at`.
    pub weight: f64,
    pub at: Time,
}

/// Adds weights as of one time to what is there.  `pairs` are sorted and
/// have each pair once.
pub async fn add(
    tx: &Tx,
    pairs: &[(ArticleId, ArticleId, f64)],
    now: Time,
    half_life_millis: f64,
) -> Result<()> {
    for part in pairs.chunks(ROWS) {
        // Both databases know no common power of two for numbers with a fraction, so the halving is a hyperbola: a half after a half-life.
        let sql = format!(
            "INSERT INTO read_together (article_id, other_id, weight, at) VALUES {} \
             ON CONFLICT (article_id, other_id) DO UPDATE SET \
             weight = read_together.weight / (1.0 + (excluded.at - read_together.at) / {half_life_millis:.1}) + excluded.weight, \
             at = excluded.at",
            rows(part.len(), 4)
        );
        let args = part.iter().flat_map(|&(article, other, weight)| args![article, other, weight, now]);
        tx.exec(&sql, args.collect()).await?;
    }
    Ok(())
}

/// The heaviest `limit` of each article.
pub async fn near(on: &impl Conn, articles: &[ArticleId], limit: usize) -> Result<Vec<Pair>> {
    let mut found = Vec::new();
    for &article in articles {
        let sql = "SELECT article_id, other_id, weight, at FROM read_together WHERE article_id = $1
                   ORDER BY weight DESC, other_id LIMIT $2";
        found.extend(on.all::<Pair>(sql, args![article, limit as i64]).await?);
    }
    Ok(found)
}

pub async fn forget_before(tx: &Tx, time: Time) -> Result<u64> {
    tx.exec("DELETE FROM read_together WHERE at < $1", args![time]).await
}
