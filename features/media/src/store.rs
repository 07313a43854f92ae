//! The only SQL that names the tables of media.

use db::{Conn, FromQueryResult, Tx, all_in, args};
use kernel::{Cursor, MediaId, Result, Time, UserId};

use crate::model::{Claim, Motion, Picture};

const PICTURE: &str = "p.id, p.hash, p.width, p.height, p.colour, p.transparent, p.motion, p.widths";

#[derive(FromQueryResult)]
struct Row {
    id: MediaId,
    hash: String,
    width: i64,
    height: i64,
    colour: String,
    transparent: bool,
    motion: String,
    widths: String,
}

impl From<Row> for Picture {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            hash: row.hash,
            width: row.width as u32,
            height: row.height as u32,
            colour: row.colour,
            transparent: row.transparent,
            motion: Motion::named(&row.motion),
            widths: row.widths.split(',').filter_map(|width| width.parse().ok()).collect(),
        }
    }
}

/// Inserts a picture unless one with its hash is there already; says whether it did.
pub async fn insert(tx: &Tx, picture: &Picture, now: Time) -> Result<bool> {
    let widths = picture.widths.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
    let sql = "INSERT INTO pictures (id, hash, width, height, colour, transparent, motion, widths, created_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (hash) DO NOTHING";
    let values = args![
        picture.id,
        picture.hash.as_str(),
        i64::from(picture.width),
        i64::from(picture.height),
        picture.colour.as_str(),
        picture.transparent,
        picture.motion.name(),
        widths,
        now
    ];
    Ok(tx.exec(sql, values).await? == 1)
}

/// `bytes` is what it takes on the disk on this user's account.
pub async fn add_owner(tx: &Tx, user: UserId, picture: MediaId, bytes: i64, now: Time) -> Result<()> {
    let sql = "INSERT INTO picture_owners (user_id, picture_id, uploaded_at, bytes) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    tx.exec(sql, args![user, picture, now, bytes]).await.map(drop)
}

/// What a user has uploaded.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub struct Used {
    pub pictures: i64,
    pub bytes: i64,
    pub oldest: Option<Time>,
}

pub async fn used(conn: &impl Conn, user: UserId, since: Time) -> Result<Used> {
    let sql = "SELECT COUNT(*) AS pictures, CAST(COALESCE(SUM(bytes), 0) AS BIGINT) AS bytes, MIN(uploaded_at) AS oldest
               FROM picture_owners WHERE user_id = $1 AND uploaded_at >= $2";
    Ok(conn.opt(sql, args![user, since]).await?.unwrap_or(Used { pictures: 0, bytes: 0, oldest: None }))
}

pub async fn is_owner(conn: &impl Conn, user: UserId, picture: MediaId) -> Result<bool> {
    let sql = "SELECT picture_id FROM picture_owners WHERE user_id = $1 AND picture_id = $2";
    Ok(conn.scalar::<i64>(sql, args![user, picture]).await?.is_some())
}

pub async fn owners(conn: &impl Conn, hash: &str) -> Result<Vec<UserId>> {
    let sql =
        "SELECT o.user_id FROM picture_owners o JOIN pictures p ON p.id = o.picture_id WHERE p.hash = $1";
    conn.column(sql, args![hash]).await
}

/// Those of these pictures that one of `users` uploaded.
pub async fn brought_by(conn: &impl Conn, users: &[UserId], hashes: &[String]) -> Result<Vec<String>> {
    if users.is_empty() {
        return Ok(Vec::new());
    }
    let hashes: Vec<&str> = hashes.iter().map(String::as_str).collect();
    let rows: Vec<HashRow> =
        all_in(conn, users.iter().map(|&user| user.into()).collect(), &hashes, |placeholders| {
            format!(
                "SELECT DISTINCT p.hash FROM pictures p JOIN picture_owners o ON o.picture_id = p.id \
             WHERE o.user_id IN ({}) AND p.hash IN ({placeholders})",
                db::placeholders(1, users.len())
            )
        })
        .await?;
    Ok(rows.into_iter().map(|row| row.hash).collect())
}

#[derive(FromQueryResult)]
struct HashRow {
    hash: String,
}

/// Ends all claims of `user`; what nobody has a claim to now.
pub async fn drop_claims(tx: &Tx, user: UserId) -> Result<Vec<Claim>> {
    let sql = "SELECT p.hash, p.id, o.uploaded_at FROM picture_owners o JOIN pictures p ON p.id = o.picture_id
               WHERE o.user_id = $1 AND NOT EXISTS
                   (SELECT 1 FROM picture_owners other WHERE other.picture_id = o.picture_id AND other.user_id <> $1)
               ORDER BY o.picture_id";
    let sole = tx.all(sql, args![user]).await?;
    tx.exec("DELETE FROM picture_owners WHERE user_id = $1", args![user]).await?;
    Ok(sole)
}

/// The picture of that hash, locked for this write where several may go on at once.
pub async fn lock(tx: &Tx, hash: &str) -> Result<Option<MediaId>> {
    let lock = if tx.is_postgres() { " FOR UPDATE" } else { "" };
    tx.scalar(&format!("SELECT id FROM pictures WHERE hash = $1{lock}"), args![hash]).await
}

