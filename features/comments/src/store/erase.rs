//! What is left of the comments of a user who is deleted.

use db::{Conn, FromQueryResult, Tx, args};
use kernel::{ArticleId, CommentId, Cursor, Result, UserId};

use super::{COMMENT, VISIBLE};
use crate::model::{Comment, Liked};

#[derive(FromQueryResult)]
struct CountRow {
    article_id: ArticleId,
    n: i64,
}

/// How many visible ones of theirs each article has.
pub async fn visible_by(on: &impl Conn, user: UserId) -> Result<Vec<(ArticleId, i64)>> {
    let sql = format!(
        "SELECT article_id, COUNT(*) AS n FROM comments WHERE user_id = $1 AND {VISIBLE} GROUP BY article_id"
    );
    let rows: Vec<CountRow> = on.all(&sql, args![user]).await?;
    Ok(rows.into_iter().map(|row| (row.article_id, row.n)).collect())
}

/// What others like of theirs.
async fn delete_likes(tx: &Tx, user: UserId) -> Result<()> {
    let sql = "DELETE FROM comment_likes WHERE comment_id IN (SELECT id FROM comments WHERE user_id = $1)";
    tx.exec(sql, args![user]).await.map(drop)
}

/// Removes what nobody answered, and what only that answered, and so on; of the rest the place stays, without a word.
pub async fn empty(tx: &Tx, user: UserId, name: &str) -> Result<()> {
    delete_likes(tx, user).await?;
    let sql = "DELETE FROM comments WHERE user_id = $1
               AND NOT EXISTS (SELECT 1 FROM comments answer WHERE answer.parent_id = comments.id)";
    while tx.exec(sql, args![user]).await? > 0 {}
    let sql = "UPDATE comments SET state = 'removed', removed_for = NULL, text = '', name = $2, region = NULL, place = NULL, likes = 0
               WHERE user_id = $1";
    tx.exec(sql, args![user, name]).await.map(drop)
}

/// Removes all of them. Answers to them begin towers of their own.
pub async fn delete(tx: &Tx, user: UserId) -> Result<()> {
    delete_likes(tx, user).await?;
    let sql = "UPDATE comments SET parent_id = NULL, floor = 1, root_id = NULL
               WHERE parent_id IN (SELECT mine.id FROM comments mine WHERE mine.user_id = $1)";
    tx.exec(sql, args![user]).await?;
    // As in the migration that numbered the floors, under the articles where they spoke.
    let sql = "WITH RECURSIVE towers (id, floor, root_id) AS (
                   SELECT id, CAST(1 AS BIGINT), id FROM comments WHERE parent_id IS NULL
                   AND article_id IN (SELECT mine.article_id FROM comments mine WHERE mine.user_id = $1)
                   UNION ALL
                   SELECT c.id, towers.floor + 1, towers.root_id FROM towers JOIN comments c ON c.parent_id = towers.id
               )
               UPDATE comments SET floor = towers.floor, root_id = towers.root_id
               FROM towers WHERE comments.id = towers.id AND towers.floor > 1
               AND (comments.floor <> towers.floor OR comments.root_id <> towers.root_id)";
    tx.exec(sql, args![user]).await?;
    tx.exec("DELETE FROM comments WHERE user_id = $1", args![user]).await.map(drop)
}

/// Newest first, in any state.
pub async fn written(on: &impl Conn, user: UserId, from: Cursor, limit: usize) -> Result<Vec<Comment>> {
    let sql =
        format!("SELECT {COMMENT} FROM comments WHERE user_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3");
    on.all(&sql, args![user, from.id, limit as i64]).await
}

/// Those that the user likes, newest first, with when they said so.
pub async fn liked(on: &impl Conn, user: UserId, from: Cursor, limit: usize) -> Result<Vec<Liked>> {
    let sql = "SELECT comment_id, article_id, created_at FROM comment_likes
               WHERE user_id = $1 AND (created_at, comment_id) < ($2, $3) ORDER BY created_at DESC, comment_id DESC LIMIT $4";
    on.all(sql, args![user, from.key, from.id, limit as i64]).await
}

#[derive(FromQueryResult)]
struct OneRow {
    article_id: ArticleId,
    id: CommentId,
}

/// Of each article under which the user spoke one comment: whoever shows its thread is told by it.
pub async fn one_in_each_article(on: &impl Conn, user: UserId) -> Result<Vec<(ArticleId, CommentId)>> {
    let sql = format!(
        "SELECT article_id, MIN(id) AS id FROM comments WHERE user_id = $1 AND {VISIBLE} GROUP BY article_id"
    );
    let rows: Vec<OneRow> = on.all(&sql, args![user]).await?;
    Ok(rows.into_iter().map(|row| (row.article_id, row.id)).collect())
}
