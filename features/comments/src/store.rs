//! The only SQL that names the tables of comments.

pub mod erase;

use db::{Conn, FromQueryResult, Tx, all_in, args, placeholders, rows};
use kernel::{ArticleId, CommentId, Cursor, Result, Time, UserId};

use crate::model::{Comment, Sort, State, Talk, heat};

/// [`State::is_visible`] for SQL.
const VISIBLE: &str = "state = 'live'";

const COMMENT: &str = "id, article_id, parent_id, floor, root_id, user_id, name, region, text, state, likes, created_at, removed_for";

/// Those of [`COMMENT`], `heat` and `external_id`.
const COLUMNS: usize = 15;
/// Rows in one statement: SQLite's cost of a statement grows with the square of its parameters.
const ROWS: usize = 50;

pub async fn insert(tx: &Tx, comment: &Comment) -> Result<()> {
    insert_all(tx, &[(comment.clone(), None)]).await
}

/// Comments with their external ids, parents before children.
pub async fn insert_all(tx: &Tx, comments: &[(Comment, Option<String>)]) -> Result<()> {
    for part in comments.chunks(ROWS) {
        let mut values = Vec::with_capacity(part.len() * COLUMNS);
        for (c, external) in part.iter().cloned() {
            let heat = heat(c.likes, c.created_at);
            values.extend(args![
                c.id,
                c.article,
                c.parent,
                c.floor,
                c.root,
                c.by,
                c.name,
                c.region,
                c.text,
                c.state,
                c.likes,
                c.created_at,
                c.removed_for,
                heat,
                external
            ]);
        }
        let sql = format!(
            "INSERT INTO comments ({COMMENT}, heat, external_id) VALUES {}",
            rows(part.len(), COLUMNS)
        );
        tx.exec(&sql, values).await?;
    }
    Ok(())
}

pub async fn find(on: &impl Conn, id: CommentId) -> Result<Option<Comment>> {
    on.opt(&format!("SELECT {COMMENT} FROM comments WHERE id = $1"), args![id]).await
}

/// The visible ones of `ids`, in any order.
pub async fn visible(on: &impl Conn, ids: &[CommentId]) -> Result<Vec<Comment>> {
    all_in(on, args![], ids, |placeholders| {
        format!("SELECT {COMMENT} FROM comments WHERE id IN ({placeholders}) AND {VISIBLE}")
    })
    .await
}

/// Takes the row for this write, so that two that change one comment take turns (PostgreSQL; on SQLite they do anyway).
pub async fn lock(tx: &Tx, id: CommentId) -> Result<Option<Comment>> {
    let wait = if tx.is_postgres() { "FOR UPDATE" } else { "" };
    tx.opt(&format!("SELECT {COMMENT} FROM comments WHERE id = $1 {wait}"), args![id]).await
}

/// The visible comments of an article, from `from` on.
pub async fn thread(
    on: &impl Conn,
    article: ArticleId,
    sort: Sort,
    from: Cursor,
    limit: usize,
) -> Result<Vec<Comment>> {
    let key = match sort {
        Sort::Hot => "heat",
        Sort::New => "created_at",
    };
    let sql = format!(
        "SELECT {COMMENT} FROM comments WHERE article_id = $1 AND {VISIBLE} AND ({key}, id) < ($2, $3)
         ORDER BY {key} DESC, id DESC LIMIT $4"
    );
    on.all(&sql, args![article, from.key, from.id, limit as i64]).await
}

/// Those that `comments` answer, and those that these answer, and so on up to `chain`, and the first floors of their towers: each
/// once, in any state and order.
pub async fn ancestors(on: &impl Conn, comments: &[Comment], chain: usize) -> Result<Vec<Comment>> {
    let mut parents: Vec<CommentId> =
        comments.iter().flat_map(|comment| [comment.parent, comment.root]).flatten().collect();
    parents.sort_unstable();
    parents.dedup();
    if parents.is_empty() {
        return Ok(Vec::new());
    }
    // UNION, not UNION ALL: branches that meet are walked on once a depth.
    let sql = format!(
        "WITH RECURSIVE up (id, depth) AS (
             SELECT id, 1 FROM comments WHERE id IN ({})
             UNION
             SELECT c.parent_id, up.depth + 1 FROM up JOIN comments c ON c.id = up.id
             WHERE c.parent_id IS NOT NULL AND up.depth < {chain}
         )
         SELECT {COMMENT} FROM comments WHERE id IN (SELECT id FROM up)",
        placeholders(1, parents.len())
    );
    on.all(&sql, parents.into_iter().map(Into::into).collect()).await
}