/// Whether `user` was an owner.
pub async fn remove_owner(tx: &Tx, user: UserId, picture: MediaId) -> Result<bool> {
    let sql = "DELETE FROM picture_owners WHERE user_id = $1 AND picture_id = $2";
    Ok(tx.exec(sql, args![user, picture]).await? == 1)
}

pub async fn delete(tx: &Tx, hash: &str, picture: MediaId, now: Time) -> Result<()> {
    tx.exec("DELETE FROM picture_owners WHERE picture_id = $1", args![picture]).await?;
    tx.exec("DELETE FROM pictures WHERE id = $1", args![picture]).await?;
    let sql = "INSERT INTO deleted_pictures (hash, deleted_at) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING";
    tx.exec(sql, args![hash, now]).await.map(drop)
}

pub async fn is_deleted(conn: &impl Conn, hash: &str) -> Result<bool> {
    Ok(conn
        .scalar::<i64>("SELECT deleted_at FROM deleted_pictures WHERE hash = $1", args![hash])
        .await?
        .is_some())
}

/// It was brought again.
pub async fn undelete(tx: &Tx, hash: &str) -> Result<()> {
    tx.exec("DELETE FROM deleted_pictures WHERE hash = $1", args![hash]).await.map(drop)
}

/// Files of that hash are about to be stored, and nobody removes them before `until`; `false` while somebody removes those that were there.
pub async fn begin_upload(tx: &Tx, hash: &str, now: Time, until: Time) -> Result<bool> {
    let sql = "INSERT INTO unclaimed_files (hash, free_at, removing) VALUES ($1, $2, FALSE)
               ON CONFLICT (hash) DO UPDATE SET free_at = excluded.free_at, removing = FALSE
               WHERE NOT unclaimed_files.removing OR unclaimed_files.free_at <= $3";
    Ok(tx.exec(sql, args![hash, until, now]).await? == 1)
}

/// They are stored; `false` where somebody removed them meanwhile, or another upload of the same is through.
pub async fn end_upload(tx: &Tx, hash: &str) -> Result<bool> {
    Ok(tx.exec("DELETE FROM unclaimed_files WHERE hash = $1 AND NOT removing", args![hash]).await? == 1)
}

/// No picture has files of that hash any more.
pub async fn unclaim(tx: &Tx, hash: &str, now: Time) -> Result<()> {
    begin_upload(tx, hash, now, now).await.map(drop)
}

/// Files of pictures that were deleted may have come back: from another store, of before.
pub async fn unclaim_deleted(tx: &Tx, now: Time) -> Result<u64> {
    let sql =
        "INSERT INTO unclaimed_files (hash, free_at, removing) SELECT hash, $1, FALSE FROM deleted_pictures
               WHERE hash NOT IN (SELECT hash FROM pictures) ON CONFLICT DO NOTHING";
    tx.exec(sql, args![now]).await
}

/// Files that may be removed.
pub async fn unclaimed(conn: &impl Conn, now: Time, limit: usize) -> Result<Vec<String>> {
    let sql = "SELECT hash FROM unclaimed_files WHERE free_at <= $1 ORDER BY free_at LIMIT $2";
    conn.column(sql, args![now, limit as i64]).await
}

/// Whether they may still be removed; if so, nobody else does, or stores any of that hash, before `until`.
pub async fn begin_removal(tx: &Tx, hash: &str, now: Time, until: Time) -> Result<bool> {
    let sql = "UPDATE unclaimed_files SET removing = TRUE, free_at = $3 WHERE hash = $1 AND free_at <= $2";
    Ok(tx.exec(sql, args![hash, now, until]).await? == 1)
}

/// They are gone.
pub async fn end_removal(tx: &Tx, hash: &str) -> Result<()> {
    tx.exec("DELETE FROM unclaimed_files WHERE hash = $1 AND removing", args![hash]).await.map(drop)
}

pub async fn find(conn: &impl Conn, hash: &str) -> Result<Option<Picture>> {
    let sql = format!("SELECT {PICTURE} FROM pictures p WHERE p.hash = $1");
    Ok(conn.opt::<Row>(&sql, args![hash]).await?.map(Picture::from))
}

pub async fn find_many(conn: &impl Conn, hashes: &[&str]) -> Result<Vec<Picture>> {
    let sql =
        |placeholders: &str| format!("SELECT {PICTURE} FROM pictures p WHERE p.hash IN ({placeholders})");
    let rows: Vec<Row> = all_in(conn, args![], hashes, sql).await?;
    Ok(rows.into_iter().map(Picture::from).collect())
}

#[derive(FromQueryResult)]
struct OwnedRow {
    uploaded_at: Time,
    #[sea_orm(nested)]
    picture: Row,
}

/// Pictures that `user` uploaded, newest first, with the time.
pub async fn owned_by(
    conn: &impl Conn,
    user: UserId,
    from: Cursor,
    limit: usize,
) -> Result<Vec<(Time, Picture)>> {
    let sql = format!(
        "SELECT o.uploaded_at, {PICTURE} FROM picture_owners o JOIN pictures p ON p.id = o.picture_id \
         WHERE o.user_id = $1 AND (o.uploaded_at, o.picture_id) < ($2, $3) \
         ORDER BY o.uploaded_at DESC, o.picture_id DESC LIMIT $4"
    );
    let rows: Vec<OwnedRow> = conn.all(&sql, args![user, from.key, from.id, limit as i64]).await?;
    Ok(rows.into_iter().map(|row| (row.uploaded_at, row.picture.into())).collect())
}
