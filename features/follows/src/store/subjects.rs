//! What is followed besides authors. A channel may stand under several names: those that it had before.

use db::{Conn, FromQueryResult, Tx, args, placeholders};
use kernel::{Result, Time, UserId};

use crate::model::{FollowedSubject, Subject, SubjectKind};

pub async fn follow(tx: &Tx, user: UserId, subject: &Subject, now: Time) -> Result<bool> {
    let sql = "INSERT INTO subject_follows (user_id, kind, name, label, created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
    let values = args![user, subject.kind().name(), subject.name(), subject.label(), now];
    Ok(tx.exec(sql, values).await? > 0)
}

pub async fn unfollow(tx: &Tx, user: UserId, kind: SubjectKind, names: &[String]) -> Result<bool> {
    let sql = format!(
        "DELETE FROM subject_follows WHERE user_id = $1 AND kind = $2 AND name IN ({})",
        placeholders(3, names.len())
    );
    Ok(tx.exec(&sql, with_names(args![user, kind.name()], names)).await? > 0)
}

/// How many rows there were.
pub async fn unfollow_all(tx: &Tx, user: UserId) -> Result<u64> {
    tx.exec("DELETE FROM subject_follows WHERE user_id = $1", args![user]).await
}

pub async fn is_following(on: &impl Conn, user: UserId, kind: SubjectKind, names: &[String]) -> Result<bool> {
    let sql = format!(
        "SELECT user_id FROM subject_follows WHERE user_id = $1 AND kind = $2 AND name IN ({}) LIMIT 1",
        placeholders(3, names.len())
    );
    Ok(on.scalar::<UserId>(&sql, with_names(args![user, kind.name()], names)).await?.is_some())
}

pub async fn count(on: &impl Conn, user: UserId, kind: SubjectKind) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM subject_follows WHERE user_id = $1 AND kind = $2";
    Ok(on.scalar(sql, args![user, kind.name()]).await?.unwrap_or_default())
}

#[derive(FromQueryResult)]
struct SubjectRow {
    kind: String,
    label: String,
    created_at: Time,
}

/// Latest followed first. What a newer program knows and this one does not is left out.
pub async fn all(on: &impl Conn, user: UserId) -> Result<Vec<FollowedSubject>> {
    let sql = "SELECT kind, label, created_at FROM subject_follows WHERE user_id = $1 ORDER BY created_at DESC, kind, name";
    let rows: Vec<SubjectRow> = on.all(sql, args![user]).await?;
    let followed = |row: SubjectRow| {
        let subject = Subject::of(SubjectKind::named(&row.kind)?, &row.label)?;
        Some(FollowedSubject { subject, at: row.created_at })
    };
    Ok(rows.into_iter().filter_map(followed).collect())
}

/// Those who follow a subject, by id, after one; each once.
pub async fn followers(
    on: &impl Conn,
    kind: SubjectKind,
    names: &[String],
    after: UserId,
    limit: usize,
) -> Result<Vec<UserId>> {
    let sql = format!(
        "SELECT DISTINCT user_id FROM subject_follows WHERE kind = $1 AND user_id > $2 AND name IN ({}) ORDER BY user_id LIMIT $3",
        placeholders(4, names.len())
    );
    on.column(&sql, with_names(args![kind.name(), after, limit as i64], names)).await
}

fn with_names(mut values: Vec<db::Value>, names: &[String]) -> Vec<db::Value> {
    values.extend(names.iter().map(|name| db::Value::from(name.clone())));
    values
}
