//! The only SQL that names the tables of notifications. What changes what somebody has unread says whose.

pub mod answers;
pub mod choices;
pub mod devices;
pub mod digests;
pub mod keys;
pub mod sendings;

use std::collections::{HashMap, HashSet};

use db::{Conn, FromQueryResult, Tx, all_in, args};
use kernel::{ArticleId, CommentId, Cursor, Result, Time, UserId};

use crate::kind::Kind;
use crate::model::{New, NotificationId, Queue, Row, UNREAD_MOST};
use crate::ways::{Way, Ways};

/// The kinds whose rows count several articles.
const OF_SUBJECTS: [Kind; 3] = [Kind::Topic, Kind::Tag, Kind::Channel];
/// Rows that one transaction removes.
pub const PART: usize = 1_000;

const ROW: &str = "id, kind, group_key, actors, article_id, comment_id, detail, changed_at, read_at";

/// Up to [`UNREAD_MOST`].
pub async fn unread(on: &impl Conn, user: UserId) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM (
                   SELECT id FROM notifications WHERE user_id = $1 AND read_at IS NULL AND actors > 0 AND shown LIMIT $2
               ) AS unread";
    Ok(on.scalar(sql, args![user, UNREAD_MOST]).await?.unwrap_or(0))
}

/// Newest first.
pub async fn page(on: &impl Conn, user: UserId, from: Cursor, limit: usize) -> Result<Vec<Row>> {
    let sql = format!(
        "SELECT {ROW} FROM notifications WHERE user_id = $1 AND (changed_at, id) < ($2, $3) AND actors > 0 AND shown
         ORDER BY changed_at DESC, id DESC LIMIT $4"
    );
    on.all(&sql, args![user, from.key, from.id, limit as i64]).await
}

/// Those of some things that are not read, whether they stand on the site or not.
pub async fn unread_of(on: &impl Conn, user: UserId, kind: Kind, keys: &[&str]) -> Result<Vec<Row>> {
    let mut rows: Vec<Row> = all_in(on, args![user, kind.name()], keys, |placeholders| {
        format!(
            "SELECT {ROW} FROM notifications WHERE user_id = $1 AND kind = $2 AND read_at IS NULL AND actors > 0
             AND group_key IN ({placeholders})"
        )
    })
    .await?;
    rows.sort_by_key(|row| std::cmp::Reverse((row.changed_at, row.id)));
    Ok(rows)
}

/// The same of all that changed after `since`, newest first.
pub async fn unread_since(on: &impl Conn, user: UserId, since: Time, limit: usize) -> Result<Vec<Row>> {
    let sql = format!(
        "SELECT {ROW} FROM notifications WHERE user_id = $1 AND read_at IS NULL AND actors > 0 AND changed_at > $2
         ORDER BY changed_at DESC, id DESC LIMIT $3"
    );
    on.all(&sql, args![user, since, limit as i64]).await
}

/// One of somebody's that is not read.
pub async fn unread_one(on: &impl Conn, user: UserId, id: NotificationId) -> Result<Option<Row>> {
    let sql = format!(
        "SELECT {ROW} FROM notifications WHERE user_id = $1 AND id = $2 AND read_at IS NULL AND actors > 0"
    );
    on.opt(&sql, args![user, id]).await
}

/// Marks what others did whom the user wants to hear nothing of any more; whether there was any. Of answers, which are of several people: `answers`.
pub async fn mark_read_of(tx: &Tx, user: UserId, actors: &[UserId], now: Time) -> Result<bool> {
    let mut marked = 0;
    for part in actors.chunks(PART) {
        let sql = format!(
            "UPDATE notifications SET read_at = $2 WHERE user_id = $1 AND read_at IS NULL AND kind <> $3 AND actor_id IN ({})",
            db::placeholders(4, part.len())
        );
        let mut values = args![user, now, Kind::Answer.name()];
        values.extend(part.iter().map(|&actor| db::Value::from(actor)));
        marked += tx.exec(&sql, values).await?;
    }
    Ok(marked > 0)
}

