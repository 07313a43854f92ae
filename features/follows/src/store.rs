//! The only SQL that names the tables of follows. Every change says whether it changed anything. What is followed besides authors is in
//! `store/subjects.rs`.

pub mod subjects;

use db::{Conn, FromQueryResult, Tx, all_in, args};
use kernel::{ArticleId, AuthorId, Cursor, Result, Time, UserId};

use crate::model::{Approval, Favourite, FollowedAuthor, Like, ReaderState};

pub async fn follow(tx: &Tx, user: UserId, author: AuthorId, now: Time) -> Result<bool> {
    let sql =
        "INSERT INTO follows (user_id, author_id, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    Ok(tx.exec(sql, args![user, author, now]).await? > 0)
}

pub async fn unfollow(tx: &Tx, user: UserId, author: AuthorId) -> Result<bool> {
    let sql = "DELETE FROM follows WHERE user_id = $1 AND author_id = $2";
    Ok(tx.exec(sql, args![user, author]).await? > 0)
}

pub async fn is_following(on: &impl Conn, user: UserId, author: AuthorId) -> Result<bool> {
    let sql = "SELECT user_id FROM follows WHERE user_id = $1 AND author_id = $2";
    Ok(on.scalar::<UserId>(sql, args![user, author]).await?.is_some())
}

/// Latest followed first.
pub async fn following(on: &impl Conn, user: UserId) -> Result<Vec<AuthorId>> {
    let sql = "SELECT author_id FROM follows WHERE user_id = $1 ORDER BY created_at DESC, author_id DESC";
    on.column(sql, args![user]).await
}

pub async fn count(on: &impl Conn, user: UserId) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM follows WHERE user_id = $1";
    Ok(on.scalar(sql, args![user]).await?.unwrap_or_default())
}

/// Latest followed first.
pub async fn followed_authors(
    on: &impl Conn,
    user: UserId,
    from: Cursor,
    limit: usize,
) -> Result<Vec<FollowedAuthor>> {
    let sql = "SELECT author_id AS author, created_at AS at FROM follows
               WHERE user_id = $1 AND (created_at, author_id) < ($2, $3) ORDER BY created_at DESC, author_id DESC LIMIT $4";
    on.all(sql, args![user, from.key, from.id, limit as i64]).await
}

/// Those who follow an author, by id, after one.
pub async fn followers(on: &impl Conn, author: AuthorId, after: UserId, limit: usize) -> Result<Vec<UserId>> {
    let sql = "SELECT user_id FROM follows WHERE author_id = $1 AND user_id > $2 ORDER BY user_id LIMIT $3";
    on.column(sql, args![author, after, limit as i64]).await
}

#[derive(FromQueryResult)]
struct CountRow {
    id: i64,
    n: i64,
}

pub async fn follower_counts(on: &impl Conn, authors: &[AuthorId]) -> Result<Vec<(AuthorId, i64)>> {
    let rows: Vec<CountRow> = all_in(on, args![], authors, |placeholders| {
        format!("SELECT author_id AS id, COUNT(*) AS n FROM follows WHERE author_id IN ({placeholders}) GROUP BY author_id")
    })
    .await?;
    Ok(rows.into_iter().map(|row| (AuthorId::new(row.id), row.n)).collect())
}

pub async fn favourite(tx: &Tx, user: UserId, article: ArticleId, now: Time) -> Result<bool> {
    let sql =
        "INSERT INTO favourites (user_id, article_id, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    Ok(tx.exec(sql, args![user, article, now]).await? > 0)
}

pub async fn unfavourite(tx: &Tx, user: UserId, article: ArticleId) -> Result<bool> {
    let sql = "DELETE FROM favourites WHERE user_id = $1 AND article_id = $2";
    Ok(tx.exec(sql, args![user, article]).await? > 0)
}

/// Latest kept first.
pub async fn favourites(on: &impl Conn, user: UserId, from: Cursor, limit: usize) -> Result<Vec<Favourite>> {
    let sql = "SELECT article_id AS article, created_at AS at FROM favourites
               WHERE user_id = $1 AND (created_at, article_id) < ($2, $3) ORDER BY created_at DESC, article_id DESC LIMIT $4";
    on.all(sql, args![user, from.key, from.id, limit as i64]).await
}

