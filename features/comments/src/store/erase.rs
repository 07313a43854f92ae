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

/// An answer that the user (`$1`) did not write.
const OTHERS: &str = "(answer.user_id IS NULL OR answer.user_id <> $1)";

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
    // In one statement, however long somebody talked to themselves: what others answered stays, and what leads there.
    let sql = format!(
        "WITH RECURSIVE kept (id, parent_id) AS (
             SELECT mine.id, mine.parent_id FROM comments mine WHERE mine.user_id = $1
             AND EXISTS (SELECT 1 FROM comments answer WHERE answer.parent_id = mine.id AND {OTHERS})
             UNION
             SELECT mine.id, mine.parent_id FROM kept JOIN comments mine ON mine.id = kept.parent_id WHERE mine.user_id = $1
         )
         DELETE FROM comments WHERE user_id = $1 AND id NOT IN (SELECT kept.id FROM kept)"
    );
    tx.exec(&sql, args![user]).await?;
    let sql = "UPDATE comments SET state = 'removed', removed_for = NULL, text = '', name = $2, region = NULL, place = NULL, likes = 0
               WHERE user_id = $1";
    tx.exec(sql, args![user, name]).await.map(drop)
}

/// Removes all of them. Answers to them begin towers of their own.
pub async fn delete(tx: &Tx, user: UserId) -> Result<()> {
    delete_likes(tx, user).await?;
    // Floors are numbered as they are when somebody answers, and only where a tower begins anew: not everywhere they spoke.
    let sql = format!(
        "WITH RECURSIVE towers (id, floor, root_id) AS (
             SELECT answer.id, CAST(1 AS BIGINT), answer.id FROM comments mine JOIN comments answer ON answer.parent_id = mine.id
             WHERE mine.user_id = $1 AND {OTHERS}
             UNION ALL
             SELECT answer.id, towers.floor + 1, towers.root_id FROM towers JOIN comments answer ON answer.parent_id = towers.id
             WHERE {OTHERS}
         )
         UPDATE comments SET floor = towers.floor,
             root_id = CASE WHEN towers.floor = 1 THEN NULL ELSE towers.root_id END,
             parent_id = CASE WHEN towers.floor = 1 THEN NULL ELSE comments.parent_id END
         FROM towers WHERE comments.id = towers.id"
    );
    tx.exec(&sql, args![user]).await?;
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