/// New articles that the user was told of and has not read, the newest.
pub async fn unread_articles(on: &impl Conn, user: UserId) -> Result<Vec<ArticleId>> {
    let sql = "SELECT article_id FROM notifications
               WHERE user_id = $1 AND kind = $2 AND read_at IS NULL AND article_id IS NOT NULL ORDER BY changed_at DESC, id DESC LIMIT $3";
    on.column(sql, args![user, Kind::Article.name(), PART as i64]).await
}

/// Marks what tells of new articles; whether there was any.
pub async fn mark_read_about(tx: &Tx, user: UserId, articles: &[ArticleId], now: Time) -> Result<bool> {
    if articles.is_empty() {
        return Ok(false);
    }
    let sql = format!(
        "UPDATE notifications SET read_at = $2 WHERE user_id = $1 AND read_at IS NULL AND kind = $3 AND article_id IN ({})",
        db::placeholders(4, articles.len())
    );
    let mut values = args![user, now, Kind::Article.name()];
    values.extend(articles.iter().map(|&article| db::Value::from(article)));
    Ok(tx.exec(&sql, values).await? > 0)
}

/// Whether there was anything to mark.
pub async fn mark_read(tx: &Tx, user: UserId, id: NotificationId, now: Time) -> Result<bool> {
    let sql = "UPDATE notifications SET read_at = $3 WHERE user_id = $1 AND id = $2 AND read_at IS NULL";
    Ok(tx.exec(sql, args![user, id, now]).await? > 0)
}

/// All that last changed until `until`.
pub async fn mark_all_read(tx: &Tx, user: UserId, until: Time, now: Time) -> Result<bool> {
    let sql = "UPDATE notifications SET read_at = $3 WHERE user_id = $1 AND read_at IS NULL AND changed_at <= $2 AND shown";
    Ok(tx.exec(sql, args![user, until, now]).await? > 0)
}

/// Tells it, again where the row is there: then it is unread once more, and among the newest.
pub async fn tell(tx: &Tx, id: NotificationId, new: New, now: Time) -> Result<()> {
    let sql = "INSERT INTO notifications
                   (user_id, kind, group_key, id, actors, told, actor_id, article_id, comment_id, detail, created_at, changed_at, shown)
               VALUES ($1, $2, $3, $4, $5, $5, $6, $7, $8, $9, $10, $10, $11)
               ON CONFLICT (user_id, kind, group_key) DO UPDATE SET
                   shown = excluded.shown, actors = excluded.actors, actor_id = excluded.actor_id, article_id = excluded.article_id,
                   comment_id = excluded.comment_id, detail = excluded.detail, changed_at = excluded.changed_at, read_at = NULL";
    tx.exec(sql, values(id, new, now)).await.map(drop)
}

/// The same where more is told than ever was; what is less, or was told before, changes the number alone. Whether it was told.
pub async fn count(tx: &Tx, id: NotificationId, new: New, now: Time) -> Result<bool> {
    let sql = "INSERT INTO notifications
                   (user_id, kind, group_key, id, actors, told, actor_id, article_id, comment_id, detail, created_at, changed_at, shown)
               VALUES ($1, $2, $3, $4, $5, $5, $6, $7, $8, $9, $10, $10, $11)
               ON CONFLICT (user_id, kind, group_key) DO UPDATE SET
                   shown = excluded.shown,
                   actors = excluded.actors,
                   told = CASE WHEN excluded.actors > notifications.told THEN excluded.actors ELSE notifications.told END,
                   changed_at = CASE WHEN excluded.actors > notifications.told THEN excluded.changed_at ELSE notifications.changed_at END,
                   read_at = CASE WHEN excluded.actors > notifications.told THEN NULL ELSE notifications.read_at END
               RETURNING changed_at";
    Ok(tx.scalar::<Time>(sql, values(id, new, now)).await? == Some(now))
}

