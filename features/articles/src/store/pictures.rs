//! Which articles have which pictures.

use db::{Conn, FromQueryResult, Tx, args, placeholders, rows};
use kernel::{ArticleId, AuthorId, Markup, Result};

use super::columns::split;
use super::state;
use crate::body::all_pictures_in;
use crate::draft::Draft;
use crate::model::{Article, Showing, State, Use};

/// Rows of one statement.
const ROWS: usize = 100;

/// The pictures of a rendered body and covers.
pub fn hashes<'a>(html: &'a str, covers: impl Iterator<Item = &'a str>) -> Vec<String> {
    let known =
        |hash: &&str| hash.len() == 32 && hash.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let mut all: Vec<String> = all_pictures_in(html);
    all.extend(covers.filter(known).map(str::to_owned));
    all.sort_unstable();
    all.dedup();
    all
}

/// Writes down what `article` has: what readers see of it if it is visible, else what they would. What they saw before is remembered.
pub async fn save(tx: &Tx, article: &Article, is_new: bool) -> Result<()> {
    let covers = article.draft.covers.iter().map(String::as_str);
    let hashes = hashes(article.html.as_str(), covers);
    if !is_new {
        let sql = "UPDATE article_pictures SET shown = 'was' WHERE article_id = $1 AND shown = 'live'";
        tx.exec(sql, args![article.id]).await?;
        if article.latest == article.version {
            clear_draft(tx, article.id).await?;
        }
    }
    insert(tx, article.id, article.state.is_visible(), &hashes).await
}

/// The same for a newer revision than the one shown.
pub async fn save_draft(tx: &Tx, id: ArticleId, draft: &Draft, html: &Markup) -> Result<()> {
    clear_draft(tx, id).await?;
    insert(tx, id, false, &hashes(html.as_str(), draft.covers.iter().map(String::as_str))).await
}

async fn clear_draft(tx: &Tx, id: ArticleId) -> Result<()> {
    let sql = "DELETE FROM article_pictures WHERE article_id = $1 AND shown = 'draft'";
    tx.exec(sql, args![id]).await.map(drop)
}

async fn insert(tx: &Tx, id: ArticleId, visible: bool, hashes: &[String]) -> Result<()> {
    let (shown, otherwise) =
        if visible { ("live", "UPDATE SET shown = 'live'") } else { ("draft", "NOTHING") };
    for part in hashes.chunks(ROWS) {
        let values = part.iter().flat_map(|hash| args![id, hash.as_str(), shown]).collect();
        let sql = format!(
            "INSERT INTO article_pictures (article_id, hash, shown) VALUES {} ON CONFLICT (article_id, hash) DO {otherwise}",
            rows(part.len(), 3)
        );
        tx.exec(&sql, values).await?;
    }
    Ok(())
}

pub async fn showing(on: &impl Conn, hash: &str) -> Result<Showing> {
    // Of the three words, that of the most comes last in no order: two questions, each of one row of the index.
    for (shown, showing) in [("live", Showing::Live), ("was", Showing::Gone)] {
        let sql = "SELECT article_id FROM article_pictures WHERE hash = $1 AND shown = $2 LIMIT 1";
        if on.scalar::<i64>(sql, args![hash, shown]).await?.is_some() {
            return Ok(showing);
        }
    }
    Ok(Showing::Never)
}

/// The pictures that any of these articles has or had.
pub async fn pictures_of(on: &impl Conn, ids: &[ArticleId]) -> Result<Vec<String>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql =
        format!("SELECT hash FROM article_pictures WHERE article_id IN ({})", placeholders(1, ids.len()));
    on.column(&sql, ids.iter().map(|&id| id.into()).collect()).await
}

#[derive(FromQueryResult)]
struct UseRow {
    id: ArticleId,
    author_id: AuthorId,
    title: String,
    state: String,
    pending: bool,
    shown: String,
}

/// The articles that have this picture now, the newest first.
pub async fn uses(on: &impl Conn, hash: &str, limit: usize) -> Result<Vec<Use>> {
    let sql = "SELECT a.id, a.author_id, a.title, a.state, a.pending, p.shown FROM article_pictures p JOIN articles a ON a.id = p.article_id \
               WHERE p.hash = $1 ORDER BY a.id DESC LIMIT $2";
    let rows: Vec<UseRow> = on.all(sql, args![hash, limit as i64]).await?;
    let used = |row: UseRow| {
        let state = state(&row.state)?;
        Ok(Use {
            article: row.id,
            author: row.author_id,
            title: row.title,
            state,
            live: row.shown == "live",
            waits: row.pending || matches!(state, State::Submitted | State::Scheduled),
        })
    };
    rows.into_iter().map(used).collect()
}

/// Writes down that these pictures came to an author from somebody who wrote for it.
pub async fn claim(tx: &Tx, author: AuthorId, hashes: &[String]) -> Result<()> {
    for part in hashes.chunks(ROWS) {
        let values = part.iter().flat_map(|hash| args![author, hash.as_str()]).collect();
        let sql = format!(
            "INSERT INTO author_pictures (author_id, hash) VALUES {} ON CONFLICT (hash, author_id) DO NOTHING",
            rows(part.len(), 2)
        );
        tx.exec(&sql, values).await?;
    }
    Ok(())
}

/// The authors that a picture came to in that way and that have it in an article.
pub async fn authors_keeping(on: &impl Conn, hash: &str) -> Result<Vec<AuthorId>> {
    let sql = "SELECT c.author_id FROM author_pictures c WHERE c.hash = $1 AND EXISTS \
               (SELECT 1 FROM article_pictures p JOIN articles a ON a.id = p.article_id \
                WHERE p.hash = c.hash AND a.author_id = c.author_id) ORDER BY c.author_id";
    on.column(sql, args![hash]).await
}

#[derive(FromQueryResult)]
struct DueRow {
    id: ArticleId,
    state: String,
    covers: String,
    html: String,
}

/// Makes the rows of the next `limit` articles from before there were any; says how many.
pub async fn make_due(tx: &Tx, limit: usize) -> Result<usize> {
    let sql = "SELECT a.id, a.state, a.covers, b.html FROM article_pictures_due d JOIN articles a ON a.id = d.article_id \
               JOIN article_bodies b ON b.article_id = a.id ORDER BY d.article_id LIMIT $1";
    let rows: Vec<DueRow> = tx.all(sql, args![limit as i64]).await?;
    let mut values = Vec::new();
    for row in &rows {
        let shown = match state(&row.state)? {
            state if state.is_visible() => "live",
            State::Retracted => "was",
            _ => "draft",
        };
        for hash in hashes(&row.html, split(&row.covers)) {
            values.extend(args![row.id, hash, shown]);
        }
    }
    // What was saved since has its rows.
    for part in values.chunks(3 * ROWS) {
        let sql = format!(
            "INSERT INTO article_pictures (article_id, hash, shown) VALUES {} ON CONFLICT (article_id, hash) DO NOTHING",
            db::rows(part.len() / 3, 3)
        );
        tx.exec(&sql, part.to_vec()).await?;
    }
    if let Some(last) = rows.last() {
        tx.exec("DELETE FROM article_pictures_due WHERE article_id <= $1", args![last.id]).await?;
    }
    Ok(rows.len())
}
