//! What is to be sent by mail and to browsers, and what was sent lately.

use std::time::Duration;

use db::{Conn, FromQueryResult, Tx, args};
use kernel::{Result, Time, UserId};

use crate::kind::Kind;
use crate::ways::Way;

/// Of one user, so much is sent at once; the rest comes next.
pub const MOST: usize = 200;

/// Has something sent at `due`, or `pause` after it was sent last; what waits already stays where it is. When it is sent.
pub async fn add(
    tx: &Tx,
    (user, way): (UserId, Way),
    (kind, key): (Kind, &str),
    due: Time,
    pause: Duration,
) -> Result<Time> {
    let sql = "INSERT INTO notification_sendings (user_id, way, kind, group_key, due_at) VALUES ($1, $2, $3, $4, $5)
               ON CONFLICT (user_id, way, kind, group_key) DO UPDATE SET told = notification_sendings.told + 1, due_at = COALESCE(
                   notification_sendings.due_at,
                   CASE WHEN notification_sendings.sent_at + $6 > excluded.due_at
                        THEN notification_sendings.sent_at + $6 ELSE excluded.due_at END)
               RETURNING due_at";
    let pause = pause.as_millis() as i64;
    Ok(tx.scalar(sql, args![user, way.name(), kind.name(), key, due, pause]).await?.unwrap_or(due))
}

/// The same of many users for one new thing; who is sent it already is left alone.
pub async fn add_all(
    tx: &Tx,
    users: &[UserId],
    way: Way,
    (kind, key): (Kind, &str),
    due: Time,
) -> Result<()> {
    if users.is_empty() {
        return Ok(());
    }
    let row = |n: usize| format!("(${}, $1, $2, $3, $4)", 5 + n);
    let rows = (0..users.len()).map(row).collect::<Vec<_>>().join(",");
    let sql = format!(
        "INSERT INTO notification_sendings (user_id, way, kind, group_key, due_at) VALUES {rows} ON CONFLICT DO NOTHING"
    );
    let mut values = args![way.name(), kind.name(), key, due];
    values.extend(users.iter().map(|&user| db::Value::from(user)));
    tx.exec(&sql, values).await.map(drop)
}

/// What is to be sent.
#[derive(Debug, FromQueryResult)]
pub struct Due {
    pub kind: String,
    pub group_key: String,
    /// As it is when it was read.
    pub told: i64,
}

/// What is due by `now`, the longest waiting first.
pub async fn due(on: &impl Conn, user: UserId, way: Way, now: Time) -> Result<Vec<Due>> {
    let sql =
        "SELECT kind, group_key, told FROM notification_sendings WHERE user_id = $1 AND way = $2 AND due_at <= $3
               ORDER BY due_at, kind, group_key LIMIT $4";
    on.all(sql, args![user, way.name(), now, MOST as i64]).await
}

/// When the next is due, if any waits.
pub async fn next(on: &impl Conn, user: UserId, way: Way) -> Result<Option<Time>> {
    let sql =
        "SELECT due_at FROM notification_sendings WHERE user_id = $1 AND way = $2 AND due_at IS NOT NULL
               ORDER BY due_at LIMIT 1";
    on.scalar(sql, args![user, way.name()]).await
}

/// When something was sent last.
pub async fn last(on: &impl Conn, user: UserId, way: Way) -> Result<Option<Time>> {
    let sql =
        "SELECT sent_at FROM notification_sendings WHERE user_id = $1 AND way = $2 AND sent_at IS NOT NULL
               ORDER BY sent_at DESC LIMIT 1";
    on.scalar(sql, args![user, way.name()]).await
}

/// It waits no more; where it was sent (`sent`), since then. Of what was not, what was told again since it was read goes on waiting; what is sent says what is so
/// when it goes.
pub async fn done(tx: &Tx, user: UserId, way: Way, of: &Due, sent: Option<Time>) -> Result<()> {
    let sql = "UPDATE notification_sendings SET due_at = NULL, sent_at = COALESCE($5, sent_at)
               WHERE user_id = $1 AND way = $2 AND kind = $3 AND group_key = $4 AND told = COALESCE($6, told)";
    let as_read = sent.is_none().then_some(of.told);
    let (kind, key) = (of.kind.as_str(), of.group_key.as_str());
    tx.exec(sql, args![user, way.name(), kind, key, sent, as_read]).await.map(drop)
}

/// Forgets some of what was sent before then, and of what did not have to be; how many.
pub async fn sweep(tx: &Tx, before: Time, limit: usize) -> Result<u64> {
    let sql = "DELETE FROM notification_sendings WHERE (user_id, way, kind, group_key) IN (
                   SELECT user_id, way, kind, group_key FROM notification_sendings
                   WHERE due_at IS NULL AND (sent_at IS NULL OR sent_at < $1) LIMIT $2)";
    tx.exec(sql, args![before, limit as i64]).await
}

#[cfg(test)]
mod tests {
    use db::{Db, db_test};

    use super::*;

    #[db_test]
    async fn what_is_told_while_a_job_looks_waits_on(db: Db) {
        let (ann, now, what) = (UserId::new(7), Time::from_millis(1_000), (Kind::Answer, "k"));
        let tx = db.write().await.unwrap();
        tx.exec(
            "INSERT INTO users (id, handle, name, roles, created_at) VALUES (7, 'ann', 'A', 0, 0)",
            vec![],
        )
        .await
        .unwrap();
        add(&tx, (ann, Way::Mail), what, now, Duration::ZERO).await.unwrap();
        tx.commit().await.unwrap();
        let looked = due(&db, ann, Way::Mail, now).await.unwrap();
        let tx = db.write().await.unwrap();
        add(&tx, (ann, Way::Mail), what, now, Duration::ZERO).await.unwrap();
        done(&tx, ann, Way::Mail, &looked[0], None).await.unwrap();
        assert_eq!(
            next(&tx, ann, Way::Mail).await.unwrap(),
            Some(now),
            "nothing was found to send before it"
        );
        let again = due(&tx, ann, Way::Mail, now).await.unwrap();
        add(&tx, (ann, Way::Mail), what, now, Duration::ZERO).await.unwrap();
        done(&tx, ann, Way::Mail, &again[0], Some(now)).await.unwrap();
        assert_eq!(next(&tx, ann, Way::Mail).await.unwrap(), None, "what is sent says it, too");
    }
}
