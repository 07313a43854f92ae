//! What is kept of single readers.

use db::{Conn, FromQueryResult, Tx, args, rows};
use kernel::{ArticleId, AuthorId, Cursor, Page, Result, Time, UserId};

/// Rows in one statement.
const ROWS: usize = 500;

pub async fn learns(on: &impl Conn, user: UserId) -> Result<bool> {
    let sql = "SELECT learns FROM personal_switches WHERE user_id = $1";
    Ok(on.scalar::<bool>(sql, args![user]).await?.unwrap_or(true))
}

pub async fn set_learns(tx: &Tx, user: UserId, learns: bool, now: Time) -> Result<()> {
    let sql = "INSERT INTO personal_switches (user_id, learns, changed_at) VALUES ($1, $2, $3)
               ON CONFLICT (user_id) DO UPDATE SET learns = excluded.learns, changed_at = excluded.changed_at";
    tx.exec(sql, args![user, learns, now]).await.map(drop)
}

/// Users among these who do not let the site learn.
pub async fn not_learning(on: &impl Conn, users: &[UserId]) -> Result<Vec<UserId>> {
    let rows: Vec<UserRow> = db::all_in(on, args![false], users, |placeholders| {
        format!("SELECT user_id FROM personal_switches WHERE learns = $1 AND user_id IN ({placeholders})")
    })
    .await?;
    Ok(rows.into_iter().map(|row| row.user_id).collect())
}

#[derive(FromQueryResult)]
struct UserRow {
    user_id: UserId,
}

/// An article that a reader read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromQueryResult)]
pub struct PastRead {
    pub user_id: UserId,
    pub article_id: ArticleId,
    /// When it was opened last.
    pub read_at: Time,
    /// How long it was in view at most, as far as that is known; 0 where it is not.
    pub seconds: i64,
    pub finished: bool,
}

/// Adds reads: each article is there once, as read last and longest.
pub async fn add_reads(tx: &Tx, reads: &[PastRead]) -> Result<()> {
    let longest = if tx.is_postgres() { "GREATEST" } else { "MAX" };
    for part in reads.chunks(ROWS) {
        let sql = format!(
            "INSERT INTO personal_reads (user_id, article_id, read_at, seconds, finished) VALUES {} \
             ON CONFLICT (user_id, article_id) DO UPDATE SET \
             read_at = {longest}(personal_reads.read_at, excluded.read_at), \
             seconds = {longest}(personal_reads.seconds, excluded.seconds), \
             finished = personal_reads.finished OR excluded.finished",
            rows(part.len(), 5)
        );
        let args = part.iter().flat_map(|r| args![r.user_id, r.article_id, r.read_at, r.seconds, r.finished]);
        tx.exec(&sql, args.collect()).await?;
    }
    Ok(())
}

/// Latest read first.
pub async fn reads(on: &impl Conn, user: UserId, limit: usize) -> Result<Vec<PastRead>> {
    let sql = "SELECT user_id, article_id, read_at, seconds, finished FROM personal_reads
               WHERE user_id = $1 ORDER BY read_at DESC LIMIT $2";
    on.all(sql, args![user, limit as i64]).await
}

/// The same in parts, whether or not the reader lets the site learn now.
pub async fn all_reads(on: &impl Conn, user: UserId, from: Cursor, limit: usize) -> Result<Page<PastRead>> {
    let sql = "SELECT user_id, article_id, read_at, seconds, finished FROM personal_reads
               WHERE user_id = $1 AND (read_at, article_id) < ($2, $3) ORDER BY read_at DESC, article_id DESC LIMIT $4";
    let reads = on.all(sql, args![user, from.key, from.id, limit as i64 + 1]).await?;
    Ok(Page::cut(reads, limit, |read: &PastRead| Cursor {
        key: read.read_at.millis(),
        id: read.article_id.raw(),
    }))
}