/// Those on which a comment stands, from floor `from` on, at most `limit`: in any state, the lowest first.
pub async fn tower(on: &impl Conn, above: &Comment, from: i64, limit: i64) -> Result<Vec<Comment>> {
    // Downwards from floor to floor; that floors grow smaller ends the walk whatever the rows say.
    let sql = format!(
        "WITH RECURSIVE up (id, parent_id, floor) AS (
             SELECT id, parent_id, floor FROM comments WHERE id = $1
             UNION ALL
             SELECT c.id, c.parent_id, c.floor FROM up JOIN comments c ON c.id = up.parent_id
             WHERE up.floor > $2 AND c.floor < up.floor
         )
         SELECT {COMMENT} FROM comments WHERE id IN (SELECT id FROM up WHERE floor >= $2 AND floor < $3 AND id <> $1)
         ORDER BY floor"
    );
    on.all(&sql, args![above.id, from, from.saturating_add(limit)]).await
}

pub async fn mine_held(on: &impl Conn, user: UserId, article: ArticleId) -> Result<Vec<Comment>> {
    let sql = format!(
        "SELECT {COMMENT} FROM comments WHERE user_id = $1 AND article_id = $2 AND state = 'held' ORDER BY id"
    );
    on.all(&sql, args![user, article]).await
}

/// What the user wrote there and others took away.
pub async fn mine_removed(
    on: &impl Conn,
    user: UserId,
    article: ArticleId,
    limit: usize,
) -> Result<Vec<Comment>> {
    let sql = format!(
        "SELECT {COMMENT} FROM comments WHERE user_id = $1 AND article_id = $2 AND state = 'removed' ORDER BY id DESC LIMIT $3"
    );
    on.all(&sql, args![user, article, limit as i64]).await
}

/// Newest first.
pub async fn held(on: &impl Conn, from: Cursor, limit: usize) -> Result<Vec<Comment>> {
    let sql =
        format!("SELECT {COMMENT} FROM comments WHERE state = 'held' AND id < $1 ORDER BY id DESC LIMIT $2");
    on.all(&sql, args![from.id, limit as i64]).await
}

pub async fn count_held(on: &impl Conn) -> Result<i64> {
    Ok(on.scalar("SELECT COUNT(*) FROM comments WHERE state = 'held'", vec![]).await?.unwrap_or(0))
}

pub async fn set_state(tx: &Tx, id: CommentId, state: State, removed_for: Option<&str>) -> Result<()> {
    let sql = "UPDATE comments SET state = $2, removed_for = $3 WHERE id = $1";
    tx.exec(sql, args![id, state, removed_for.map(str::to_owned)]).await.map(drop)
}

/// Whether the user had not liked it before.
pub async fn like(tx: &Tx, user: UserId, comment: &Comment, now: Time) -> Result<bool> {
    let sql = "INSERT INTO comment_likes (user_id, article_id, comment_id, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    Ok(tx.exec(sql, args![user, comment.article, comment.id, now]).await? > 0)
}

/// Whether the user had liked it before.
pub async fn unlike(tx: &Tx, user: UserId, comment: &Comment) -> Result<bool> {
    let sql = "DELETE FROM comment_likes WHERE user_id = $1 AND article_id = $2 AND comment_id = $3";
    Ok(tx.exec(sql, args![user, comment.article, comment.id]).await? > 0)
}

pub async fn set_likes(tx: &Tx, comment: &Comment, likes: i64) -> Result<()> {
    let heat = heat(likes, comment.created_at);
    tx.exec("UPDATE comments SET likes = $2, heat = $3 WHERE id = $1", args![comment.id, likes, heat])
        .await
        .map(drop)
}

pub async fn liked_by(on: &impl Conn, user: UserId, article: ArticleId) -> Result<Vec<CommentId>> {
    let sql =
        "SELECT comment_id FROM comment_likes WHERE user_id = $1 AND article_id = $2 ORDER BY comment_id";
    on.column(sql, args![user, article]).await
}

/// How many of `users` like a comment.
pub async fn count_likes_of(on: &impl Conn, comment: &Comment, users: &[UserId]) -> Result<i64> {
    #[derive(FromQueryResult)]
    struct Likes {
        likes: i64,
    }
    let rows: Vec<Likes> = all_in(on, args![comment.article, comment.id], users, |placeholders| {
        format!(
            "SELECT COUNT(*) AS likes FROM comment_likes WHERE article_id = $1 AND comment_id = $2 AND user_id IN ({placeholders})"
        )
    })
    .await?;
    Ok(rows.into_iter().map(|row| row.likes).sum())
}

#[derive(FromQueryResult)]
struct IdRow {
    id: CommentId,
}