fn values(id: NotificationId, new: New, now: Time) -> Vec<db::Value> {
    let New { user, ways, kind, key, actors, actor, article, comment, detail } = new;
    args![user, kind.name(), key, id, actors, actor, article, comment, detail, now, ways.has(Way::Site)]
}

/// Only the number, of a row that is there.
pub async fn set_actors(tx: &Tx, user: UserId, kind: Kind, key: &str, actors: i64) -> Result<bool> {
    let sql = "UPDATE notifications SET actors = $4 WHERE user_id = $1 AND kind = $2 AND group_key = $3";
    Ok(tx.exec(sql, args![user, kind.name(), key, actors]).await? > 0)
}

/// Tells many of one new article, in one statement; those who were told already are left alone.
pub async fn tell_all(
    tx: &Tx,
    id: NotificationId,
    article: ArticleId,
    (users, shown): (&[UserId], bool),
    now: Time,
) -> Result<()> {
    if users.is_empty() {
        return Ok(());
    }
    // All is the same but the user: one parameter a row.
    let row = |n: usize| format!("(${}, $1, $2, $3, 1, 1, $4, $5, $5, $6)", 7 + n);
    let rows = (0..users.len()).map(row).collect::<Vec<_>>().join(",");
    let sql = format!(
        "INSERT INTO notifications (user_id, kind, group_key, id, actors, told, article_id, created_at, changed_at, shown)
         VALUES {rows} ON CONFLICT DO NOTHING"
    );
    let mut values = args![Kind::Article.name(), article.to_string(), id, article, now, shown];
    values.extend(users.iter().map(|&user| db::Value::from(user)));
    tx.exec(&sql, values).await.map(drop)
}

/// Tells many of something new among what they follow, in one statement: one more where they have not read the last, else the first again.
pub async fn tell_subject(
    tx: &Tx,
    id: NotificationId,
    kind: Kind,
    key: &str,
    article: ArticleId,
    (users, shown): (&[UserId], bool),
    now: Time,
) -> Result<()> {
    if users.is_empty() {
        return Ok(());
    }
    let row = |n: usize| format!("(${}, $1, $2, $3, 1, 1, $4, $5, $5, $6)", 7 + n);
    let rows = (0..users.len()).map(row).collect::<Vec<_>>().join(",");
    let sql = format!(
        "INSERT INTO notifications (user_id, kind, group_key, id, actors, told, article_id, created_at, changed_at, shown)
         VALUES {rows} ON CONFLICT (user_id, kind, group_key) DO UPDATE SET
             shown = excluded.shown,
             actors = CASE WHEN notifications.read_at IS NULL THEN notifications.actors + 1 ELSE 1 END,
             told = notifications.told + 1, article_id = excluded.article_id, changed_at = excluded.changed_at, read_at = NULL"
    );
    let mut values = args![kind.name(), key, id, article, now, shown];
    values.extend(users.iter().map(|&user| db::Value::from(user)));
    tx.exec(&sql, values).await.map(drop)
}

/// Those of `users` who were told last of just this article, by any of what they follow.
pub async fn told_of_article(on: &impl Conn, article: ArticleId, users: &[UserId]) -> Result<Vec<UserId>> {
    #[derive(FromQueryResult)]
    struct Of {
        user_id: UserId,
    }
    let [a, b, c] = OF_SUBJECTS.map(Kind::name);
    let before = args![article, Kind::Article.name(), a, b, c];
    let rows: Vec<Of> = all_in(on, before, users, |placeholders| {
        format!(
            "SELECT user_id FROM notifications WHERE article_id = $1 AND kind IN ($2, $3, $4, $5) AND user_id IN ({placeholders})"
        )
    })
    .await?;
    Ok(rows.into_iter().map(|row| row.user_id).collect())
}

