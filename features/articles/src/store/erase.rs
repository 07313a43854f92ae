//! What is left of the articles of an author who is deleted.

use db::{Conn, FromQueryResult, Tx, args};
use kernel::{ArticleId, AuthorId, Cursor, Result, Time, UserId};

use crate::model::State;

#[derive(FromQueryResult)]
pub struct LiveRow {
    pub id: ArticleId,
    pub channel: Option<String>,
}

/// Those that readers see.
pub async fn live_of(on: &impl Conn, author: AuthorId) -> Result<Vec<LiveRow>> {
    let sql = "SELECT id, channel FROM articles WHERE author_id = $1 AND state = $2 ORDER BY id";
    on.all(sql, args![author, State::Live.name()]).await
}

/// Takes every word of them. The rows stay: comments, reads and decisions refer to them.
pub async fn empty(tx: &Tx, author: AuthorId, code: &str) -> Result<()> {
    let of = "article_id IN (SELECT id FROM articles WHERE author_id = $1)";
    for table in ["article_pictures", "article_pictures_due", "article_tags", "revisions"] {
        tx.exec(&format!("DELETE FROM {table} WHERE {of}"), args![author]).await?;
    }
    tx.exec(&format!("UPDATE article_bodies SET source = '', html = '' WHERE {of}"), args![author]).await?;
    for table in ["author_pictures", "author_usage"] {
        tx.exec(&format!("DELETE FROM {table} WHERE author_id = $1"), args![author]).await?;
    }
    let sql = "UPDATE articles SET state = $2, retract_code = $3, pending = $4, title = '', subtitle = NULL, excerpt = '', covers = '',
                   declarations = '', source_name = NULL, source_url = NULL, canonical_url = NULL, place = NULL, region = NULL,
                   return_code = NULL, return_note = NULL, publish_at = NULL, external_id = NULL
               WHERE author_id = $1";
    tx.exec(sql, args![author, State::Retracted.name(), code, false]).await.map(drop)
}

/// A revision as it is kept.
#[derive(FromQueryResult)]
pub struct SavedRow {
    pub article_id: ArticleId,
    pub version: i64,
    pub content: String,
    pub saved_by: UserId,
    pub saved_at: Time,
}

/// Of all articles of an author, the newest article and the newest revision first; the cursor's key is the article.
pub async fn revisions(
    on: &impl Conn,
    author: AuthorId,
    from: Cursor,
    limit: usize,
) -> Result<Vec<SavedRow>> {
    let sql = "SELECT r.article_id, r.version, r.content, r.saved_by, r.saved_at FROM revisions r JOIN articles a ON a.id = r.article_id
               WHERE a.author_id = $1 AND (r.article_id, r.version) < ($2, $3) ORDER BY r.article_id DESC, r.version DESC LIMIT $4";
    on.all(sql, args![author, from.key, from.id, limit as i64]).await
}