pub async fn written_by(on: &impl Conn, users: &[UserId], article: ArticleId) -> Result<Vec<CommentId>> {
    let rows: Vec<IdRow> = all_in(on, args![article], users, |placeholders| {
        format!("SELECT id FROM comments WHERE article_id = $1 AND {VISIBLE} AND user_id IN ({placeholders})")
    })
    .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// The visible comments of a user, newest first; ids grow with time.
pub async fn by_user(on: &impl Conn, user: UserId, from: Cursor, limit: usize) -> Result<Vec<Comment>> {
    let sql = format!(
        "SELECT {COMMENT} FROM comments WHERE user_id = $1 AND {VISIBLE} AND id < $2 ORDER BY id DESC LIMIT $3"
    );
    on.all(&sql, args![user, from.id, limit as i64]).await
}

/// Moves the count of an article's visible comments.
pub async fn add_to_count(tx: &Tx, article: ArticleId, by: i64) -> Result<()> {
    add_to_counts(tx, &[(article, by)]).await
}

/// The same for many articles, each named once.
pub async fn add_to_counts(tx: &Tx, counts: &[(ArticleId, i64)]) -> Result<()> {
    for part in counts.chunks(ROWS) {
        let sql = format!(
            "INSERT INTO comment_counts (article_id, live) VALUES {}
             ON CONFLICT (article_id) DO UPDATE SET live = comment_counts.live + excluded.live",
            rows(part.len(), 2)
        );
        tx.exec(&sql, part.iter().flat_map(|&(article, by)| args![article, by]).collect()).await?;
    }
    Ok(())
}

#[derive(FromQueryResult)]
struct CountRow {
    article_id: ArticleId,
    live: i64,
}

impl From<CountRow> for (ArticleId, i64) {
    fn from(row: CountRow) -> Self {
        (row.article_id, row.live)
    }
}

pub async fn counts(on: &impl Conn, articles: &[ArticleId]) -> Result<Vec<(ArticleId, i64)>> {
    let rows: Vec<CountRow> = all_in(on, args![], articles, |placeholders| {
        format!(
            "SELECT article_id, live FROM comment_counts WHERE article_id IN ({placeholders}) AND live > 0"
        )
    })
    .await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// How many people spoke under articles, by the hour in which they did last, each once however much they said.
pub async fn talk(
    on: &impl Conn,
    since: Time,
    known: UserId,
    among: Option<&[ArticleId]>,
) -> Result<Vec<Talk>> {
    // Materialised, or SQLite would walk all comments in an index that has them by article already.
    let sql = |only: &str| {
        format!(
        "WITH recent AS MATERIALIZED (
             SELECT article_id, user_id, CASE WHEN user_id IS NULL THEN name END AS name, MAX(created_at) / 3600000 AS hour
             FROM comments WHERE {VISIBLE} AND created_at >= $1 {only} GROUP BY 1, 2, 3
         )
         SELECT article_id AS article, hour, COUNT(*) AS people,
                COUNT(CASE WHEN user_id IS NULL OR user_id < $2 THEN 1 END) AS known
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

#[derive(FromQueryResult)]
pub struct Known {
    pub article_id: ArticleId,
    pub external_id: String,
    pub id: CommentId,
    pub floor: i64,
    pub root_id: Option<CommentId>,
}

/// The imported comments of articles.
pub async fn known(on: &impl Conn, articles: &[ArticleId]) -> Result<Vec<Known>> {
    let mut known = Vec::new();
    for part in articles.chunks(ROWS) {
        let sql = format!(
            "SELECT article_id, external_id, id, floor, root_id FROM comments WHERE article_id IN ({}) AND external_id IS NOT NULL",
            placeholders(1, part.len())
        );
        known.extend(on.all::<Known>(&sql, part.iter().map(|&id| id.into()).collect()).await?);
    }
    Ok(known)
}

pub async fn count_by(on: &impl Conn, user: UserId) -> Result<i64> {
    let sql = format!("SELECT COUNT(*) FROM comments WHERE user_id = $1 AND {VISIBLE}");
    Ok(on.scalar(&sql, args![user]).await?.unwrap_or(0))
}

pub async fn liked_anywhere_by(on: &impl Conn, user: UserId) -> Result<Vec<Comment>> {
    let sql = format!(
        "SELECT {COMMENT} FROM comments WHERE id IN (SELECT comment_id FROM comment_likes WHERE user_id = $1) ORDER BY id"
    );
    on.all(&sql, args![user]).await
}

pub async fn delete_likes_of(tx: &Tx, user: UserId) -> Result<()> {
    tx.exec("DELETE FROM comment_likes WHERE user_id = $1", args![user]).await.map(drop)
}
