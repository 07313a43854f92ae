//! The answers that rows of the kind `answer` are made of.

use db::{Conn, FromQueryResult, Tx, all_in, args};
use kernel::{CommentId, Result, Time, UserId};

/// Whether it was not there.
pub async fn add(
    tx: &Tx,
    comment: CommentId,
    user: UserId,
    answered: CommentId,
    actor: UserId,
) -> Result<bool> {
    let sql = "INSERT INTO notification_answers (comment_id, user_id, answered_id, actor_id) VALUES ($1, $2, $3, $4)
               ON CONFLICT DO NOTHING";
    Ok(tx.exec(sql, args![comment, user, answered, actor]).await? > 0)
}

/// Begins anew: those of before were read.
pub async fn clear(tx: &Tx, user: UserId, answered: CommentId) -> Result<()> {
    let sql = "DELETE FROM notification_answers WHERE user_id = $1 AND answered_id = $2";
    tx.exec(sql, args![user, answered]).await.map(drop)
}

/// Whose comment was answered, and which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, FromQueryResult)]
pub struct Answered {
    pub user_id: UserId,
    pub answered_id: CommentId,
}

/// Removes an answer; of what it was part.
pub async fn forget(tx: &Tx, comment: CommentId) -> Result<Vec<Answered>> {
    let sql = "DELETE FROM notification_answers WHERE comment_id = $1 RETURNING user_id, answered_id";
    tx.all(sql, args![comment]).await
}

/// Removes all answers of a user; of what they were part.
pub async fn forget_actor(tx: &Tx, actor: UserId) -> Result<Vec<Answered>> {
    let sql = "DELETE FROM notification_answers WHERE actor_id = $1 RETURNING user_id, answered_id";
    tx.all(sql, args![actor]).await
}

/// One of the answers of somebody's rows.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub struct Answer {
    pub answered: CommentId,
    pub comment: CommentId,
    pub actor: UserId,
}

/// The answers to these comments that a user's rows are made of, newest first.
pub async fn of(on: &impl Conn, user: UserId, answered: &[CommentId]) -> Result<Vec<Answer>> {
    let mut answers: Vec<Answer> = all_in(on, args![user], answered, |placeholders| {
        format!(
            "SELECT answered_id AS answered, comment_id AS comment, actor_id AS actor
             FROM notification_answers WHERE user_id = $1 AND answered_id IN ({placeholders})"
        )
    })
    .await?;
    answers.sort_by_key(|answer| std::cmp::Reverse(answer.comment));
    Ok(answers)
}

/// The comments whose unread answers end with one of these users.
pub async fn unread_by(on: &impl Conn, user: UserId, actors: &[UserId]) -> Result<Vec<CommentId>> {
    let answered: Vec<Answered> = all_in(on, args![user, crate::Kind::Answer.name()], actors, |placeholders| {
        format!(
            "SELECT a.user_id, a.answered_id FROM notifications n JOIN notification_answers a ON a.comment_id = n.comment_id
             WHERE n.user_id = $1 AND n.kind = $2 AND n.read_at IS NULL AND a.user_id = $1 AND n.actor_id IN ({placeholders})"
        )
    })
    .await?;
    Ok(answered.into_iter().map(|of| of.answered_id).collect())
}

/// Marks what is told of the answers to some comments; whether there was any.
pub async fn mark_read(tx: &Tx, user: UserId, answered: &[CommentId], now: Time) -> Result<bool> {
    let mut marked = 0;
    for of in answered {
        let sql = "UPDATE notifications SET read_at = $4 WHERE user_id = $1 AND kind = $2 AND group_key = $3 AND read_at IS NULL";
        marked += tx.exec(sql, args![user, crate::Kind::Answer.name(), of.to_string(), now]).await?;
    }
    Ok(marked > 0)
}

/// What is left of a row: who answered, the last of them and that answer.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub struct Sum {
    pub actors: i64,
    pub actor_id: Option<UserId>,
    pub comment_id: Option<CommentId>,
}

pub async fn sum(on: &impl Conn, of: Answered) -> Result<Sum> {
    let sql = "SELECT COUNT(DISTINCT actor_id) AS actors, MAX(comment_id) AS comment_id,
                      (SELECT actor_id FROM notification_answers WHERE user_id = $1 AND answered_id = $2
                       ORDER BY comment_id DESC LIMIT 1) AS actor_id
               FROM notification_answers WHERE user_id = $1 AND answered_id = $2";
    let none = Sum { actors: 0, actor_id: None, comment_id: None };
    Ok(on.opt(sql, args![of.user_id, of.answered_id]).await?.unwrap_or(none))
}

/// Writes what is left of a row, which stays as read or unread as it was; one of which nothing is left goes.
pub async fn settle(tx: &Tx, of: Answered, sum: Sum) -> Result<()> {
    let key = of.answered_id.to_string();
    if sum.actors == 0 {
        return super::forget(tx, of.user_id, crate::Kind::Answer, &key).await;
    }
    let sql = "UPDATE notifications SET actors = $4, actor_id = $5, comment_id = $6
               WHERE user_id = $1 AND kind = $2 AND group_key = $3";
    let values = args![of.user_id, crate::Kind::Answer.name(), key, sum.actors, sum.actor_id, sum.comment_id];
    tx.exec(sql, values).await.map(drop)
}
