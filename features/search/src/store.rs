//! The only SQL that names the table of search.

use db::{Conn, FromQueryResult, Tx, args, rows};
use kernel::Result;

/// Rows in one statement.
const ROWS: usize = 500;

/// How often something was searched for on a day.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Sum {
    pub text: String,
    pub day: i64,
    pub asked: i64,
    pub networks: i64,
}

/// Adds to what is counted already. `sums` is sorted and has each once, so that nodes that count at the same time wait for each
/// other in one order only.
pub async fn add(tx: &Tx, sums: &[Sum]) -> Result<()> {
    for part in sums.chunks(ROWS) {
        let sql = format!(
            "INSERT INTO search_queries (text, day, asked, networks) VALUES {} ON CONFLICT (text, day) DO UPDATE SET \
             asked = search_queries.asked + excluded.asked, networks = search_queries.networks + excluded.networks",
            rows(part.len(), 4)
        );
        tx.exec(&sql, part.iter().flat_map(|s| args![s.text.clone(), s.day, s.asked, s.networks]).collect())
            .await?;
    }
    Ok(())
}

#[derive(FromQueryResult)]
struct Popular {
    text: String,
}

/// What was asked for most since a day, from at least so many networks.
pub async fn popular(on: &impl Conn, since: i64, networks: i64, limit: usize) -> Result<Vec<String>> {
    let sql = "SELECT text FROM search_queries WHERE day >= $1 GROUP BY text HAVING SUM(networks) >= $2 \
               ORDER BY SUM(asked) DESC, text LIMIT $3";
    let rows: Vec<Popular> = on.all(sql, args![since, networks, limit as i64]).await?;
    Ok(rows.into_iter().map(|row| row.text).collect())
}

pub async fn forget_before(tx: &Tx, day: i64) -> Result<()> {
    tx.exec("DELETE FROM search_queries WHERE day < $1", args![day]).await.map(drop)
}

/// Forgets what was searched for that has one of these words in it, which are in small letters; a word of one or two characters is looked for by
/// itself. For a user who is deleted: people search for their own names.
pub async fn erase(tx: &Tx, words: &[String]) -> Result<()> {
    for word in words.iter().filter(|word| !word.is_empty()) {
        let part: String = word
            .chars()
            .flat_map(|c| matches!(c, '%' | '_' | '\\').then_some('\\').into_iter().chain([c]))
            .collect();
        let (sql, value) = if word.chars().nth(2).is_some() {
            ("DELETE FROM search_queries WHERE text LIKE $1 ESCAPE '\\'", format!("%{part}%"))
        } else {
            ("DELETE FROM search_queries WHERE text = $1", word.clone())
        };
        tx.exec(sql, args![value]).await?;
    }
    Ok(())
}