pub async fn forget_read(tx: &Tx, user: UserId, article: ArticleId) -> Result<()> {
    let sql = "DELETE FROM personal_reads WHERE user_id = $1 AND article_id = $2";
    tx.exec(sql, args![user, article]).await.map(drop)
}

pub async fn forget_all(tx: &Tx, user: UserId) -> Result<()> {
    for table in ["personal_reads", "personal_wishes"] {
        tx.exec(&format!("DELETE FROM {table} WHERE user_id = $1"), args![user]).await?;
    }
    Ok(())
}

/// Forgets a user who is deleted: all that is kept of a single reader. The switch is off from now on, so that nothing of theirs that is
/// still in memory, here or in another process, is written afterwards.
pub async fn erase(tx: &Tx, user: UserId) -> Result<()> {
    forget_all(tx, user).await?;
    set_learns(tx, user, false, Time::default()).await
}

/// A reader's history is kept for so long.
pub async fn forget_before(tx: &Tx, time: Time) -> Result<u64> {
    tx.exec("DELETE FROM personal_reads WHERE read_at < $1", args![time]).await
}

#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct WishRow {
    pub kind: String,
    pub name: String,
    pub wanted: bool,
}

/// Latest first.
pub async fn wishes(on: &impl Conn, user: UserId) -> Result<Vec<WishRow>> {
    let sql = "SELECT kind, name, wanted FROM personal_wishes WHERE user_id = $1 ORDER BY created_at DESC, kind, name";
    on.all(sql, args![user]).await
}

pub async fn count_wishes(on: &impl Conn, user: UserId) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM personal_wishes WHERE user_id = $1";
    Ok(on.scalar(sql, args![user]).await?.unwrap_or_default())
}

pub async fn wish(tx: &Tx, user: UserId, kind: &str, name: &str, wanted: bool, now: Time) -> Result<()> {
    let sql = "INSERT INTO personal_wishes (user_id, kind, name, wanted, created_at) VALUES ($1, $2, $3, $4, $5)
               ON CONFLICT (user_id, kind, name) DO UPDATE SET wanted = excluded.wanted, created_at = excluded.created_at";
    tx.exec(sql, args![user, kind, name, wanted, now]).await.map(drop)
}

pub async fn unwish(tx: &Tx, user: UserId, kind: &str, name: &str) -> Result<()> {
    let sql = "DELETE FROM personal_wishes WHERE user_id = $1 AND kind = $2 AND name = $3";
    tx.exec(sql, args![user, kind, name]).await.map(drop)
}

#[derive(FromQueryResult)]
struct MutedRow {
    user_id: UserId,
    name: String,
    created_at: Time,
}

/// Takes out the authors of whom readers wanted nothing, for `blocks`, which keeps them now: with who and since when. They were said by hand, so
/// they go with a reader who lets the site learn nothing, too. One whose id nobody can read is an author that never was.
pub async fn hand_over_mutes(tx: &Tx) -> Result<Vec<(UserId, AuthorId, Time)>> {
    let sql = "DELETE FROM personal_wishes WHERE kind = 'author' AND wanted = $1 RETURNING user_id, name, created_at";
    let rows: Vec<MutedRow> = tx.all(sql, args![false]).await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| Some((row.user_id, row.name.parse().ok()?, row.created_at)))
        .collect())
}

/// What readers said of a channel goes for another; whoever said something of that one as well meant that.
/// `kind` is that of wishes for channels.
pub async fn move_channel(tx: &Tx, kind: &str, from: &str, into: &str) -> Result<()> {
    let sql = "INSERT INTO personal_wishes (user_id, kind, name, wanted, created_at)
               SELECT user_id, kind, $3, wanted, created_at FROM personal_wishes WHERE kind = $1 AND name = $2
               ON CONFLICT (user_id, kind, name) DO NOTHING";
    tx.exec(sql, args![kind, from, into]).await?;
    let sql = "DELETE FROM personal_wishes WHERE kind = $1 AND name = $2";
    tx.exec(sql, args![kind, from]).await.map(drop)
}