/// Removes some of the rows that show an article, not those about what was decided of it; whose they were, in the order of their ids.
pub async fn forget_article(tx: &Tx, article: ArticleId) -> Result<Vec<UserId>> {
    let sql = "DELETE FROM notifications WHERE (user_id, kind, group_key) IN (
                   SELECT user_id, kind, group_key FROM notifications
                   WHERE article_id = $1 AND NOT (kind IN ($3, $4, $5) AND actors > 1) ORDER BY user_id LIMIT $2
               ) RETURNING user_id";
    let [a, b, c] = OF_SUBJECTS.map(Kind::name);
    let mut users: Vec<UserId> = tx.column(sql, args![article, PART as i64, a, b, c]).await?;
    users.sort_unstable();
    Ok(users)
}

/// Takes an article out of some of the rows that count others, too; how many.
pub async fn discount_article(tx: &Tx, article: ArticleId) -> Result<u64> {
    let sql = "UPDATE notifications SET actors = actors - 1, article_id = NULL WHERE (user_id, kind, group_key) IN (
                   SELECT user_id, kind, group_key FROM notifications
                   WHERE article_id = $1 AND kind IN ($3, $4, $5) AND actors > 1 ORDER BY user_id LIMIT $2)";
    let [a, b, c] = OF_SUBJECTS.map(Kind::name);
    tx.exec(sql, args![article, PART as i64, a, b, c]).await
}

/// Removes the rows that show a comment but for those that are made of answers; whose they were.
pub async fn forget_comment(tx: &Tx, comment: CommentId) -> Result<Vec<UserId>> {
    let sql = "DELETE FROM notifications WHERE comment_id = $1 AND kind <> $2 RETURNING user_id";
    tx.column(sql, args![comment, Kind::Answer.name()]).await
}

/// Says how much waits in a queue to those who were told of it; whose rows changed.
pub async fn set_waiting(tx: &Tx, queue: Queue, waiting: i64) -> Result<Vec<UserId>> {
    // The kind is written out: so is the part of the table that has an index.
    let sql = "UPDATE notifications SET actors = $2 WHERE kind = 'waiting' AND group_key = $1 AND actors <> $2 RETURNING user_id";
    tx.column(sql, args![queue.name(), waiting]).await
}

/// Who was told of a queue.
pub async fn told_of(on: &impl Conn, queue: Queue) -> Result<Vec<UserId>> {
    let sql = "SELECT user_id FROM notifications WHERE kind = 'waiting' AND group_key = $1 ORDER BY user_id";
    on.column(sql, args![queue.name()]).await
}

/// Removes one row.
pub async fn forget(tx: &Tx, user: UserId, kind: Kind, key: &str) -> Result<()> {
    let sql = "DELETE FROM notifications WHERE user_id = $1 AND kind = $2 AND group_key = $3";
    tx.exec(sql, args![user, kind.name(), key]).await.map(drop)
}

/// Removes some of the rows that last changed before `before`; how many.
pub async fn forget_old(tx: &Tx, before: Time) -> Result<u64> {
    let sql = "DELETE FROM notifications WHERE (user_id, kind, group_key) IN (
                   SELECT user_id, kind, group_key FROM notifications WHERE changed_at < $1 ORDER BY changed_at LIMIT $2)";
    tx.exec(sql, args![before, PART as i64]).await
}

/// The next articles that rows show, by id.
pub async fn articles(on: &impl Conn, after: ArticleId) -> Result<Vec<ArticleId>> {
    let sql =
        "SELECT DISTINCT article_id FROM notifications WHERE article_id > $1 ORDER BY article_id LIMIT $2";
    on.column(sql, args![after, PART as i64]).await
}

/// The next comments that rows show, by id.
pub async fn comments(on: &impl Conn, after: CommentId) -> Result<Vec<CommentId>> {
    let sql = "SELECT DISTINCT comment_id FROM notifications WHERE comment_id IS NOT NULL AND comment_id > $1 ORDER BY comment_id LIMIT $2";
    on.column(sql, args![after, PART as i64]).await
}