/// Latest liked first.
pub async fn likes(on: &impl Conn, user: UserId) -> Result<Vec<Like>> {
    let sql = "SELECT article_id AS article, created_at AS at FROM article_likes
               WHERE user_id = $1 ORDER BY created_at DESC, article_id DESC";
    on.all(sql, args![user]).await
}

pub async fn like(tx: &Tx, user: UserId, article: ArticleId, now: Time) -> Result<bool> {
    let sql = "INSERT INTO article_likes (user_id, article_id, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    Ok(tx.exec(sql, args![user, article, now]).await? > 0)
}

pub async fn unlike(tx: &Tx, user: UserId, article: ArticleId) -> Result<bool> {
    let sql = "DELETE FROM article_likes WHERE user_id = $1 AND article_id = $2";
    Ok(tx.exec(sql, args![user, article]).await? > 0)
}

pub async fn like_counts(on: &impl Conn, articles: &[ArticleId]) -> Result<Vec<(ArticleId, i64)>> {
    let rows: Vec<CountRow> = all_in(on, args![], articles, |placeholders| {
        format!(
            "SELECT article_id AS id, COUNT(*) AS n FROM article_likes WHERE article_id IN ({placeholders}) GROUP BY article_id"
        )
    })
    .await?;
    Ok(rows.into_iter().map(|row| (ArticleId::new(row.id), row.n)).collect())
}

pub async fn unfollow_all(tx: &Tx, user: UserId) -> Result<Vec<AuthorId>> {
    tx.column("DELETE FROM follows WHERE user_id = $1 RETURNING author_id", args![user]).await
}

/// Who followed an author.
pub async fn unfollow_author(tx: &Tx, author: AuthorId) -> Result<Vec<UserId>> {
    tx.column("DELETE FROM follows WHERE author_id = $1 RETURNING user_id", args![author]).await
}

/// What the user likes, latest first.
pub async fn liked(on: &impl Conn, user: UserId, from: Cursor, limit: usize) -> Result<Vec<Favourite>> {
    let sql = "SELECT article_id AS article, created_at AS at FROM article_likes
               WHERE user_id = $1 AND (created_at, article_id) < ($2, $3) ORDER BY created_at DESC, article_id DESC LIMIT $4";
    on.all(sql, args![user, from.key, from.id, limit as i64]).await
}

pub async fn unfavourite_all(tx: &Tx, user: UserId) -> Result<Vec<ArticleId>> {
    tx.column("DELETE FROM favourites WHERE user_id = $1 RETURNING article_id", args![user]).await
}

pub async fn unlike_all(tx: &Tx, user: UserId) -> Result<Vec<ArticleId>> {
    tx.column("DELETE FROM article_likes WHERE user_id = $1 RETURNING article_id", args![user]).await
}

/// In one query: three look-ups by primary key.
pub async fn marks_of(
    on: &impl Conn,
    user: UserId,
    article: ArticleId,
    author: AuthorId,
) -> Result<ReaderState> {
    let sql = "SELECT EXISTS (SELECT 1 FROM article_likes WHERE user_id = $1 AND article_id = $2) AS liked,
                      EXISTS (SELECT 1 FROM favourites WHERE user_id = $1 AND article_id = $2) AS favourite,
                      EXISTS (SELECT 1 FROM follows WHERE user_id = $1 AND author_id = $3) AS following";
    Ok(on.opt(sql, args![user, article, author]).await?.unwrap_or_default())
}

/// Who likes an article and keeps it is one reader, of the later hour.
pub async fn approval(
    on: &impl Conn,
    since: Time,
    known: UserId,
    among: Option<&[ArticleId]>,
) -> Result<Vec<Approval>> {
    let sql = |only: &str| {
        format!(
        "WITH given AS (
             SELECT article_id, user_id, created_at FROM article_likes WHERE created_at >= $1 {only}
             UNION ALL
             SELECT article_id, user_id, created_at FROM favourites WHERE created_at >= $1 {only}
         ), recent AS (
             SELECT article_id, user_id, MAX(created_at) / 3600000 AS hour FROM given GROUP BY article_id, user_id
         )
         SELECT article_id AS article, hour, COUNT(*) AS readers, COUNT(CASE WHEN user_id < $2 THEN 1 END) AS known
         FROM recent GROUP BY article_id, hour"
        )
    };
    match among {
        None => on.all(&sql(""), args![since, known]).await,
        Some(ids) => {
            all_in(on, args![since, known], ids, |placeholders| {
                sql(&format!("AND article_id IN ({placeholders})"))
            })
            .await
        }
    }
}