/// What a user was told; what others were told of the user goes by [`forget_actor`] and [`answers::forget_actor`].
pub async fn erase(tx: &Tx, user: UserId) -> Result<()> {
    for table in [
        "notifications",
        "notification_answers",
        "notification_choices",
        "notification_quiet",
        "notification_sendings",
        "notification_digests",
        "notification_devices",
    ] {
        tx.exec(&format!("DELETE FROM {table} WHERE user_id = $1"), args![user]).await?;
    }
    Ok(())
}

/// Removes what others were told of a user, but for rows that are made of answers; whose rows they were.
pub async fn forget_actor(tx: &Tx, actor: UserId) -> Result<Vec<UserId>> {
    let sql = "DELETE FROM notifications WHERE actor_id = $1 AND kind <> $2 RETURNING user_id";
    tx.column(sql, args![actor, Kind::Answer.name()]).await
}

#[derive(FromQueryResult)]
pub struct ReadRow {
    pub read_at: Option<Time>,
}

/// Whether a row is there, and since when it is read.
pub async fn find(on: &impl Conn, user: UserId, kind: Kind, key: &str) -> Result<Option<ReadRow>> {
    let sql = "SELECT read_at FROM notifications WHERE user_id = $1 AND kind = $2 AND group_key = $3";
    on.opt(sql, args![user, kind.name(), key]).await
}

/// Of `users`, those who want to be told of a kind in any way, and how.
pub async fn wanting(on: &impl Conn, kind: Kind, users: &[UserId]) -> Result<Vec<(UserId, Ways)>> {
    #[derive(FromQueryResult)]
    struct Of {
        user_id: UserId,
        way: String,
        wanted: bool,
    }
    let rows: Vec<Of> = all_in(on, args![kind.name()], users, |placeholders| {
        format!(
            "SELECT user_id, way, wanted FROM notification_choices WHERE kind = $1 AND user_id IN ({placeholders})"
        )
    })
    .await?;
    let mut chosen: HashMap<UserId, Ways> = HashMap::new();
    for row in rows {
        let Some(way) = Way::named(&row.way) else { continue };
        let ways = chosen.entry(row.user_id).or_insert_with(|| Ways::usual(kind));
        *ways = ways.set(way, row.wanted);
    }
    let usual = Ways::usual(kind);
    let ways = |user: &UserId| (*user, chosen.get(user).copied().unwrap_or(usual));
    let mut wanting: Vec<(UserId, Ways)> = users.iter().map(ways).collect();
    // Most have no browser that is told, and who has no digest is not told for one.
    let pushed = those(&wanting, |ways| ways.has(Way::Push));
    let devices = have(on, "notification_devices", &pushed).await?;
    let digested = those(&wanting, |ways| ways.has(Way::Digest) && !ways.has(Way::Site));
    let digests = have(on, "notification_digests", &digested).await?;
    for (user, ways) in &mut wanting {
        *ways = ways.set(Way::Push, ways.has(Way::Push) && devices.contains(user));
        if !ways.has(Way::Site) {
            *ways = ways.set(Way::Digest, ways.has(Way::Digest) && digests.contains(user));
        }
    }
    wanting.retain(|(_, ways)| !ways.is_empty());
    Ok(wanting)
}

/// The users among `told` whose ways are such.
pub fn those(told: &[(UserId, Ways)], are: impl Fn(Ways) -> bool) -> Vec<UserId> {
    told.iter().filter(|(_, ways)| are(*ways)).map(|(user, _)| *user).collect()
}

/// Of `users`, those who have rows in one of our tables.
async fn have(on: &impl Conn, table: &str, users: &[UserId]) -> Result<HashSet<UserId>> {
    #[derive(FromQueryResult)]
    struct Of {
        user_id: UserId,
    }
    let rows: Vec<Of> = all_in(on, args![], users, |placeholders| {
        format!("SELECT DISTINCT user_id FROM {table} WHERE user_id IN ({placeholders})")
    })
    .await?;
    Ok(rows.into_iter().map(|row| row.user_id).collect())
}
